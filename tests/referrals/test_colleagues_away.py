"""Whoever is away is named so where work is handed on; a refusal says once what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Absence
from core import clock
from tests.factories.referrals import a_referral, claimed
from tests.personas import person
from tests.referrals.helpers import text

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture
def at(db: None) -> datetime:
    return clock.now()


def away(name: str, from_at: datetime, until_at: datetime) -> None:
    Absence.objects.create(
        person=person(name),
        cover=person("manager"),
        from_at=from_at,
        until_at=until_at,
        recorded_by=person("manager"),
        recorded_at=from_at,
    )


@pytest.mark.parametrize(
    ("begins", "ends", "is_away"), [(-1, 3, True), (-3, -1, False), (1, 3, False)]
)
def test_who_is_away_is_said_where_somebody_is_chosen(
    sign_in: SignIn, at: datetime, begins: int, ends: int, is_away: bool
) -> None:
    row = claimed(a_referral(at), at)
    away("worker_b", at + begins * DAY, at + ends * DAY)
    client = sign_in("worker")
    back = clock.local(at + ends * DAY)
    words = f"D. Marsh (away until {back.day} {back:%B})"
    page = text(client, f"/referrals/{row.reference}/")
    assert page.count(words) == (2 if is_away else 0)  # handing over, and a second opinion
    ticked = {"act": "hand_over", "row": f"{row.reference}:{row.version}"}
    assert (words in client.post("/referrals/batch/", ticked).content.decode()) == is_away
    queue = text(client, "/referrals/")
    assert ('D. Marsh <span class="tag">away</span>' in queue) == is_away


def test_a_refusal_says_once_what_to_do(sign_in: SignIn, at: datetime) -> None:
    row = claimed(a_referral(at), at)
    refused = sign_in("worker").post(f"/referrals/{row.reference}/share/", {})
    assert refused.status_code == 400
    page = refused.content.decode()
    assert page.count("data-errors") == 1
    assert "This field is required" not in page
    assert "Choose what they are told: at least one part." in page
