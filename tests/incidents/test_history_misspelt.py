"""Misspelt, swapped, halved, moved: whoever was recorded is found again, and it says why."""

from datetime import date, timedelta

import pytest

from incidents.history import Clues, NameClue, look_up
from incidents.pages.find import find
from tests.factories.incidents import NOW, in_call, incident
from tests.personas import person

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
BORN = date(1991, 3, 14)


def recorded(given: str, family: str) -> str:
    """The reference of an incident whose victim was taken down so."""
    row = incident(
        caller_number="",
        caller_name="",
        address_line="2 Fen Road",
        postcode="PE2 8AA",
        people=(
            in_call("victim", given_name=given, family_name=family, date_of_birth=BORN),
            in_call("perpetrator", given_name="Tomasz", family_name="Wilk"),
        ),
    )
    return row.reference


SPELLINGS = [
    (("Siobhán", "O'Neill"), ("Shevaun", "Oneil"), "O'Neill sounds like Oneil"),
    (("Siobhán", "O'Neill"), ("SIOBHAN MARIE", "O Neal"), "O'Neill sounds like O Neal"),
    (("Siobhán", "O'Neill"), ("O'Neill", "Siobhan"), "given and family name swapped"),
    (("Siobhán", "O'Neill"), ("Oneal", "Shivaun"), "given and family name swapped"),
    (("Catherine", "Thompson"), ("Kathryn", "Tomson"), "Thompson sounds like Tomson"),
    (("Stephen", "MacDonald"), ("Steven", "McDonald"), "MacDonald sounds like McDonald"),
    (("Mohammed", "Khan"), ("Muhamad", "Kahn"), "Khan sounds like Kahn"),
    (("Elizabeth", "Clarke"), ("Liz", "Clark"), "Clarke sounds like Clark"),
    (("Łucja", "Nuñez"), ("Lucja", "Nunez"), "same name"),
    (("Mary-Anne", "Smith-Jones"), ("Mary", "Smith Jones"), "Mary-Anne sounds like Mary"),
    # Two surnames meeting one of them, whichever side has both.
    (("Amara", "Smith-Okoro"), ("Amara", "Okoro"), "one surname the same (Smith-Okoro, Okoro)"),
    (("Amara", "Smith-Okoro"), ("Amara", "Smyth"), "one surname the same (Smith-Okoro, Smyth)"),
    (("Amara", "Okoro"), ("Amara", "Smith-Okoro"), "one surname the same (Okoro, Smith-Okoro)"),
    (("Ana", "Garcia Lopez"), ("Anna", "Lopes"), "one surname the same (Garcia Lopez, Lopes)"),
    (
        ("Ruth", "van der Berg-Hale"),
        ("Ruth", "Hale"),
        "one surname the same (van der Berg-Hale, Hale)",
    ),
]


@pytest.mark.parametrize(("taken_down", "said", "why"), SPELLINGS)
def test_found_again_however_it_is_said(taken_down, said, why):
    reference = recorded(*taken_down)
    recorded("Marta", "Lund")

    known = look_up(clues=Clues(names=(NameClue(*said),)), at=LATER, reader=person("handler"))

    assert [shown.reference for shown in known.incidents] == [reference]
    assert any(why in reason for reason in known.incidents[0].reasons)


@pytest.mark.parametrize(("taken_down", "said", "why"), SPELLINGS)
def test_the_search_box_finds_the_same(taken_down, said, why):
    reference = recorded(*taken_down)

    found = find(" ".join(said), person("officer"))

    assert [one.reference for one in found.incidents] == [reference]


@pytest.mark.parametrize(
    "said",
    [
        ("Marta", "Lund"),
        ("Amara", "Smith-Brown"),
        ("Amara", "Jones"),
        ("Chloe", "Okoro"),
    ],
)
def test_other_people_are_not_found(said):
    recorded("Amara", "Smith-Okoro")

    known = look_up(clues=Clues(names=(NameClue(*said),)), at=LATER, reader=person("handler"))

    assert not known.incidents


def test_one_surname_with_the_birth_date_is_sure_and_alone_it_is_not():
    recorded("Amara", "Smith-Okoro")

    def strength(*said):
        known = look_up(clues=Clues(names=(NameClue(*said),)), at=LATER, reader=person("handler"))
        return known.people[0].is_sure

    assert strength("Amara", "Okoro", BORN)
    assert not strength("Amara", "Okoro")


def test_a_former_number_and_a_former_home_are_still_hers():
    first = incident(at=NOW)
    siobhan = first.involvements.get(role="victim").person_id
    moved = incident(
        at=NOW + timedelta(days=5),
        caller_number="07700 900555",
        address_line="7 Lime Grove",
        postcode="PE2 8AA",
        people=(in_call("victim", person_id=siobhan, lives_here=True),),
    )

    by_old_number = look_up(clues=Clues(number="+447700900417"), at=LATER, reader=person("handler"))
    assert {one.reference for one in by_old_number.incidents} == {first.reference, moved.reference}
    [home] = by_old_number.homes
    assert (home.address, home.names) == ("7 Lime Grove, PE2 8AA", ("Siobhán O'Neill",))

    there = Clues(address_line="Flat 4, 18 Tanglewood Court", postcode="PE1 9ZZ")
    at_old_home = look_up(clues=there, at=LATER, reader=person("handler"))
    assert [one.reference for one in at_old_home.incidents] == [first.reference]
    assert not at_old_home.residents


@pytest.mark.parametrize(
    ("recorded_at", "said", "reason"),
    [
        ("Flat 4, 18 Tanglewood Court", "18 Tanglewood Court", "same building"),
        ("18 Tanglewood Court", "Flat 4, 18 Tanglewood Court", "same building"),
        ("Flat 4, 18 Tanglewood Court", "18 tanglewood ct, flt 4", "same address"),
        ("First floor flat, 3 Mill Road", "3 Mill Rd", "same building"),
    ],
)
def test_a_flat_and_its_building_meet(recorded_at, said, reason):
    row = incident(address_line=recorded_at)

    known = look_up(
        clues=Clues(address_line=said, postcode="PE1 9ZZ"), at=LATER, reader=person("handler")
    )

    assert [(one.reference, one.reasons[0]) for one in known.incidents] == [(row.reference, reason)]
