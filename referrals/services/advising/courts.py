"""An adviser stands beside a client at court: what lies ahead, what helps, what came of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

import deadlines.services
from accounts.models import User
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from core.working_time import Allowance, Clock
from deadlines.kinds import Terms
from deadlines.models import Deadline
from referrals.models import CourtSupport, IdvaCase
from referrals.services.advising.holding import held, record_apart
from victims.services import once

State = CourtSupport.State
COURT = "court_support"
LONGEST_ABOUT = 300
LONGEST_WORDS = 1_000
#: Nobody lists a hearing further ahead; a later year is a slip of the keys.
FURTHEST = timedelta(days=3 * 366)
#: What came of it is written down within a day of the hearing.
AFTERWARDS = timedelta(days=1)
_REMIND = (timedelta(days=7), timedelta(days=1))


@transaction.atomic
def plan_court(
    *,
    case_id: int,
    court: str,
    hearing_at: datetime,
    about: str,
    measures: Collection[str] = (),
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> CourtSupport:
    """Plan to stand beside a client at a hearing; the adviser is reminded a week and a day before.

    The reminder hangs from no victim, so that no page of the police tells when it is. Raises
    PermissionDenied; InvalidInput at `court`, `hearing_at` (must lie ahead, within three years),
    `about` (needed, to 300 characters) or `measures`; DomainError where the case is over.
    """
    case = held(case_id, actor, at)
    said = {"said": [court, hearing_at, about, sorted(measures)]}
    earlier = once.earlier_result(
        key=key, what=f"court of {case.reference}", said=said, actor=actor, at=at
    )
    if earlier is not None:
        return CourtSupport.objects.get(pk=earlier)
    _require_court(court, hearing_at, measures, at)
    row = CourtSupport.objects.create(
        case=case,
        victim=case.victim,
        court=CourtSupport.Court(court),
        hearing_at=hearing_at,
        about=clean(about, field="about", longest=LONGEST_ABOUT, required=True),
        measures=[one for one in CourtSupport.Measure.values if one in measures],
        written_at=at,
        written_by=actor,
    )
    _remind(row, case, actor, at)
    once.remember(key=key, result=row.pk, actor=actor)
    record_apart(case, "court_planned", "Support at court planned", actor, at)
    return row


@transaction.atomic
def settle_court(
    *, court_id: int, state: str, outcome: str, actor: User, at: datetime
) -> CourtSupport:
    """Say what came of a hearing; the same said twice is said once. A new day is planned anew.

    Raises PermissionDenied, InvalidInput at `state` (support is given at the hearing, not before)
    or `outcome` (needed, to 1,000 characters), AlreadyTaken where it was settled otherwise, and
    DomainError where the case is over.
    """
    case = held(CourtSupport.objects.values_list("case_id", flat=True).get(pk=court_id), actor, at)
    row = CourtSupport.objects.get(pk=court_id)
    if state not in set(State.values) - {State.PLANNED.value}:
        raise InvalidInput("Say what came of it.", field="state")
    outcome = clean(outcome, field="outcome", longest=LONGEST_WORDS, required=True)
    if row.state != State.PLANNED:
        if (row.state, row.outcome) == (state, outcome):
            return row
        raise AlreadyTaken(f"This is settled already: {row.get_state_display().lower()}.")
    if state == State.SUPPORTED and row.hearing_at > at:
        raise InvalidInput("The hearing lies ahead.", field="state")
    row.state, row.outcome, row.settled_at = State(state), outcome, at
    row.save(update_fields=["state", "outcome", "settled_at"])
    deadlines.services.meet(kind=COURT, subject=row, actor=actor, at=at)
    record_apart(case, "court_settled", "Support at court settled", actor, at)
    return row


def follow_case(*, case_id: int, actor: User, at: datetime) -> None:
    """The case went to somebody else, or is over: so do its reminders of hearings.

    Called where that is announced, which asked whether its actor may.
    """
    case = IdvaCase.objects.select_related("owner", "team").get(pk=case_id)
    rows = CourtSupport.objects.filter(case=case, state=State.PLANNED)
    for row in rows:
        if case.is_open:
            deadlines.services.assign(
                kind=COURT, subject=row, owner=case.owner, team=case.team, actor=actor, at=at
            )
        else:
            deadlines.services.cancel(
                kind=COURT, subject=row, reason="The case is over", actor=actor, at=at
            )


def _require_court(
    court: str, hearing_at: datetime, measures: Collection[str], at: datetime
) -> None:
    if court not in CourtSupport.Court.values:
        raise InvalidInput("Choose the court.", field="court")
    if hearing_at <= at:
        raise InvalidInput("Give the day and the hour of a hearing to come.", field="hearing_at")
    if hearing_at > at + FURTHEST:
        raise InvalidInput("This is more than three years ahead.", field="hearing_at")
    if not set(measures) <= set(CourtSupport.Measure.values):
        raise InvalidInput("Choose from those offered.", field="measures")


def _remind(row: CourtSupport, case: IdvaCase, actor: User, at: datetime) -> Deadline:
    reminders = [row.hearing_at - before for before in _REMIND]
    return deadlines.services.start(
        kind=COURT,
        subject=row,
        reference=case.reference,
        victim_id=None,
        team=case.team,
        owner=case.owner,
        started_at=row.hearing_at + AFTERWARDS,
        actor=actor,
        at=at,
        terms=Terms(
            clock=Clock.FIXED,
            allowance=Allowance(),
            runs_from="a day after the hearing",
            source="the plan of support",
            reminders=tuple(instant for instant in reminders if instant > at),
        ),
    )
