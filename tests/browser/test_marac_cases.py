"""A worker refers a victim below the criteria; it is answered, listed, taken off and closed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marac.models import MaracCase
from tests.browser.conftest import Complaints, SignIn
from tests.factories import marac
from tests.factories.incidents import incident
from tests.marks import committed
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]


def test_a_case_from_the_referral_to_its_end(as_person: SignIn, complaints: Complaints) -> None:
    complaints.expect("400 (Bad Request)")
    now = timezone.now()
    meeting = marac.meeting(now + timedelta(days=20))
    incident(at=now - timedelta(days=2))
    victim = Victim.objects.get(person__family_name="O'Neill")

    worker = as_person("worker")
    worker.goto(f"/marac/propose/?victim={victim.reference}")
    worker.get_by_label("What the conference is asked to look at").fill("He waits <b>there</b>.")
    worker.get_by_role("button", name="Refer", exact=True).click()
    # Below the criteria it needs reasons; what was typed stays.
    expect(worker.locator("main .error").first).to_be_attached()
    asked = worker.get_by_label("What the conference is asked to look at")
    expect(asked).to_have_value("He waits <b>there</b>.")
    worker.get_by_label("Who harms them").select_option(label="Darren Pike")
    worker.get_by_label("Why it should be heard although").fill("He found her new address.")
    worker.get_by_role("button", name="Refer", exact=True).dblclick()
    worker.wait_for_url("**/marac/cases/**")
    expect(worker.get_by_text("He waits <b>there</b>.")).to_be_visible()
    case = MaracCase.objects.get()

    coordinator = as_person("coordinator")
    coordinator.goto("/marac/cases/")
    expect(coordinator.get_by_role("row").filter(has_text="O'Neill")).to_contain_text("below")
    coordinator.get_by_role("link", name=case.reference).click()
    coordinator.get_by_role("link", name="Answer").click()
    coordinator.get_by_text("Yes: accept it").click()
    coordinator.get_by_role("button", name="Answer").click()

    coordinator.goto(f"/marac/meetings/{meeting.reference}/agenda/")
    coordinator.get_by_role("button", name="List Siobhán O'Neill").click()
    expect(coordinator.get_by_text(re.compile("^1 of .* places"))).to_be_visible()
    coordinator.get_by_role("link", name="Take off").click()
    coordinator.locator("main textarea").fill("She is in hospital.")
    coordinator.get_by_role("button", name="Take it off").click()

    coordinator.goto(f"/marac/cases/{case.reference}/")
    coordinator.get_by_role("link", name="Close the case").click()
    coordinator.locator("main").get_by_role("radio").last.check()
    coordinator.get_by_label("In words").fill("Both moved abroad, apart.")
    coordinator.get_by_role("button", name="Close the case").click()
    expect(coordinator.get_by_text("Both moved abroad, apart.")).to_be_visible()
    case.refresh_from_db()
    assert case.state == MaracCase.State.CLOSED
