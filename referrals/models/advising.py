"""The IDVA service: one case for each time that somebody is supported, to its outcomes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from referrals.models.referrals import Referral
from referrals.querysets import IdvaCaseQuerySet, OfCaseQuerySet
from victims.models import RiskGrade, Victim, track_changes


@track_changes
class IdvaCase(models.Model):
    """Somebody is referred to the IDVA service; accepted, an adviser stands beside them.

    Somebody has it at every moment: whoever leads the service until it is allocated, then the
    adviser. Who has it sees the victim's record, and only as long as the case is open.
    """

    class State(models.TextChoices):
        REFERRED = "referred", "Waiting for an answer"
        ACCEPTED = "accepted", "Supported"
        REFUSED = "refused", "Not accepted"
        CLOSED = "closed", "Closed"

    class RefusedBecause(models.TextChoices):
        NOT_HIGH = "not_high", "Not high risk"
        NO_ROOM = "no_room", "No adviser has room"
        CONFLICT = "conflict", "The service supports the other person"
        ELSEWHERE = "elsewhere", "Supported by another service already"
        DECLINED = "declined", "The victim does not want an adviser"
        OTHER = "other", "Something else"

    class ClosedBecause(models.TextChoices):
        DONE = "done", "Support is complete"
        CLIENT_ENDED = "client_ended", "The client ended it"
        NOT_REACHED = "not_reached", "The client could not be reached"
        PASSED_ON = "passed_on", "Passed on to another service"
        DIED = "died", "The client has died"

    OPEN = (State.REFERRED, State.ACCEPTED)

    reference = models.CharField(max_length=16, unique=True)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="idva_cases")
    #: The referral to the unit that it came of; blank where somebody referred directly.
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="idva_cases", null=True
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="idva_cases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="idva_cases"
    )
    state = models.CharField(max_length=10, choices=State, default=State.REFERRED)
    grade = models.CharField(max_length=10, choices=RiskGrade, help_text="When it was referred")
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    referred_at = models.DateTimeField()
    reason = models.TextField(help_text="What is asked of the adviser")
    #: Whether the victim wants an adviser; blank where nobody could ask.
    victim_agrees = models.BooleanField(null=True)
    agreement_words = models.CharField(max_length=1_000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    refused_because = models.CharField(max_length=12, choices=RefusedBecause, blank=True)
    refused_words = models.CharField(max_length=1_000, blank=True)
    #: Since when this adviser has it.
    allocated_at = models.DateTimeField(null=True)
    first_contact_at = models.DateTimeField(null=True)
    #: Nobody reached them in the attempts that policy asks for; what was decided then.
    gave_up_at = models.DateTimeField(null=True)
    gave_up_words = models.CharField(max_length=1_000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    closed_because = models.CharField(max_length=12, choices=ClosedBecause, blank=True)
    closed_words = models.TextField(blank=True)
    #: What came of it, by topic: {"abuse": "ended", ...} (see services.advising.outcomes).
    outcomes = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    objects = IdvaCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim"],
                condition=Q(state__in=["referred", "accepted"]),
                name="one_open_case_of_a_victim",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(refused_because="") & ~Q(refused_words="")),
                name="case_refused_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state="referred") | Q(answered_at__isnull=False),
                name="case_answered_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "closed"]) | Q(allocated_at__isnull=False),
                name="case_accepted_is_allocated",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & ~Q(closed_because="") & ~Q(closed_words="")),
                name="case_closed_with_words",
            ),
        ]
        indexes = [
            # An adviser's clients, and each one's load.
            models.Index(
                fields=["owner", "-allocated_at"],
                name="case_open_by_owner",
                condition=Q(state__in=["referred", "accepted"]),
            ),
            # What the service has to answer, and its cases.
            models.Index(
                fields=["team", "referred_at"],
                name="case_open_by_team",
                condition=Q(state__in=["referred", "accepted"]),
            ),
            models.Index(fields=["victim", "-referred_at"], name="case_by_victim"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class SupportNeed(models.Model):
    """One thing that a client needs help with, and what became of it."""

    class Kind(models.TextChoices):
        SAFETY = "safety", "Safety"
        HOUSING = "housing", "Housing"
        CRIMINAL_LAW = "criminal_law", "Criminal law"
        CIVIL_LAW = "civil_law", "Civil law"
        CHILDREN = "children", "Children"
        CHILD_CONTACT = "child_contact", "Contact between children and the other parent"
        BENEFITS = "benefits", "Benefits"
        DEBT = "debt", "Debt and money"
        HEALTH = "health", "Health"
        IMMIGRATION = "immigration", "Immigration"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        NOT_MET = "not_met", "Not met"
        DECLINED = "declined", "Help not wanted"

    case = models.ForeignKey(IdvaCase, on_delete=models.PROTECT, related_name="needs")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    words = models.CharField(max_length=1_000)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    outcome = models.CharField(max_length=1_000, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="need_settled_with_words",
            )
        ]
        indexes = [models.Index(fields=["case", "opened_at"], name="need_by_case")]

    def __str__(self) -> str:
        return self.get_kind_display()


class CourtSupport(models.Model):
    """An adviser stands beside somebody at a court: when, what helps, what came of it."""

    class Court(models.TextChoices):
        MAGISTRATES = "magistrates", "Magistrates' court"
        CROWN = "crown", "Crown Court"
        FAMILY = "family", "Family court"
        COUNTY = "county", "County court"

    class Measure(models.TextChoices):
        SCREEN = "screen", "A screen"
        LIVE_LINK = "live_link", "Evidence by live link"
        ENTRANCE = "entrance", "Another entrance and waiting room"
        INTERMEDIARY = "intermediary", "An intermediary or interpreter"
        RECORDED = "recorded", "Evidence recorded beforehand"
        VISIT = "visit", "A visit beforehand"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        SUPPORTED = "supported", "Supported there"
        WITHOUT = "without", "Took place without an adviser"
        MOVED = "moved", "Did not take place that day"

    case = models.ForeignKey(IdvaCase, on_delete=models.PROTECT, related_name="courts")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    court = models.CharField(max_length=12, choices=Court)
    hearing_at = models.DateTimeField()
    about = models.CharField(max_length=300)
    measures = ArrayField(models.CharField(max_length=12, choices=Measure), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    outcome = models.CharField(max_length=1_000, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", settled_at__isnull=True)
                | (~Q(state="planned") & Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="court_settled_with_words",
            )
        ]
        indexes = [models.Index(fields=["case", "hearing_at"], name="court_by_case")]

    def __str__(self) -> str:
        return f"{self.get_court_display()}, {self.hearing_at:%Y-%m-%d}"

    @property
    def measures_shown(self) -> list[str]:
        """What helps there, in words."""
        return [str(self.Measure(one).label) for one in self.measures]


class CaseReview(models.Model):
    """An adviser looks at the risk with their client: after six to eight weeks, and at the end."""

    class Occasion(models.TextChoices):
        WEEKS = "weeks", "After six to eight weeks"
        CLOSING = "closing", "Before the case is closed"
        BETWEEN = "between", "In between"

    class Safety(models.TextChoices):
        SAFER = "safer", "Safer than at the beginning"
        SAME = "same", "About the same"
        LESS_SAFE = "less_safe", "Less safe"
        NOT_KNOWN = "not_known", "Not known"

    case = models.ForeignKey(IdvaCase, on_delete=models.PROTECT, related_name="reviews")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=8, choices=Occasion)
    #: As it stood, and as the adviser sees it.
    grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    would_be = models.CharField(max_length=10, choices=RiskGrade)
    safety = models.CharField(max_length=10, choices=Safety)
    #: How safe the client feels, 1 to 5; blank where they were not asked.
    feels_safe = models.PositiveSmallIntegerField(null=True)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(feels_safe__isnull=True) | Q(feels_safe__range=(1, 5)),
                name="feels_safe_from_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(would_be=F("grade")) | ~Q(words=""), name="case_review_has_words"
            ),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="review_by_case")]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}: {self.get_safety_display()}"
