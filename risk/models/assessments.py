"""Assessments, made with an instrument, their review, and what is still to be found out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from incidents.models import Incident
from risk.models.instruments import Instrument
from risk.querysets import AssessmentQuerySet, UnknownAnswerQuerySet
from victims.models import RiskGrade, Victim, track_changes


@track_changes
class Assessment(models.Model):
    """One victim's risk, asked and judged after one incident."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being made"
        SUBMITTED = "submitted", "Waiting for review"
        RETURNED = "returned", "Returned with words"
        REVIEWED = "reviewed", "Reviewed"

    reference = models.CharField(max_length=16, unique=True)
    #: What it was made after; a reassessment refers to the victim's newest incident.
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    #: Set where the risk is looked at again because of something else than the incident.
    reassessment = models.ForeignKey(
        "risk.Reassessment", on_delete=models.PROTECT, related_name="assessments", null=True
    )
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
                fields=["incident", "victim", "instrument"],
                condition=Q(reassessment__isnull=True),
                name="one_assessment_per_incident",
            ),
            models.UniqueConstraint(
                fields=["reassessment", "instrument"],
                condition=Q(reassessment__isnull=False),
                name="one_assessment_per_reassessment",
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


class UnknownAnswer(models.Model):
    """A topic answered "don't know" or "not asked": somebody finds it out."""

    class State(models.TextChoices):
        OPEN = "open", "To be found out"
        FOUND = "found", "Found out"
        CANNOT = "cannot", "Cannot be found out"
        ASKED_ANEW = "asked_anew", "Asked anew in a later assessment"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="unknowns")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="unknowns")
    topic = models.CharField(max_length=10)
    #: dont_know or not_asked.
    answer = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: yes or no once found out, and the words with it.
    found = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=1_000, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = UnknownAnswerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assessment", "topic"], name="unknown_topic_once"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="unknown_settled_has_its_instant",
            ),
        ]
        indexes = [models.Index(fields=["victim"], name="unknown_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.topic} of {self.assessment_id}"
