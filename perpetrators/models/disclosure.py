"""The disclosure scheme: the right to ask and the right to know."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from perpetrators.querysets import DisclosureQuerySet
from victims.models import Person, Victim, track_changes


@track_changes
class DisclosureApplication(models.Model):
    """Somebody asks, or we ought to say, whether a person has been violent before."""

    class Scheme(models.TextChoices):
        RIGHT_TO_ASK = "ask", "Right to ask"
        RIGHT_TO_KNOW = "know", "Right to know"

    class State(models.TextChoices):
        RECEIVED = "received", "First check to be made"
        CHECKED = "checked", "To be decided"
        DISCLOSE = "disclose", "To be disclosed"
        NOTHING = "nothing", "Nothing to disclose"
        REFUSED = "refused", "Not to be disclosed"
        DISCLOSED = "disclosed", "Disclosed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reference = models.CharField(max_length=16, unique=True)
    scheme = models.CharField(max_length=4, choices=Scheme)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    #: Who may be in danger: the scope of who sees it; and about whom it is asked.
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="disclosures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disclosures")
    #: Who asked, where somebody else did: their name and what they are to the person in danger.
    applicant = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.TextField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    immediate_risk = models.BooleanField(null=True)
    check_words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decision_words = models.TextField(blank=True)
    #: The visit: who was told (the person in danger, or who can protect them), and what.
    visited_at = models.DateTimeField(null=True)
    visited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    told_whom = models.CharField(max_length=200, blank=True)
    visit_words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("work_disclosure", "May record, check and visit for the disclosure scheme"),
            ("decide_disclosure", "May decide what is disclosed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "checked", "withdrawn"])
                | Q(decided_by__isnull=False),
                name="disclosure_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="disclosed") | (Q(visited_at__isnull=False) & ~Q(told_whom="")),
                name="disclosure_told_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["victim", "-received_at"], name="disclosure_by_victim"),
            models.Index(fields=["person", "-received_at"], name="disclosure_by_person"),
            models.Index(
                fields=["received_at"],
                name="disclosure_open",
                condition=Q(state__in=["received", "checked", "disclose"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
