"""Every write to people, victims and safe contacts: the row, its audit, its refusal, its race."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput, Stale
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import person as persona
from tests.personas import team
from victims import services
from victims.models import Address, Person, PersonName, Residence, SafeContact, Telephone, Victim

People = Callable[[str], User]


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run tasks at the same moment, each on a connection of its own; an error is a result."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait(10)
        try:
            return task()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


# --- People -------------------------------------------------------------------------------------


def test_a_person_is_recorded_with_all_that_was_said(people: People, at: datetime) -> None:
    home = make.address()
    person = make.person(
        " Siobhán  Marie ",
        "O'Neill",
        number="07700 900417",
        address=home,
        sex="female",
        language="English",
    )
    person.refresh_from_db()
    assert person.reference.startswith("P-2026-")
    assert (person.given_name, person.family_name) == ("Siobhán Marie", "O'Neill")
    name = PersonName.objects.get()
    assert (name.given_key, name.family_key) == ("XBHN", "ONL")
    assert name.date_of_birth == date(1991, 3, 14)
    assert Telephone.objects.get().number == "+447700900417"
    assert Residence.objects.get().address == home
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject, event.at) == ("person.recorded", person.reference, at)
    assert event.actor == persona("handler")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"date_of_birth": date(2026, 11, 24)}, "date_of_birth"),
        ({"date_of_birth": date(1899, 12, 31)}, "date_of_birth"),
        ({"birth_year": 1899, "date_of_birth": None}, "birth_year"),
        ({"birth_year": 2027, "date_of_birth": None}, "birth_year"),
        ({"given_name": "", "family_name": "", "date_of_birth": None}, "family_name"),
        ({"given_name": "Siobh\x00an"}, "given_name"),
        ({"family_name": "O'Neill\x1b"}, "family_name"),
        ({"family_name": "x" * 101}, "family_name"),
        ({"family_name": "x" * 5_000_000}, "family_name"),
        ({"family_name": "???"}, "family_name"),
        ({"sex": "many"}, "sex"),
        ({"language": "x" * 61}, "language"),
        ({"number": "withheld"}, "number"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    people: People, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make.person(**said)
    assert refusal.value.field == field
    assert not Person.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_baby_born_today_and_an_age_alone_are_people(people: People) -> None:
    make.person("", "", date(2026, 11, 23))
    aged = make.person("", "", None, birth_year=1980)
    assert str(aged) == "Name not known"


def test_what_is_new_is_added_and_nothing_is_taken_away(people: People, at: datetime) -> None:
    old_home, new_home = make.address(), make.address("2 Lime Grove", "PE2 8AA")
    person = make.person(number="07700 900417", address=old_home)
    later = at + timedelta(days=3)
    services.note_identifiers(
        person=person,
        given_name="Shevaun",
        family_name="Oneil",
        number="07700 900999",
        address=new_home,
        actor=persona("handler"),
        at=later,
    )
    spellings = [str(name) for name in person.names.order_by("pk")]
    assert spellings == ["Siobhán O'Neill", "Shevaun Oneil"]
    assert person.telephones.count() == 2
    homes = list(person.residences.order_by("pk").values_list("address", "until_at"))
    assert homes == [(old_home.pk, later), (new_home.pk, None)]
    event = AuditEvent.objects.latest("pk")
    assert event.headline == "New name and number and address noted"


def test_what_is_known_already_writes_nothing_but_the_last_use(
    people: People, at: datetime
) -> None:
    home = make.address()
    person = make.person(number="07700 900417", address=home)
    before = AuditEvent.objects.count()
    services.note_identifiers(
        person=person,
        given_name="SIOBHAN",
        family_name="O'NEILL",
        number="+44 7700 900417",
        address=home,
        actor=persona("handler"),
        at=at + timedelta(days=1),
    )
    services.note_identifiers(
        person=person, family_name="ONeill", actor=persona("handler"), at=at + timedelta(days=1)
    )
    assert (person.names.count(), person.telephones.count(), person.residences.count()) == (1, 1, 1)
    assert person.telephones.get().last_used_at == at + timedelta(days=1)
    assert AuditEvent.objects.count() == before


def test_an_address_told_late_becomes_a_former_home(people: People, at: datetime) -> None:
    person = make.person(address=make.address())
    earlier = make.address("2 Lime Grove", "PE2 8AA")
    services.note_identifiers(
        person=person, address=earlier, actor=persona("handler"), at=at - timedelta(days=30)
    )
    assert person.residences.get(address=earlier).until_at == at
    assert person.residences.get(until_at=None).address == make.address()


# --- Addresses ----------------------------------------------------------------------------------


def test_one_address_however_spelt_and_completed_later(db: None) -> None:
    first = make.address("Flat 4, 18 Tanglewood Court", "pe19zz")
    area = team("maru").area
    again = make.address("flat 4 18 tanglewood ct", "PE1 9ZZ", uprn="00100012345", area=area)
    assert again == first
    first.refresh_from_db()
    assert (first.postcode, first.uprn, first.area) == ("PE1 9ZZ", "100012345", area)
    by_uprn = make.address("The old mill", "", uprn="100012345")
    assert by_uprn == first


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"line": ""}, "line"),
        ({"line": " ,. "}, "line"),
        ({"line": "x" * 201}, "line"),
        ({"line": "18\x00"}, "line"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"uprn": "12a"}, "uprn"),
        ({"uprn": "1234567890123"}, "uprn"),
        ({"uprn": "\u0661\u0662"}, "uprn"),
    ],
)
def test_an_address_that_is_none_is_refused_at_its_field(
    db: None, given: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.address_for(**{"line": "18 Lime Grove", "postcode": "PE1 9ZZ", **given})
    assert refusal.value.field == field
    assert not Address.objects.exists()


# --- Victims ------------------------------------------------------------------------------------


def test_a_victim_s_record_is_opened_once(people: People, at: datetime) -> None:
    person = make.person()
    victim = make.victim(person, team=team("response"))
    assert make.victim(person, team=team("maru")) == victim
    assert victim.reference.startswith("V-2026-")
    assert victim.contact_team == team("response")
    assert AuditEvent.objects.filter(verb="victim.opened").count() == 1


def test_who_is_responsible_changes_with_a_trace(people: People, at: datetime) -> None:
    victim, worker = make.victim(), people("worker")
    services.set_responsible(victim_id=victim.pk, person=worker, actor=worker, at=at)
    victim.refresh_from_db()
    assert (victim.contact_owner, victim.contact_team) == (worker, worker.team)
    services.set_responsible(victim_id=victim.pk, person=worker, actor=worker, at=at)
    services.set_responsible(victim_id=victim.pk, person=None, actor=worker, at=at)
    victim.refresh_from_db()
    assert (victim.contact_owner, victim.contact_team) == (None, worker.team)
    events = AuditEvent.objects.filter(verb="victim.responsible_set").order_by("pk")
    assert [event.headline for event in events] == [
        "M. Castellanos is responsible",
        "Fenwick maru is responsible",
    ]


def test_nobody_who_has_left_is_made_responsible(people: People, at: datetime) -> None:
    victim, gone = make.victim(), people("worker_b")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    with pytest.raises(DomainError, match="no longer works here"):
        services.set_responsible(victim_id=victim.pk, person=gone, actor=people("worker"), at=at)


def test_a_grade_tells_the_one_before_and_holds_since_it_was_given(
    people: People, at: datetime
) -> None:
    victim = make.victim()

    def grade(value: str, when: datetime) -> str:
        return services.set_grade(
            victim_id=victim.pk, grade=value, reason="As assessed", actor=people("officer"), at=when
        )

    assert grade("medium", at) == ""
    assert grade("medium", at + timedelta(days=1)) == "medium"
    victim.refresh_from_db()
    assert victim.grade_since == at
    assert grade("high", at + timedelta(days=2)) == "medium"
    victim.refresh_from_db()
    assert (victim.grade, victim.grade_since) == ("high", at + timedelta(days=2))
    events = AuditEvent.objects.filter(verb="victim.graded").order_by("pk")
    assert [(event.headline, event.is_grave) for event in events] == [
        ("Risk medium", False),
        ("Risk high, was medium", True),
    ]
    for bad in ({"grade": "huge", "reason": "x"}, {"grade": "high", "reason": " "}):
        with pytest.raises(InvalidInput):
            services.set_grade(victim_id=victim.pk, actor=people("officer"), at=at, **bad)


def test_changes_of_a_victim_leave_the_row_as_it_was(people: People, at: datetime) -> None:
    victim = make.victim(grade="medium")
    services.set_grade(
        victim_id=victim.pk, grade="high", reason="Worse", actor=people("officer"), at=at
    )
    history: Any = victim.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [row.grade for row in history] == ["", "medium"]


@pytest.mark.parametrize("who", ["auditor", "head", "analyst", "agency", "nobody"])
def test_who_may_not_record_a_safe_contact(people: People, who: str) -> None:
    victim = make.victim()
    with pytest.raises(PermissionDenied):
        make.safe_contact(victim, actor=people(who))
    assert not SafeContact.objects.exists()


def test_a_safe_contact_for_an_unread_version_is_stale_both_ways(people: People) -> None:
    victim = make.victim()
    with pytest.raises(Stale) as early:
        make.safe_contact(victim, version=3)
    assert (early.value.theirs, early.value.version) == ({}, 0)
    make.safe_contact(victim)
    with pytest.raises(Stale) as late:
        make.safe_contact(victim, code_word="garden")
    assert late.value.theirs["code_word"] == "library"
    assert late.value.yours["code_word"] == "garden"
    assert late.value.version == 1


# --- Races --------------------------------------------------------------------------------------


@committed
def test_two_callers_make_one_address() -> None:
    found = at_once(*[lambda: make.address("1 Lime Grove").pk] * 6)
    assert len(set(found)) == 1, found
    assert Address.objects.count() == 1


@committed
def test_two_callers_open_one_victim_s_record(at: datetime) -> None:
    person, handler, area_team = make.person(), persona("handler"), team("response")

    def open_record() -> int:
        return services.victim_for(
            person=person, area=None, team=area_team, at=at, actor=handler
        ).pk

    found = at_once(*[open_record] * 6)
    assert len(set(found)) == 1, found
    assert Victim.objects.count() == 1
    assert AuditEvent.objects.filter(verb="victim.opened").count() == 1


@committed
def test_two_calls_about_one_person_note_a_number_and_a_home_once(at: datetime) -> None:
    person, home, handler = make.person(), make.address(), persona("handler")

    def note() -> None:
        services.note_identifiers(
            person=person,
            family_name="Pike",
            number="07700 900999",
            address=home,
            actor=handler,
            at=at,
        )

    assert at_once(*[note] * 5) == [None] * 5
    assert (person.names.count(), person.telephones.count(), person.residences.count()) == (2, 1, 1)
    assert AuditEvent.objects.filter(verb="person.identifiers_noted").count() == 1


@committed
def test_of_two_safe_contacts_at_once_one_is_told_of_the_other() -> None:
    victim, officer = make.victim(), persona("officer")
    said = at_once(
        lambda: make.safe_contact(victim, actor=officer, code_word="garden"),
        lambda: make.safe_contact(victim, actor=officer, code_word="window"),
    )
    stale = [result for result in said if isinstance(result, Stale)]
    kept = [result for result in said if isinstance(result, SafeContact)]
    assert (len(stale), len(kept)) == (1, 1)
    assert stale[0].theirs["code_word"] == kept[0].code_word
    assert SafeContact.objects.filter(victim=victim, is_current=True).count() == 1
