"""A second victim is on record: the list has him at once, a plan is written, his page shows it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.clock import local
from perpetrators.models import ManagementPlan
from tests.browser.conftest import DESKTOP, TELEPHONE, Complaints, SignIn
from tests.browser.hands import row_of
from tests.factories.incidents import DARREN
from tests.factories.serial import JANE, PRIYA, accused, complained_of
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


def test_second_victim_list_plan_and_person(enter: SignIn, complaints: Complaints) -> None:
    complaints.expect("status of 400")  # a plan without its day is refused
    now = timezone.now()
    for planner in ("investigator", "neighbourhood"):
        person(planner)
    darren = accused(complained_of(JANE, at=now - timedelta(days=200)))
    page = enter("investigator", size=DESKTOP)
    page.goto("/serial/")
    expect(page.get_by_text("Nobody is known to have harmed several.")).to_be_visible()

    complained_of(PRIYA, {**DARREN, "given_name": "Daren"}, at=now)

    page.reload()
    row = row_of(page, darren.reference)
    expect(row).to_contain_text("2 unconnected victims since")
    expect(row).to_contain_text("Priya Nair")
    row.get_by_role("link", name="none").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Management plan")
    page.get_by_label("What is to be achieved").fill("He keeps away from both.")
    page.get_by_label("Who has it").select_option("neighbourhood")
    week = (local(now) + timedelta(days=7)).date().isoformat()
    page.get_by_label("1. What is done").fill("Visit each week")
    page.get_by_label("1. By whom").fill("PC Ferris")
    page.get_by_label("1. By when").fill(week)
    page.get_by_role("button", name="Save the plan").click()
    # The day of the next look is missing: nothing typed is lost.
    expect(page.get_by_label("What is to be achieved")).to_have_value("He keeps away from both.")
    expect(page.get_by_label("1. By when")).to_have_value(week)
    page.get_by_label("Looked at again on").fill(week)
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("The plan is written.")).to_be_visible()
    assert ManagementPlan.objects.get().owner == person("neighbourhood")

    owner = enter("neighbourhood", size=TELEPHONE)
    owner.goto(f"/people/{darren.reference}/")
    card = owner.locator("#plan")
    expect(card).to_contain_text("PC 1904 B. Ferris has it")
    expect(card).to_contain_text("Visit each week")
    expect(owner.locator("#serial")).to_contain_text("Darren Pike sounds like Daren Pike")
    assert owner.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]
