"""A proposal goes to the record of whom it is about."""

from datetime import datetime

import deadlines.services
from accounts.models import User
from deadlines.models import Deadline, Notification
from marac import repeats
from marac.models import MaracCase
from marac.services.cases import finding
from marac.services.cases.telling import DECIDE, record
from marac.services.locking import locked_case
from victims.models import Victim

State = MaracCase.State


def move_proposed(*, case_id: int, to: Victim, actor: User, at: datetime) -> MaracCase:
    """Let a proposed case be about `to`, its clock too; nothing for one answered meanwhile.

    The caller holds both victims. Where `to` has an open case of the same two already, this one is
    not heard beside it.
    """
    case = locked_case(case_id)
    if case.state != State.PROPOSED:
        return case
    before = case.victim
    pair = repeats.pair_of(to.pk, case.perpetrator_id)
    other = finding.open_case(pair, is_named=case.perpetrator_id is not None)
    case.version += 1
    detail = {"before": before.reference, "after": to.reference}
    if other is not None and other.pk != case.pk:
        case.state, case.decided_at, case.decided_by = State.NOT_ACCEPTED, at, actor
        case.decided_words = f"It is about {to.reference}, of whom {other.reference} is open."
        case.save(update_fields=["state", "decided_at", "decided_by", "decided_words", "version"])
        deadlines.services.cancel(
            kind=DECIDE, subject=case, actor=actor, at=at, reason=case.decided_words
        )
        record(case, "joined", f"{case.reference} is not heard beside {other}", actor, at, detail)
        return case
    case.victim = to
    case.save(update_fields=["victim", "version"])
    clocks = Deadline.objects.of(case)
    Notification.objects.filter(deadline__in=clocks, victim=before).update(victim=to)
    clocks.update(victim=to)
    record(case, "moved", f"{case.reference} is about {to.reference}", actor, at, detail)
    return case
