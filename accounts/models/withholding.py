"""The register of who must not receive what: a person or an agency near the perpetrator."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.people import Agency


class Withholding(models.Model):
    """Nothing about one victim may reach one person or one agency: no page, no search, no message.

    It stands here, below victims, because notifications and permissions ask it too. A row is ended,
    never deleted.
    """

    victim = models.ForeignKey(
        "victims.Victim", on_delete=models.PROTECT, related_name="withholdings"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="withholdings",
        null=True,
        blank=True,
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="withholdings", null=True, blank=True
    )
    #: Why: "brother of the man who was arrested".
    reason = models.CharField(max_length=1_000)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_reason = models.CharField(max_length=1_000, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, agency__isnull=True)
                | Q(person__isnull=True, agency__isnull=False),
                name="withheld_from_one_person_or_agency",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="withholding_ended_with_words",
            ),
            # Also "what is withheld from this person", asked with their roles on every page.
            models.UniqueConstraint(
                fields=["person", "victim"],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="withheld_once_from_person",
            ),
            models.UniqueConstraint(
                fields=["agency", "victim"],
                condition=Q(ended_at__isnull=True, agency__isnull=False),
                name="withheld_once_from_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.victim_id} withheld from {self.person or self.agency}"
