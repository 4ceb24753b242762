"""Referrals ticked in the queue, with script and without; one that changed meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.models import Referral
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.factories import referrals
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def rows(transactional_db: None) -> list[Referral]:
    """Four about four victims."""
    for username in PEOPLE:
        person(username)
    now = timezone.now()
    return [referrals.a_referral(now - timedelta(hours=n)) for n in (4, 3, 2, 1)]


def test_ticked_claimed_and_handed_over(
    as_person: SignIn, rows: list[Referral], complaints: Complaints
) -> None:
    complaints.expect("400 (Bad Request)")  # handed over to nobody
    first, second, third, fourth = rows
    page = as_person("worker")
    page.goto("/referrals/")
    for row in (first, second, third):
        page.get_by_label(f"Tick {row.reference}").check()
    page.locator(f"#rule-{first.reference}").click()
    expect(page.get_by_text("72 hours from submission").first).to_be_visible()
    referrals.claimed(second, timezone.now(), by=person("worker_b"))
    page.get_by_role("button", name="Claim them").click()
    expect(page.get_by_role("heading", name="2 of 3 done")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=second.reference)).to_contain_text(
        "D. Marsh has"
    )
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("row").filter(has_text=fourth.reference)).to_contain_text("nobody")

    plain = as_person("worker", javascript=False, size=TELEPHONE)
    plain.goto("/referrals/?show=mine")
    for row in (first, third):
        plain.get_by_label(f"Tick {row.reference}").check()
    plain.get_by_role("button", name="Hand over…").click()
    plain.get_by_role("button", name="Hand over").click()
    expect(plain.get_by_text("Say to whom.").first).to_be_visible()
    expect(plain.get_by_label(third.reference)).to_be_checked()
    plain.get_by_label("To", exact=True).select_option(label="D. Marsh")
    plain.get_by_role("button", name="Hand over").click()
    expect(plain.get_by_text(f"D. Marsh has {third.reference} now.")).to_be_visible()
    assert Referral.objects.filter(claimed_by=person("worker_b")).count() == 3
