"""A protection notice as three people live it: asked for, authorised, served, heard by a court."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.clock import local
from incidents.models import Incident
from perpetrators.models import ProtectionNotice
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer, row_of, write
from tests.factories.incidents import incident
from tests.factories.orders import parties
from tests.marks import committed
from tests.personas import PEOPLE, person
from victims.models import VictimUpdate

pytestmark = [pytest.mark.browser, committed]

GROUNDS = "He was at the door three times this week and says he will not stop."
KEEP_AWAY = "Not to go within 200 metres of 18 Tanglewood Court"


@pytest.fixture
def case(transactional_db: None) -> Incident:
    for username in PEOPLE:
        person(username)
    return incident(at=timezone.now() - timedelta(hours=1))


def test_from_the_door_to_the_court(
    enter: SignIn, as_person: SignIn, case: Incident, complaints: Complaints
) -> None:
    # The first time it is asked for without a condition.
    complaints.expect("400 (Bad Request)")
    victim, _ = parties(case)
    officer = as_person("officer", size=TELEPHONE)
    ask(officer, case)
    notice = ProtectionNotice.objects.get()

    superintendent = enter("superintendent")
    expect(superintendent.get_by_role("heading", level=1)).to_have_text("Protection notices")
    row_of(superintendent, notice.reference).get_by_role("link").first.click()
    expect(superintendent.locator("main")).to_contain_text(GROUNDS)
    expect(superintendent.locator("main")).to_contain_text("A superintendent decides by")
    answer(superintendent, "Your decision", "Authorise it")
    write(superintendent, "Why", "Necessary and proportionate.")
    superintendent.get_by_role("button", name="Decide").click()
    expect(superintendent.get_by_text("Your decision is recorded.")).to_be_visible()

    officer.goto(f"/notices/{notice.reference}/")
    now = local(timezone.now())
    officer.locator("#serve_served_at").fill(f"{now:%Y-%m-%dT%H:%M}")
    officer.get_by_role("button", name="Record the service").click()
    expect(officer.locator("main")).to_contain_text("A court hears it by")
    court(officer, f"{now:%Y-%m-%dT%H:%M}", f"{now + timedelta(days=28):%Y-%m-%d}")
    assert officer.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]

    officer.goto(f"/victims/{victim.reference}/")
    orders = officer.locator("section.card").filter(has_text="All orders and breaches")
    expect(orders).to_contain_text("in force")
    expect(orders).to_contain_text("Domestic abuse protection order")
    owed = VictimUpdate.objects.filter(victim=victim, state="owed", about="order")
    assert owed.filter(words__contains="protection order made against Darren Pike").exists()
    officer.goto(f"/incidents/{case.reference}/briefing/")
    expect(officer.locator("main")).to_contain_text(KEEP_AWAY)


def ask(page: Page, case: Incident) -> None:
    """Refused without conditions, with everything that was typed still there; then asked."""
    page.goto(f"/incidents/{case.reference}/")
    page.get_by_role("link", name="Ask for a protection notice").click()
    write(page, "Why it is needed", GROUNDS)
    write(page, "What the victim thinks", "She wants him kept away.")
    page.get_by_role("button", name="Ask a superintendent").click()
    expect(page.get_by_text("Give at least one condition.").first).to_be_visible()
    expect(page.get_by_label("Why it is needed")).to_have_value(GROUNDS)
    page.locator("#id_condition_keep_away").fill(KEEP_AWAY)
    page.get_by_role("button", name="Ask a superintendent").click()
    expect(page.get_by_text("waits for a superintendent.")).to_be_visible()


def court(page: Page, heard_at: str, until: str) -> None:
    answer(page, "What came of it", "Order made")
    page.locator("#outcome_heard_at").fill(heard_at)
    page.locator("#outcome_court").fill("Fenwick Magistrates")
    page.locator("#outcome_until").fill(until)
    page.get_by_role("button", name="Record what the court did").click()
    expect(page.get_by_text("What the court did is recorded.")).to_be_visible()
