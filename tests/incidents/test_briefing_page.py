"""The briefing: what officers must know before they knock."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents.models import Deployment, Incident
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.response import sent
from tests.factories.victims import safe_contact
from victims.models import Marker, Victim

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    instant = at + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: instant)
    return instant


def url(row: Incident) -> str:
    return f"/incidents/{row.reference}/briefing/"


def in_september(at: datetime) -> Incident:
    """An earlier incident of the same two people, with a child and a weapon."""
    return incident(
        at=at - timedelta(days=60),
        answers={"strangled": "yes", "weapon": "yes"},
        people=(
            in_call("victim", lives_here=True, **SIOBHAN),
            in_call("perpetrator", **DARREN),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
        ),
    )


def again(before: Incident, at: datetime, *officers: str) -> Incident:
    """The same victim and perpetrator, recognised, tonight."""
    ids = {row.role: row.person_id for row in before.involvements.all()}
    return sent(
        *officers,
        at=at,
        safe_callback="text only",
        people=(
            in_call("victim", person_id=ids["victim"], recognised_by="said so"),
            in_call("perpetrator", person_id=ids["perpetrator"], recognised_by="said so"),
        ),
    )


def test_everything_that_matters_is_on_it(at: datetime, people: People, sign_in: SignIn) -> None:
    before = in_september(at)
    row = again(before, at)
    safe_contact(Victim.objects.get(), at=at)
    Marker.objects.create(
        kind="weapons",
        address=row.address,
        words="Machete kept by the door",
        set_at=at,
        set_by=people("supervisor"),
        until=date(2027, 1, 30),
    )
    page = sign_in("officer").get(url(row)).content.decode()
    for words in (
        "Machete kept by the door",
        "text only",
        "07700 900417",
        "library",
        "Never voicemail.",
        "Ella O&#x27;Neill",
        "known from before",
        before.reference,
        "strangulation",
        "Darren Pike",
        "He is outside, banging on the door.",
        "Are you, or is anyone, in danger now?",
        f"weapon in {before.reference}",
    ):
        assert words in page, words
    assert page.count(f"/incidents/{row.reference}/briefing/") == 0
    assert "Nothing is known" not in page


def test_nothing_known_is_said(at: datetime, people: People, sign_in: SignIn) -> None:
    row = sent(at=at, answers={})
    page = sign_in("officer").get(url(row)).content.decode()
    assert "Nothing is known of this number, this address or these people." in page
    assert "None known. Ask, and look." in page
    assert "That is not the same as none." in page


def test_reading_is_noted_once_and_logged_each_time(
    at: datetime,
    people: People,
    sign_in: SignIn,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = sent(at=at)
    sign_in("officer").get(url(row))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    sign_in("officer").get(url(row))
    assert Deployment.objects.get(officer=people("officer")).briefing_read_at == now
    assert Deployment.objects.get(officer=people("officer_b")).briefing_read_at is None
    assert RecordRead.objects.filter(incident_id=row.pk, user=people("officer")).count() == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("handler", 200),
        ("supervisor", 200),
        ("worker", 200),
        ("idva", 404),
        ("agency", 404),
        ("analyst", 404),
        ("nobody", 404),
    ],
)
def test_who_reads_it(at: datetime, people: People, sign_in: SignIn, who: str, status: int) -> None:
    row = sent(at=at)
    assert sign_in(who).get(url(row)).status_code == status


def test_it_costs_a_fixed_number_of_queries(
    at: datetime, people: People, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    before = in_september(at)
    for days in range(1, 10):
        again(before, at - timedelta(days=days), "officer_b", "supervisor")
    row = again(before, at)
    client = sign_in("officer")
    client.get(url(row))
    with django_assert_max_num_queries(24):
        client.get(url(row))
