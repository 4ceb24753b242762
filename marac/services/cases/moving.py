"""A case goes to the record of whom it is about."""

from datetime import datetime

from django.db.models import Q

import deadlines.services
import risk.services
from accounts.models import User
from deadlines.models import Deadline, Notification
from marac import repeats
from marac.models import MaracCase
from marac.services.cases import finding
from marac.services.cases.telling import DECIDE, record, tell
from marac.services.locking import locked_case
from victims.models import Victim

State = MaracCase.State


def move_open(*, case_id: int, to: Victim, actor: User, at: datetime) -> MaracCase:
    """Let an open case be about `to`, its clock and its grade too; nothing for one that is over.

    The caller holds both victims. Where `to` has an open case of the same two already, this one is
    not heard beside it. One that stands on an agenda, or was heard, stays: the coordinator is told.
    """
    case = locked_case(case_id)
    if not case.is_open:
        return case
    if case.hearings.exists():
        words = f"The case is about {to.reference}: put it right"
        tell(case, [case.conference.coordinator], words, actor, at, Notification.Level.WARNING)
        record(case, "mistaken", f"{case.reference} is about {to.reference}", actor, at, {})
        return case
    before, was_accepted = case.victim, case.state == State.ACCEPTED
    pair = repeats.pair_of(to.pk, case.perpetrator_id)
    other = finding.open_case(pair, is_named=case.perpetrator_id is not None)
    if other is not None and other.pk != case.pk:
        _join(case, other, to, actor, at)
    else:
        _give(case, to, actor, at)
    if was_accepted:
        _grades_follow(case, before, actor, at)
    return case


def _join(case: MaracCase, other: MaracCase, to: Victim, actor: User, at: datetime) -> None:
    """The two are before the conference already, in another case: that one is heard."""
    detail = {"before": case.victim.reference, "after": to.reference}
    case.state, case.decided_at, case.decided_by = State.NOT_ACCEPTED, at, actor
    case.decided_words = f"It is about {to.reference}, of whom {other.reference} is open."
    case.version += 1
    case.save(update_fields=["state", "decided_at", "decided_by", "decided_words", "version"])
    deadlines.services.cancel(
        kind=DECIDE, subject=case, actor=actor, at=at, reason=case.decided_words
    )
    record(case, "joined", f"{case.reference} is not heard beside {other}", actor, at, detail)


def _give(case: MaracCase, to: Victim, actor: User, at: datetime) -> None:
    before, case.victim = case.victim, to
    case.version += 1
    case.save(update_fields=["victim", "version"])
    clocks = Deadline.objects.of(case)
    told = Notification.objects.filter(Q(deadline__in=clocks) | Q(reference=case.reference))
    told.filter(victim=before).update(victim=to)
    clocks.update(victim=to)
    detail = {"before": before.reference, "after": to.reference}
    record(case, "moved", f"{case.reference} is about {to.reference}", actor, at, detail)


def _grades_follow(case: MaracCase, before: Victim, actor: User, at: datetime) -> None:
    """Very high is whom the conference hears, and not whom it was never about."""
    if case.state == State.ACCEPTED:
        reason = f"the {case.conference} conference hears {case.reference}"
        risk.services.grade_very_high(victim_id=case.victim_id, reason=reason, actor=actor, at=at)
    if not MaracCase.objects.filter(victim=before, state=State.ACCEPTED).exists():
        reason = f"{case.reference} is about somebody else"
        risk.services.grade_high_again(victim_id=before.pk, reason=reason, actor=actor, at=at)
