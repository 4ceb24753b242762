"""Agencies refer to the unit: whom it is about, how urgent, and what the queue gets of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline
from referrals import services
from referrals.models import AgencyReferral, Referral, ReferralDay
from referrals.services.incoming.said import checked
from tests.factories import incidents, victims
from tests.factories.incoming import referred, says
from tests.personas import PEOPLE, person, team
from victims.models import Person, SafeContact, Telephone, Victim
from victims.services.once import SentAlready

pytestmark = pytest.mark.django_db
SENDERS = {"agency", "agency_b", "idva", "idva_b", "idva_manager"}


def test_it_lands_in_the_queue_with_its_time_running_from_receipt(at: datetime) -> None:
    incoming = referred(at)
    referral = incoming.referral
    assert (referral.agency, referral.incident, referral.assessment) == (
        person("agency").team.agency,  # type: ignore[union-attr]
        None,
        None,
    )
    assert (referral.state, referral.grade, referral.children) == ("waiting", "medium", 1)
    assert referral.about == "referred by County housing"
    assert referral.submitted_at == at
    assert referral.due_at == at + timedelta(hours=72)
    deadline = Deadline.objects.open().of(referral).get(kind="referral")
    assert (deadline.due_at, deadline.team, deadline.victim) == (
        referral.due_at,
        team("maru"),
        referral.victim,
    )
    assert deadline.basis.startswith("72 hours from receipt from the agency")
    assert ReferralDay.objects.get(day=at.date()).arrived == 1
    opened = AuditEvent.objects.get(verb="referral.opened")
    assert (opened.victim_id, opened.incident_id) == (referral.victim_id, None)
    assert "County housing" in opened.headline


def test_nobody_of_that_name_and_birth_date_is_a_new_person(at: datetime) -> None:
    incoming = referred(at)
    assert incoming.identified == "new"
    victim = incoming.referral.victim
    assert str(victim) == "Siobhán O'Neill"
    assert victim.person.date_of_birth == date(1991, 3, 14)
    assert victim.contact_team == team("maru")
    assert victim.grade == ""
    assert Telephone.objects.filter(person=victim.person, number="+447700900417").exists()
    assert not SafeContact.objects.exists()


@pytest.mark.parametrize(
    ("given", "family"), [("Siobhán", "O'Neill"), ("Shevaun", "ONeil"), ("SIOBHAN", "o neill")]
)
def test_the_one_person_of_that_name_and_birth_date_is_meant(
    at: datetime, given: str, family: str
) -> None:
    known = victims.victim(grade="standard")
    people = Person.objects.count()
    incoming = referred(at, given_name=given, family_name=family, grade="high")
    assert (incoming.identified, incoming.victim) == ("matched", known)
    assert Person.objects.count() == people
    known.refresh_from_db()
    assert known.grade == "standard"
    assert not SafeContact.objects.exists()
    assert not known.person.residences.exists()


def test_somebody_known_in_another_role_gets_a_victims_record(at: datetime) -> None:
    who = victims.person()
    incoming = referred(at)
    assert (incoming.identified, incoming.victim.person) == ("matched", who)


@pytest.mark.parametrize(
    ("on_record", "said"),
    [
        ([("Siobhán", "O'Neill"), ("Shevaun", "O'Neil")], {}),
        ([("Siobhán", "O'Neill")], {"date_of_birth": None}),
        ([], {"date_of_birth": None}),
        ([("Siobhán", "O'Neill")], {"given_name": ""}),
        ([("O'Neill", "Siobhán")], {}),
    ],
    ids=["two of them", "no birth date", "nobody, no birth date", "half a name", "names swapped"],
)
def test_else_a_worker_decides(
    at: datetime, on_record: list[tuple[str, str]], said: dict[str, Any]
) -> None:
    known = [victims.victim(given_name=given, family_name=family) for given, family in on_record]
    incoming = referred(at, **said)
    assert incoming.identified == "several"
    assert incoming.victim not in known
    assert not incoming.victim.person.telephones.exists()


def test_another_birth_date_is_somebody_else(at: datetime) -> None:
    known = victims.victim(date_of_birth=date(1991, 3, 15))
    assert referred(at).victim != known


@pytest.mark.parametrize(
    ("view", "yes", "expected"),
    [
        ("standard", None, "standard"),
        ("standard", 9, "standard"),
        ("standard", 10, "medium"),
        ("standard", 14, "high"),
        ("medium", 14, "high"),
        ("high", 3, "high"),
        ("very_high", 14, "very_high"),
    ],
)
def test_the_count_of_a_checklist_is_a_floor(
    at: datetime, view: str, yes: int | None, expected: str
) -> None:
    incoming = referred(at, grade=view, yes_count=yes)
    assert (incoming.referral.grade, incoming.grade) == (expected, view)
    assert (
        incoming.referral.risk_rank
        == ["standard", "medium", "high", "very_high"].index(expected) + 1
    )


@pytest.mark.parametrize("username", PEOPLE)
def test_only_agencies_and_advisers_refer(at: datetime, username: str) -> None:
    who = person(username)
    if username in SENDERS:
        assert who.team is not None
        assert referred(at, actor=who).agency == who.team.agency
        return
    with pytest.raises(PermissionDenied):
        referred(at, actor=who)
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "", "family_name": " "}, "family_name"),
        ({"given_name": "1234"}, "given_name"),
        ({"date_of_birth": date(2027, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(1899, 1, 1)}, "date_of_birth"),
        ({"telephone": "ring her"}, "telephone"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"safe_contact": ""}, "safe_contact"),
        ({"perpetrator": ""}, "perpetrator"),
        ({"what_happened": ""}, "what_happened"),
        ({"grade": "dire"}, "grade"),
        ({"grade_reason": ""}, "grade_reason"),
        ({"yes_count": 61}, "yes_count"),
        ({"children_count": -1}, "children_count"),
        ({"victim_agrees": False}, "without_consent_reason"),
        ({"what_happened": "a\x00b"}, "what_happened"),
        ({"safe_contact": "x" * 501}, "safe_contact"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        referred(at, **changes)
    assert refused.value.field == field
    assert not AgencyReferral.objects.exists()


def test_without_agreement_it_is_referred_with_reasons_and_stands_out(at: datetime) -> None:
    referred(at, victim_agrees=False, without_consent_reason="He has a key and a knife.")
    assert AuditEvent.objects.get(verb="referral.opened").is_grave


def test_a_double_click_is_one_referral(at: datetime) -> None:
    key = uuid4()
    first = referred(at, key=key)
    again = referred(at + timedelta(seconds=1), key=key)
    assert again.pk == first.pk
    assert Referral.objects.count() == 1
    with pytest.raises(SentAlready):
        referred(at, key=key, what_happened="Something else")


def test_a_second_referral_of_the_same_person_is_kept(at: datetime) -> None:
    first, second = referred(at), referred(at + timedelta(hours=1))
    assert first.referral != second.referral
    assert (second.identified, second.victim) == ("matched", first.victim)
    assert Referral.objects.open().count() == 2


def test_a_closed_case_is_open_again(at: datetime) -> None:
    known = victims.victim()
    Victim.objects.filter(pk=known.pk).update(closed_at=at, closed_reason="Moved away")
    referred(at)
    known.refresh_from_db()
    assert known.closed_at is None


def test_earlier_incidents_of_whoever_is_meant_are_counted(at: datetime) -> None:
    incidents.incident(at=at - timedelta(days=30))
    assert referred(at).referral.earlier_in_year == 1


def test_an_account_of_no_team_cannot_refer(at: datetime) -> None:
    who = person("agency")
    User.objects.filter(pk=who.pk).update(team=None)
    with pytest.raises(DomainError):
        referred(at, actor=User.objects.get(pk=who.pk))


def test_the_agency_sees_its_own_and_not_anothers(at: datetime) -> None:
    mine, theirs = referred(at), referred(at, actor=person("agency_b"))
    own = AgencyReferral.objects.of_agency_of
    assert list(own(person("agency"))) == [mine]
    assert list(own(person("agency_b"))) == [theirs]
    assert not own(person("worker")).exists()
    assert not Referral.objects.visible_to(person("agency")).exists()


def test_the_answer_reaches_the_agency_and_not_one_on_the_register(
    at: datetime, people: Callable[[str], User]
) -> None:
    incoming = referred(at)
    services.answer_agency(
        referral_id=incoming.referral_id,
        words="We are in touch with her. Thank you.",
        actor=people("worker"),
        at=at,
    )
    incoming.refresh_from_db()
    assert incoming.answer == "We are in touch with her. Thank you."
    told = people("agency").notifications.get()
    assert "Siobhán" not in told.headline
    incoming.agency.withholdings.create(
        victim=incoming.victim, reason="He works there", set_by=people("head"), set_at=at
    )
    with pytest.raises(DomainError):
        services.answer_agency(
            referral_id=incoming.referral_id, words="More", actor=people("worker"), at=at
        )
    with pytest.raises(PermissionDenied):
        services.answer_agency(
            referral_id=incoming.referral_id, words="More", actor=people("agency"), at=at
        )


def test_what_is_checked_stays_as_it_is(at: datetime) -> None:
    once = checked(says(), at)
    assert checked(once, at) == once
    assert replace(once, victim_agrees=True).without_consent_reason == ""
