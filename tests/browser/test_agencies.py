"""Whoever keeps agencies sets a webhook, sees a message that was given up, and tries it again."""

import re

import pytest
from playwright.sync_api import expect

from core import clock
from referrals.models import AgencyChannel, Outgoing
from referrals.services.outgoing.sending import deliver
from tests.browser.conftest import DESKTOP, TELEPHONE, Complaints, SignIn
from tests.browser.hands import row_of
from tests.factories.outgoing import a_system, answers, dead
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


@pytest.mark.parametrize(
    ("size", "javascript"), [(DESKTOP, True), (TELEPHONE, False)], ids=["desk", "telephone"]
)
def test_a_message_given_up_goes_out_after_all(
    as_person: SignIn,
    complaints: Complaints,
    size: tuple[int, int],
    javascript: bool,
    transactional_db: None,
) -> None:
    complaints.expect("status of 400")
    boyle = person("agency")
    assert boyle.team is not None
    agency = boyle.team.agency
    message = dead(clock.now(), agency=agency)
    AgencyChannel.objects.update(way="inbox", webhook_secret="", webhook_url="")
    with a_system(answers(200)) as system:
        page = as_person("manager", size=size, javascript=javascript)
        page.goto("/agencies/")
        expect(page.get_by_text("1 message could not be delivered")).to_be_visible()
        page.get_by_role("link", name=agency.name).click()
        expect(row_of(page, "T. Boyle")).to_contain_text("switch off")

        page.get_by_label("A signed message to its own system").check()
        page.get_by_label("Web address of its system").fill("https://10.0.0.1/hooks")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-errors]")).to_contain_text("private network")
        page.get_by_label("Web address of its system").fill(system.url)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-secret]")).to_have_text(re.compile("^whsec_"))
        page.get_by_role("link", name="It is kept").click()
        page.get_by_role("button", name="Send a test message").click()
        expect(page.get_by_text("Test message: Taken with 200.")).to_be_visible()

        page.goto("/undelivered/")
        row = row_of(page, message.sharing.reference)
        expect(row).to_contain_text("Answered 500. Not taken.")
        row.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("Everything was delivered")).to_be_visible()
        deliver(at=clock.now())
    assert Outgoing.objects.get().state == "sent"
    assert [asked.key == message.key for asked in system.received] == [False, True]
