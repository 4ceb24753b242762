"""The page of a call in a browser: history while typing, nothing lost, keys, narrow screens."""

from datetime import date

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.browser.accessible import look_at
from tests.factories.incidents import NOW, in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import Marker, Victim

pytestmark = [committed, pytest.mark.browser]


def earlier() -> Incident:
    """A couple with a child, a high grade, a marker and strangulation."""
    first = incident(
        answers={"danger": "yes", "strangled": "yes"},
        people=(
            in_call(
                "victim",
                given_name="Siobhán",
                family_name="O'Neill",
                lives_here=True,
                date_of_birth=date(1991, 3, 14),
                sex="female",
            ),
            in_call(
                "perpetrator",
                given_name="Darren",
                family_name="Pike",
                date_of_birth=date(1987, 9, 2),
                sex="male",
            ),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
        ),
    )
    Victim.objects.update(grade="high", grade_since=NOW)
    Marker.objects.create(
        kind="emergency",
        address=first.address,
        until=date(2099, 1, 30),
        words="Known risk to life",
        set_by=person("inspector"),
        set_at=NOW,
    )
    return first


def test_history_fills_in_while_typing_and_a_reload_loses_nothing(as_person):
    known = earlier()
    page = as_person("handler")
    page.goto("/calls/new/")

    page.locator("#id_caller_number").press_sequentially("07700 900417")
    expect(page.locator("#before")).to_contain_text(known.reference)
    expect(page.locator("#before")).to_contain_text("same number")
    page.locator("#id_address_line").fill("Flat 4, 18 Tanglewood Court")
    page.locator("#id_postcode").fill("PE1 9ZZ")
    expect(page.locator("#known")).to_contain_text("Known risk to life")
    page.locator("#id_q_danger_2").focus()
    page.keyboard.press("y")
    expect(page.locator("#known")).to_contain_text("danger now")
    page.locator("#id_narrative").fill('"He\'s back" & <shouting>')
    page.get_by_label("Call dropped").check()
    page.locator("#id_people-0-given_name").fill("Shevaun")
    page.locator("#id_people-0-family_name").fill("Oneal")
    expect(page.locator("#offers-0")).to_contain_text("Siobhán O'Neill")
    page.locator("#offers-0 input").first.check()
    page.get_by_role("button", name="Add another person").click()
    page.locator("#id_people-3-family_name").fill("Marsh")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept")
    page.wait_for_timeout(900)
    page.reload()

    expect(page.locator("#id_caller_number")).to_have_value("07700 900417")
    expect(page.locator("#id_narrative")).to_have_value('"He\'s back" & <shouting>')
    expect(page.locator("#id_q_danger_0")).to_be_checked()
    expect(page.get_by_label("Call dropped")).to_be_checked()
    expect(page.locator("#id_people-3-family_name")).to_have_value("Marsh")
    expect(page.locator("#offers-0 input").first).to_be_checked()

    page.locator("#id_caller_number").press("Control+Enter")
    page.wait_for_url("**/incidents/DA-*/")
    logged = Incident.objects.latest("pk")
    assert logged.call_dropped
    assert (
        logged.involvements.get(role="victim").person
        == known.involvements.get(role="victim").person
    )


def test_the_page_full_of_history_is_accessible_and_narrow(as_person):
    earlier()
    page = as_person("handler")
    page.goto("/calls/new/")
    page.locator("#id_caller_number").fill("07700 900417")
    page.locator("#id_people-0-family_name").fill("O'Neill")
    page.locator("#id_people-0-given_name").fill("Siobhan")
    expect(page.locator("#offers-0")).to_contain_text("same person?")

    assert look_at(page, "/calls/new/") == []


def test_without_script_a_call_is_looked_up_and_logged(as_person):
    known = earlier()
    page = as_person("handler", javascript=False)
    page.goto("/calls/new/")
    page.locator("#id_caller_number").fill("07700 900417")
    page.locator("#id_caller_number").press("Enter")

    expect(page.locator("#before")).to_contain_text(known.reference)
    page.locator("#id_narrative").fill("Shouting again.")
    page.get_by_role("button", name="Log call and send").click()
    page.wait_for_url("**/incidents/DA-*/")
    assert Incident.objects.count() == 2
