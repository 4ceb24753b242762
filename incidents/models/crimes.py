"""Crimes recorded from an incident, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.calls import Incident
from incidents.querysets import NonCrimeReviewQuerySet
from victims.models import Victim, track_changes


@track_changes
class Crime(models.Model):
    """A crime recorded from an incident, and its outcome later."""

    class Category(models.TextChoices):
        ASSAULT_WITH_INTENT = "assault_intent", "Assault with intent"
        ASSAULT_WITH_INJURY = "assault_injury", "Assault with injury"
        ASSAULT_WITHOUT_INJURY = "assault_no_injury", "Assault without injury"
        HARASSMENT = "harassment", "Harassment"
        STALKING = "stalking", "Stalking"
        SEXUAL = "sexual", "Sexual offence"
        COERCIVE_CONTROL = "coercive_control", "Controlling or coercive behaviour"
        THREATS_TO_KILL = "threats_to_kill", "Threats to kill"
        CRIMINAL_DAMAGE = "criminal_damage", "Criminal damage"
        BREACH_OF_ORDER = "breach_of_order", "Breach of an order"
        OTHER = "other", "Other"

    class Outcome(models.TextChoices):
        NONE_YET = "", "Not yet"
        CHARGE = "charge", "Charge or summons"
        CAUTION = "caution", "Caution"
        OUT_OF_COURT = "out_of_court", "Other out-of-court disposal"
        NO_FURTHER_ACTION = "no_further_action", "No further action"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="crimes")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="crimes", null=True)
    category = models.CharField(max_length=20, choices=Category)
    number = models.CharField("crime number", max_length=20, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    arrests = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    outcome_words = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="crime_outcome_has_its_instant",
            )
        ]

    def __str__(self) -> str:
        return self.number


class NonCrimeReview(models.Model):
    """A supervisor looks at a victim whose incidents were not crimes, again and again.

    Source: inspection report, recommendation 15 (a process for repeat non-crime incidents).
    """

    class Decision(models.TextChoices):
        WAITING = "", "Not yet"
        CRIME = "crime", "A crime should have been recorded"
        PLAN = "plan", "A plan for the household is begun"
        REFERRED = "referred", "Referred to another service"
        NO_STEPS = "no_steps", "Nothing further is needed"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="non_crime_reviews")
    #: The incident that made it the third, or a later one.
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="non_crime_reviews"
    )
    opened_at = models.DateTimeField()
    #: References of the incidents counted, oldest first, and the rule with its numbers in words.
    incidents_counted = models.JSONField(default=list)
    basis = models.CharField(max_length=200)
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default="")
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    #: Set where a crime was recorded after all, so that nothing is left to review.
    fell_away_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = NonCrimeReviewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("review_non_crimes", "May review repeated incidents without a crime")]
        constraints = [
            # Also the list of reviews that wait.
            models.UniqueConstraint(
                fields=["victim"],
                condition=Q(decision="", fell_away_at__isnull=True),
                name="one_open_non_crime_review",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(decision="")
                    & ~Q(words="")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="non_crime_review_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["victim", "-opened_at"], name="non_crime_review_of_victim")]

    def __str__(self) -> str:
        return f"Non-crime review of {self.victim_id}"


class CrimeOwed(models.Model):
    """A crime that a supervisor decided should have been recorded from a repeated non-crime.

    It is owed until a crime is recorded from the incident, whatever the first response says.
    """

    review = models.OneToOneField(
        NonCrimeReview, on_delete=models.PROTECT, related_name="crime_owed"
    )
    #: One of the incidents counted.
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="crimes_owed")
    category = models.CharField(max_length=20, choices=Crime.Category)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_category_display()} of {self.incident_id}"
