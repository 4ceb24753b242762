"""Who answers for what of a victim, and how it passes from one to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from victims.models.victims import Victim
from victims.querysets import HandoverQuerySet


class Duty(models.TextChoices):
    """What somebody answers for at every stage; each is a pair of columns of `Victim`."""

    CONTACT = "contact", "Contact"
    RISK = "risk", "Risk"
    PLAN = "plan", "Safety plan"


class Handover(models.Model):
    """A duty is offered to somebody; until they say yes, whoever had it has it."""

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for an answer"
        TAKEN = "taken", "Taken"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="handovers")
    duty = models.CharField(max_length=8, choices=Duty)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    #: Who has it while it is offered; blank where only the team had it.
    from_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers"
    )
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    #: What whoever takes it must know.
    words = models.CharField(max_length=1_000)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    answer = models.CharField(max_length=1_000, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "duty"],
                condition=Q(state="offered"),
                name="one_open_handover_per_duty",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at__isnull=True)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
                name="handover_answered_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="handover_declined_with_words"
            ),
            models.CheckConstraint(
                condition=Q(from_person__isnull=True) | ~Q(from_person=F("to_person")),
                name="handover_to_somebody_else",
            ),
        ]
        indexes = [
            # What waits for somebody's answer, and what somebody gave away.
            models.Index(
                fields=["to_person", "offered_at"],
                name="handover_to_answer",
                condition=Q(state="offered"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} of {self.victim_id} to {self.to_person_id}"
