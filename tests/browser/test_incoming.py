"""An agency refers somebody; a worker claims it and says who it is; the agency reads the answer."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from referrals.models import Referral
from tests.browser.accessible import look_at
from tests.browser.conftest import SignIn
from tests.browser.hands import row_of
from tests.factories import response
from tests.marks import committed
from tests.personas import person, team
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """Siobhán, whom the police know since three days ago."""
    team("maru")
    person("worker")
    row = response.attended(at=clock.now() - timedelta(days=3))
    victim = row.involvements.get(role="victim").victim
    assert victim is not None
    return victim


def fill(page: Page) -> None:
    """What an agency knows of somebody, without a birth date."""
    for label, words in {
        "Given name": "Shevaun",
        "Family name": "O'Neill",
        "How they can be reached safely": "Text only, between school runs.",
        "Who is feared": "Darren, her ex-partner",
        "What happened": "She says that he waits outside each morning.",
        "Why you see it so": "He follows her.",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    page.locator("#id_grade_group label", has_text="High").first.click()


def test_an_agency_refers_and_a_worker_says_who_it_is(enter: SignIn, victim: Victim) -> None:
    agency = enter("agency")
    agency.goto("/refer/")
    assert look_at(agency, agency.url) == []
    fill(agency)
    agency.locator("#id_victim_agrees_group label", has_text="Yes").click()
    agency.get_by_role("button", name="Send to the unit").click()
    expect(agency.locator("main")).to_contain_text("Received.")

    referral = Referral.objects.get()
    worker = enter("worker")
    worker.goto(f"/referrals/{referral.reference}/")
    worker.get_by_role("button", name="Claim it").click()
    expect(worker.locator("main")).to_contain_text("waits outside each morning")
    worker.get_by_role("link", name="Say who it is").first.click()
    possible = row_of(worker, "Siobhán O'Neill")
    expect(possible).to_contain_text("Shevaun sounds like Siobhán")
    assert look_at(worker, worker.url) == []
    possible.get_by_role("button").click()
    expect(worker.locator("main")).to_contain_text(
        f"It is about Siobhán O'Neill {victim.reference}"
    )
    worker.get_by_label("What the agency is told").fill("We are in touch with her.")
    worker.get_by_role("button", name="Tell the agency").click()
    expect(worker.locator("main")).to_contain_text("County housing is told.")
    referral.refresh_from_db()
    assert referral.victim == victim

    agency.reload()
    expect(agency.locator("main")).to_contain_text("Being worked on.")
    expect(agency.locator("main")).to_contain_text("We are in touch with her.")
    expect(agency.locator("main")).not_to_contain_text("V-20")
