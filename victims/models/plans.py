"""The safety plan: versions, each with its steps, and what changed in a victim's life."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from victims.models.history import track_changes
from victims.models.victims import Victim
from victims.querysets import CircumstanceQuerySet, PlanQuerySet


class SafetyPlan(models.Model):
    """One version of what is agreed with a victim; the newest counts, older ones stay."""

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Why there is a new version: "risk now high".
    reason = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    #: Looked at again and found right; blank until somebody did.
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: What whoever looked said.
    review_words = models.CharField(max_length=300, blank=True, db_default="")
    #: Set when the risk changed (and why): the plan must be looked at again. Cleared by review.
    review_because = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["victim", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["victim"], condition=Q(is_current=True), name="one_current_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.version} of {self.victim_id}"


@track_changes
class PlanStep(models.Model):
    """One thing that is agreed: who does it, by when, and whether the victim was given it."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500)
    #: One of ours; blank where the victim or a partner does it (`done_by_words` says who).
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    owner_words = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    is_shared = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_step_position_once"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_words=""),
                name="plan_step_has_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Circumstance(models.Model):
    """Something changed in a victim's life that bears on the risk. Rows are only added."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Moved"
        SEPARATED = "separated", "Separated"
        TOGETHER_AGAIN = "together_again", "Together again"
        PREGNANT = "pregnant", "Pregnant, or a baby born"
        OTHER = "other", "Something else"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="circumstances")
    kind = models.CharField(max_length=16, choices=Kind)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    words = models.CharField(max_length=1_000)

    objects = CircumstanceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["victim", "-happened_at"], name="circumstance_by_victim")]

    def __str__(self) -> str:
        return self.get_kind_display()
