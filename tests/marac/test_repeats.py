"""The same two people, under whatever spelling, known to whichever agency."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from deadlines.models import Notification
from incidents.models import Incident, Involvement
from marac import criteria, repeats, services
from marac.models import Hearing, MaracCase
from marac.services.cases import by_rule
from perpetrators.models import NotTheSame
from tests.factories import incidents as calls
from tests.factories import incoming, victims
from tests.factories import marac as make
from tests.factories.incidents import DARREN, SIOBHAN, in_call
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
#: Darren Pike and Siobhán O'Neill as somebody else heard them.
DAREN = {**DARREN, "given_name": "Daren", "family_name": "Pyke"}
SHIVAUN = {**SIOBHAN, "given_name": "Siobhan", "family_name": "ONeill"}


def couple_in(at: datetime, him: dict[str, Any], her: dict[str, Any], **more: Any) -> Incident:
    people = (in_call("victim", lives_here=True, **her), in_call("perpetrator", **him))
    return calls.incident(at=at, people=people, **more)


def two(call: Incident) -> tuple[Victim, Person]:
    rows = {row.role: row for row in Involvement.objects.filter(incident=call)}
    victim = rows["victim"].victim
    assert victim is not None
    return victim, rows["perpetrator"].person


@pytest.fixture
def heard(at: datetime) -> Hearing:
    """Siobhán and Darren were heard a hundred days ago; the case is closed since."""
    make.conference()
    victim, him = two(couple_in(at - 120 * DAY, DARREN, SIOBHAN))
    case = make.case(
        at - 119 * DAY,
        victim=victim,
        perpetrator=him,
        state="closed",
        closed_at=at - 90 * DAY,
        closed_by=person("coordinator"),
        closed_because="done",
    )
    return make.heard(at - 100 * DAY, case=case)


def apart(at: datetime, **call: Any) -> dict[str, Any]:
    """A call from elsewhere, so that only who they are says who they are."""
    return {
        "address_line": "9 Long Row",
        "caller_number": "07700 900555",
        "caller_name": "",
        **call,
    }


@pytest.mark.parametrize(
    ("him", "her"),
    [
        (DARREN, SIOBHAN),
        (DAREN, SIOBHAN),
        (DARREN, SHIVAUN),
        (DAREN, SHIVAUN),
    ],
)
def test_a_call_about_the_two_is_a_repeat_however_they_are_spelt(
    him: dict[str, Any], her: dict[str, Any], heard: Hearing, at: datetime
) -> None:
    victim, perpetrator = two(couple_in(at, him, her, **apart(at)))
    case = MaracCase.objects.get(state="proposed")
    assert (case.victim, case.perpetrator, case.source) == (victim, perpetrator, "incident")
    assert case.repeat_of == heard.case
    row = next(row for row in case.criteria if row["code"] == "repeat")
    assert (row["is_met"], row["number"]) == (True, 1)
    assert not any(row["is_met"] for row in case.criteria if row["code"] == "yes_answers")
    found = repeats.last_heard(victim_id=victim.pk, perpetrator_id=perpetrator.pk, before=at)
    assert found == heard


@pytest.mark.parametrize(
    ("him", "her"),
    [
        pytest.param({**DARREN, "given_name": "Ian"}, SIOBHAN, id="another perpetrator"),
        pytest.param(DARREN, {**SIOBHAN, "given_name": "Mia"}, id="another victim"),
        pytest.param(
            {**DARREN, "date_of_birth": date(1961, 9, 2)}, SIOBHAN, id="his father of one name"
        ),
    ],
)
def test_one_of_the_two_with_somebody_else_is_none(
    him: dict[str, Any], her: dict[str, Any], heard: Hearing, at: datetime
) -> None:
    couple_in(at, him, her, **apart(at))
    assert not MaracCase.objects.filter(state="proposed").exists()


def test_whom_somebody_set_apart_is_not_taken_for_one(heard: Hearing, at: datetime) -> None:
    """A call names the record that was set apart: it is another man."""
    other = victims.person("Daren", "Pyke", date(1987, 9, 2), sex="male", at=at)
    darren = heard.case.perpetrator
    assert darren is not None
    one, two_ = sorted([darren, other], key=lambda row: row.pk)
    NotTheSame.objects.create(
        one=one, other=two_, words="Cousins.", said_by=person("manager"), said_at=at
    )
    couple_in(at, {"person_id": other.pk}, {"person_id": heard.victim.person_id}, **apart(at))
    assert not MaracCase.objects.filter(state="proposed").exists()


def test_later_than_the_months_it_is_a_new_referral(heard: Hearing, at: datetime) -> None:
    late = at + 270 * DAY
    victim, him = two(couple_in(late, DARREN, SIOBHAN, **apart(late)))
    assert not MaracCase.objects.filter(state="proposed").exists()
    found = criteria.evaluate(victim_id=victim.pk, perpetrator_id=him.pk, at=late)
    assert "repeat" not in {row.code for row in criteria.met(found)}


def test_a_repeat_is_added_to_the_case_that_is_open_still(at: datetime) -> None:
    make.conference()
    victim, him = two(couple_in(at - 60 * DAY, DARREN, SIOBHAN))
    case = make.case(at - 59 * DAY, victim=victim, perpetrator=him)
    make.heard(at - 50 * DAY, case=case)
    assert not MaracCase.objects.to_hear().exists()
    couple_in(at, DAREN, SHIVAUN, **apart(at))
    assert MaracCase.objects.count() == 1
    assert list(MaracCase.objects.to_hear()) == [case]
    told = Notification.objects.get(user=case.conference.coordinator, reference=case.reference)
    assert told.headline == "A repeat: the conference hears it again"


def test_two_spellings_have_one_open_case(at: datetime) -> None:
    make.conference()
    one, him = two(couple_in(at, DARREN, SIOBHAN))
    other, hym = two(couple_in(at + DAY, DAREN, SHIVAUN, **apart(at)))
    assert one != other
    said: dict[str, Any] = {
        "source": MaracCase.Source.WORKER,
        "words": "She fears for her life.",
        "below_reason": "He found her.",
        "actor": person("worker"),
        "at": at + DAY,
    }
    case = services.propose(victim_id=one.pk, perpetrator_id=him.pk, **said)
    assert services.propose(victim_id=other.pk, perpetrator_id=hym.pk, **said).pk == case.pk


def test_an_unnamed_perpetrator_is_named_in_the_case_that_is_open(at: datetime) -> None:
    make.conference()
    victim, him = two(couple_in(at, DARREN, SIOBHAN))
    said: dict[str, Any] = {
        "source": MaracCase.Source.WORKER,
        "words": "She fears for her life.",
        "below_reason": "He found her.",
        "actor": person("worker"),
        "at": at,
    }
    case = services.propose(victim_id=victim.pk, **said)
    assert case.perpetrator is None
    named = services.propose(victim_id=victim.pk, perpetrator_id=him.pk, **said)
    assert (named.pk, named.perpetrator) == (case.pk, him)


def test_whoever_refers_two_who_were_heard_reports_a_repeat(heard: Hearing, at: datetime) -> None:
    """Any abuse known to any agency, whatever the score: an adviser needs no reasons."""
    case = services.propose(
        victim_id=heard.victim_id,
        perpetrator_id=heard.case.perpetrator_id,
        source=MaracCase.Source.WORKER,
        words="She told me that he waited outside.",
        actor=person("idva"),
        at=at,
    )
    assert {row["code"] for row in case.criteria if row["is_met"]} == {"repeat"}
    assert case.repeat_of == heard.case


@pytest.mark.parametrize(
    ("words", "is_repeat"),
    [
        ("Darren Pike, ex-partner", True),
        ("Her ex-partner (Daren Pyke), drinks", True),
        ("Pike Darren", True),
        ("Darren", False),
        ("Her ex-partner", False),
        ("Ian Pike, his brother", False),
    ],
)
def test_what_an_agency_knows_of_the_two_is_a_repeat(
    words: str, is_repeat: bool, heard: Hearing, at: datetime
) -> None:
    incoming.referred(at, perpetrator=words, yes_count=2)
    found = list(MaracCase.objects.filter(state="proposed"))
    assert [case.perpetrator_id for case in found] == (
        [heard.case.perpetrator_id] if is_repeat else []
    )
    if is_repeat:
        assert found[0].source == "agency"
        assert found[0].agency == person("agency").team.agency  # type: ignore[union-attr]
        assert found[0].repeat_of == heard.case


def test_an_unknown_perpetrator_is_nobody_who_was_heard(heard: Hearing, at: datetime) -> None:
    assert repeats.last_heard(victim_id=heard.victim_id, perpetrator_id=None, before=at) is None
    assert repeats.last_heard(
        victim_id=heard.victim_id, perpetrator_id=heard.case.perpetrator_id, before=at
    )
    early = at - 101 * DAY
    assert not repeats.last_heard(
        victim_id=heard.victim_id, perpetrator_id=heard.case.perpetrator_id, before=early
    )


def test_what_an_ordinary_call_costs(at: datetime, django_assert_num_queries: Any) -> None:
    call = couple_in(at, DARREN, SIOBHAN)
    with django_assert_num_queries(5):
        by_rule.of_incident(incident_id=call.pk, actor=person("handler"), at=at)
