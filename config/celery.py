"""Celery: it only carries wake-up calls. What is due is decided from the database, never here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("lodestar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: Seconds. A deadline is therefore seen at most half a minute after its instant.
SWEEP_EVERY = 30.0

app.conf.beat_schedule = {
    "sweep deadlines": {
        "task": "deadlines.tasks.sweep",
        "schedule": SWEEP_EVERY,
        # A wake-up call that waited longer than the next one is due is worth nothing.
        "options": {"expires": SWEEP_EVERY},
    },
    "deliver notifications": {
        "task": "deadlines.tasks.deliver",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
}
