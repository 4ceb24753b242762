"""The end of a handover: the case is the other's when everything is checked, or stays."""

from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from core.errors import DomainError
from core.text import clean
from marac.deadlines.flags import FLAG
from marac.deadlines.transfers import TRANSFER
from marac.models import Hearing, MaracCase, MaracFlag, Transfer
from marac.services.cases import close_case
from marac.services.transfers.checking import label_of, missing_before
from marac.services.transfers.common import (
    LONGEST_WORDS,
    locked_transfer,
    other_side,
    record,
    refuse_stale,
    require_begun,
    require_keeper,
)

State = Transfer.State
DECIDE = "marac_decide"


class NotChecked(DomainError):
    """A case cannot change hands yet; `missing` names every check that is not done."""

    code = "not_checked"

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"Not done yet: {'; '.join(missing)}.")
        self.missing = tuple(missing)


@transaction.atomic
def finish_transfer(
    *, transfer_id: int, words: str = "", version: int, actor: User, at: datetime
) -> Transfer:
    """Everything is checked: the case changes hands.

    Within the county it becomes the other conference's, as it is. One that goes to another area
    ends here as moved; one that comes from there stays with the conference that it was proposed to.
    Finished twice it is finished once.

    Raises PermissionDenied; NotChecked with everything that is missing; Stale; DomainError for one
    that was given up, or whose case stands on an agenda still.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS)
    row = locked_transfer(transfer_id)
    require_keeper(actor, row.case)
    if row.state == State.DONE and (row.settled_by_id, row.settled_words) == (actor.pk, words):
        return row
    require_begun(row)
    if missing := missing_before(row):
        raise NotChecked([label_of(row, what).lower() for what in missing])
    refuse_stale(row, version, {"words": words})
    _settle(row, State.DONE, words, actor, at)
    deadlines.services.meet(kind=TRANSFER, subject=row, actor=actor, at=at)
    record(row, "done", f"Handed over: {_route(row)}", actor, at, {"words": words})
    _give(row, actor, at)
    return row


@transaction.atomic
def cancel_transfer(
    *, transfer_id: int, words: str, version: int, actor: User, at: datetime
) -> Transfer:
    """Not handed over after all, for a reason (needed, to 1,000 characters): the case stays.

    Given up twice it is given up once. Raises PermissionDenied, InvalidInput at `words`, Stale,
    DomainError for one that is over.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    row = locked_transfer(transfer_id)
    require_keeper(actor, row.case)
    if row.state == State.CANCELLED and (row.settled_by_id, row.settled_words) == (actor.pk, words):
        return row
    require_begun(row)
    refuse_stale(row, version, {"words": words})
    _settle(row, State.CANCELLED, words, actor, at)
    deadlines.services.cancel(kind=TRANSFER, subject=row, reason=words, actor=actor, at=at)
    record(row, "cancelled", f"Not handed over: {_route(row)}", actor, at, {"words": words})
    return row


def _route(row: Transfer) -> str:
    joint = "to" if row.direction == Transfer.Direction.OUT else "from"
    return f"{joint} {other_side(row)}"


def _settle(row: Transfer, state: str, words: str, actor: User, at: datetime) -> None:
    row.state, row.settled_words = State(state), words
    row.settled_at, row.settled_by = at, actor
    row.version += 1
    row.save(update_fields=["state", "settled_words", "settled_at", "settled_by", "version"])


def _give(row: Transfer, actor: User, at: datetime) -> None:
    """The case is the other's from now on; one that came in is ours already."""
    if row.direction == Transfer.Direction.IN:
        return
    _require_off_agendas(row.case)
    if row.other_conference is not None:
        _to_other_conference(row, actor, at)
        return
    words = f"Handed over to {row.other_area} ({row.reference})"
    close_case(
        case_id=row.case_id,
        because=MaracCase.ClosedBecause.MOVED,
        words=words,
        version=row.case.version,
        actor=actor,
        at=at,
    )


def _to_other_conference(row: Transfer, actor: User, at: datetime) -> None:
    """Within the county: same case, same history, and its clocks with the other coordinator."""
    case, other = row.case, row.other_conference
    assert other is not None
    case.conference = other
    case.version += 1
    case.save(update_fields=["conference", "version"])
    flags = MaracFlag.objects.standing().filter(case=case)
    for kind, subject in ((DECIDE, case), *((FLAG, flag) for flag in flags)):
        deadlines.services.assign(
            kind=kind,
            subject=subject,
            owner=other.coordinator,
            team=other.team,
            actor=actor,
            at=at,
        )


def _require_off_agendas(case: MaracCase) -> None:
    listed = Hearing.objects.filter(case=case, state__in=Hearing.OPEN)
    hearing = listed.select_related("meeting").first()
    if hearing is not None:
        raise DomainError(
            f"{case.reference} stands on the agenda of {hearing.meeting}. Hear it there, or take "
            "it off first."
        )
