"""Warnings on addresses and people."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from victims.models.history import track_changes
from victims.models.people import Address, Person
from victims.querysets import MarkerQuerySet


@track_changes
class Marker(models.Model):
    """A warning on an address or a person, seen by whoever takes the next call."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", "Treat as emergency"
        WEAPONS = "weapons", "Weapons"
        VIOLENT = "violent", "Violent to officers"
        CHILD_AT_RISK = "child_at_risk", "Child at risk"
        SELF_HARM = "self_harm", "Self-harm"

    kind = models.CharField(max_length=14, choices=Kind)
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="markers", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="markers", null=True, blank=True
    )
    words = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    until = models.DateField()
    #: Set when somebody ended it before its day.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = MarkerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(address__isnull=False, person__isnull=True)
                | Q(address__isnull=True, person__isnull=False),
                name="marker_on_one_address_or_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="marker_ended_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
