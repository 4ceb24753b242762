"""Who took part in an incident, and as what."""

from django.db import models
from django.db.models import Q

from incidents.models.calls import Incident
from incidents.querysets import InvolvementQuerySet
from victims.models import Person, Victim


class Involvement(models.Model):
    """A role that a person has in one incident: nobody is a perpetrator by nature."""

    class Role(models.TextChoices):
        VICTIM = "victim", "victim"
        PERPETRATOR = "perpetrator", "perpetrator"
        CHILD = "child", "child"
        WITNESS = "witness", "witness"
        CALLER = "caller", "caller"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involvements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=12, choices=Role)
    #: Set exactly for role victim: the scope that decides who may see the incident.
    victim = models.ForeignKey(
        Victim, on_delete=models.PROTECT, related_name="involvements", null=True
    )
    #: Copied from the incident, so that a person's newest incidents are one index scan.
    received_at = models.DateTimeField()
    relationship = models.CharField(max_length=60, blank=True, help_text="ex-partner, mother")
    #: What the call handler confirmed about who this is, in words.
    recognised_by = models.CharField(max_length=200, blank=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "person", "role"], name="role_once_per_person_and_incident"
            ),
            models.CheckConstraint(
                condition=Q(role="victim", victim__isnull=False)
                | (~Q(role="victim") & Q(victim__isnull=True)),
                name="involvement_victim_exactly_for_victims",
            ),
        ]
        indexes = [
            # History look-up and repeat counts: a person's newest incidents.
            models.Index(fields=["person", "-received_at"], name="involvement_by_person"),
            # A victim's incidents: the timeline, and who may see an incident.
            models.Index(
                fields=["victim", "-received_at"],
                name="involvement_by_victim",
                condition=Q(victim__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.role}"
