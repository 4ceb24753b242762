"""Who somebody may be: offered with reasons, strongest first, at a bounded price."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import victims as make
from tests.personas import person as persona
from victims import services
from victims.matching import SCAN, Candidate, candidates
from victims.models import Person, PersonName, Telephone

pytestmark = pytest.mark.django_db

BORN = date(1991, 3, 14)
NUMBER = "07700 900417"


def one(found: list[Candidate], who: Person) -> Candidate:
    """The candidate that is `who`; fails where they were not found."""
    return next(candidate for candidate in found if candidate.person_id == who.pk)


@pytest.fixture
def siobhan(db: None) -> Person:
    home = make.address()
    return make.person("Siobhán", "O'Neill", BORN, number=NUMBER, address=home)


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ({"given_name": "Siobhán", "family_name": "O'Neill"}, ("same name",)),
        ({"given_name": "SIOBHAN", "family_name": "O Neill"}, ("same name",)),
        (
            {"given_name": "Shevaun", "family_name": "Oneil"},
            ("Oneil sounds like O'Neill, Shevaun like Siobhán",),
        ),
        ({"given_name": "O'Neill", "family_name": "Siobhan"}, ("names swapped",)),
        ({"given_name": "Oneil", "family_name": "Shevaun"}, ("names swapped",)),
        ({"family_name": "Oneill"}, ("same family name",)),
        ({"number": "+44 7700 900417"}, ("same number",)),
        (
            {"given_name": "Shevaun", "date_of_birth": BORN},
            ("Shevaun sounds like Siobhán", "same birth date"),
        ),
        (
            {"family_name": "ONeal", "date_of_birth": BORN},
            ("ONeal sounds like O'Neill", "same birth date"),
        ),
        (
            {"given_name": "Oneill", "date_of_birth": BORN},
            ("same birth date",),
        ),
    ],
)
def test_the_same_person_is_offered_however_she_is_named(
    siobhan: Person, said: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert one(candidates(**said), siobhan).reasons == reasons


def test_somebody_else_is_not_offered(siobhan: Person) -> None:
    assert candidates(given_name="Darren", family_name="Pike", number="07700 900111") == []
    assert candidates() == []
    assert candidates(number="0770") == []


def test_a_changed_number_still_finds_her_by_name_and_home(siobhan: Person) -> None:
    found = candidates(
        given_name="Siobhan",
        family_name="O'Neill",
        number="07700 900999",
        address_ids=[make.address("18 tanglewood ct flat 4").pk],
    )
    assert one(found, siobhan).reasons == ("same address", "same name")


def test_both_numbers_find_her_after_a_change(siobhan: Person, at: datetime) -> None:
    services.note_identifiers(
        person=siobhan, number="07700 900999", actor=persona("handler"), at=at
    )
    for number in (NUMBER, "07700 900999"):
        assert one(candidates(number=number), siobhan).reasons == ("same number",)


def test_a_former_address_counts_for_less_and_says_so(siobhan: Person, at: datetime) -> None:
    old, new = make.address(), make.address("2 Lime Grove", "PE2 8AA")
    services.note_identifiers(
        person=siobhan, address=new, actor=persona("handler"), at=at + timedelta(days=9)
    )
    former = one(candidates(address_ids=[old.pk]), siobhan)
    present = one(candidates(address_ids=[new.pk]), siobhan)
    assert former.reasons == ("former address",)
    assert present.reasons == ("same address",)
    assert former.strength < present.strength


def test_a_former_name_still_finds_her(siobhan: Person, at: datetime) -> None:
    services.note_identifiers(
        person=siobhan, given_name="Siobhán", family_name="Pike", actor=persona("handler"), at=at
    )
    for family_name in ("Pike", "O'Neill"):
        found = candidates(given_name="Siobhan", family_name=family_name)
        assert one(found, siobhan).reasons == ("same name",)


def test_more_in_common_is_stronger(siobhan: Person) -> None:
    home = make.address()
    facts = [
        {"family_name": "O'Neill"},
        {"family_name": "O'Neill", "given_name": "Siobhán"},
        {"family_name": "O'Neill", "given_name": "Siobhán", "date_of_birth": BORN},
        {
            "family_name": "O'Neill",
            "given_name": "Siobhán",
            "date_of_birth": BORN,
            "number": NUMBER,
            "address_ids": [home.pk],
        },
    ]
    strengths = [one(candidates(**said), siobhan).strength for said in facts]
    assert strengths == sorted(strengths)
    assert len(set(strengths)) == len(strengths)


def test_father_and_son_of_one_name_are_both_offered_and_told_apart(at: datetime) -> None:
    home = make.address()
    father = make.person("Darren", "Pike", date(1962, 5, 1), address=home)
    son = make.person("Darren", "Pike", date(1989, 9, 9), address=home)
    found = candidates(
        given_name="Darren",
        family_name="Pike",
        date_of_birth=date(1989, 9, 9),
        address_ids=[home.pk],
    )
    assert [candidate.person_id for candidate in found] == [son.pk, father.pk]
    assert found[0].reasons == ("same address", "same name", "same birth date")
    assert found[1].reasons == ("same address", "same name", "different birth date")
    assert found[1].strength < found[0].strength / 2


def test_nothing_is_written(siobhan: Person) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        candidates(given_name="Shevaun", family_name="Oneil", number=NUMBER)
    assert all(query["sql"].startswith(("SELECT", "(SELECT")) for query in queries)


@pytest.fixture
def crowd(db: None, at: datetime) -> list[Person]:
    """A thousand people with one number and one name: a refuge's telephone, a common name."""
    people = Person.objects.bulk_create(
        Person(
            reference=f"P-2020-{n:06d}", given_name="Mohammed", family_name="Khan", created_at=at
        )
        for n in range(1000)
    )
    Telephone.objects.bulk_create(
        Telephone(person=who, number="+441632960001", first_used_at=at, last_used_at=at)
        for who in people
    )
    PersonName.objects.bulk_create(
        PersonName(
            person=who, given_name="Mohammed", family_name="Khan", given_key="MHMT", family_key="KN"
        )
        for who in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE victims_person, victims_personname, victims_telephone")
    return people


def test_a_number_and_a_name_that_a_thousand_share_cost_no_more(
    crowd: list[Person], django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(5) as captured:
        found = candidates(
            given_name="Muhammad",
            family_name="Khan",
            number="01632 960001",
            address_ids=[1, 2, 3],
            date_of_birth=date(1980, 1, 1),
            limit=10,
        )
    assert len(found) == 10
    gather = captured.captured_queries[0]["sql"]
    assert gather.count(f"LIMIT {SCAN}") == gather.count("SELECT") == 7


def test_one_person_of_the_crowd_is_found_by_a_birth_date(crowd: list[Person]) -> None:
    her = make.person("Mohamed", "Khan", BORN, number="01632 960001")
    found = candidates(
        given_name="Muhammad", family_name="Khan", number="01632 960001", date_of_birth=BORN
    )
    assert found[0].person_id == her.pk


def test_scans_use_indexes_alone(crowd: list[Person]) -> None:
    with CaptureQueriesContext(connection) as captured:
        candidates(
            given_name="Muhammad",
            family_name="Khan",
            number="01632 960001",
            date_of_birth=date(1980, 1, 1),
            address_ids=[1],
        )
    gather = captured.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {gather}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    # The number's own scan must stop at its limit: no sort of everybody who shares it.
    assert "Sort" not in plan.split("victims_telephone")[0], plan
