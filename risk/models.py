"""Instruments, assessments made with them, their review, and the grades that came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models import Incident
from risk.querysets import AssessmentQuerySet, GradeChangeQuerySet
from victims.models import RiskGrade, Victim, track_changes


class Instrument(models.Model):
    """A questionnaire as versioned data; an assessment keeps the version it was made on."""

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    #: The licensed wording is the force's to load; what ships is in our own words and says so.
    is_official_wording = models.BooleanField(default=False)
    #: Sections, topics, follow-up sets and prompts: see risk.instruments for the shape.
    content = models.JSONField()
    in_use = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="instrument_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(in_use=True), name="one_version_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


@track_changes
class Assessment(models.Model):
    """One victim's risk, asked and judged after one incident."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being made"
        SUBMITTED = "submitted", "Waiting for review"
        RETURNED = "returned", "Returned with words"
        REVIEWED = "reviewed", "Reviewed"

    reference = models.CharField(max_length=16, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    #: Which limb of the rule applies: "every domestic incident; both people known in ...".
    due_because = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    #: {topic code: {"answer": yes|no|dont_know|not_asked, "words": "...", "source": "..."}}
    answers = models.JSONField(default=dict)
    yes_count = models.PositiveSmallIntegerField(default=0)
    suggested_grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    suggested_reasons = models.JSONField(default=list)
    #: The officer's own judgement and why; counting ticks is not the assessment.
    judged_grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    judged_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    #: The grade that counts: the higher of suggestion and judgement until a supervisor agrees.
    grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    #: Which page wrote last: its next try is not stale, though its answer was lost on the way.
    writer = models.CharField(max_length=60, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("assess_risk", "May assess a victim's risk"),
            ("review_assessment", "May review an assessment"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "victim", "instrument"], name="one_assessment_per_incident"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(submitted_at__isnull=False) & ~Q(grade="") & ~Q(judged_grade="")),
                name="assessment_submitted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="reviewed", reviewed_at__isnull=False)
                | (~Q(state="reviewed") & Q(reviewed_at__isnull=True)),
                name="assessment_reviewed_has_its_instant",
            ),
        ]
        indexes = [
            # The review queue.
            models.Index(
                fields=["submitted_at"],
                name="assessment_to_review",
                condition=Q(state="submitted"),
            ),
            # The officer's home.
            models.Index(
                fields=["officer", "started_at"],
                name="assessment_of_officer",
                condition=Q(state__in=["draft", "returned"]),
            ),
            # The victim page, and what changed since the last one.
            models.Index(fields=["victim", "-started_at"], name="assessment_by_victim"),
        ]

    def __str__(self) -> str:
        return self.reference


class AssessmentReview(models.Model):
    """A supervisor's decision on an assessment; every one is kept."""

    class Decision(models.TextChoices):
        ACCEPT = "accept", "Accept"
        RETURN = "return", "Return with words"
        REGRADE = "regrade", "Regrade"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision)
    grade_before = models.CharField(max_length=10, choices=RiskGrade)
    grade_after = models.CharField(max_length=10, choices=RiskGrade)
    rationale = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="accept") | ~Q(rationale=""), name="review_refusal_has_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} of {self.assessment_id}"


class GradeChange(models.Model):
    """A victim's grade from an instant on, and why."""

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="grade_changes")
    at = models.DateTimeField()
    before = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    after = models.CharField(max_length=10, choices=RiskGrade)
    reason = models.CharField(max_length=300)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = GradeChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["victim", "at"], name="grade_history_of_victim")]

    def __str__(self) -> str:
        return f"{self.victim_id}: {self.after}"
