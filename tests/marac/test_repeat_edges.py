"""The edges of the twelve months after a hearing, and what was no hearing at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from incidents.history.told import Asked
from incidents.models import Involvement
from marac import criteria, repeats
from marac.models import Hearing, MaracCase, MaracFlag, Meeting
from marac.services import set_flag
from marac.told import flags_and_actions
from tests.factories import marac as make
from tests.factories import risk, victims
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def two(at: datetime, her: str = "O'Neill", him: str = "Pike") -> tuple[Victim, Person]:
    victim = victims.victim(victims.person("Siobhán", her, date(1991, 3, 14), at=at), at=at)
    return victim, victims.person("Darren", him, date(1987, 9, 2), sex="male", at=at)


def abuse(victim: Victim, him: Person, at: datetime) -> None:
    call = risk.an_incident(at, victim)
    Involvement.objects.create(
        incident=call, person=him, role="perpetrator", received_at=call.received_at
    )


def is_repeat(victim: Victim, him: Person, at: datetime) -> bool:
    rows = criteria.evaluate(victim_id=victim.pk, perpetrator_id=him.pk, at=at)
    return "repeat" in {row.code for row in criteria.met(rows)}


def utc(*said: int) -> datetime:
    return datetime(*said, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("heard", "last"),
    [
        pytest.param(utc(2025, 6, 3, 9), utc(2026, 6, 3, 9), id="an ordinary year"),
        pytest.param(utc(2027, 2, 28, 10), utc(2028, 2, 28, 10), id="not to a leap day"),
        pytest.param(utc(2028, 2, 29, 10), utc(2029, 2, 28, 10), id="from a leap day"),
        # 28 March 2026 is winter time here, and 28 March 2027 summer time: ten on the wall is ten.
        pytest.param(utc(2026, 3, 28, 10), utc(2027, 3, 28, 9), id="the clocks go on"),
        pytest.param(utc(2026, 10, 24, 9), utc(2027, 10, 24, 9), id="summer time both years"),
        pytest.param(utc(2026, 10, 25, 10), utc(2027, 10, 25, 9), id="the clocks went back"),
    ],
)
def test_the_last_instant_of_the_twelve_months(heard: datetime, last: datetime) -> None:
    victim, him = two(heard - 30 * DAY)
    case = make.case(heard - 20 * DAY, victim=victim, perpetrator=him)
    make.heard(heard, case=case)
    abuse(victim, him, last + SECOND)
    assert not is_repeat(victim, him, last + SECOND)
    abuse(victim, him, last)
    assert is_repeat(victim, him, last)


def heard_as(at: datetime, state: str, **more: Any) -> tuple[Victim, Person]:
    """The two on an agenda sixty days ago, which ended so."""
    then = at - 60 * DAY
    victim, him = two(then - 30 * DAY)
    case = make.case(then - 20 * DAY, victim=victim, perpetrator=him, **more)
    hearing = make.heard(then, case=case)
    Hearing.objects.filter(pk=hearing.pk).update(state=state, ended_words="x")
    abuse(victim, him, at - DAY)
    return victim, him


@pytest.mark.parametrize(
    ("state", "expected"), [("concluded", True), ("deferred", False), ("taken_off", False)]
)
def test_what_was_put_off_or_taken_off_was_not_heard(
    state: str, expected: bool, at: datetime
) -> None:
    assert is_repeat(*heard_as(at, state), at) is expected


@pytest.mark.parametrize("state", ["waiting", "present", "share", "analyse", "actions"])
def test_what_the_meeting_has_not_concluded_is_not_heard_yet(state: str, at: datetime) -> None:
    assert not is_repeat(*heard_as(at, state), at)


@pytest.mark.parametrize("kind", [str(kind) for kind in Meeting.Kind])
def test_each_kind_of_meeting_hears(kind: str, at: datetime) -> None:
    victim, him = heard_as(at, "concluded")
    Meeting.objects.update(kind=kind)
    assert is_repeat(victim, him, at)


@pytest.mark.parametrize("source", [str(source) for source in MaracCase.Source])
def test_wherever_the_case_came_from_it_was_heard_here(source: str, at: datetime) -> None:
    assert is_repeat(*heard_as(at, "concluded", source=source), at)


def test_proposed_from_another_area_and_not_heard_here_is_none(at: datetime) -> None:
    victim, him = two(at - 90 * DAY)
    make.case(at - 60 * DAY, victim=victim, perpetrator=him, source="transfer")
    abuse(victim, him, at - DAY)
    assert not is_repeat(victim, him, at)


def test_a_flag_that_was_looked_at_is_no_hearing(at: datetime) -> None:
    """Heard thirteen months ago, its flag looked at last month: the twelve months are over."""
    heard, looked = at - 395 * DAY, at - 35 * DAY
    victim, him = two(heard - 30 * DAY)
    case = make.case(heard - 20 * DAY, victim=victim, perpetrator=him)
    first = make.heard(heard, case=case)
    again = make.heard(looked, case=case)
    Hearing.objects.filter(pk=again.pk).update(part=Hearing.Part.FLAGS)
    abuse(victim, him, at - DAY)
    found = repeats.last_heard(victim_id=victim.pk, perpetrator_id=him.pk, before=at)
    assert found == first
    assert not is_repeat(victim, him, at)


def told(at: datetime, *people: Person) -> list[str]:
    asked = Asked(tuple(one.pk for one in people), (), None, at, person("handler"))
    return [one.words for one in flags_and_actions(asked)]


def flagged(hearing: Hearing, at: datetime) -> MaracFlag:
    flag = set_flag(hearing_id=hearing.pk, actor=person("chair"), at=at)
    assert flag is not None
    return flag


@pytest.mark.parametrize(
    ("heard", "until"),
    [
        (utc(2025, 6, 3, 9), utc(2026, 6, 3, 9)),
        (utc(2028, 2, 29, 10), utc(2029, 2, 28, 10)),
        (utc(2026, 3, 28, 10), utc(2027, 3, 28, 9)),
    ],
)
def test_the_flag_is_told_to_its_last_instant_of_both_and_never_after(
    heard: datetime, until: datetime
) -> None:
    """Whether or not the night has written down that it ended."""
    victim, him = two(heard - 30 * DAY)
    case = make.case(heard - 20 * DAY, victim=victim, perpetrator=him)
    flagged(make.heard(heard, case=case), heard)
    for one in (victim.person, him):
        assert len(told(heard, one)) == len(told(until - SECOND, one)) == 1
        assert told(until, one) == told(until + DAY, one) == []


def test_heard_again_under_another_spelling_there_is_one_flag(at: datetime) -> None:
    """Two records of each: a call that finds both is told once, to the later end."""
    heard, later = at - 100 * DAY, at - 10 * DAY
    victim, him = two(heard - 30 * DAY)
    case = make.case(heard - 20 * DAY, victim=victim, perpetrator=him, state="proposed")
    first = flagged(make.heard(heard, case=case), heard)
    other, hym = two(later - 30 * DAY, her="ONeill", him="Pyke")
    assert (other, hym) != (victim, him)
    second = make.case(later - 20 * DAY, victim=other, perpetrator=hym)
    flagged(make.heard(later, case=second), later)
    first.refresh_from_db()
    assert (first.ended_because, first.ended_at) == ("heard_again", later)
    (words,) = told(at, victim.person, other.person, him, hym)
    assert words.endswith("flag to 13 Nov 2027")


def test_the_flag_of_one_who_harms_another_stays(at: datetime) -> None:
    """The same man, another victim: two pairs have two flags; a call about him hears of both."""
    first_at, second_at = at - 100 * DAY, at - 10 * DAY
    victim, him = two(first_at - 30 * DAY)
    other = victims.victim(given_name="Rosa", family_name="Adeyemi", at=first_at)
    for one, heard in ((victim, first_at), (other, second_at)):
        case = make.case(heard - 20 * DAY, victim=one, perpetrator=him)
        flagged(make.heard(heard, case=case), heard)
    assert len(told(at, him)) == 2
    assert len(told(at, victim.person)) == len(told(at, other.person)) == 1


def test_named_since_the_flag_is_told_of_him_too(at: datetime) -> None:
    """Nobody knew who he was when the case was heard."""
    heard = at - 10 * DAY
    victim, him = two(heard - 30 * DAY)
    case = make.case(heard - 20 * DAY, victim=victim)
    flagged(make.heard(heard, case=case), heard)
    assert told(at, him) == []
    MaracCase.objects.filter(pk=case.pk).update(perpetrator=him)
    assert len(told(at, him)) == 1
