"""What partner agencies are told: by whom, when, on what basis, until when; and their answer."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from core.clock import local
from incidents.models import Exhibit, Incident
from referrals.models.referrals import Referral
from referrals.querysets import ConcernQuerySet, SchoolNoticeQuerySet, SharingQuerySet
from victims.models import Person, Victim, track_changes


@track_changes
class Sharing(models.Model):
    """What one agency was told, on what basis, and whether the victim agreed.

    The agency sees `told`, as it was said that day, and the documents; nothing else of the victim,
    and nothing at all once it is withdrawn or its time is over. Saying more is another sharing that
    takes the place of this one.
    """

    class Kind(models.TextChoices):
        REFERRAL = "referral", "Information shared"
        SCHOOL = "school", "A school is told before its next day"
        CHILDREN = "children", "Referral to children's services"

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

    class Answer(models.TextChoices):
        TAKEN_ON = "taken_on", "Taken on"
        KNOWN = "known", "Known to us already; we go on"
        NOTHING = "nothing", "Nothing for us to do"
        MORE_NEEDED = "more_needed", "We need to know more"

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REFERRAL)
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="sharings")
    #: What it came of: a referral to the unit, or an incident with children in it.
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="sharings", null=True
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="sharings", null=True
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sharings")
    what = ArrayField(models.CharField(max_length=12, choices=What), size=7)
    #: What was said, as pages show it: [{"part": "address", "lines": [["Lives at", "..."]]}].
    told = models.JSONField(default=list)
    documents = models.ManyToManyField(Exhibit, related_name="sharings", blank=True)
    why = models.TextField(help_text="Why this agency needs to know")
    basis = models.CharField(max_length=16, choices=Basis)
    consent = models.CharField(max_length=12, choices=Consent)
    consent_reason = models.TextField(blank=True)
    #: When the victim was asked; blank where nobody asked.
    consent_asked_at = models.DateTimeField(null=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    shared_at = models.DateTimeField()
    #: The agency's access ends with this day; blank: until it is withdrawn.
    keep_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_because = models.CharField(max_length=1_000, blank=True)
    #: A later sharing with the same agency says what this one said, and more or less.
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replaces", null=True
    )
    #: Who of the agency first opened it.
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = SharingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "agency", "kind"],
                condition=Q(
                    referral__isnull=False, withdrawn_at__isnull=True, replaced_by__isnull=True
                ),
                name="one_sharing_in_force_per_referral",
            ),
            models.CheckConstraint(
                condition=~Q(consent__in=["refused", "not_sought"]) | ~Q(consent_reason=""),
                name="sharing_without_consent_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="sharing_withdrawn_with_words",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="sharing_answered_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=F("id")), name="sharing_replaced_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["victim", "-shared_at"], name="sharing_by_victim"),
            # The agency's own list.
            models.Index(
                fields=["agency", "-shared_at", "-id"],
                name="sharing_in_force_by_agency",
                condition=Q(withdrawn_at__isnull=True, replaced_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def what_words(self) -> str:
        """What was shared, for running text: "names and birth dates, address"."""
        return ", ".join(self.What(kind).label.lower() for kind in self.what)

    def is_over(self, at: datetime) -> bool:
        """Whether the day until which the agency may read it has gone."""
        return self.keep_until is not None and self.keep_until < local(at).date()

    def is_in_force(self, at: datetime) -> bool:
        """Whether the agency may read it; the same as `SharingQuerySet.in_force`."""
        stands = self.withdrawn_at is None and self.replaced_by_id is None
        return stands and not self.is_over(at)


@track_changes
class SchoolNotice(models.Model):
    """A child of school age was there: the school knows before its next day begins.

    The scheme is Operation Encompass. One row for each child of an incident.
    """

    class State(models.TextChoices):
        OWED = "owed", "To be told"
        TOLD = "told", "Told"
        NOT_NEEDED = "not_needed", "Not needed, with reasons"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="school_notices")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="school_notices")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="school_notices")
    #: The school; blank until somebody found out which.
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="school_notices", null=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    due_at = models.DateTimeField()
    sharing = models.ForeignKey(
        Sharing, on_delete=models.PROTECT, related_name="school_notices", null=True
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    #: Why it was not needed.
    words = models.CharField(max_length=1_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SchoolNoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "child"], name="school_told_once_of_child"),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(sharing__isnull=False, agency__isnull=False),
                name="school_told_names_the_school",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_needed") | ~Q(words=""),
                name="school_not_told_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="school_notice_owed", condition=Q(state="owed")),
            models.Index(fields=["victim", "-due_at"], name="school_notice_by_victim"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} of {self.incident_id}"


class ChildrenConcern(models.Model):
    """What a referral to children's services says beyond what is shared: whom and how urgent."""

    class Urgency(models.TextChoices):
        NOW = "now", "A child is in danger now"
        TODAY = "today", "Today"
        ORDINARY = "ordinary", "Within their ordinary time"

    sharing = models.OneToOneField(Sharing, on_delete=models.PROTECT, related_name="concern")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="+")
    children = models.ManyToManyField(Person, related_name="concerns")
    urgency = models.CharField(max_length=10, choices=Urgency)
    seen = models.TextField(help_text="What was seen and heard, and what the children said")
    worry = models.TextField(help_text="What it is feared will happen")
    #: Whether the parents know of the referral, or why not.
    parents_know = models.BooleanField()
    parents_words = models.CharField(max_length=1_000, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(parents_know=True) | ~Q(parents_words=""),
                name="parents_not_told_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"Concern of {self.sharing_id}"
