"""Escalation counts what was done to the victim, under whatever spelling it is on record."""

from datetime import date, datetime, timedelta

import pytest

from core.clock import months_before
from incidents.models import Involvement
from marac import criteria
from perpetrators.models import NotTheSame
from tests.factories import incidents as calls
from tests.factories import marac as make
from tests.factories import risk, victims
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
BORN = date(1991, 3, 14)


def recorded(given: str, family: str, at: datetime, born: date | None = BORN) -> Victim:
    human = victims.person(given, family, born, at=at)
    return victims.victim(human, at=at)


def escalation(
    victim: Victim, at: datetime, perpetrator: Person | None = None
) -> criteria.Criterion:
    harms = perpetrator.pk if perpetrator else None
    rows = criteria.evaluate(victim_id=victim.pk, perpetrator_id=harms, at=at)
    return next(row for row in rows if row.code == "escalation")


@pytest.fixture
def two_records(at: datetime) -> tuple[Victim, Victim]:
    """Siobhán with one incident, and as somebody else heard her name, with two."""
    long_ago = at - 300 * DAY
    one = recorded("Siobhán", "O'Neill", long_ago)
    other = recorded("Siobhan", "ONeill", long_ago)
    risk.an_incident(at - 9 * DAY, one)
    for days in (40, 80):
        risk.an_incident(at - days * DAY, other)
    return one, other


def test_incidents_of_another_spelling_count(
    two_records: tuple[Victim, Victim], at: datetime
) -> None:
    one, other = two_records
    row = escalation(one, at)
    assert (row.number, row.is_met) == (3, True)
    assert row.words == (
        "3 incidents in 12 months, 2 under another record of theirs (the conference's from 3)"
    )
    # Either way round it is one human being.
    assert (escalation(other, at).number, escalation(other, at).is_met) == (3, True)


def test_an_incident_that_names_both_records_is_one(
    two_records: tuple[Victim, Victim], at: datetime
) -> None:
    one, other = two_records
    risk.an_incident(at - DAY, one, other)
    assert escalation(one, at).number == escalation(other, at).number == 4


def test_whom_somebody_set_apart_is_somebody_else(
    two_records: tuple[Victim, Victim], at: datetime
) -> None:
    one, other = two_records
    first, second = sorted([one.person, other.person], key=lambda row: row.pk)
    NotTheSame.objects.create(
        one=first, other=second, words="Cousins.", said_by=person("manager"), said_at=at
    )
    assert (escalation(one, at).number, escalation(one, at).is_met) == (1, False)


def test_a_twin_and_one_of_no_known_birth_date_are_somebody_else(at: datetime) -> None:
    one = recorded("Siobhán", "O'Neill", at - 300 * DAY)
    for given, born in (("Sorcha", BORN), ("Siobhan", None)):
        risk.an_incident(at - DAY, recorded(given, "O'Neill", at - 300 * DAY, born))
    assert escalation(one, at).number == 0


def test_what_the_other_record_did_or_saw_is_no_incident_of_theirs(at: datetime) -> None:
    one = recorded("Siobhán", "O'Neill", at - 300 * DAY)
    other = recorded("Siobhan", "ONeill", at - 300 * DAY)
    for role in ("perpetrator", "witness", "caller"):
        call = risk.an_incident(at - DAY, recorded("Rosa", "Adeyemi", at - DAY, None))
        Involvement.objects.create(
            incident=call, person=other.person, role=role, received_at=call.received_at
        )
    assert escalation(one, at).number == 0


@pytest.mark.parametrize(
    ("ago", "counts"),
    [
        pytest.param(-SECOND, False, id="not yet"),
        pytest.param(0 * SECOND, True, id="now"),
        pytest.param("year less a second", True, id="a second within"),
        pytest.param("year", False, id="twelve months to the second"),
    ],
)
def test_the_twelve_months_of_both_records_end_alike(
    ago: timedelta | str, counts: bool, at: datetime
) -> None:
    year = months_before(at, 12)
    instants = {"year less a second": year + SECOND, "year": year}
    happened = instants[ago] if isinstance(ago, str) else at - ago
    one = recorded("Siobhán", "O'Neill", at - 400 * DAY)
    other = recorded("Siobhan", "ONeill", at - 400 * DAY)
    for victim in (one, other):
        risk.an_incident(happened, victim)
    assert escalation(one, at).number == 2 * counts


def test_it_is_of_the_victim_whoever_harms_them(at: datetime) -> None:
    """Three incidents with three people are an escalation; only a repeat asks for the same two."""
    victim = recorded("Siobhán", "O'Neill", at - 300 * DAY)
    people = [victims.person(name, "Pike", None, sex="male") for name in ("Ian", "Lee", "Darren")]
    for one in people:
        call = risk.an_incident(at - DAY, victim)
        Involvement.objects.create(
            incident=call, person=one, role="perpetrator", received_at=call.received_at
        )
    assert all(escalation(victim, at, one).is_met for one in (*people, None))


def test_a_reviewed_assessment_proposes_by_it(at: datetime) -> None:
    """Two calls under one spelling and one under another: nobody sees three on either record."""
    make.conference()
    human = victims.person("Siobhan", "ONeill", BORN, at=at - 300 * DAY)
    other = victims.victim(human, at=at - 300 * DAY)
    for days in (40, 80):
        risk.an_incident(at - days * DAY, other)
    call = calls.incident(at=at)
    victim = Involvement.objects.get(incident=call, role="victim").victim
    assert victim is not None and victim != other
    row = risk.submitted(at, "q01", judged="standard", victim=victim, incident=call)
    risk.reviewed(row, at + timedelta(hours=1))
    case = victim.marac_cases.get()
    assert {one["code"] for one in case.criteria if one["is_met"]} == {"escalation"}
