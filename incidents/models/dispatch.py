"""Cars, the people on duty, and who was sent where."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from incidents.models.calls import Incident


class Unit(models.Model):
    """A car or another unit that is sent under a call sign."""

    call_sign = models.CharField(max_length=12, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="units")
    #: False once it is withdrawn from use; it then stays for the record only.
    is_active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["call_sign"]

    def __str__(self) -> str:
        return self.call_sign


class Duty(models.Model):
    """An officer's time on duty: where they can be sent from, and whether they can be sent."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties", null=True)
    started_at = models.DateTimeField()
    #: When it is planned to end; nobody is offered for sending long after it.
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: Why this officer cannot be sent just now (custody, court, meal); blank while they can.
    unavailable_reason = models.CharField(max_length=120, blank=True)
    unavailable_since = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            # Also the resource board: who is on duty.
            models.UniqueConstraint(
                fields=["officer"], condition=Q(ended_at__isnull=True), name="one_duty_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")), name="duty_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(unavailable_reason="", unavailable_since__isnull=True)
                | (~Q(unavailable_reason="") & Q(unavailable_since__isnull=False)),
                name="unavailable_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} on duty"


class Deployment(models.Model):
    """An officer sent to an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="deployments")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deployments"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    briefing_read_at = models.DateTimeField(null=True)
    #: When this officer must be there: the incident's own target, or the grade's allowance from
    #: sending for somebody who is sent later.
    arrive_by = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    #: When the officer was free for something else, and why if they never arrived.
    cleared_at = models.DateTimeField(null=True)
    stood_down_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "officer"], name="officer_sent_once_per_incident"
            ),
        ]
        indexes = [
            # The officer's home: my incidents.
            models.Index(fields=["officer", "-sent_at"], name="deployment_of_officer"),
            # The resource board: who is at or on the way to something.
            models.Index(
                fields=["officer"],
                name="deployment_not_cleared",
                condition=Q(cleared_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} to {self.incident_id}"
