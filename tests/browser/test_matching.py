"""A message about somebody unknown comes in; custody says who it is; the victim's page tells."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from core import clock
from perpetrators.models import CustodyEvent
from risk.models import Reassessment
from tests.browser.accessible import look_at
from tests.browser.conftest import TELEPHONE, SignIn
from tests.browser.hands import row_of
from tests.factories import response
from tests.marks import committed
from tests.personas import person
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]

HOUR = timedelta(hours=1)


def send(kind: str, hours_ago: int, **more: Any) -> int:
    """One event as the custody system sends it; the status of the answer."""
    client = Client()
    sender = person("custody_system")
    client.force_login(sender, backend="accounts.backends.RoleBackend")
    said = {
        "system": "custody",
        "message_id": f"m-{kind}",
        "kind": kind,
        "happened_at": (clock.now() - hours_ago * HOUR).isoformat(),
        "person_number": "N/87/1",
        "given_name": "Darron",
        "family_name": "Pike",
        "custody_number": "C/26/100",
        **more,
    }
    answer = client.post(
        "/api/v1/custody-events/", json.dumps(said), content_type="application/json"
    )
    return answer.status_code


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """Siobhán, whom Darren harmed three days ago."""
    row = response.attended(at=clock.now() - timedelta(days=3))
    victim = row.involvements.get(role="victim").victim
    assert victim is not None
    return victim


def test_somebody_unknown_is_matched_and_the_victims_page_tells(
    enter: SignIn, victim: Victim
) -> None:
    person("custody")
    conditions = [{"kind": "no_contact", "words": "Directly or indirectly"}]
    assert send("arrest", 6) == 202
    assert send("bail", 2, conditions=conditions) == 202
    officer = enter("officer")
    officer.goto(f"/victims/{victim.reference}/")
    expect(officer.locator("main")).not_to_contain_text("released on bail")

    custody = enter("custody")
    entry = custody.get_by_role("link", name=re.compile("^Matching"))
    expect(entry).to_contain_text("2")
    entry.click()
    row = row_of(custody, "Darron Pike")
    expect(row).to_contain_text("Bail")
    assert look_at(custody, custody.url) == []
    row.get_by_role("link", name="Darron Pike").click()
    possible = row_of(custody, "Darren Pike")
    expect(possible).to_contain_text("Darron sounds like Darren")
    assert look_at(custody, custody.url) == []
    possible.get_by_role("button", name=re.compile("This is Darren Pike")).click()
    expect(custody.get_by_text("Matched: everything that waited")).to_be_visible()
    assert set(CustodyEvent.objects.values_list("state", flat=True)) == {"applied"}

    officer.reload()
    expect(officer.locator("main")).to_contain_text("released on bail")
    owed = Reassessment.objects.open().get()
    assert (owed.victim, owed.reasons.get().is_late) == (victim, True)
    # The next one is known by its number.
    assert send("bail-breach", 1) == 201


def test_a_wrong_match_is_taken_back_on_a_telephone(enter: SignIn, victim: Victim) -> None:
    person("custody")
    assert send("bail", 2) == 202
    page = enter("custody", size=TELEPHONE)
    page.goto("/custody/matching/")
    page.get_by_role("link", name="Darron Pike").click()
    page.get_by_role("button", name=re.compile("This is Darren Pike")).click()
    page.get_by_label(re.compile("This was the wrong person")).fill(
        "His cousin, seen by the sergeant."
    )
    page.get_by_role("button", name="Take the match back").click()
    expect(page.get_by_text("Taken back: the messages wait again")).to_be_visible()
    assert not Reassessment.objects.open().exists()
    page.get_by_label(re.compile("Nobody known here")).fill("Of another force.")
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_role("button", name="Take it up again")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]
