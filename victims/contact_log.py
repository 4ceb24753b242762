"""The log of contacts as one reader reads it: an adviser's words are read by advisers only."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from victims.models import Contact, Note, Victim
from victims.permissions import note_sides


def log_of(victim: Victim, reader: User) -> QuerySet[Contact]:
    """The contacts with a victim, the newest first, each with what its reader may read of it.

    What one side alone reads stands in `said_apart`, notes that nobody struck out. Three queries.
    """
    rows = Contact.objects.filter(victim=victim).select_related("by", "safe_contact")
    return rows.prefetch_related("updates", _apart(reader)).order_by("-at", "-pk")


def words_of(row: Contact) -> str:
    """Everything that was said in a contact of `log_of`, as far as its reader may read it."""
    apart: list[Any] = getattr(row, "said_apart", [])
    return "\n".join([row.words, *(note.words for note in apart)]).strip()


def as_read_by(row: Contact, reader: User) -> Contact:
    """One contact that has just been logged, with what its reader may read of it."""
    return log_of(row.victim, reader).get(pk=row.pk)


def _apart(reader: User) -> Any:
    """Every note that hangs from a contact, of whose side its reader is."""
    notes = Note.objects.filter(kept_among__in=note_sides(reader), struck_at__isnull=True)
    return Prefetch("notes", queryset=notes.order_by("pk"), to_attr="said_apart")
