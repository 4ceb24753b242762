"""A victim is told: from the owner's list, by the safe way, at the third attempt."""

import re
from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.clock import local
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer, row_of, write
from tests.marks import committed
from tests.victims.telling import HOUR, known_victim, owed
from victims.models import Contact, VictimUpdate

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def bailed(transactional_db: None) -> VictimUpdate:
    """Released on bail ten hours ago; she may be sent a text message at any hour."""
    now = timezone.now()
    victim = known_victim(at=now - 48 * HOUR, hours="")
    return owed(
        victim,
        at=now - 10 * HOUR,
        happened_at=now - 10 * HOUR,
        words="Darren Pike was released on bail, not to contact her",
    )


def log(page: Page, outcome: str, words: str, *, at: datetime | None = None) -> None:
    answer(page, "How it ended", outcome)
    if at is not None:
        page.get_by_label("When", exact=True).fill(f"{local(at):%Y-%m-%dT%H:%M}")
    write(page, "What was said", words)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text(re.compile("^Logged: text message"))).to_be_visible()


def test_told_at_the_third_attempt(
    enter: SignIn, bailed: VictimUpdate, complaints: Complaints
) -> None:
    complaints.expect("400 (Bad Request)")
    officer = enter("officer", size=TELEPHONE)
    officer.get_by_role("link", name="To be told").click()
    line = row_of(officer, bailed.words)
    expect(line).to_contain_text("Do not telephone, e-mail or visit")
    expect(line).to_contain_text("0 of 3")
    line.get_by_role("link", name="Siobhán O'Neill").click()

    reach = officer.get_by_role("region", name="How to reach them")
    expect(reach).to_contain_text("Text message: 07700 900417")
    expect(reach).to_contain_text("Do not telephone, e-mail or visit.")
    assert officer.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]

    answer(officer, "By", "Telephone")
    answer(officer, "How it ended", "No answer")
    officer.get_by_role("button", name="Log it").click()
    expect(officer.locator("main")).to_contain_text("The safe way is another: text message.")
    answer(officer, "By", "Text message")
    # Attempts are worth something with hours between them.
    log(officer, "No answer", "First message.", at=timezone.now() - 5 * HOUR)
    log(officer, "No answer", "Second message.")
    assert bailed.attempts.count() == 2

    officer.goto("/updates/")
    expect(row_of(officer, bailed.words)).to_contain_text("2 of 3")
    row_of(officer, bailed.words).get_by_role("link", name="Siobhán O'Neill").click()
    officer.get_by_label(bailed.words).check()
    log(officer, "Reached", "She knows; her sister stays tonight.")

    bailed.refresh_from_db()
    assert bailed.state == VictimUpdate.State.TOLD
    assert Contact.objects.filter(outcome="reached").get().words.startswith("She knows")
    officer.goto("/updates/")
    expect(officer.get_by_text("Nothing is to be told")).to_be_visible()
