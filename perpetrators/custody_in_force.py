"""Bail and custody now, for the history look-up of a call and for the briefing.

Whoever takes a call about a breach must see what forbids it; and whoever is said to stand at the
door while the register has them in prison is the more alarming for it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.prepared import Statement
from incidents.history import told
from incidents.history.told import Asked, Told
from perpetrators.models import CustodyEpisode
from perpetrators.moments import moment

#: More than so many are not read on the telephone; what changed last comes first.
MOST = 20
State = CustodyEpisode.State

_IN_FORCE = Statement(
    "perpetrators_custody_in_force",
    f"""
    SELECT run.state, run.person_id, person.reference,
           trim(person.given_name || ' ' || person.family_name), run.state_since, run.bail_until,
           run.bail_conditions::json, release.expected_at, release.day_only
      FROM perpetrators_custodyepisode run
      JOIN victims_person person ON person.id = run.person_id
      LEFT JOIN perpetrators_expectedrelease release
        ON release.episode_id = run.id AND release.state = 'expected'
     WHERE run.person_id = ANY(%(people)s)
       AND run.state IN ('on_bail', 'under_investigation', 'detained', 'charged', 'remanded',
                         'prison')
     ORDER BY run.state_since DESC LIMIT {MOST}
    """,  # noqa: S608 - only this module's own number is written into the SQL.
    {"people": "bigint[]"},
)


def bail_and_custody(asked: Asked) -> Iterable[Told]:
    """Who of these is held, on bail or under investigation, each in words. One query."""
    people = sorted({*asked.person_ids, *asked.perpetrator_ids})
    if not people:
        return
    for state, person_id, reference, name, since, until, conditions, *release in _IN_FORCE.rows(
        {"people": people}
    ):
        said = _said(State(state), since, until, conditions, asked.at) + _release(*release)
        yield Told(
            f"{name or 'Name not known'} {said}",
            person_id=person_id,
            reference=reference,
            url=reverse("perpetrators:person", args=[reference]),
            # Whoever is held is no danger at the door, whoever is at liberty may be.
            is_alarming=state in (State.ON_BAIL, State.UNDER_INVESTIGATION),
        )


def _said(
    state: State,
    since: datetime,
    until: datetime | None,
    conditions: Sequence[dict[str, Any]],
    at: datetime,
) -> str:
    match state:
        case State.ON_BAIL if until is not None and until <= at:
            return f"was on bail until {moment(until)}; nothing is recorded since"
        case State.ON_BAIL:
            last = f" until {moment(until)}" if until else ""
            words = "; ".join(one["words"] for one in conditions) or "no conditions on record"
            return f"is on bail{last}: {words}"
        case State.UNDER_INVESTIGATION:
            return f"is at liberty, under investigation since {moment(since)}"
        case State.REMANDED:
            return f"is remanded in custody since {moment(since)}"
        case State.PRISON:
            return f"is in prison since {moment(since)}"
        case _:
            return f"is in police custody since {moment(since)}"


def _release(expected_at: datetime | None, day_only: bool | None) -> str:
    if expected_at is None:
        return ""
    return f", release expected {moment(expected_at, day_only=bool(day_only))}"


told.register(told.ORDERS, bail_and_custody)
