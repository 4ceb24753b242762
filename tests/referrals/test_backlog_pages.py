"""The backlog's page, file and API: numbers only, and what is typed stands again."""

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.models import Absence
from audit.models import AuditEvent
from referrals.models import Referral, ReferralDay
from tests.factories import referrals as maru
from tests.personas import person
from tests.referrals.helpers import text
from tests.referrals.test_backlog_numbers import finished

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture
def referrals(db: None) -> list[Referral]:
    """Twenty-four finished yesterday by one worker, two open."""
    now = timezone.now()
    rows = maru.many(26, now - timedelta(hours=30))
    finished(rows[2:], now - DAY, by=person("worker"), took=timedelta(hours=4))
    return rows


@pytest.mark.parametrize("name", ["worker", "head", "superintendent", "analyst"])
def test_numbers_and_nobodys_name(sign_in: SignIn, referrals: list[Referral], name: str) -> None:
    page = text(sign_in(name), "/backlog/?by=day&days=7")
    victim = referrals[0].victim
    for secret in (victim.reference, victim.person.family_name, referrals[0].reference):
        assert secret not in page
    assert "1 worker finished 24 referrals: 0.86 each a day" in " ".join(page.split())
    assert "<svg" in page


@pytest.mark.parametrize("name", ["officer", "idva", "agency", "auditor"])
def test_not_for_others(sign_in: SignIn, name: str) -> None:
    for path in ("/backlog/", "/backlog/export/", "/api/v1/backlog/"):
        assert sign_in(name).get(path).status_code == 403


def test_too_little_to_say_is_said_calmly(sign_in: SignIn) -> None:
    page = text(sign_in("analyst"), "/backlog/?more=2")
    assert "Too little to look ahead" in page
    assert "0 of at least 20 were finished in the last 28 days." in page


def test_the_arithmetic_stands_there_with_its_numbers(
    sign_in: SignIn, referrals: list[Referral]
) -> None:
    client = sign_in("worker")
    words = " ".join(text(client, "/backlog/").split())
    assert (
        "24 &divide; (1 &times; 28) = 0.86 each a day; &times; 1 = <b>0.9 finished a day</b>"
        in words
    )
    came = ReferralDay.objects.filter(day__lt=localdate()).aggregate(n=Sum("arrived"))["n"]
    assert f"{came} &divide; 28 = <b>{came / 28:.1f} come a day</b>" in words
    assert "2 stand in line: 2 &divide; 0.9 = 2.3 days until the last of them is finished" in words
    assert "and a new one has 3 days." in words
    now = timezone.now()
    Absence.objects.create(
        person=person("worker"),
        cover=person("manager"),
        from_at=now - DAY,
        until_at=now + DAY,
        recorded_by=person("manager"),
        recorded_at=now,
    )
    words = " ".join(text(client, "/backlog/?more=2").split())
    assert "&times; 0 = <b>0.0 finished a day</b>" in words
    assert "2 stand in line: nobody works, so none is finished" in words


def test_two_more_stand_beside_the_present(sign_in: SignIn, referrals: list[Referral]) -> None:
    client = sign_in("worker")
    page = text(client, "/backlog/")
    assert "with 2 more" not in page.lower()
    page = text(client, "/backlog/?more=2")
    assert "With 2 more" in page
    assert "Today&#x27;s staff (1)" in page or "Today's staff (1)" in page
    assert 'value="2"' in page


@pytest.mark.parametrize("more", ["21", "-1", "x", "1e3", "²"])
def test_what_is_no_number_of_workers_stands_again_with_words(
    sign_in: SignIn, referrals: list[Referral], more: str
) -> None:
    page = text(sign_in("worker"), f"/backlog/?more={more}&by=century&days=400")
    assert f'value="{more}"' in page
    assert "field--error" in page
    assert "With " + more not in page
    assert "Came and went, by week" in page


def test_the_file_holds_the_numbers_and_is_on_record(
    sign_in: SignIn, referrals: list[Referral]
) -> None:
    answer = sign_in("analyst").get("/backlog/export/?more=3")
    words = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = [tuple(row) for row in csv.reader(words.splitlines())]
    assert rows[0] == ("Part", "What", "Of what", "Number")
    assert ("Pace", "finished", "last 28 days", "24") in rows
    assert ("Forecast", "Finished a day", "with 3 more", "3.4") in rows
    assert ("Late because", "No reason recorded", "finished", "0") in rows
    assert referrals[0].victim.person.family_name not in words
    event = AuditEvent.objects.get(verb="referral.backlog_exported")
    assert (event.actor, event.detail["more"]) == (person("analyst"), 3)


def test_the_api_says_the_same(sign_in: SignIn, referrals: list[Referral]) -> None:
    said = sign_in("analyst").get("/api/v1/backlog/?more=1").json()
    assert (said["open"], said["pace"]["finished"], said["pace"]["workers"]) == (2, 24, 1)
    assert said["with_more"]["done_a_day"] == pytest.approx(2 * said["present"]["done_a_day"])
    assert said["by_risk"][-1] == {"risk": "All", "numbers": [0, 2, 0, 0]}
    refused = sign_in("analyst").get("/api/v1/backlog/?more=21")
    assert refused.status_code == 400
    assert "more" in str(refused.json())


def test_the_page_costs_the_same_with_a_long_history(
    sign_in: SignIn,
    referrals: list[Referral],
    django_assert_num_queries: Callable[..., object],
) -> None:
    client = sign_in("worker")
    client.get("/backlog/?more=2")
    # Session, person, roles, bell; and the eight of the numbers.
    with django_assert_num_queries(12):
        client.get("/backlog/?more=2")
