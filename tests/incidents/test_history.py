"""The look-up finds who is meant however they are spelt, and says why."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.clock import months_before
from core.policy import ForcePolicy
from incidents.grading import suggest
from incidents.history import Clues, NameClue, facts_of, look_up
from incidents.models import Incident
from tests.factories.incidents import NOW, in_call, incident
from tests.personas import person
from victims.models import Marker, Telephone, Victim

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)


def known(**clues):
    """All that is known; what a call is graded by is the same where nothing is shown."""
    asked = {"clues": Clues(**clues), "at": LATER, "reader": person("handler")}
    found = look_up(**asked)
    assert facts_of(**asked, policy=ForcePolicy()) == found.facts
    return found


@pytest.mark.parametrize(
    ("clues", "reason"),
    [
        ({"number": "+447700900417"}, "same number"),
        ({"address_line": "Flat 4, 18 Tanglewood Court", "postcode": "PE1 9ZZ"}, "same address"),
        ({"address_line": "18 tanglewood ct flat 4", "postcode": "pe19zz"}, "same address"),
        ({"address_line": "Flat 9, 18 Tanglewood Court", "postcode": "PE1 9ZZ"}, "same building"),
        ({"postcode": "PE1 9ZZ"}, "same postcode"),
        ({"names": (NameClue("Siobhán", "O'Neill"),)}, "same name"),
        (
            {"names": (NameClue("Shevaun", "Oneal"),)},
            "O'Neill sounds like Oneal, Siobhán like Shevaun",
        ),
        ({"names": (NameClue("O'Neill", "Siobhán"),)}, "given and family name swapped"),
        ({"names": (NameClue("", "O'Neill", date(1991, 3, 14)),)}, "same birth date"),
    ],
)
def test_finds_the_incident_and_says_why(clues, reason):
    earlier = incident()
    incident(
        caller_number="07700 900999",
        address_line="2 Fen Road",
        postcode="PE2 8AA",
        people=(in_call("victim", given_name="Marta", family_name="Lund"),),
    )

    found = known(**clues)

    assert [match.reference for match in found.incidents] == [earlier.reference]
    assert reason in found.incidents[0].reasons


def test_a_changed_number_is_found_by_the_name_and_a_former_home_is_said():
    old = incident(at=NOW)
    siobhan = old.involvements.get(role="victim").person_id
    incident(
        at=NOW + timedelta(days=5),
        caller_number="07700 900555",
        address_line="7 Lime Grove",
        postcode="PE2 8AA",
        people=(in_call("victim", person_id=siobhan, lives_here=True),),
    )

    found = known(number="+447700900555")

    reasons = {match.reference: match.reasons for match in found.incidents}
    assert "same number" not in reasons[old.reference]
    assert "former address (Flat 4, 18 Tanglewood Court)" in reasons[old.reference]
    assert "same person" in reasons[old.reference]


def test_strongest_comes_first_and_several_people_are_said():
    exact = incident(at=NOW - timedelta(days=50))
    incident(
        at=NOW,
        caller_number="07700 900100",
        address_line="Flat 9, 18 Tanglewood Court",
        people=(),
        caller_name="",
    )

    found = known(
        number="+447700900417",
        address_line="Flat 4, 18 Tanglewood Court",
        postcode="PE1 9ZZ",
        names=(NameClue("Siobhan", "O'Neill"), NameClue("Darren", "Pike")),
    )

    assert found.incidents[0].reference == exact.reference
    assert found.incidents[0].reasons[:3] == ("same number", "same address", "same people")
    assert found.incidents[1].reasons == ("same building",)
    assert found.people[0].name == "Siobhán O'Neill"


def test_another_victim_of_the_same_perpetrator_is_perpetrator_only():
    first = incident()
    darren = first.involvements.get(role="perpetrator").person_id
    other = incident(
        caller_number="",
        address_line="2 Fen Road",
        postcode="PE2 8AA",
        caller_name="",
        people=(
            in_call("victim", given_name="Marta", family_name="Lund"),
            in_call("perpetrator", person_id=darren),
        ),
        answers={"strangled": "yes"},
    )

    found = known(
        number="+447700900417", names=(NameClue("Siobhán", "O'Neill"),), person_ids=(darren,)
    )

    reasons = {match.reference: match.reasons for match in found.incidents}
    assert "perpetrator only" in reasons[other.reference]
    [danger] = found.dangerous
    assert (danger.name, danger.victims) == ("Darren Pike", 2)
    assert "strangulation, Nov 2026" in danger.tags


def test_roles_markers_children_and_the_last_grade():
    first = incident(
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill", lives_here=True),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
            in_call("witness", given_name="Tom", family_name="O'Neill", age=40, lives_here=True),
        )
    )
    Victim.objects.update(grade="high", grade_since=NOW)
    marker = {"words": "Known risk to life", "set_by": person("inspector"), "set_at": NOW}
    until = date(2027, 1, 30)
    Marker.objects.create(kind="emergency", address=first.address, until=until, **marker)
    Marker.objects.create(kind="weapons", address=first.address, until=date(2026, 12, 1), **marker)
    Marker.objects.create(
        kind="violent",
        address=first.address,
        until=date(2027, 1, 30),
        ended_at=NOW,
        ended_by=person("inspector"),
        ended_reason="Moved",
        **marker,
    )

    found = known(
        number="+447700900417", address_line="Flat 4, 18 Tanglewood Court", postcode="PE1 9ZZ"
    )

    assert [(child.name, child.age) for child in found.children] == [("Ella O'Neill", 6)]
    assert [marker.kind for marker in found.markers] == ["emergency"]
    assert (found.last_grade, found.last_grade_of) == ("high", "Siobhán O'Neill")
    assert [part.role for part in found.incidents[0].parts] == ["victim", "child", "witness"]
    assert found.facts.last_grade == "high"


def test_counts_are_of_the_repeat_period_each_incident_once():
    incident(at=NOW - timedelta(days=400))
    incident(at=NOW - timedelta(days=100))
    incident(at=NOW)

    found = known(
        number="+447700900417",
        address_line="Flat 4, 18 Tanglewood Court",
        postcode="PE1 9ZZ",
        names=(NameClue("Siobhán", "O'Neill"),),
    )

    assert (found.counts.in_year, found.counts.number, found.counts.address) == (2, 2, 2)


def test_a_number_that_thousands_share_says_nothing_of_who_is_calling(
    django_assert_max_num_queries,
):
    first = incident(caller_number="01632 960001")
    handler, area = person("handler"), first.area
    Incident.objects.bulk_create(
        Incident(
            reference=f"DA-2025-{n:06d}",
            source="999",
            received_at=NOW - timedelta(minutes=n),
            logged_at=NOW,
            logged_by=handler,
            caller_number="+441632960001",
            area=area,
            narrative="x",
            suggested_grade="routine",
            grade="routine",
        )
        for n in range(1, 151)
    )
    people = [
        incident(caller_number="", people=(in_call("victim", given_name="A", family_name=name),))
        .involvements.get()
        .person
        for name in ("Bee", "Cole", "Dean", "Eames", "Fox", "Gray", "Hill", "Innes", "Jay")
    ]
    Telephone.objects.bulk_create(
        Telephone(person=one, number="+441632960001", first_used_at=NOW, last_used_at=NOW)
        for one in people
    )

    clues, reader = Clues(number="+441632960001"), person("handler")
    with django_assert_max_num_queries(9):
        found = look_up(clues=clues, at=LATER, reader=reader)

    assert facts_of(clues=clues, at=LATER, reader=reader, policy=ForcePolicy()) == found.facts
    assert len(found.incidents) == 20
    assert found.number_is_shared
    assert found.number_shown == "100 or more"
    assert found.counts.in_year == 0
    assert not found.people


def test_family_members_are_not_taken_for_one_another():
    incident(
        people=(
            in_call("victim", given_name="Roy", family_name="Pike", date_of_birth=date(1955, 1, 1)),
        ),
        caller_name="",
    )

    found = known(names=(NameClue("Roy", "Pike", date(1987, 9, 2)),))

    assert not found.people
    assert not found.incidents


def test_history_is_for_those_who_log_calls_or_see_every_record():
    for who in ("idva", "agency", "analyst", "administrator", "nobody"):
        with pytest.raises(PermissionDenied):
            look_up(clues=Clues(number="+447700900417"), at=LATER, reader=person(who))
    assert look_up(clues=Clues(number="+447700900417"), at=LATER, reader=person("officer"))


@pytest.mark.parametrize(
    "clues",
    [
        {},
        {"postcode": "PE1 9"},
        {"names": (NameClue("Siobhán", ""),)},
        {"names": (NameClue("", "O'Neill"),)},
        {"address_line": "  ,. "},
        {"uprn": "x' --"},
    ],
)
def test_half_typed_clues_find_nothing_and_break_nothing(clues):
    incident()

    assert not known(**clues).incidents


def test_whatever_is_asked_the_round_trips_are_few(django_assert_max_num_queries):
    for day in range(6):
        incident(at=NOW + timedelta(days=day))
    reader = person("handler")
    reader.has_perm("incidents.log_call")

    # Three of them ask the registers of higher apps: orders and notices, bail and custody, flags
    # and actions of conferences.
    with django_assert_max_num_queries(10):
        look_up(
            clues=Clues(
                number="+447700900417",
                address_line="Flat 4, 18 Tanglewood Court",
                postcode="PE1 9ZZ",
                uprn="100",
                names=(NameClue("Siobhán", "O'Neill"),) * 4,
            ),
            at=LATER,
            reader=reader,
        )


def test_months_before_keeps_to_the_calendar():
    assert months_before(NOW.replace(month=3, day=31), 1).day == 28
    assert months_before(NOW, 12) == NOW.replace(year=2025)


def test_a_marker_on_the_home_warns_while_only_the_telephone_is_known():
    """Whoever takes the call must not have to type the address first."""
    logged = incident(at=NOW)
    Marker.objects.create(
        kind="emergency",
        address=logged.address,
        words="Known risk to life",
        set_by=person("inspector"),
        set_at=NOW,
        until=NOW.date() + timedelta(days=90),
    )
    reader = person("handler")

    by_number = look_up(clues=Clues(number="+447700900417"), at=LATER, reader=reader)
    assert [(marker.on, marker.is_emergency) for marker in by_number.markers] == [("home", True)]

    there = Clues(
        number="+447700900417", address_line="Flat 4, 18 Tanglewood Court", postcode="PE1 9ZZ"
    )
    at_address = look_up(clues=there, at=LATER, reader=reader)
    assert [marker.on for marker in at_address.markers] == ["address"]

    suggested = suggest(answers={}, history=by_number.facts, policy=ForcePolicy())
    assert suggested.grade == "immediate"
    assert "emergency marker on the home of somebody in this call" in suggested.reasons
