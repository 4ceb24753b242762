"""A victim's grade over time, and professional judgement between assessments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from risk.models.assessments import Assessment
from risk.querysets import GradeChangeQuerySet, GradeJudgementQuerySet
from victims.models import RiskGrade, Victim


class GradeJudgement(models.Model):
    """Somebody judges the risk other than the grade says: higher counts at once, lower waits.

    It changes the grade and nothing else: what the answers and incidents say about a conference's
    criteria stays as it is.
    """

    class State(models.TextChoices):
        COUNTS = "counts", "Counts"
        WAITING = "waiting", "Waits for a supervisor"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Not agreed"
        OVERTAKEN = "overtaken", "Overtaken by a later grade"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="judgements")
    reassessment = models.ForeignKey(
        "risk.Reassessment", on_delete=models.PROTECT, related_name="judgements", null=True
    )
    before = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    grade = models.CharField(max_length=10, choices=RiskGrade)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)

    objects = GradeJudgementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="judgement_has_reasons"),
            models.UniqueConstraint(
                fields=["victim"],
                condition=Q(state="waiting"),
                name="one_judgement_waits_per_victim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["counts", "waiting"], decided_at__isnull=True)
                | Q(state__in=["agreed", "refused", "overtaken"], decided_at__isnull=False),
                name="judgement_decided_has_its_instant",
            ),
        ]
        indexes = [models.Index(fields=["victim", "-at"], name="judgement_by_victim")]

    def __str__(self) -> str:
        return f"{self.victim_id}: {self.grade} ({self.state})"


class GradeChange(models.Model):
    """A victim's grade from an instant on, and why."""

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="grade_changes")
    at = models.DateTimeField()
    before = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    after = models.CharField(max_length=10, choices=RiskGrade)
    reason = models.CharField(max_length=300)
    #: What it came of: an assessment, or somebody's judgement.
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="+", null=True
    )
    judgement = models.ForeignKey(
        "risk.GradeJudgement", on_delete=models.PROTECT, related_name="+", null=True
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = GradeChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(assessment__isnull=False) | Q(judgement__isnull=False),
                name="grade_change_came_of_something",
            )
        ]
        indexes = [models.Index(fields=["victim", "at"], name="grade_history_of_victim")]

    def __str__(self) -> str:
        return f"{self.victim_id}: {self.after}"
