"""An adviser closes a case: refused with what is missing, then closed, and she is not seen more."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from referrals import services
from referrals.models import IdvaCase
from referrals.services.advising.outcomes import TOPICS
from tests.browser.conftest import Complaints, SignIn
from tests.factories.advising import accepted
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def case(transactional_db: None) -> IdvaCase:
    """Accepted an hour ago, with one need that is not settled."""
    now = timezone.now()
    row = accepted(now - timedelta(hours=1))
    services.add_need(
        case_id=row.pk, kind="housing", words="New locks", actor=person("idva"), at=now
    )
    return row


def close(page: Page) -> None:
    page.get_by_role("button", name="Close the case").click()


def test_refused_then_closed(case: IdvaCase, as_person: SignIn, complaints: Complaints) -> None:
    complaints.expect("400 (Bad Request)")
    complaints.expect("404 (Not Found)")
    page = as_person("idva")
    page.goto(f"/idva-cases/{case.reference}/close/")
    expect(page.get_by_role("region", name="Who reads this")).to_contain_text("the police")
    for topic in TOPICS:
        page.get_by_label(topic.label, exact=True).select_option(topic.answers[0][0])
    page.get_by_label("How it ended").fill("She is settled.")
    close(page)
    expect(page.locator(".field--error, fieldset.field--error")).to_contain_text(
        "Say why it is closed."
    )
    page.get_by_label("Support is complete").check()
    close(page)
    wrong = page.locator(".errors")
    expect(wrong).to_contain_text("Look at the risk for the closing first")
    expect(wrong).to_contain_text("Not settled yet: housing.")
    expect(page.get_by_label("How it ended")).to_have_value("She is settled.")

    missing = page.get_by_role("region", name="Before it can be closed")
    missing.get_by_role("link", name="Needs").click()
    page.get_by_text("Settle it").click()
    page.locator("main").get_by_text("Met", exact=True).click()
    page.get_by_label("In words").fill("Fitted on Monday.")
    page.get_by_role("button", name="Settle", exact=True).click()
    expect(page.get_by_text("It is on record.")).to_be_visible()

    page.goto(f"/idva-cases/{case.reference}/review/?closing")
    page.get_by_text("Safer than at the beginning").click()
    page.get_by_label("What was said, and what you see").fill("He has left the county.")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("The review is on record.")).to_be_visible()

    page.goto(f"/idva-cases/{case.reference}/close/")
    expect(missing).to_contain_text("Nothing is missing.")
    page.get_by_label("Support is complete").check()
    for topic in TOPICS:
        page.get_by_label(topic.label, exact=True).select_option(topic.answers[0][0])
    page.get_by_label("How it ended").fill("She is settled.")
    close(page)
    page.wait_for_url("**/clients/")
    expect(page.get_by_text(f"{case.reference} is closed.")).to_be_visible()
    gone = page.goto(f"/victims/{case.victim.reference}/")
    assert gone is not None
    assert gone.status == 404
    assert IdvaCase.objects.get().state == "closed"
