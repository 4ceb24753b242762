"""From the referral to the first contact: who leads accepts, the adviser rings her."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.models import IdvaCase
from tests.browser.conftest import TELEPHONE, SignIn
from tests.factories import victims
from tests.factories.advising import referred
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def case(transactional_db: None) -> IdvaCase:
    """The unit has asked; she can be rung at any hour, and a message may be left."""
    now = timezone.now()
    victim = victims.victim(grade="high", at=now - timedelta(hours=2))
    victims.safe_contact(
        victim, at=now - timedelta(hours=2), method="call", hours="", may_leave_voicemail=True
    )
    return referred(now - timedelta(hours=1), victim=victim)


def test_accepted_allocated_and_reached(as_person: SignIn, case: IdvaCase) -> None:
    lead = as_person("idva_manager")
    lead.goto("/")
    expect(lead.get_by_role("heading", name="Advisers", level=1)).to_be_visible()
    waiting = lead.get_by_role("region", name="To be answered")
    expect(waiting).to_contain_text("Suggested: R. Amadi")
    waiting.get_by_role("link", name="Answer").click()
    lead.get_by_role("button", name="Accept", exact=True).click()
    expect(lead.get_by_text(f"R. Amadi has {case.reference}.")).to_be_visible()

    adviser = as_person("idva", size=TELEPHONE)
    adviser.goto("/")
    row = adviser.locator("tbody tr")
    expect(row).to_contain_text("07700 900417")
    expect(row).to_contain_text("Code word “library”")
    expect(row).to_contain_text("not reached yet")
    row.get_by_role("link", name="Siobhán O'Neill").click()
    expect(adviser.get_by_text("Telephone: 07700 900417").first).to_be_visible()
    adviser.get_by_role("link", name="Log a contact").click()
    adviser.get_by_text("Telephone", exact=True).click()
    adviser.get_by_text("Reached", exact=True).click()
    adviser.get_by_role("button", name="Log it").click()
    expect(adviser.get_by_text("Logged: telephone, reached.")).to_be_visible()

    adviser.goto(f"/idva-cases/{case.reference}/")
    expect(adviser.get_by_text("First reached")).to_be_visible()
    assert IdvaCase.objects.get().first_contact_at is not None
