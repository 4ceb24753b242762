"""Referrals to the multi-agency referral unit, and what its workers do with them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from incidents.models import Incident
from referrals.querysets import (
    IN_ORDER,
    GradeCheckQuerySet,
    PauseQuerySet,
    ReferralQuerySet,
    SecondOpinionQuerySet,
)
from risk.models import Assessment
from victims.models import RiskGrade, Victim, track_changes


@track_changes
class Referral(models.Model):
    """What the unit must process in the hours that policy allows.

    It comes of an assessment at medium or above, or from a partner agency: then there is neither
    incident nor assessment, and `agency` says who referred.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "With nobody"
        CLAIMED = "claimed", "Being worked on"
        COMPLETED = "completed", "Processed"

    class Outcome(models.TextChoices):
        SHARED = "shared", "Shared with agencies"
        SHARED_AND_IDVA = "shared_idva", "Shared, and offered an IDVA"
        OWNER_NAMED = "owner_named", "Named owner for contact and safety plan"
        NOTHING_TO_SHARE = "nothing_to_share", "Nothing to share, with reasons"

    class LateBecause(models.TextChoices):
        TOO_MANY = "too_many", "More was waiting than could be worked on"
        PARTNER = "partner", "Another agency's answer was missing"
        INFORMATION = "information", "Something was missing in the assessment"
        NOT_REACHED = "not_reached", "The victim could not be reached safely"
        CAME_LATE = "came_late", "It reached the unit late"
        OVERLOOKED = "overlooked", "It was overlooked"
        OTHER = "other", "Something else"

    reference = models.CharField(max_length=16, unique=True)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="referrals")
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="referrals", null=True
    )
    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="referral", null=True
    )
    #: The partner that referred; blank for what comes of the police's own assessment.
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="referrals", null=True
    )
    grade = models.CharField(max_length=10, choices=RiskGrade)
    #: RiskGrade.rank, for the order of the queue.
    risk_rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    #: The instant the DASH was submitted: the allowance runs from here.
    submitted_at = models.DateTimeField()
    #: The deadline's due time, for the order of the queue.
    due_at = models.DateTimeField()
    #: Shown in the queue; counted when the referral was made.
    earlier_in_year = models.PositiveSmallIntegerField(default=0)
    children = models.PositiveSmallIntegerField(default=0)
    about = models.CharField(max_length=120, help_text="assault with injury; non-crime, verbal")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referrals", null=True
    )
    claimed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    outcome_words = models.TextField(blank=True)
    #: Why no IDVA was offered at high risk; asked for when none was.
    no_idva_reason = models.TextField(blank=True)
    #: Why it took longer than allowed; asked for when it did, may be said before.
    late_because = models.CharField(max_length=12, choices=LateBecause, blank=True)
    late_reason = models.TextField(blank=True)
    #: The clock stands still, for a reason that policy allows (see `ReferralPause`).
    paused_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_queue", "May see the referral queue"),
            ("work_referral", "May claim, share and complete referrals"),
            ("view_backlog", "May see how many referrals wait and how old they are"),
            ("refer_to_unit", "May refer somebody to the unit for their agency"),
            ("see_shared", "May see what was shared with their agency, and answer it"),
            ("manage_agencies", "May keep partner agencies and how they are reached"),
            ("refer_to_advisers", "May refer a victim to the IDVA service"),
            ("support_victims", "May work on cases of the IDVA service that are theirs"),
            ("allocate_cases", "May accept, refuse and allocate cases of the IDVA service"),
            ("ask_voice", "May ask victims what they thought of the service"),
            ("view_voice", "May see in numbers what victims thought of the service"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, assessment__isnull=False, agency__isnull=True)
                | Q(incident__isnull=True, assessment__isnull=True, agency__isnull=False),
                name="referral_of_assessment_or_agency",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(state="completed"),
                name="referral_runs_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(
                    state__in=["claimed", "completed"],
                    claimed_by__isnull=False,
                    claimed_at__isnull=False,
                ),
                name="referral_claimed_by_exactly_one",
            ),
            models.CheckConstraint(
                condition=(Q(state="completed", completed_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state="completed") & Q(completed_at__isnull=True, outcome="")),
                name="referral_completed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed")
                | Q(completed_at__lte=F("due_at"))
                | ~Q(late_reason=""),
                name="referral_late_has_reason",
            ),
        ]
        indexes = [
            # The queue: highest risk, then least time left, of what is open; and its counts.
            models.Index(
                *IN_ORDER,
                name="referral_queue",
                include=["claimed_by", "paused_at"],
                condition=~Q(state="completed"),
            ),
            # "Claim next" and "Nobody's".
            models.Index(*IN_ORDER, name="referral_unclaimed", condition=Q(state="waiting")),
            # The API's list of what is open, by time.
            models.Index(
                fields=["due_at", "id"],
                name="referral_queue_by_time",
                condition=~Q(state="completed"),
            ),
            # "Mine", and each worker's load.
            models.Index(
                fields=["claimed_by", "due_at"],
                name="referral_of_worker",
                condition=Q(state="claimed"),
            ),
            # What each worker finished today.
            models.Index(
                fields=["completed_at", "id"],
                name="referral_completed",
                condition=Q(state="completed"),
            ),
            models.Index(fields=["victim", "-submitted_at"], name="referral_by_victim"),
            # What stands still.
            models.Index(
                fields=["paused_at"], name="referral_paused", condition=Q(paused_at__isnull=False)
            ),
            # What an agency referred: its own list.
            models.Index(
                fields=["agency", "-submitted_at"],
                name="referral_by_agency",
                condition=Q(agency__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReferralDay(models.Model):
    """How many referrals arrived and were finished on one local day.

    Kept in the transaction that opens or finishes one, so that the queue page never counts over
    years of history. `services.rebuild_tallies` makes all rows anew from the referrals themselves.
    """

    day = models.DateField(primary_key=True)
    #: By the instant from which the allowance runs.
    arrived = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    done_in_time = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(done_in_time__lte=F("done")), name="referral_day_adds_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.arrived} arrived, {self.done} done"


class ReferralPause(models.Model):
    """The clock of a referral stood still, for a reason that policy allows; the history of it."""

    class Reason(models.TextChoices):
        OTHER_FORCE = "other_force", "Another force was asked and has not answered"
        PARTNER = "partner", "A partner was asked for what is needed and has not answered"
        IN_HOSPITAL = "in_hospital", "The victim is in hospital and cannot be asked"
        ABROAD = "abroad", "The victim is abroad and out of reach"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="pauses")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.CharField(max_length=1_000)
    from_at = models.DateTimeField()
    from_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    until_at = models.DateTimeField(null=True)
    until_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(until_at__isnull=True), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")),
                name="pause_ends_after_it_began",
            ),
        ]
        indexes = [
            # How often and how long clocks stood still in a period.
            models.Index(fields=["from_at"], name="pause_by_start")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.get_reason_display()}"

    @property
    def lasted(self) -> str:
        """ "26 h 05 min" of one that is over."""
        assert self.until_at is not None
        minutes = int((self.until_at - self.from_at).total_seconds() // 60)
        return f"{minutes // 60} h {minutes % 60:02d} min"


class SecondOpinion(models.Model):
    """A worker asks a colleague to look at a referral, and what that one says."""

    class Answer(models.TextChoices):
        AGREES = "agrees", "Agrees"
        HIGHER = "higher", "Would grade it higher"
        LOWER = "lower", "Would grade it lower"
        OTHER = "other", "Has something else to say"
        #: Not an answer of the colleague's: the question fell away.
        GONE = "gone", "No longer asked"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="opinions")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions_asked"
    )
    asked_at = models.DateTimeField()
    question = models.CharField(max_length=2_000)
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = SecondOpinionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "asked_of"],
                condition=Q(answered_at__isnull=True),
                name="one_open_opinion_of_a_colleague",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="opinion_answered_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("asked_of")), name="opinion_of_somebody_else"
            ),
        ]
        indexes = [
            # What waits for one colleague.
            models.Index(
                fields=["asked_of", "asked_at"],
                name="opinion_to_give",
                condition=Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_of_id} on {self.referral_id}"


class GradeCheck(models.Model):
    """The unit looked at the grade again: it agrees, or sends it back to be looked at anew."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="grade_checks")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, choices=RiskGrade, help_text="As it stood then")
    #: What the unit would grade it; the same as `grade` where it agrees.
    would_be = models.CharField(max_length=10, choices=RiskGrade)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = GradeCheckQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(would_be=F("grade")) | ~Q(words=""),
                name="grade_sent_back_with_words",
            )
        ]
        indexes = [models.Index(fields=["referral", "-at"], name="grade_check_by_referral")]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.grade}, would be {self.would_be}"
