"""The order of an agenda: cases with children, adults only, then flags that reach their end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import InvalidInput, Stale
from marac.models import Hearing, Meeting
from marac.services.agenda.guards import listed, require_ahead, require_keeper
from marac.services.locking import locked_meeting

#: First what comes first.
PARTS = (Hearing.Part.CHILDREN, Hearing.Part.ADULTS, Hearing.Part.FLAGS)


@transaction.atomic
def put_in_order(
    *, meeting_id: int, hearing_ids: Sequence[int], version: int, actor: User, at: datetime
) -> Meeting:
    """Hear the cases of an agenda in this order, all of them named once.

    Within each part the order is free; the parts keep theirs. The same order again changes nothing.
    Raises PermissionDenied; DomainError once the meeting began; Stale where somebody listed, took
    off or ordered since `version`; InvalidInput at `order` for parts in another order.
    """
    meeting = locked_meeting(meeting_id)
    require_keeper(actor, meeting)
    require_ahead(meeting)
    rows = {row.pk: row for row in listed(meeting).select_for_update(no_key=True)}
    if list(rows) == list(hearing_ids):
        return meeting
    if meeting.version != version or sorted(rows) != sorted(hearing_ids):
        raise _stale(meeting, list(rows), hearing_ids)
    _require_parts([rows[pk] for pk in hearing_ids])
    renumber([rows[pk] for pk in hearing_ids])
    meeting.version += 1
    meeting.save(update_fields=["version"])
    audit.record(
        actor=actor,
        at=at,
        verb="agenda.ordered",
        headline=f"Agenda of {meeting.reference} put in another order",
        subject=meeting.reference,
        detail={"before": list(rows), "after": list(hearing_ids)},
    )
    return meeting


def renumber(rows: Sequence[Hearing]) -> None:
    """Number hearings as they stand, from 1; the caller holds the meeting."""
    moved = []
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            moved.append(row)
    Hearing.objects.bulk_update(moved, ["position"])


def place(meeting: Meeting, part: str) -> int:
    """Make room at the end of a part; the position that is free then. The meeting is held."""
    rows = sorted(
        listed(meeting), key=lambda row: (PARTS.index(Hearing.Part(row.part)), row.position)
    )
    before = [
        row
        for row in rows
        if PARTS.index(Hearing.Part(row.part)) <= PARTS.index(Hearing.Part(part))
    ]
    after = rows[len(before) :]
    renumber(before)
    for number, row in enumerate(after, len(before) + 2):
        row.position = number
    Hearing.objects.bulk_update(after, ["position"])
    return len(before) + 1


def _require_parts(rows: Sequence[Hearing]) -> None:
    ranks = [PARTS.index(Hearing.Part(row.part)) for row in rows]
    if ranks != sorted(ranks):
        raise InvalidInput(
            "Cases with children come first, then adults only, then flags that end.", field="order"
        )


def _stale(meeting: Meeting, now: list[int], wanted: Sequence[int]) -> Stale:
    return Stale(
        f"The agenda of {meeting.reference} changed after you opened it. Look at it again.",
        theirs={"order": now},
        yours={"order": list(wanted)},
        version=meeting.version,
    )
