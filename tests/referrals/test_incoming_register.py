"""What an agency referred, of a victim about whom nothing may reach it, or one of its people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from referrals import incoming as pages
from referrals import services
from referrals.models import AgencyReferral
from tests.factories.incoming import referred
from tests.factories.referrals import claimed
from tests.personas import person, team
from victims.services import withhold

SignIn = Callable[[str], Client]
ANSWER = "We are in touch with her."
LISTS = ("/referred/", "/api/v1/agency-referrals/")


@pytest.fixture
def now(db: None) -> datetime:
    team("maru")
    person("head")
    return clock.now()


@pytest.fixture
def colleague(now: datetime) -> User:
    """Somebody else who speaks for the same agency; signs in as such."""
    made = User.objects.create_user("colleague", "correct-horse-battery", name="C. Colleague")
    made.team = person("agency").team
    made.save(update_fields=["team"])
    made.groups.set(person("agency").groups.all())
    return made


def answered(at: datetime) -> AgencyReferral:
    """Sent by T. Boyle, being worked on, answered."""
    row = referred(at)
    claimed(row.referral, at)
    services.answer_agency(referral_id=row.referral_id, words=ANSWER, actor=person("worker"), at=at)
    return row


def barred(row: AgencyReferral, at: datetime, **whom: Any) -> None:
    withhold(victim_id=row.victim_id, reason="Her cousin", actor=person("manager"), at=at, **whom)


def pages_of(row: AgencyReferral) -> tuple[str, ...]:
    return tuple(f"{path}{row.referral.reference}/" for path in LISTS)


def read(client: Client, path: str) -> str:
    response = client.get(path)
    return response.content.decode() if response.status_code == 200 else ""


def test_a_colleague_near_the_perpetrator_reads_nothing_of_it(
    now: datetime, colleague: User, sign_in: SignIn
) -> None:
    row, other = answered(now), referred(now, family_name="Else", date_of_birth=None)
    client = sign_in("colleague")
    assert all(ANSWER in read(client, path) for path in pages_of(row))
    barred(row, now, person_id=colleague.pk)
    for path in LISTS:
        assert row.referral.reference not in read(client, path)
        assert other.referral.reference in read(client, path)
    assert [client.get(path).status_code for path in pages_of(row)] == [404, 404]
    assert all(ANSWER in read(sign_in("agency"), path) for path in pages_of(row))


@pytest.mark.parametrize("whom", ["person", "agency"])
def test_whoever_sent_it_keeps_their_own_words_and_hears_nothing_more(
    now: datetime, sign_in: SignIn, whom: str
) -> None:
    row, sender = answered(now), person("agency")
    assert sender.team is not None
    key = {"person_id": sender.pk} if whom == "person" else {"agency_id": sender.team.agency_id}
    barred(row, now, **key)
    client = sign_in("agency")
    for path in pages_of(row):
        words = read(client, path)
        assert "Neill" in words
        assert ANSWER not in words
        assert "Being worked on" not in words
        assert "worked_on" not in words
    reader = User.objects.get(pk=sender.pk)
    assert list(pages.sent_by_agency_of(reader, "received")) == [row]
    assert not pages.sent_by_agency_of(reader, "worked-on").exists()


def test_an_agency_on_the_register_that_refers_learns_nothing_by_it(
    now: datetime, colleague: User, sign_in: SignIn
) -> None:
    """The unit has it as any other; only whoever sent it sees that it was sent."""
    first = answered(now)
    barred(first, now, agency_id=first.agency_id)
    again = referred(now)
    assert again.victim_id == first.victim_id
    assert "Received" in read(sign_in("agency"), pages_of(again)[0])
    assert again.referral.reference not in read(sign_in("colleague"), "/referred/")
    assert again.referral.reference in read(sign_in("worker"), "/referrals/")
