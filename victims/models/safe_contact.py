"""How a victim can be reached without harm."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from victims import telephones
from victims.models.history import track_changes
from victims.models.victims import Victim
from victims.querysets import SafeContactQuerySet


@track_changes
class SafeContact(models.Model):
    """How this victim can be reached without harm; the newest row counts, older ones stay."""

    class Method(models.TextChoices):
        CALL = "call", "Telephone"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        THIRD_PARTY = "third_party", "Through somebody else"
        NONE = "none", "No safe way known"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="safe_contacts")
    method = models.CharField(max_length=12, choices=Method)
    number = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    code_word = models.CharField(max_length=60, blank=True)
    may_leave_voicemail = models.BooleanField(default=False)
    notes = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    is_current = models.BooleanField(default=True)
    #: Counts this victim's safe contacts from 1: what an editor must have read (0: none yet).
    version = models.PositiveIntegerField(default=1)

    objects = SafeContactQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim"], condition=Q(is_current=True), name="one_current_safe_contact"
            ),
            models.UniqueConstraint(fields=["victim", "version"], name="safe_contact_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.number_shown}".strip()

    @property
    def number_shown(self) -> str:
        """The number as people dial it; an address or words as they were typed."""
        is_dialled = self.method in {self.Method.CALL, self.Method.TEXT}
        return telephones.shown(self.number) if is_dialled else self.number
