"""Notes about a victim, and who among us may read them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from victims.models.contacts import Contact
from victims.models.victims import Victim
from victims.querysets import NoteQuerySet


class Note(models.Model):
    """Words about a victim. Rows are only added; a mistake is struck out and says why.

    Advocacy is independent: what a victim tells their adviser is not the police's to read, and what
    the police keep to themselves is not the adviser's.
    """

    class KeptAmong(models.TextChoices):
        EVERYBODY = "", "Whoever sees the record"
        ADVOCATES = "advocates", "Advisers only, not the police"
        POLICE = "police", "Police only, not advisers"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="notes")
    kept_among = models.CharField(max_length=10, choices=KeptAmong, blank=True)
    #: The contact in which it was said, where there was one.
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notes", null=True)
    words = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    struck_because = models.CharField(max_length=300, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_because=""),
                name="note_struck_with_words",
            )
        ]
        indexes = [models.Index(fields=["victim", "-written_at"], name="note_by_victim")]

    def __str__(self) -> str:
        return f"Note of {self.written_by_id} on {self.victim_id}"
