"""Notes about a victim: written for one's own side or for everybody, and struck out."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from victims import permissions
from victims.models import Contact, Note, Victim
from victims.services import once
from victims.services.seeing import require_seen

KeptAmong = Note.KeptAmong
LONGEST_WORDS = 10_000
LONGEST_BECAUSE = 300


@transaction.atomic
def write_note(
    *,
    victim_id: int,
    words: str,
    kept_among: str,
    contact_id: int | None = None,
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> Note:
    """Write a note that only those of `kept_among` read: one's own side, or everybody ("").

    `contact_id` is the contact in which it was said; `key` that of a form, so that a double press
    is one note. Raises PermissionDenied, also where the actor sees the victim no more; InvalidInput
    at `words` (needed, to 10,000 characters), `kept_among` (a side that one does not belong to) or
    `contact_id` (of another victim).
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_write_note(actor):
        raise PermissionDenied("Your role does not write notes about victims.")
    require_seen(victim, actor)
    if kept_among not in permissions.note_sides(actor):
        raise InvalidInput("Say who may read this.", field="kept_among")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    what, said = f"note on {victim.reference}", {"said": [words, kept_among, contact_id]}
    earlier = once.earlier_result(key=key, what=what, said=said, actor=actor, at=at)
    if earlier is not None:
        return Note.objects.get(pk=earlier)
    if contact_id and not Contact.objects.filter(pk=contact_id, victim=victim).exists():
        raise InvalidInput("This contact was with somebody else.", field="contact_id")
    note = Note.objects.create(
        victim=victim,
        kept_among=KeptAmong(kept_among),
        contact_id=contact_id,
        words=words,
        written_at=at,
        written_by=actor,
    )
    once.remember(key=key, result=note.pk, actor=actor)
    _record(note, victim, "written", actor, at)
    return note


@transaction.atomic
def strike_note(*, note_id: int, because: str, actor: User, at: datetime) -> Note:
    """Strike out a note that was a mistake, or that too many could read.

    The row stays; its words are shown to nobody from now on but to whoever wrote them. Struck by
    the same person twice it is struck once. Raises PermissionDenied (only whoever wrote it, or who
    leads them), InvalidInput at `because` (needed, to 300 characters), and DomainError where
    somebody else struck it.
    """
    ids = Note.objects.values_list("victim_id", flat=True)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=ids.get(pk=note_id))
    locked = Note.objects.select_for_update(of=("self",))
    row = locked.select_related("struck_by", "written_by").get(pk=note_id)
    if not permissions.can_strike_note(actor, row):
        raise PermissionDenied("Only whoever wrote a note, or who leads them, strikes it out.")
    because = clean(because, field="because", longest=LONGEST_BECAUSE, required=True)
    if row.struck_at is not None:
        if row.struck_by == actor:
            return row
        raise DomainError(f"{row.struck_by} has struck this out already.")
    row.struck_at, row.struck_by, row.struck_because = at, actor, because
    row.save(update_fields=["struck_at", "struck_by", "struck_because"])
    _record(row, victim, "struck", actor, at)
    return row


def _record(note: Note, victim: Victim, verb: str, actor: User, at: datetime) -> None:
    """That there is a note, never its words. One kept apart stands on no timeline."""
    among = note.get_kept_among_display().lower()
    audit.record(
        actor=actor,
        at=at,
        verb=f"note.{verb}",
        headline=f"Note {'written' if verb == 'written' else 'struck out'}: {among}",
        subject=victim.reference,
        victim_id=None if note.kept_among else victim.pk,
        detail={"note": note.pk, "kept_among": note.kept_among},
    )
