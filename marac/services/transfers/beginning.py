"""A victim moves: their case is offered to the conference there, or comes from it."""

from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from core import references
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.references import Kind
from core.text import clean
from marac.deadlines.transfers import TRANSFER
from marac.models import Conference, MaracCase, Transfer
from marac.near import keeper_of
from marac.services.cases import propose
from marac.services.locking import locked_case
from marac.services.transfers.common import (
    LONGEST_AREA,
    LONGEST_CONTACT,
    LONGEST_WORDS,
    other_side,
    record,
    require_keeper,
)


@transaction.atomic
def begin_transfer(
    *,
    case_id: int,
    other_conference_id: int | None = None,
    other_area: str = "",
    contact: str,
    reason: str,
    actor: User,
    at: datetime,
) -> Transfer:
    """Begin to hand a case over: to another of the county's conferences, or to another area.

    Either the one or the other is named, with whom to speak there and why. The case stays where it
    is until every check is done. The same begun twice is begun once.

    Raises PermissionDenied; InvalidInput at `other_conference`, `other_area`, `contact` or
    `reason`; DomainError for a case that is over; AlreadyTaken while another handover runs.
    """
    area = clean(other_area, field="other_area", longest=LONGEST_AREA)
    contact = clean(contact, field="contact", longest=LONGEST_CONTACT, required=True)
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    case = locked_case(case_id)
    require_keeper(actor, case)
    other = _other(case, other_conference_id, area)
    if not case.is_open:
        raise DomainError(f"{case.reference} is over: {case.get_state_display().lower()}.")
    running = _running(case)
    if running is not None:
        same = (running.other_conference_id, running.other_area, running.begun_by_id)
        if same == (other.pk if other else None, area, actor.pk):
            return running
        raise AlreadyTaken(f"{case.reference} is being handed over already: {running.reference}.")
    row = _begun(
        case,
        Transfer(
            direction=Transfer.Direction.OUT,
            other_conference=other,
            other_area=area,
            contact=contact,
            reason=reason,
        ),
        actor,
        at,
    )
    record(row, "begun", f"Handover to {other_side(row)} begun", actor, at, {"reason": reason})
    return row


@transaction.atomic
def receive_transfer(
    *,
    victim_id: int,
    perpetrator_id: int | None = None,
    other_area: str,
    contact: str,
    reason: str,
    actor: User,
    at: datetime,
) -> Transfer:
    """Another area hands a case over to the county: it is proposed here, and both sides check.

    Raises PermissionDenied; InvalidInput at `other_area`, `contact` or `reason`; AlreadyTaken while
    another handover of the case runs; and what `propose` refuses.
    """
    area = clean(other_area, field="other_area", longest=LONGEST_AREA, required=True)
    contact = clean(contact, field="contact", longest=LONGEST_CONTACT, required=True)
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    case = propose(
        victim_id=victim_id,
        perpetrator_id=perpetrator_id,
        source=MaracCase.Source.TRANSFER,
        words=reason,
        below_reason=f"Comes from the conference of {area}.",
        actor=actor,
        at=at,
    )
    case = locked_case(case.pk)
    require_keeper(actor, case)
    running = _running(case)
    if running is not None:
        if (running.other_area, running.begun_by_id) == (area, actor.pk):
            return running
        raise AlreadyTaken(f"{case.reference} is being handed over already: {running.reference}.")
    row = _begun(
        case,
        Transfer(direction=Transfer.Direction.IN, other_area=area, contact=contact, reason=reason),
        actor,
        at,
    )
    record(row, "begun", f"Handover from {area} begun", actor, at, {"reason": reason})
    return row


def _other(case: MaracCase, conference_id: int | None, area: str) -> Conference | None:
    """The conference of the county that is meant, if one is. Raises InvalidInput."""
    if conference_id is None and not area:
        raise InvalidInput("Say which conference or area it goes to.", field="other_conference")
    if conference_id is None:
        return None
    if area:
        raise InvalidInput("Leave this empty: you chose one of ours above.", field="other_area")
    found = Conference.objects.running().filter(pk=conference_id).first()
    if found is None or found.pk == case.conference_id:
        raise InvalidInput("Choose another of the county's conferences.", field="other_conference")
    return found


def _running(case: MaracCase) -> Transfer | None:
    return Transfer.objects.filter(case=case, state=Transfer.State.BEGUN).first()


def _begun(case: MaracCase, row: Transfer, actor: User, at: datetime) -> Transfer:
    """Write the row that was prepared, and let its time run with the coordinator."""
    row.reference = references.take(Kind.MARAC_TRANSFER, at)
    row.case, row.victim, row.begun_at, row.begun_by = case, case.victim, at, actor
    row.save(force_insert=True)
    deadlines.services.start(
        kind=TRANSFER,
        subject=row,
        reference=row.reference,
        victim_id=case.victim_id,
        team=case.conference.team,
        owner=keeper_of(case),
        started_at=at,
        actor=actor,
        at=at,
    )
    return row
