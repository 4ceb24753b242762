"""A document is given to an agency piece by piece, and no piece after what allowed it ended.

Whether the agency may have it is asked when the download begins and again before every piece is
handed over. A withdrawal that is committed while a download runs therefore ends it: at most the
piece that is on its way arrives, the connection breaks off, and the file at the agency is short of
the length that was announced, so that nobody takes it for whole.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.files.base import File

from accounts.models import User
from incidents.models import Exhibit
from incidents.services.exhibits import open_exhibit
from referrals.models import Sharing

#: Bytes handed over between two looks at whether the agency may still have them.
PIECE = 1 << 18


class TakenBack(Exception):
    """What was being downloaded is no longer the agency's to read: the connection is broken off."""


class Pieces:
    """The pieces of an open file; asks before each whether it may be handed over."""

    def __init__(self, file: "File[bytes]", allowed: Callable[[], bool]) -> None:
        self._file, self._allowed = file, allowed

    def __iter__(self) -> "Pieces":
        return self

    def __next__(self) -> bytes:
        if not self._allowed():
            self.close()
            raise TakenBack("What was shared was withdrawn, or its time is over.")
        piece: bytes = self._file.read(PIECE)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        self._file.close()


def may_have(*, user_id: int, sharing_id: int, exhibit_id: int, at: datetime) -> bool:
    """Whether this person's agency may have the document now, by what is committed now.

    The person is read anew: roles and the register may have changed since the request began.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return False
    rows = Sharing.objects.for_agency_of(user, at)
    return rows.filter(
        pk=sharing_id, documents=exhibit_id, documents__withdrawn_at__isnull=True
    ).exists()


def give_document(
    *,
    sharing: Sharing,
    exhibit: Exhibit,
    reader: User,
    path: str,
    now: Callable[[], datetime],
) -> Pieces:
    """The document of a sharing that the reader's agency may read (the caller asked).

    Kept as a reading, also of the victim. Raises incidents' `Changed` for a file that is not the
    one that was added. `now` is asked before each piece.
    """
    file = open_exhibit(exhibit=exhibit, reader=reader, path=path, at=now())

    def allowed() -> bool:
        return may_have(user_id=reader.pk, sharing_id=sharing.pk, exhibit_id=exhibit.pk, at=now())

    return Pieces(file, allowed)
