"""Celery: it only carries wake-up calls. What is due is decided from the database, never here."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("lodestar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: Seconds. A deadline is therefore seen at most half a minute after its instant.
SWEEP_EVERY = float(os.environ.get("SWEEP_EVERY", "30"))

app.conf.beat_schedule = {
    "sweep deadlines": {
        "task": "deadlines.tasks.sweep",
        "schedule": SWEEP_EVERY,
        # A wake-up call that waited longer than the next one is due is worth nothing.
        "options": {"expires": SWEEP_EVERY},
    },
    "keep learning in step": {
        "task": "learning.tasks.keep_in_step",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    # By night, when few are at work; a scan that was missed is made good by the next one.
    "scan for silence and reviews": {
        "task": "risk.tasks.scan",
        "schedule": crontab(hour="2", minute="10"),
    },
    # Whoever was not found at once: spellings corrected since, years that went by.
    "find serial perpetrators": {
        "task": "perpetrators.tasks.find_serial",
        "schedule": crontab(hour="3", minute="10"),
    },
    # Before people come to work, so that what must be passed on is the first thing they read.
    "check responsibility": {
        "task": "victims.tasks.check_responsibility",
        "schedule": crontab(hour="5", minute="40"),
    },
    # Nothing is seen from that time on anyway: this writes that it ended.
    "end access for a time": {
        "task": "victims.tasks.end_access_for_a_time",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "look ahead to releases": {
        "task": "perpetrators.tasks.look_ahead",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    # A file is begun at once; this goes on with one that a crash left behind.
    "go on with custody files": {
        "task": "perpetrators.tasks.take_in_files",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    # At the policy's hour, or later that day after an outage; and who did not answer is told on.
    "make digests": {
        "task": "deadlines.tasks.make_digests",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "tell agencies": {
        "task": "referrals.tasks.tell_agencies",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    # Nothing was seen from midnight on anyway: this writes that it ended.
    "end what agencies were told": {
        "task": "referrals.tasks.end_sharings",
        "schedule": crontab(hour="0", minute="20"),
    },
    # A link that a victim was given opens nothing after its time anyway; this writes it down.
    "end links of surveys": {
        "task": "referrals.tasks.end_links_over",
        "schedule": crontab(hour="4", minute="20"),
    },
    # By night; what a night missed the next one plans.
    "plan meetings": {
        "task": "marac.tasks.plan_meetings",
        "schedule": crontab(hour="1", minute="20"),
    },
    # Who has left answers for nothing: their actions go to whoever leads their team.
    "pass on actions of who has left": {
        "task": "marac.tasks.pass_on_actions",
        "schedule": crontab(minute="10"),
    },
    # No call shows a flag after its last instant anyway; this writes down that it ended.
    "end flags of conferences": {
        "task": "marac.tasks.lapse_flags",
        "schedule": crontab(hour="0", minute="40"),
    },
    "deliver notifications": {
        "task": "deadlines.tasks.deliver",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
}


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """After a start or an outage nobody waits for beat's next call."""
    app.send_task("deadlines.tasks.sweep", expires=SWEEP_EVERY)
