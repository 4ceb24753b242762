"""Cases: why one comes before the conference, and how it ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
from marac.models.conferences import Conference
from marac.querysets import CaseQuerySet, OfMaracCaseQuerySet
from victims.models import Person, Victim, track_changes


@track_changes
class MaracCase(models.Model):
    """A victim and whoever harms them, before the conference: from the proposal to the closing.

    One is open for a victim and a perpetrator at a time, heard once or several times.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        NOT_ACCEPTED = "not_accepted", "Not accepted"
        CLOSED = "closed", "Closed"
        MOVED = "moved", "Moved to another conference"

    class Source(models.TextChoices):
        ASSESSMENT = "assessment", "A reviewed assessment"
        INCIDENT = "incident", "An incident after a hearing"
        AGENCY = "agency", "A partner agency's referral"
        WORKER = "worker", "A worker's referral"
        TRANSFER = "transfer", "Another area's conference"

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    class ClosedBecause(models.TextChoices):
        DONE = "done", "Heard, every action settled"
        LAPSED = "lapsed", "Twelve months without a repeat"
        MOVED = "moved", "The victim has moved to another area"
        DIED = "died", "The victim or the perpetrator has died"
        ERROR = "error", "Listed in error"

    OPEN = (State.PROPOSED, State.ACCEPTED)

    reference = models.CharField(max_length=16, unique=True)
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="cases")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="marac_cases")
    #: Null while nobody knows who they are.
    perpetrator = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="marac_cases", null=True
    )
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    source = models.CharField(max_length=10, choices=Source)
    #: What the rules said then: [{"code", "label", "is_met", "number", "needs", "words"}, ...].
    criteria = models.JSONField(default=list)
    #: Why it should be heard although no criterion is met.
    below_reason = models.TextField(blank=True)
    #: Whose referral it counts as in the return.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="marac_cases")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    #: What the conference is asked to look at.
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_words = models.CharField(max_length=1_000, blank=True)
    #: The case of the same two people whose hearing makes this one a repeat.
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="repeats", null=True
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    closed_because = models.CharField(max_length=8, choices=ClosedBecause, blank=True)
    closed_words = models.CharField(max_length=1_000, blank=True)
    #: For the return; "not known" is counted and shown, never guessed.
    minority_ethnic = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_KNOWN)
    lgbt = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_KNOWN)
    disability = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_KNOWN)
    #: Children in the household or harmed; names come from incidents.
    children = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "perpetrator"],
                condition=Q(state__in=["proposed", "accepted"]),
                nulls_distinct=False,
                name="one_open_marac_case_of_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False),
                name="marac_case_decided_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(decided_words=""),
                name="marac_case_refused_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "moved"])
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="marac_case_closed_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conference", "proposed_at"],
                name="marac_case_proposed",
                condition=Q(state="proposed"),
            ),
            models.Index(
                fields=["conference", "decided_at"],
                name="marac_case_accepted",
                condition=Q(state="accepted"),
            ),
            models.Index(fields=["victim", "-proposed_at"], name="marac_case_by_victim"),
            models.Index(fields=["perpetrator", "-proposed_at"], name="marac_case_by_perp"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Transfer(models.Model):
    """A case goes to, or comes from, the conference of another area: both sides check first."""

    class Direction(models.TextChoices):
        OUT = "out", "To another area"
        IN = "in", "From another area"

    class State(models.TextChoices):
        BEGUN = "begun", "Being handed over"
        DONE = "done", "Handed over"
        CANCELLED = "cancelled", "Not handed over"

    reference = models.CharField(max_length=16, unique=True)
    direction = models.CharField(max_length=3, choices=Direction)
    case = models.ForeignKey(MaracCase, on_delete=models.PROTECT, related_name="transfers")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    #: Ours, where it moves within the county; else `other_area` in words.
    other_conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="+", null=True
    )
    other_area = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, help_text="Their coordinator, how reached")
    reason = models.CharField(max_length=1_000)
    state = models.CharField(max_length=10, choices=State, default=State.BEGUN)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Whether the other area has heard this case already, as it answered.
    heard_there = models.BooleanField(null=True)
    heard_words = models.CharField(max_length=1_000, blank=True)
    plan_at = models.DateTimeField(null=True, help_text="Safety plan sent or received")
    minutes_at = models.DateTimeField(null=True, help_text="Minutes sent or received")
    #: Adviser to adviser: who spoke with whom, and what was agreed.
    adviser_at = models.DateTimeField(null=True)
    adviser_words = models.CharField(max_length=1_000, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    settled_words = models.CharField(max_length=1_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfMaracCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="begun"), name="one_transfer_of_a_case"
            ),
            models.CheckConstraint(
                condition=Q(other_conference__isnull=False) | ~Q(other_area=""),
                name="transfer_says_where",
            ),
            # A handover is done only when every check is.
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    heard_there__isnull=False,
                    plan_at__isnull=False,
                    minutes_at__isnull=False,
                    adviser_at__isnull=False,
                    settled_at__isnull=False,
                ),
                name="transfer_done_with_every_check",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@track_changes
class MaracFlag(models.Model):
    """For twelve months after a hearing whoever takes a call about the two sees that it was."""

    class EndedBecause(models.TextChoices):
        LAPSED = "lapsed", "Twelve months without a repeat"
        HEARD_AGAIN = "heard_again", "Heard again: a new flag took its place"
        REMOVED = "removed", "Removed before its time"

    case = models.ForeignKey(MaracCase, on_delete=models.PROTECT, related_name="flags")
    hearing = models.OneToOneField("Hearing", on_delete=models.PROTECT, related_name="flag")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="marac_flags")
    perpetrator = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="marac_flags", null=True
    )
    from_at = models.DateTimeField()
    #: The last instant of it, twelve months on (policy).
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_because = models.CharField(max_length=12, choices=EndedBecause, blank=True)
    ended_words = models.CharField(max_length=1_000, blank=True)

    objects = OfMaracCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_flag_of_a_case"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""),
                name="marac_flag_ended_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["victim"], name="marac_flag_by_victim", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["perpetrator"],
                name="marac_flag_by_perp",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["until_at"], name="marac_flag_ending", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Flag of {self.case_id} until {self.until_at}"
