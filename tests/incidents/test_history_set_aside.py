"""What is not meant is set aside for one call: it counts nowhere, and nothing new comes instead."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.policy import ForcePolicy
from incidents.grading import suggest
from incidents.history import Clues, History, NameClue, facts_of, look_up
from incidents.models import FurtherCall, Incident, ResponseGrade
from tests.factories.incidents import NOW, in_call, incident
from tests.factories.victims import safe_contact
from tests.personas import person
from victims.models import Marker, Victim

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
ALL: dict[str, Any] = {
    "number": "+447700900417",
    "address_line": "Flat 4, 18 Tanglewood Court",
    "postcode": "PE1 9ZZ",
    "names": (NameClue("Siobhan", "Oneil"), NameClue("Darren", "Pike", date(1987, 9, 2))),
}


def known(*set_aside: str, **clues: Any) -> History:
    """All that is known; what a call is graded by is the same where nothing is shown."""
    asked: dict[str, Any] = {
        "clues": Clues(**{**(clues or ALL), "set_aside": frozenset(set_aside)}),
        "at": LATER,
        "reader": person("handler"),
    }
    found = look_up(**asked)
    assert facts_of(**asked, policy=ForcePolicy()) == found.facts
    return found


def somebody(row: Incident, role: str) -> str:
    return f"person:{row.involvements.get(role=role).person.reference}"


@pytest.fixture
def county() -> list[Incident]:
    """One couple with a child and a marker; another couple who used the number; a neighbour."""
    first = incident(
        at=NOW,
        answers={"strangled": "yes", "orders": "yes"},
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill", lives_here=True),
            in_call(
                "perpetrator",
                given_name="Darren",
                family_name="Pike",
                date_of_birth=date(1987, 9, 2),
            ),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
        ),
    )
    ids = {row.role: row.person_id for row in first.involvements.all()}
    again = incident(
        at=NOW + timedelta(days=2),
        caller_number="07700 900555",
        address_line="7 Lime Grove",
        postcode="PE2 8AA",
        people=(
            in_call("victim", given_name="Marta", family_name="Lund"),
            in_call("perpetrator", person_id=ids["perpetrator"]),
        ),
    )
    other = incident(
        at=NOW + timedelta(days=5),
        address_line="2 Fen Road",
        postcode="PE2 8AA",
        caller_name="Ann Hale",
        people=(
            in_call("victim", given_name="Ann", family_name="Hale", lives_here=True),
            in_call("perpetrator", given_name="Roy", family_name="Hale"),
        ),
    )
    Victim.objects.filter(person=ids["victim"]).update(grade="high", grade_since=NOW)
    safe_contact(Victim.objects.get(person=ids["victim"]))
    until = date(2027, 1, 30)
    kept = {"words": "Knife", "set_by": person("inspector"), "set_at": NOW, "until": until}
    Marker.objects.create(kind="weapons", person_id=ids["perpetrator"], **kept)
    Marker.objects.create(kind="emergency", address=other.address, **kept)
    return [first, again, other]


def everything(history: History) -> set[str]:
    """All that the panel can show, each once."""
    return {
        *(f"incident {one.reference}" for one in history.incidents),
        *(f"open {one.reference}" for one in history.open_incidents),
        *(f"person {one.reference}" for one in history.people),
        *(f"child {one.reference}" for one in history.children),
        *(f"marker {one.kind} {one.words} {one.on}" for one in history.markers),
        *(f"dangerous {one.reference}" for one in history.dangerous),
        *(f"reach {one.victim_reference} {one.code_word}" for one in history.safe_ways),
        *(f"home {home.address} {name}" for home in history.homes for name in home.names),
    }


def grade(history: History) -> int:
    suggested = suggest({}, history.facts, ForcePolicy())
    return ResponseGrade(suggested.grade).rank


def test_a_person_set_aside_counts_nowhere_and_can_be_brought_back(county: list[Incident]) -> None:
    first, _, other = county
    before = known()
    assert {one.reference for one in before.incidents} == {row.reference for row in county}
    assert before.counts.in_year == 3

    darren = somebody(first, "perpetrator")
    after = known(darren)

    assert {one.reference for one in after.incidents} == {first.reference, other.reference}
    assert "Darren Pike" not in {one.name for one in (*after.people, *after.dangerous)}
    assert [marker.kind for marker in after.markers] == ["emergency"]
    assert (after.counts.in_year, after.counts.number) == (2, 2)
    [back] = after.set_aside
    assert (back.mark, back.words) == (darren, "Darren Pike")
    assert everything(known()) == everything(before)


def test_an_incident_set_aside_takes_its_dangers_with_it(county: list[Incident]) -> None:
    first, _, other = county
    after = known(f"incident:{other.reference}")

    assert other.reference not in {one.reference for one in after.incidents}
    assert "Roy Hale" not in {one.name for one in after.dangerous}
    assert after.counts.in_year == 2
    [back] = after.set_aside
    assert back.words.startswith("28 Nov 2026")
    assert first.reference in {one.reference for one in after.incidents}


def test_without_the_people_who_were_found_only_the_address_is_left(
    county: list[Incident],
) -> None:
    first = county[0]

    after = known(*(f"person:{one.reference}" for one in known().people))

    assert [one.reference for one in after.incidents] == [first.reference]
    assert after.incidents[0].reasons == ("same address",)
    assert (after.counts.number, after.counts.address, after.counts.people) == (0, 1, 0)
    assert after.last_grade == ""
    assert not after.safe_ways


def test_whoever_is_named_in_the_call_stays(county: list[Incident]) -> None:
    first = county[0]
    siobhan = first.involvements.get(role="victim").person
    named = {**ALL, "names": (), "person_ids": (siobhan.pk,)}

    assert siobhan.reference in {
        one.reference for one in known(f"person:{siobhan.reference}", **named).people
    }


def test_what_nothing_finds_is_not_told_of(county: list[Incident]) -> None:
    marta = county[1].involvements.get(role="victim").person.reference

    asked = known(f"person:{marta}", f"incident:{county[1].reference}", number="+447700900999")

    assert [(one.reference, one.words) for one in asked.set_aside] == [
        (county[1].reference, ""),
        (marta, ""),
    ]
    assert not everything(asked)


@pytest.mark.parametrize(
    "nonsense", ["", "person:", "x:P-2026-000001", "person:' --", "incident:" + "9" * 500, "\x01"]
)
def test_nonsense_sets_nothing_aside(county: list[Incident], nonsense: str) -> None:
    assert everything(known(nonsense)) == everything(known())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_setting_aside_never_raises_the_grade_and_never_shows_anything(
    county: list[Incident], data: st.DataObject
) -> None:
    marks = sorted(
        {f"incident:{row.reference}" for row in county}
        | {
            f"person:{part.person.reference}"
            for row in county
            for part in row.involvements.select_related("person")
        }
    )
    clues = data.draw(st.sampled_from([ALL, *({name: ALL[name]} for name in ("number", "names"))]))
    some = data.draw(st.sets(st.sampled_from(marks)))
    more = some | data.draw(st.sets(st.sampled_from(marks)))

    less, least = known(*some, **clues), known(*more, **clues)

    assert everything(least) <= everything(less)
    assert grade(least) <= grade(less)
    for name in ("in_year", "number", "address", "people"):
        assert getattr(least.counts, name) <= getattr(less.counts, name)


def test_a_number_of_many_calls_does_not_begin_to_count_when_one_is_set_aside() -> None:
    """At a hundred it counts for nobody; ninety-nine left of a hundred are the same number."""
    first = incident(
        caller_number="01632 960001", people=(), caller_name="", address_line="", postcode=""
    )
    fields = {"logged_at": NOW, "logged_by": first.logged_by, "narrative": "x", "source": "999"}
    Incident.objects.bulk_create(
        Incident(
            reference=f"DA-2025-{n:06d}",
            received_at=NOW - timedelta(minutes=n),
            caller_number="+441632960001",
            suggested_grade="routine",
            grade="routine",
            **fields,
        )
        for n in range(1, 100)
    )
    assert known(number="+441632960001").counts.in_year == 0
    assert known(f"incident:{first.reference}", number="+441632960001").counts.in_year == 0


def test_a_number_that_only_made_a_further_call_finds_the_incident() -> None:
    row = incident(caller_number="")
    FurtherCall.objects.create(
        incident=row,
        source="999",
        received_at=NOW + timedelta(hours=1),
        recorded_at=NOW + timedelta(hours=1),
        recorded_by=person("handler"),
        caller_number="+447700900777",
        caller_is="neighbour",
        narrative="It goes on.",
        grade_before="priority",
        grade_after="priority",
    )

    found = known(number="+447700900777")

    [shown] = found.incidents
    assert shown.reference == row.reference
    assert shown.reasons == ("same number, in a further call about it",)
    assert (found.counts.in_year, found.counts.number) == (1, 1)


@pytest.mark.parametrize(
    ("hours", "state", "clues", "offered"),
    [
        (1, "open", {"number": "+447700900417"}, True),
        (1, "sent", {"number": "+447700900417"}, True),
        (1, "attended", {"number": "+447700900417"}, True),
        (25, "open", {"number": "+447700900417"}, False),
        (1, "closed", {"number": "+447700900417"}, False),
        (1, "open", {"postcode": "PE1 9ZZ"}, False),
    ],
)
def test_an_open_incident_of_today_is_offered(
    hours: int, state: str, clues: dict[str, str], offered: bool, closed: Any
) -> None:
    row = incident(at=NOW)
    if state == "closed":
        closed(row)
    else:
        Incident.objects.filter(pk=row.pk).update(state=state)

    found = look_up(clues=Clues(**clues), at=NOW + timedelta(hours=hours), reader=person("handler"))

    assert [one.reference for one in found.open_incidents] == ([row.reference] if offered else [])
    aside = Clues(**clues, set_aside=frozenset({f"incident:{row.reference}"}))
    without = look_up(clues=aside, at=NOW + timedelta(hours=hours), reader=person("handler"))
    assert not without.open_incidents


@pytest.fixture
def closed() -> Any:
    """Close an incident as far as the look-up sees; the gate has tests of its own."""
    from django.db import connection

    def close(row: Incident) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            Incident.objects.filter(pk=row.pk).update(state="closed", closed_at=NOW)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return close
