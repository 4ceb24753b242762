"""Referrals that partner agencies send to the unit."""

from django.conf import settings
from django.db import models

from accounts.models import Agency
from referrals.models.referrals import Referral
from referrals.querysets import IncomingQuerySet
from victims.models import RiskGrade, Victim


class AgencyReferral(models.Model):
    """What an agency said when it referred somebody, in its own words; never changed afterwards."""

    class Identified(models.TextChoices):
        NEW = "new", "Nobody here had that name and birth date"
        MATCHED = "matched", "One person here had that name and birth date"
        SEVERAL = "several", "More than one person here may be meant"
        WORKER = "worker", "A worker said who it is"

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="incoming")
    #: As of the referral: moved with it when a worker says who is meant.
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="incoming")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="incoming")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()
    #: The agency's own reference.
    their_reference = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    date_of_birth = models.DateField(null=True)
    telephone = models.CharField(max_length=30, blank=True)
    address_line = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    #: How the victim can be reached safely, in the agency's words.
    safe_contact = models.CharField(max_length=500)
    perpetrator = models.CharField(max_length=500, help_text="Who is feared, as far as is known")
    children = models.CharField(max_length=500, blank=True)
    children_count = models.PositiveSmallIntegerField(default=0)
    what_happened = models.TextField()
    #: The agency's own view of the risk, why, and how many topics of a checklist were answered yes.
    grade = models.CharField(max_length=10, choices=RiskGrade)
    grade_reason = models.TextField()
    yes_count = models.PositiveSmallIntegerField(null=True)
    victim_agrees = models.BooleanField()
    #: Why it is referred without the victim's agreement.
    without_consent_reason = models.TextField(blank=True)
    identified = models.CharField(max_length=8, choices=Identified)
    identified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    identified_at = models.DateTimeField(null=True)
    #: What the unit told the agency of the outcome.
    answer = models.TextField(blank=True)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(victim_agrees=True) | ~models.Q(without_consent_reason=""),
                name="referred_without_consent_has_reasons",
            )
        ]
        indexes = [
            models.Index(fields=["agency", "-sent_at"], name="incoming_by_agency"),
            models.Index(fields=["victim", "-sent_at"], name="incoming_by_victim"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} from {self.agency_id}"
