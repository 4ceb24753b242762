"""A case is handed to another area after its checks, and another comes in."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from marac.models import MaracCase, Transfer
from tests.browser.conftest import Complaints, SignIn
from tests.factories import advising, marac, victims
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]


def told(page: Page, area: str) -> None:
    page.get_by_label("other area" if "Or to" in page.content() else "From which area").fill(area)
    page.get_by_label("Their coordinator").fill("J. Okafor, 01632 960411")
    page.get_by_label("Why the case moves").fill("She moves to her sister's.")


def done(page: Page, check: str, words: str = "") -> None:
    """Say that one check is done; the others stand unfolded beside it."""
    card = page.locator("section.card").filter(has=page.get_by_role("heading", name=check))
    if words:
        card.locator("textarea").fill(words)
    card.get_by_role("button", name=check).click()
    expect(card.get_by_text("not done")).to_have_count(0)


def test_a_case_goes_and_a_case_comes(as_person: SignIn, complaints: Complaints) -> None:
    complaints.expect("409 (Conflict)")
    now = timezone.now()
    case = marac.case(now - timedelta(days=3))
    advising.accepted(now - timedelta(days=1), victim=case.victim)
    comes = victims.victim(given_name="Keisha", family_name="Browne", grade="high")

    page = as_person("coordinator")
    page.goto(f"/marac/cases/{case.reference}/")
    page.get_by_role("link", name="Hand it over to another conference").click()
    told(page, "Northshire")
    page.get_by_role("button", name="Begin the handover").click()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("Not done yet: asked whether it was heard").first).to_be_visible()
    page.get_by_role("radio", name="No").check()
    done(page, "Asked whether it was heard there already")
    done(page, "Safety plan sent")
    done(page, "Minutes sent")
    done(page, "Adviser spoke with adviser", "R. Amadi spoke with L. Hart.")
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_role("heading", name="The end")).to_be_visible()
    case.refresh_from_db()
    assert case.state == MaracCase.State.MOVED

    page.goto("/marac/transfers/")
    page.get_by_role("link", name="Receive a case from another area").click()
    page.get_by_label("Reference of the victim").fill(comes.reference)
    told(page, "Wexcombe")
    page.get_by_role("button", name="Begin to take it over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("From Wexcombe: Keisha Browne")
    assert Transfer.objects.get(direction="in").case.source == MaracCase.Source.TRANSFER
