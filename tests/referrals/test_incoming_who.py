"""A worker says whom an agency's referral is about, and takes that back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline
from referrals import services
from referrals.models import AgencyReferral, Referral
from referrals.services.incoming.recognising import offered
from tests.factories import referrals as maru
from tests.factories import victims
from tests.factories.incoming import referred
from tests.marks import committed
from tests.personas import PEOPLE, person, team
from tests.referrals.races import together
from victims import services as victim_services
from victims.models import Person, PersonName, Victim

UNIT = {"worker", "worker_b", "manager"}


@pytest.fixture
def unclear(at: datetime, db: None) -> tuple[AgencyReferral, Victim]:
    """A referral without a birth date, and whom it is about."""
    known = victims.victim(grade="high")
    return referred(at, date_of_birth=None), known


def said(incoming: AgencyReferral, who: Person | None, at: datetime, **more: Any) -> AgencyReferral:
    return services.say_who(
        referral_id=incoming.referral_id,
        person_id=who.pk if who else None,
        **{"actor": person("worker"), "at": at + timedelta(hours=1), **more},
    )


def taken_back(incoming: AgencyReferral, at: datetime, by: str = "worker") -> AgencyReferral:
    return services.take_back_who(
        referral_id=incoming.referral_id, actor=person(by), at=at + timedelta(hours=2)
    )


def test_candidates_are_offered_with_the_reasons(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    other = victims.person("Siobhán", "Byrne")
    victim_services.note_identifiers(
        person=other, number="07700 900417", actor=person("handler"), at=at
    )
    found = {one.person_id: one for one in offered(incoming)}
    assert set(found) == {known.person_id, other.pk}
    assert found[known.person_id].reasons == ("same name",)
    assert "same number" in found[other.pk].reasons


def test_the_referral_moves_with_all_that_hangs_from_it(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    provisional, referral = incoming.victim, incoming.referral
    services.claim(referral_id=referral.pk, actor=person("worker_b"), at=at)
    done = said(incoming, known.person, at)
    referral.refresh_from_db()
    known.refresh_from_db()
    provisional.refresh_from_db()
    assert (done.identified, done.identified_by) == ("worker", person("worker"))
    assert referral.victim == AgencyReferral.objects.get().victim == known
    assert set(Deadline.objects.of(referral).values_list("victim", flat=True)) == {known.pk}
    assert known.grade == "high"
    # What only the first response had is with whoever has the referral.
    assert known.contact_owner == person("worker_b")
    assert provisional.closed_reason == f"Same person as {known.reference}"
    assert not PersonName.objects.filter(person=provisional.person_id).exists()
    told = AuditEvent.objects.filter(verb="referral.identified")
    assert set(told.values_list("victim_id", flat=True)) == {known.pk, provisional.pk}


def test_a_record_from_which_something_else_hangs_stays_open(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    victims.safe_contact(incoming.victim)
    said(incoming, known.person, at)
    incoming.victim.refresh_from_db()
    assert incoming.victim.closed_at is None
    assert incoming.victim.person.names.exists()


def test_the_same_again_changes_nothing_and_another_is_refused(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    other = victims.person("Siobhán", "Byrne")
    said(incoming, known.person, at)
    count = AuditEvent.objects.count()
    said(incoming, known.person, at, actor=person("worker_b"))
    assert AuditEvent.objects.count() == count
    for who in (other, None):
        with pytest.raises(AlreadyTaken) as refused, transaction.atomic():
            said(incoming, who, at, actor=person("worker_b"))
        assert "M. Castellanos said" in refused.value.message
    assert AgencyReferral.objects.get().victim == known


def test_nobody_of_these_is_somebody_new(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, _ = unclear
    done = said(incoming, None, at)
    assert (done.identified, done.victim) == ("worker", incoming.victim)
    assert taken_back(incoming, at).identified == "several"


@pytest.mark.parametrize("clear", ["several", "new", "matched"])
def test_what_was_said_is_taken_back(db: None, at: datetime, clear: str) -> None:
    other = victims.victim(given_name="Aoife", family_name="Byrne")
    if clear == "matched":
        victims.victim()
    incoming = referred(at, **({"date_of_birth": None} if clear == "several" else {}))
    assert incoming.identified == clear
    before = incoming.victim
    names = PersonName.objects.filter(person=before.person).count()
    numbers = before.person.telephones.count()
    said(incoming, other.person, at)
    taken_back(incoming, at)
    now = AgencyReferral.objects.get()
    before.refresh_from_db()
    assert (now.victim, now.identified, now.identified_by) == (before, "several", None)
    assert Referral.objects.get().victim == before
    assert (before.closed_at, before.closed_reason) == (None, "")
    assert PersonName.objects.filter(person=before.person).count() == names
    assert before.person.telephones.count() == numbers
    with pytest.raises(DomainError):
        taken_back(incoming, at)


def test_after_two_rounds_it_goes_back_to_where_it_was(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    said(incoming, known.person, at)
    taken_back(incoming, at)
    said(incoming, None, at)
    taken_back(incoming, at)
    assert AgencyReferral.objects.get().victim == incoming.victim


def test_somebody_matched_who_is_nobody_known_is_newly_recorded(db: None, at: datetime) -> None:
    known = victims.victim()
    incoming = referred(at)
    assert incoming.victim == known
    done = said(incoming, None, at)
    assert done.victim not in (known, None)
    known.refresh_from_db()
    assert known.closed_at is None


def test_once_something_was_shared_it_stays(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    said(incoming, known.person, at)
    maru.shared(maru.claimed(Referral.objects.get(), at), at)
    with pytest.raises(DomainError, match="shared"):
        taken_back(incoming, at)


@pytest.mark.parametrize("username", sorted(set(PEOPLE) - UNIT))
def test_only_the_unit_decides(
    at: datetime, unclear: tuple[AgencyReferral, Victim], username: str
) -> None:
    incoming, known = unclear
    with pytest.raises(PermissionDenied):
        said(incoming, known.person, at, actor=person(username))
    with pytest.raises(PermissionDenied):
        taken_back(incoming, at, by=username)


def test_what_no_agency_sent_and_nobody_on_record_are_refused(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    own = maru.a_referral(at)
    with pytest.raises(DomainError, match="No agency"):
        services.say_who(referral_id=own.pk, person_id=None, actor=person("worker"), at=at)
    with pytest.raises(InvalidInput):
        services.say_who(
            referral_id=unclear[0].referral_id, person_id=10**9, actor=person("worker"), at=at
        )


def test_safe_contact_is_the_victims_only_when_a_worker_takes_it_over(
    at: datetime, unclear: tuple[AgencyReferral, Victim]
) -> None:
    incoming, known = unclear
    contact: dict[str, Any] = {
        "referral_id": incoming.referral_id,
        "method": "text",
        "number": "07700 900417",
        "hours": "",
        "code_word": "",
        "may_leave_voicemail": False,
        "notes": incoming.safe_contact,
        "version": 0,
        "actor": person("worker"),
        "at": at,
    }
    with pytest.raises(DomainError, match="who this is"):
        services.take_over_safe_contact(**contact)
    said(incoming, known.person, at)
    row = services.take_over_safe_contact(**contact)
    assert (row.victim, row.notes) == (known, incoming.safe_contact)


@committed
def test_two_workers_at_once_say_one_thing(at: datetime) -> None:
    known, other = victims.victim(), victims.person("Siobhán", "Byrne")
    incoming = referred(at, date_of_birth=None)
    colleagues = person("worker"), person("worker_b")
    answers = together(
        lambda: said(incoming, known.person, at, actor=colleagues[0]),
        lambda: said(incoming, other, at, actor=colleagues[1]),
    )
    assert sorted(type(one).__name__ for one in answers) == ["AgencyReferral", "AlreadyTaken"]
    now = AgencyReferral.objects.select_related("referral").get()
    assert now.victim_id == now.referral.victim_id
    assert AuditEvent.objects.filter(verb="referral.identified").count() == 2


@committed
def test_two_agencies_at_once_make_one_new_person(at: datetime) -> None:
    team("maru")
    housing, childrens = person("agency"), person("agency_b")
    answers = together(
        lambda: referred(at, actor=housing),
        lambda: referred(at, actor=childrens, grade="high"),
    )
    assert {one.identified for one in answers} == {"new", "matched"}
    assert Victim.objects.count() == 1
    assert Referral.objects.count() == 2


HOME = ("Flat 4, 18 Tanglewood Court", "PE1 9ZZ")
NUMBER = "07700 900417"


@pytest.mark.parametrize(
    ("on_record", "typed", "expected"),
    [
        ({}, {"given_name": "Shiv"}, "several"),
        ({}, {"family_name": "Byrne", "telephone": NUMBER}, "several"),
        ({}, {"date_of_birth": date(1991, 4, 13), "telephone": NUMBER}, "several"),
        ({}, {"date_of_birth": date(1991, 4, 13), "address_line": HOME[0]}, "several"),
        ({"date_of_birth": None}, {"telephone": NUMBER}, "several"),
        ({}, {"date_of_birth": date(1991, 4, 13)}, "new"),
        ({}, {"given_name": "Mary", "family_name": "Smith", "telephone": NUMBER}, "several"),
        (
            {},
            {
                "given_name": "Mary",
                "family_name": "Smith",
                "date_of_birth": date(1960, 1, 2),
                "telephone": NUMBER,
                "address_line": HOME[0],
            },
            "new",
        ),
    ],
    ids=[
        "short for it",
        "another family name, same number and birth date",
        "birth date mistyped, same number",
        "birth date mistyped, same home",
        "no birth date on record, same number",
        "only the name",
        "another name, same number and birth date",
        "somebody else of the house",
    ],
)
def test_somebody_who_may_be_on_record_is_not_recorded_anew(
    at: datetime, db: None, on_record: dict[str, Any], typed: dict[str, Any], expected: str
) -> None:
    """A worker decides; meanwhile nobody is recognised by what was typed."""
    known = {"number": NUMBER, "address": victims.address(*HOME), **on_record}
    victims.victim(victims.person(at=at, **known), at=at)
    blank = {"telephone": "", "address_line": "", "postcode": HOME[1]}
    incoming = referred(at, **{**blank, **typed})
    assert incoming.identified == expected
    held = incoming.victim.person.telephones.exists()
    assert held == (expected == "new" and "telephone" in typed)
