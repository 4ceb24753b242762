"""What a local supervisor checked of an incident."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.calls import Incident


class SupervisionCheck(models.Model):
    """One look at an incident by a supervisor; the newest counts, earlier ones stay."""

    class Outcome(models.TextChoices):
        SATISFIED = "satisfied", "Done as it should be"
        ACTION = "action", "Something is still to be done"

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="supervision_checks"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField()
    #: {check code: "yes", "no" or "n/a"}; codes are those of incidents.supervising.CHECKS.
    answers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.TextField(blank=True)
    #: Who is asked to do what is still to be done.
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="satisfied", asked_of__isnull=True)
                | (Q(outcome="action", asked_of__isnull=False) & ~Q(words="")),
                name="action_is_asked_of_somebody_in_words",
            )
        ]
        indexes = [
            models.Index(fields=["incident", "-checked_at"], name="check_of_incident"),
            # The officer's home: what supervisors ask of me.
            models.Index(
                fields=["asked_of", "-checked_at"],
                name="check_asked_of",
                condition=Q(asked_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Check of {self.incident_id}"
