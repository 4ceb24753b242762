"""Pages of case work and victims' voice: queries that do not grow, and who reads what is said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from referrals.models import IdvaCase, Survey
from tests.factories import victims
from tests.factories.advising import accepted, contact
from tests.personas import team
from tests.referrals.helpers import text
from tests.referrals.test_case_work import court, need, reviewed
from tests.referrals.test_voice_results import surveys

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def case(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> IdvaCase:
    """With a safe contact; the pages are read two hours after it was accepted."""
    monkeypatch.setattr("core.clock.now", lambda: at + 2 * HOUR)
    victim = victims.victim(grade="high", at=at - HOUR)
    victims.safe_contact(victim, at=at - HOUR, hours="")
    return accepted(at, victim=victim)


@pytest.mark.parametrize(
    ("page", "queries"), [("needs", 9), ("courts", 9), ("review", 10), ("close", 11)]
)
def test_case_work_asks_no_more_for_many(
    case: IdvaCase,
    at: datetime,
    sign_in: SignIn,
    page: str,
    queries: int,
    django_assert_num_queries: Any,
) -> None:
    adviser, address = sign_in("idva"), f"/idva-cases/{case.reference}/{page}/"
    adviser.get(address)  # what is asked once in a while only
    for number in range(4):
        need(case, at + HOUR, words=f"Need {number}")
        court(case, at + HOUR, about=f"Hearing {number}")
        reviewed(case, at + HOUR + timedelta(minutes=number), words=f"Look {number}")
    with django_assert_num_queries(queries):
        assert adviser.get(address).status_code == 200


def test_the_list_of_whom_to_ask_asks_no_more_for_many(
    case: IdvaCase, at: datetime, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    for number in range(27):
        row = victims.victim(given_name="Ada", family_name=f"Birch{number}", at=at - HOUR)
        Survey.objects.create(
            victim=row,
            about=Survey.About.POLICE,
            team=team("maru"),
            closed_at=at,
            opened_at=at,
            due_at=at + timedelta(days=14),
        )
    worker = sign_in("worker")
    worker.get("/voice/asked/")
    with django_assert_num_queries(6):
        shown = text(worker, "/voice/asked/")
    assert "Birch0<" in shown
    assert "1 to 25 of 27 to be asked" in shown


def test_the_results_ask_no_more_for_many(
    db: None, at: datetime, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    surveys(at, 60, 3)
    head = sign_in("head")
    head.get("/voice/")
    with django_assert_num_queries(7):
        head.get("/voice/?since=2026-11-01&until=2026-11-30")


def test_an_adviser_is_told_who_reads_what_they_write(case: IdvaCase, sign_in: SignIn) -> None:
    contacts = f"/victims/{case.victim.reference}/contacts/"
    asked = "Advisers only. The police see when it was, by which way and how it ended"
    assert asked in text(sign_in("idva"), contacts)
    assert asked not in text(sign_in("worker"), contacts)
    end = text(sign_in("idva"), f"/idva-cases/{case.reference}/close/")
    assert "whoever sees the victim's record, the police and the referral unit too" in end
    assert "for advisers, not for the police" not in end


def test_attempts_are_counted_until_the_client_is_reached(
    case: IdvaCase, at: datetime, sign_in: SignIn
) -> None:
    address = f"/idva-cases/{case.reference}/"
    contact(case, at + HOUR)
    assert "1 of 3 attempts by the safe way" in text(sign_in("idva"), address)
    contact(case, at + HOUR, outcome="reached")
    assert "attempts by the safe way" not in text(sign_in("idva"), address)


def test_a_team_whose_numbers_are_held_back_says_why(
    db: None, at: datetime, sign_in: SignIn
) -> None:
    """Six answers are enough, but the next team's three could be worked out from them."""
    rows = surveys(at, 9, 1)
    for number, row in enumerate(rows):
        row.about, row.state, row.closed_at = "police", "answered", at
        row.team = team("response" if number < 6 else "maru")
    Survey.objects.bulk_update(rows, ["about", "state", "closed_at", "team"])
    shown = text(sign_in("head"), "/voice/?since=2026-11-01&until=2026-11-30")
    assert "Too few answers" in shown
    assert "Not told: else the answers of a smaller team could be worked out" in shown
