"""A form without a draft on the server: typed, reloaded, still there; recorded, gone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, SignIn
from tests.factories.incidents import incident
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]

COPIES = "Object.keys(localStorage).filter(name => name.startsWith('lodestar:autosave:'))"
STATUS = "main [data-autosave-status]"


def test_what_is_put_right_outlasts_a_reload_until_it_is_recorded(
    as_person: SignIn, complaints: Complaints
) -> None:
    complaints.expect("400 (Bad Request)")
    row = incident(at=timezone.now())
    page = as_person("handler")
    page.goto(f"/incidents/{row.reference}/edit/")
    page.locator("#id_verbatim").fill("I will finish it tonight.")
    expect(page.locator(STATUS)).to_contain_text("Kept on this computer")
    page.locator("#id_narrative").fill("")
    page.reload()
    expect(page.locator("#id_verbatim")).to_have_value("I will finish it tonight.")
    expect(page.locator(STATUS)).to_contain_text("Put back what was typed")

    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_narrative_error")).to_be_visible()
    page.goto(f"/incidents/{row.reference}/edit/")
    expect(page.locator("#id_verbatim")).to_have_value("I will finish it tonight.")

    page.locator("#id_narrative").fill("He is at the back door.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What was taken down is put right.")).to_be_visible()
    assert page.evaluate(COPIES) == []
    row.refresh_from_db()
    assert row.verbatim == "I will finish it tonight."
