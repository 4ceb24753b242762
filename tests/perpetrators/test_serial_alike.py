"""Which records are probably one human being: a table of spellings, and what keeps them apart."""

from datetime import date
from typing import Any

import pytest

from core.errors import InvalidInput
from perpetrators.services.serial import say_not_the_same, take_back
from perpetrators.services.serial.alike import MOST_OF_ONE_NUMBER, alike_to
from tests.factories.incidents import NOW
from tests.personas import person as persona
from victims.models import Person, Telephone
from victims.services import record_person

pytestmark = pytest.mark.django_db

BORN = date(1987, 9, 2)


def someone(given: str, family: str, born: date | None = BORN, **more: Any) -> Person:
    return record_person(
        given_name=given,
        family_name=family,
        date_of_birth=born,
        actor=persona("handler"),
        at=NOW,
        **more,
    )


def why(one: Person, other: Person) -> str:
    """Why they are alike, "" where they are not; the same from both sides."""
    found = alike_to([one.pk, other.pk])
    there, back = found[one.pk].get(other.pk, ""), found[other.pk].get(one.pk, "")
    assert bool(there) == bool(back)
    assert alike_to([one.pk])[one.pk].get(other.pk, "") == there
    return there


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (("Sean", "O'Brien"), ("Sean", "OBrien"), "same name, same birth date"),
        (
            ("Sean", "O'Brien"),
            ("Sean", "O\N{RIGHT SINGLE QUOTATION MARK}Brien"),
            "same name, same birth date",
        ),
        (("Sean", "O'Brien"), ("SEAN", "o brien"), "same name, same birth date"),
        (("Sean", "O'Brien"), ("Shaun", "O'Brian"), "sounds like"),
        (("Siobhán", "Ní Néill"), ("Siobhan", "Ni Neill"), "same name"),
        (("José", "Muñoz"), ("Jose", "Munoz"), "same name"),
        (("Darren", "Pike"), ("Pike", "Darren"), "names swapped"),
        (("Darren", "Pike"), ("Daren", "Pyke"), "sounds like"),
        (("Darren", "Pike"), ("Darren John", "Pike"), "sounds like"),
        (("Mohammed", "Hussain"), ("Muhammad", "Hussein"), "sounds like"),
        (("Steven", "Smith"), ("Stephen", "Smyth"), "sounds like"),
        (("Jim", "Thomson"), ("James", "Thompson"), "sounds like"),
        (("Tom", "Smith-Jones"), ("Tom", "Jones"), "sounds like"),
        (("Tom", "Smith-Jones"), ("Tom", "Smith"), "sounds like"),
    ],
)
def test_spellings_of_one_name_with_one_birth_date_are_one(
    one: tuple[str, str], other: tuple[str, str], words: str
) -> None:
    assert words in why(someone(*one), someone(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Twins of one birth date have other forenames, alike as these may sound.
        (("Darren", "Pike"), ("Damien", "Pike")),
        (("Jean", "Pike"), ("Joan", "Pike")),
        (("Carl", "Reid"), ("Karl", "Brown")),
        (("Darren", "Pike"), ("Darren", "Poole")),
        (("Dean", "Pike"), ("Diane", "Pike")),
        (("Darren", "Pike"), ("", "Pike")),
        (("Darren", "Pike"), ("Darren", "")),
    ],
)
def test_other_names_are_other_people_on_one_birth_date(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert why(someone(*one), someone(*other)) == ""


def test_father_and_son_of_one_name_are_two() -> None:
    number = "07700 900321"
    father = someone("John", "Pike", date(1961, 4, 4), number=number)
    son = someone("John", "Pike", date(1988, 1, 9), number=number)
    assert why(father, son) == ""


def test_ages_that_cannot_be_one_persons_are_two() -> None:
    number = "07700 900321"
    father = someone("John", "Pike", None, birth_year=1961, number=number)
    son = someone("John", "Pike", date(1988, 1, 9), number=number)
    guessed = someone("John", "Pike", None, birth_year=1987, number=number)
    assert why(father, son) == ""
    assert why(son, guessed) == "same name, same telephone number"


def test_brother_and_sister_whose_names_sound_alike_are_two() -> None:
    assert why(someone("Peter", "Pike", sex="male"), someone("Petra", "Pike", sex="female")) == ""


def test_a_name_alone_is_not_enough() -> None:
    assert why(someone("John", "Smith", None), someone("John", "Smith", None)) == ""
    assert why(someone("John", "Smith"), someone("John", "Smith", None)) == ""


def test_a_number_with_the_name_is_enough_and_without_is_not() -> None:
    number = "07700 900321"
    one = someone("Darren", "Pike", None, number=number)
    other = someone("Daren", "Pyke", None, number=number)
    sister = someone("Kelly", "Pike", None, number=number)
    assert why(one, other).endswith("same telephone number")
    assert why(one, sister) == ""


def test_a_number_of_very_many_says_nothing() -> None:
    number = "07700 900321"
    one = someone("Darren", "Pike", None, number=number)
    other = someone("Darren", "Pike", None, number=number)
    strangers = [someone(f"Given{n}", f"Family{n}", None) for n in range(MOST_OF_ONE_NUMBER)]
    Telephone.objects.bulk_create(
        Telephone(person=row, number="+447700900321", first_used_at=NOW, last_used_at=NOW)
        for row in strangers
    )
    assert why(one, other) == ""


def test_said_not_to_be_the_same_both_ways_until_it_is_taken_back() -> None:
    one, other = someone("Darren", "Pike"), someone("Daren", "Pyke")
    third = someone("Darren", "Pike")
    actor = persona("investigator")
    said = say_not_the_same(
        person_id=other.pk, other_id=one.pk, words="Seen side by side.", actor=actor, at=NOW
    )
    assert (said.one_id, said.other_id) == (one.pk, other.pk)
    assert why(one, other) == ""
    assert why(one, third) and why(other, third)
    again = say_not_the_same(
        person_id=one.pk, other_id=other.pk, words="Again.", actor=actor, at=NOW
    )
    assert again == said
    take_back(person_id=one.pk, other_id=other.pk, words="One man.", actor=actor, at=NOW)
    assert why(one, other)


def test_one_record_is_not_set_apart_from_itself() -> None:
    one = someone("Darren", "Pike")
    with pytest.raises(InvalidInput):
        say_not_the_same(
            person_id=one.pk, other_id=one.pk, words="x", actor=persona("head"), at=NOW
        )


def test_many_are_asked_in_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    people = [someone("Darren", "Pike"), someone("Daren", "Pyke"), someone("Lee", "Marsh")]
    with django_assert_num_queries(3):
        alike_to([people[0].pk])
    with django_assert_num_queries(2):
        alike_to([row.pk for row in people])
