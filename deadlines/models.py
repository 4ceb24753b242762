"""What somebody must do by a given time, what was done about it, and who was told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from deadlines.querysets import DeadlineQuerySet, DigestQuerySet, NotificationQuerySet


class Deadline(models.Model):
    """One duty with its time. Truth; Celery only wakes the sweep that looks at it."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        BREACHED = "breached", "Breached, still open"
        MET = "met", "Met"
        MET_LATE = "met_late", "Met late"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.RUNNING, State.BREACHED)

    kind = models.CharField(max_length=40)
    #: The subject's model ("referrals.referral") and key; its reference is what people read.
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_reference = models.CharField(max_length=40)
    victim = models.ForeignKey(
        "victims.Victim", on_delete=models.PROTECT, related_name="deadlines", null=True
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="deadlines", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deadlines", null=True
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=300, help_text="The rule in words, with its numbers")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    settled_at = models.DateTimeField(null=True)

    #: The instants of warnings, breach and ladder, in order; `steps_taken` of them are behind us.
    step_times = ArrayField(models.DateTimeField())
    steps_taken = models.PositiveSmallIntegerField(default=0)
    #: Grows when the due time moves, so that the steps of the new time can happen.
    round = models.PositiveSmallIntegerField(default=1)
    #: The next instant at which the sweep must look; a hint, recomputed before acting.
    look_at = models.DateTimeField(null=True)

    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(blank=True)
    #: Set when the sweep could not handle the row: it is shouted about and tried no more.
    set_aside_at = models.DateTimeField(null=True)
    set_aside_reason = models.TextField(blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("view_clocks", "May see what is due")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(state__in=["running", "breached"]),
                name="one_open_deadline_per_kind_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "breached"], settled_at__isnull=True)
                | Q(state__in=["met", "met_late", "cancelled"], settled_at__isnull=False),
                name="deadline_settled_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "breached"]) | Q(look_at__isnull=True),
                name="deadline_not_looked_at_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="deadline_due_after_start"
            ),
        ]
        indexes = [
            # The sweep: what must be looked at now.
            models.Index(
                fields=["look_at"],
                name="deadline_to_look_at",
                condition=Q(look_at__isnull=False, set_aside_at__isnull=True),
            ),
            # Homes and the list of what is due, by person, team and victim.
            models.Index(
                fields=["owner", "due_at"],
                name="deadline_open_by_owner",
                condition=Q(state__in=["running", "breached"]),
            ),
            models.Index(
                fields=["team", "due_at"],
                name="deadline_open_by_team",
                condition=Q(state__in=["running", "breached"]),
            ),
            models.Index(
                fields=["victim", "due_at"],
                name="deadline_open_by_victim",
                condition=Q(state__in=["running", "breached"]),
            ),
            # The list of everything due, and of what was settled last.
            models.Index(
                fields=["due_at", "id"],
                name="deadline_open_by_due",
                condition=Q(state__in=["running", "breached"]),
            ),
            models.Index(
                fields=["-settled_at", "-id"],
                name="deadline_settled_newest_first",
                condition=Q(settled_at__isnull=False),
            ),
            # Settling by subject, and the history of one subject.
            models.Index(fields=["subject_type", "subject_id"], name="deadline_by_subject"),
            # Rows the sweep had to set aside, for the health page.
            models.Index(
                fields=["set_aside_at"],
                name="deadline_set_aside",
                condition=Q(set_aside_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_reference}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Escalation(models.Model):
    """A step that was taken: a warning, the breach, a rung of the ladder. Each happens once."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="escalations")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(help_text="Position in the list of steps, from 0")
    name = models.CharField(max_length=60)
    scheduled_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "round", "step"], name="each_step_happens_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.deadline_id}"


class Notification(models.Model):
    """Somebody was told something. The row is the message; e-mail is only its delivery."""

    class Level(models.TextChoices):
        INFORMATION = "information", "For information"
        WARNING = "warning", "Warning"
        BREACH = "breach", "Out of time"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications"
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="notifications", null=True
    )
    escalation = models.ForeignKey(
        Escalation, on_delete=models.PROTECT, related_name="notifications", null=True
    )
    #: Whom it is about: it is read only while that record may be seen.
    victim = models.ForeignKey(
        "victims.Victim", on_delete=models.PROTECT, related_name="+", null=True
    )
    level = models.CharField(max_length=12, choices=Level)
    #: No victim's details: a reference and what is the matter.
    headline = models.CharField(max_length=200)
    reference = models.CharField(max_length=40)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "escalation"], name="each_person_is_told_once_of_a_step"
            )
        ]
        indexes = [
            # The bell on every page, and the page "Waiting for you".
            models.Index(
                fields=["user", "-created_at"],
                name="notification_unseen",
                condition=Q(seen_at__isnull=True),
            ),
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            # Delivery by e-mail.
            models.Index(
                fields=["created_at"],
                name="notification_undelivered",
                condition=Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.headline


class Digest(models.Model):
    """One morning's summary for a person, or for a team and whoever leads it.

    It holds numbers, references and paths, never a victim's details: what is open, due today, over
    time and new since the last. It is acknowledged, or told to whoever leads the team.
    """

    on = models.DateField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests", null=True
    )
    #: The person's team then; with no person, the team that it is about.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="digests", null=True)
    created_at = models.DateTimeField()
    #: [{"part": "over", "words": "...", "reference": "...", "path": "...", "due": "..."}, ...]
    lines = models.JSONField(default=list)
    #: How many there are of each part, also beyond the lines that are kept; and the keys of all
    #: that was theirs ("held"), so that the next one knows what is new with them.
    numbers = models.JSONField(default=dict)
    answer_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Nobody acknowledged it in time: whoever leads the team was told.
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    delivered_at = models.DateTimeField(null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(team__isnull=False),
                name="digest_is_for_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "on"],
                condition=Q(person__isnull=False),
                name="one_digest_a_day_and_person",
            ),
            models.UniqueConstraint(
                fields=["team", "on"],
                condition=Q(person__isnull=True),
                name="one_digest_a_day_and_team",
            ),
        ]
        indexes = [
            # What nobody answered in time.
            models.Index(
                fields=["answer_by"],
                name="digest_unanswered",
                condition=Q(acknowledged_at__isnull=True, escalated_at__isnull=True),
            ),
            # Delivery by e-mail.
            models.Index(
                fields=["created_at"],
                name="digest_undelivered",
                condition=Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} for {self.person or self.team}"


class Sweep(models.Model):
    """One finished look at everything due; the newest row is the engine's heartbeat."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    looked_at = models.PositiveIntegerField()
    steps_taken = models.PositiveIntegerField()
    set_aside = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["-finished_at"], name="sweep_newest_first")]

    def __str__(self) -> str:
        return f"Sweep finished {self.finished_at:%Y-%m-%d %H:%M:%S}"
