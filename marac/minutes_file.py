"""The file that somebody takes away: their copy of the minutes, stamped with their name."""

from datetime import datetime

from accounts.models import User
from core.clock import local
from marac.minutes.pdf import rendered
from marac.services.minutes import Copy


def file_of(copy: Copy, *, reader: User, at: datetime) -> bytes:
    """The copy as PDF, every page stamped with the reader and the instant at which they open it."""
    return rendered(
        copy.content,
        title=title_of(copy),
        whose=copy.whose,
        notes=notes_of(copy),
        opened_by=str(reader),
        at=at,
    )


def name_of(copy: Copy) -> str:
    """What the file is called: the meeting and the version, and nobody's name."""
    version = f"-{copy.minutes.number}" if copy.minutes else "-draft"
    return f"minutes-{copy.meeting.reference}{version}.pdf"


def title_of(copy: Copy) -> str:
    on = local(copy.meeting.starts_at)
    kind = copy.content["kind"]
    return f"{kind} of the conference {copy.content['conference']}, {on.day} {on:%B %Y}"


def notes_of(copy: Copy) -> tuple[str, ...]:
    """Which version it is, and what changed.

    Why there is a further version may speak of a case that is not in an agency's copy: that is for
    those who keep the conference; an agency is told which of its own cases read otherwise.
    """
    row = copy.minutes
    if row is None:
        return ("Draft: not approved. It reads as everything is written today.",)
    on = local(row.approved_at)
    found = [f"Approved by {row.approved_by} on {on.day} {on:%B %Y}."]
    if copy.replaced:
        found.append(_otherwise(copy, row.number))
        if copy.agency is None:
            found.append(f"Why there is a further version: {row.because}")
    return tuple(found)


def _otherwise(copy: Copy, number: int) -> str:
    words = f"Version {number}. It takes the place of version {copy.replaced}."
    if copy.changed:
        return f"{words} It reads otherwise in {', '.join(copy.changed)}."
    return f"{words} No case in this copy reads otherwise."
