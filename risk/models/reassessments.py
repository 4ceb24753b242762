"""Risk that must be looked at again, with every reason why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from core.trigger_rules import Trigger
from risk.querysets import ReasonQuerySet, ReassessmentQuerySet
from victims.models import RiskGrade, Victim, track_changes

TRIGGERS = [(trigger.value, trigger.words) for trigger in Trigger]


@track_changes
class Reassessment(models.Model):
    """One look at a victim's risk that is owed, however many reasons there are for it."""

    class State(models.TextChoices):
        OPEN = "open", "To be done"
        DONE = "done", "Done"
        FALLEN_AWAY = "fallen_away", "No longer called for"

    class Outcome(models.TextChoices):
        ASSESSED = "assessed", "Assessed anew"
        KEPT = "kept", "Grade kept, with reasons"
        RAISED = "raised", "Grade raised, with reasons"
        LOWERED = "lowered", "Lower grade put to a supervisor"

    reference = models.CharField(max_length=16, unique=True)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="reassessments")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    #: The earliest of its reasons' times; the deadline's own, copied for lists.
    due_at = models.DateTimeField()
    grade_when_opened = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    #: Always a team; the person named when it was opened, or who took it since.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reassessments", null=True
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReassessmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("reassess_risk", "May look at a victim's risk again")]
        constraints = [
            # Several triggers at once make one reassessment with several reasons.
            models.UniqueConstraint(
                fields=["victim"], condition=Q(state="open"), name="one_open_reassessment"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True)
                | (~Q(state="open") & Q(done_at__isnull=False)),
                name="reassessment_ended_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(outcome="") & Q(done_by__isnull=False)),
                name="reassessment_done_has_its_outcome",
            ),
        ]
        indexes = [
            # "To be reassessed": mine, my team's, everybody's.
            models.Index(
                fields=["owner", "due_at"],
                name="reassessment_open_by_owner",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["team", "due_at"],
                name="reassessment_open_by_team",
                condition=Q(state="open"),
            ),
            models.Index(fields=["due_at"], name="reassessment_open", condition=Q(state="open")),
            models.Index(fields=["victim", "-opened_at"], name="reassessment_by_victim"),
        ]

    def __str__(self) -> str:
        return self.reference


class ReassessmentReason(models.Model):
    """One reason why: a trigger with its instant, its rule in words, and where it came from."""

    reassessment = models.ForeignKey(Reassessment, on_delete=models.PROTECT, related_name="reasons")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(max_length=20, choices=TRIGGERS)
    #: When it happened, or for what lies ahead when it is to happen.
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    #: What a person reads: "Darren Pike released on bail, 22 Nov 16:10".
    words = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    #: The rule with its numbers.
    basis = models.CharField(max_length=300)
    #: What announced it and its key: announced twice it is one reason; moved, it
    #: moves while its reassessment is open, and is a new reason once that is done.
    source_type = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    fallen_away_at = models.DateTimeField(null=True)
    fallen_away_because = models.CharField(max_length=300, blank=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "trigger", "source_type", "source_id", "happened_at"],
                name="reason_once_per_source_and_instant",
            ),
            models.CheckConstraint(
                condition=Q(fallen_away_at__isnull=True) | ~Q(fallen_away_because=""),
                name="reason_fell_away_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["reassessment", "happened_at"], name="reason_by_reassessment"),
            # What moves or falls away with its source.
            models.Index(fields=["source_type", "source_id"], name="reason_by_source"),
        ]

    def __str__(self) -> str:
        return self.words
