"""Referrals to the multi-agency referral unit, and what was shared with whom."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from incidents.models import Incident
from referrals.querysets import ReferralQuerySet, SharingQuerySet
from risk.models import Assessment
from victims.models import RiskGrade, Victim, track_changes


@track_changes
class Referral(models.Model):
    """A medium or higher assessment that the unit must process in the hours that policy allows."""

    class State(models.TextChoices):
        WAITING = "waiting", "With nobody"
        CLAIMED = "claimed", "Being worked on"
        COMPLETED = "completed", "Processed"

    class Outcome(models.TextChoices):
        SHARED = "shared", "Shared with agencies"
        SHARED_AND_IDVA = "shared_idva", "Shared, and offered an IDVA"
        OWNER_NAMED = "owner_named", "Named owner for contact and safety plan"
        NOTHING_TO_SHARE = "nothing_to_share", "Nothing to share, with reasons"

    reference = models.CharField(max_length=16, unique=True)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="referrals")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="referrals")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="referral")
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
    #: Why it took longer than allowed; asked for when it did.
    late_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_queue", "May see the referral queue"),
            ("work_referral", "May claim, share and complete referrals"),
        ]
        constraints = [
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
                fields=["-risk_rank", "due_at", "id"],
                name="referral_queue",
                include=["claimed_by"],
                condition=~Q(state="completed"),
            ),
            # "Claim next" and "Nobody's".
            models.Index(
                fields=["-risk_rank", "due_at", "id"],
                name="referral_unclaimed",
                condition=Q(state="waiting"),
            ),
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


class Sharing(models.Model):
    """What one agency was told of one referral, on what basis, and whether the victim agreed."""

    class Basis(models.TextChoices):
        CONSENT = "consent", "Consent"
        VITAL_INTERESTS = "vital_interests", "To protect somebody's life"
        PUBLIC_TASK = "public_task", "Public task: preventing crime and protecting people"
        SAFEGUARDING_CHILD = "child", "Safeguarding a child"
        SAFEGUARDING_ADULT = "adult", "Safeguarding an adult at risk"
        LEGAL_OBLIGATION = "legal", "Legal obligation"

    class Consent(models.TextChoices):
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused, shared all the same"
        NOT_SOUGHT = "not_sought", "Not sought, because asking was unsafe"
        NOT_NEEDED = "not_needed", "Not needed on this basis"

    class What(models.TextChoices):
        IDENTITY = "identity", "Names and birth dates"
        ADDRESS = "address", "Address"
        CHILDREN = "children", "Children"
        INCIDENT = "incident", "What happened"
        RISK = "risk", "Risk grade and reasons"
        SAFETY_PLAN = "safety_plan", "Safety plan"
        SAFE_CONTACT = "safe_contact", "Safe contact"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="sharings")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="sharings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sharings")
    what = ArrayField(models.CharField(max_length=12, choices=What), size=7)
    why = models.TextField(help_text="Why this agency needs to know")
    basis = models.CharField(max_length=16, choices=Basis)
    consent = models.CharField(max_length=12, choices=Consent)
    consent_reason = models.TextField(blank=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    shared_at = models.DateTimeField()

    objects = SharingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "agency"], name="shared_once_per_agency_and_referral"
            ),
            models.CheckConstraint(
                condition=~Q(consent__in=["refused", "not_sought"]) | ~Q(consent_reason=""),
                name="sharing_without_consent_has_reasons",
            ),
        ]
        indexes = [models.Index(fields=["victim", "-shared_at"], name="sharing_by_victim")]

    def __str__(self) -> str:
        return f"{self.referral_id} with {self.agency_id}"

    @property
    def what_words(self) -> str:
        """What was shared, for running text: "names and birth dates, address"."""
        return ", ".join(self.What(kind).label.lower() for kind in self.what)
