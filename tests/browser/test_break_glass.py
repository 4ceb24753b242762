"""A record opened in an emergency: asked for by reference, looked at by whoever leads, closed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.factories import victims
from tests.marks import committed
from tests.personas import person
from victims.models import VictimAccess

pytestmark = [pytest.mark.browser, committed]

WHY = "She is at the hospital and her own adviser cannot be reached."


def test_opened_looked_at_and_closed(as_person: SignIn, complaints: Complaints) -> None:
    complaints.expect("status of 409")
    complaints.expect("status of 404")
    victim = victims.victim(grade="high")
    person("idva_manager")
    record = f"/victims/{victim.reference}/"

    adviser = as_person("idva_b", size=TELEPHONE)
    adviser.goto("/break-glass/")
    adviser.get_by_label("Reference", exact=True).fill("V-2026-999999")
    adviser.get_by_label("Why this cannot wait").fill(WHY)
    adviser.get_by_role("button", name="Open it, and tell whoever leads me").click()
    expect(adviser.get_by_text("No record was opened.").first).to_be_visible()
    expect(adviser.get_by_label("Why this cannot wait")).to_have_value(WHY)
    adviser.get_by_label("Reference", exact=True).fill(victim.reference)
    adviser.get_by_role("button", name="Open it, and tell whoever leads me").click()
    expect(adviser.get_by_role("heading", name="Siobhán O'Neill")).to_be_visible()
    expect(adviser.get_by_text("Opened in an emergency").first).to_be_visible()

    leader = as_person("idva_manager")
    leader.goto("/break-glass/?show=waiting")
    row = leader.locator("tbody tr")
    expect(row).to_contain_text("S. Lindqvist")
    expect(row).to_contain_text(WHY)
    row.get_by_role("link").click()
    leader.get_by_label("It was not right: it closes now").check()
    leader.get_by_label("Why you think so").fill("The adviser on call was there.")
    leader.get_by_role("button", name="Say so").click()
    expect(leader.get_by_text("Found not right")).to_be_visible()
    assert VictimAccess.objects.get().found_right is False

    answer = adviser.goto(record)
    assert answer is not None and answer.status == 404
