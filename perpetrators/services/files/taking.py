"""The lines of a dropped file are taken in, a batch at a time; each batch wholly or not at all.

How far it came stands in the file's own row and is written with the batch: whoever goes on after a
crash begins where the last whole batch ended, and a message that came before changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from audit import services as audit
from core.errors import DomainError
from perpetrators.models import CustodyFile
from perpetrators.services.files.lines import Line, Refused, lines, text_of
from perpetrators.services.receiving import Outcome, Status, receive

#: Lines in one transaction: enough to be quick, few enough that progress is seen.
BATCH = 500
#: Refused lines that are kept with their cells, to be mended; of more only the number is told.
MOST_REFUSED = 1_000


def go_on_with_all(*, at: datetime) -> int:
    """Go on with every file that is not finished, the oldest first. How many there were."""
    waiting = CustodyFile.objects.filter(finished_at__isnull=True).order_by("received_at", "pk")
    ids = list(waiting.values_list("pk", flat=True))
    for file_id in ids:
        go_on(file_id=file_id, at=at)
    return len(ids)


def go_on(*, file_id: int, at: datetime, batch: int = BATCH) -> CustodyFile:
    """Take in what is left of a file; run twice or by two at once each line is taken in once."""
    file = CustodyFile.objects.select_related("sent_by").get(pk=file_id)
    if file.finished_at is None and file.content is not None:
        everything = list(lines(text_of(bytes(file.content)), system=file.system, at=at))
        while _one_batch(file_id, everything, at, batch):
            pass
    file.refresh_from_db()
    return file


@transaction.atomic
def _one_batch(file_id: int, everything: Sequence[Line], at: datetime, size: int) -> bool:
    """The next batch with where it leads; False once nothing is left, or somebody else is at it."""
    rows = CustodyFile.objects.select_for_update(skip_locked=True, of=("self",))
    file = rows.select_related("sent_by").filter(pk=file_id, finished_at__isnull=True).first()
    if file is None:
        return False
    chosen = list(islice(everything, file.done, file.done + size))
    try:
        _take(file, chosen, at)
    except PermissionDenied:
        _stop(file, at)
    file.done += len(chosen)
    if file.done >= len(everything) or file.finished_at is not None:
        _finish(file, at)
    file.save(
        update_fields=[
            *("done", "applied", "repeated", "unmatched", "refused", "finished_at", "content"),
        ]
    )
    return file.finished_at is None


def _take(file: CustodyFile, chosen: Sequence[Line], at: datetime) -> None:
    found: Counter[Status] = Counter()
    for line, outcome in _received(file, chosen, at):
        if isinstance(outcome, Refused):
            _refuse(file, line, outcome)
        elif outcome.status == Status.REFUSED:
            _refuse(file, line, Refused(line.number, 0, outcome.words))
        else:
            found[outcome.status] += 1
    file.applied += found[Status.APPLIED]
    file.repeated += found[Status.REPEATED]
    file.unmatched += found[Status.UNMATCHED]


def _received(
    file: CustodyFile, chosen: Sequence[Line], at: datetime
) -> list[tuple[Line, Outcome | Refused]]:
    """What became of each line, in order."""
    readable = [line for line in chosen if line.message is not None]
    outcomes = iter(_all_or_each(file, readable, at))
    return [
        (line, next(outcomes) if line.message is not None else line.refused or _unread(line))
        for line in chosen
    ]


def _all_or_each(
    file: CustodyFile, readable: Sequence[Line], at: datetime
) -> list[Outcome | Refused]:
    """All in one go; where that fails each by itself, so that one bad line keeps no others out."""
    messages = [line.message for line in readable if line.message is not None]
    if not messages:
        return []
    try:
        with transaction.atomic():
            return list(receive(messages=messages, actor=file.sent_by, at=at))
    except (DomainError, DatabaseError):
        return [_by_itself(file, line, at) for line in readable]


def _by_itself(file: CustodyFile, line: Line, at: datetime) -> Outcome | Refused:
    assert line.message is not None
    try:
        with transaction.atomic():
            return receive(messages=[line.message], actor=file.sent_by, at=at)[0]
    except DomainError as error:
        return Refused(line.number, 0, error.message)
    except DatabaseError:
        return Refused(line.number, 0, "This line could not be taken in; tell whoever runs this.")


def _unread(line: Line) -> Refused:
    return Refused(line.number, 0, "This line cannot be read.")


def _refuse(file: CustodyFile, line: Line, refused: Refused) -> None:
    if len(file.refused) < MOST_REFUSED:
        file.refused.append([refused.line, refused.column, refused.words, line.cells])


def _stop(file: CustodyFile, at: datetime) -> None:
    """Whoever dropped it may no longer send: what is left is not taken in."""
    words = "Whoever dropped the file may no longer send custody events; the rest was left."
    file.refused.append([0, 0, words, {}])
    file.finished_at = at


def _finish(file: CustodyFile, at: datetime) -> None:
    file.finished_at, file.content = at, None
    audit.record(
        actor=file.sent_by,
        at=at,
        verb="custody.file_finished",
        headline=f"A file of {file.lines:,} custody messages was taken in",
        subject=file.reference,
        detail={
            "applied": file.applied,
            "repeated": file.repeated,
            "unmatched": file.unmatched,
            "refused": file.refused_count,
        },
    )
