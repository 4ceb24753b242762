"""A repeat caller is recognised by a misspelt name; a false match is set aside and comes back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from incidents.models import Incident
from tests.browser.accessible import look_at
from tests.factories.incidents import SIOBHAN, in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import Marker, Victim

pytestmark = [committed, pytest.mark.browser]


def two_couples() -> tuple[Incident, Incident]:
    """Siobhán, graded high; and somebody else with nearly her name, whose home has a marker."""
    at = clock.now() - timedelta(days=40)
    hers = incident(
        at=at,
        answers={"danger": "yes", "strangled": "yes"},
        people=(
            in_call("victim", lives_here=True, **SIOBHAN),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
        ),
    )
    other = incident(
        at=at + timedelta(days=3),
        caller_number="",
        caller_name="",
        address_line="7 Lime Grove",
        postcode="PE2 8AA",
        answers={},
        people=(
            in_call("victim", lives_here=True, **{**SIOBHAN, "given_name": "Shevaun"}),
            in_call("perpetrator", given_name="Roy", family_name="Hale"),
        ),
    )
    victim = Victim.objects.get(person__given_name="Siobhán")
    Victim.objects.filter(pk=victim.pk).update(grade="high", grade_since=at, grade_reason="Neck")
    Marker.objects.create(
        kind="emergency",
        address=other.address,
        until=(clock.now() + timedelta(days=90)).date(),
        words="Known risk to life",
        set_by=person("inspector"),
        set_at=at,
    )
    return hers, other


def test_a_repeat_caller_is_recognised_and_a_false_match_is_set_aside(as_person):
    hers, other = two_couples()
    page = as_person("handler")
    page.goto("/calls/new/")
    known, before = page.locator("#known"), page.locator("#before")
    first = page.locator('[data-answer="been_here"]')

    page.locator("#id_people-0-given_name").press_sequentially("Shavon")
    page.locator("#id_people-0-family_name").press_sequentially("Oneal")
    page.locator("#id_people-0-date_of_birth").fill("14/3/1991")

    expect(before).to_contain_text(hers.reference)
    expect(before).to_contain_text("O'Neill sounds like Oneal, Siobhán like Shavon")
    expect(before).to_contain_text("same birth date")
    expect(first).to_contain_text("2 incidents in 12 months")
    expect(page.locator('[data-answer="lives_there"]')).to_contain_text("7 Lime Grove")
    expect(page.locator('[data-answer="orders"]')).to_contain_text("None on record.")
    expect(page.locator('[data-answer="last_grade"]')).to_contain_text("High")
    expect(known).to_contain_text("Known risk to life")
    expect(known).to_contain_text("Immediate")
    assert look_at(page, "the history panel") == []

    false = other.involvements.get(role="victim").person.reference
    page.get_by_label("Not them: Shevaun O'Neill").check()

    expect(first).to_contain_text("1 incident in 12 months")
    expect(before).not_to_contain_text(other.reference)
    expect(known).not_to_contain_text("Known risk to life")
    expect(known).not_to_contain_text("Immediate")
    back = page.locator(".set-aside").get_by_label("Shevaun O'Neill")
    expect(back).to_be_checked()

    page.wait_for_timeout(900)
    page.reload()
    expect(page.locator(".set-aside").get_by_label("Shevaun O'Neill")).to_be_checked()
    page.locator(".set-aside").get_by_label("Shevaun O'Neill").uncheck()
    expect(first).to_contain_text("2 incidents in 12 months")
    expect(known).to_contain_text("Known risk to life")

    page.get_by_label("Not them: Shevaun O'Neill").check()
    expect(known).not_to_contain_text("Known risk to life")
    page.locator("#offers-0").get_by_label("Siobhán O'Neill").check()
    page.locator("#id_narrative").fill("He is at the door again.")
    page.get_by_role("button", name="Log call and send").click()
    page.wait_for_url("**/incidents/DA-*/")

    logged = Incident.objects.latest("pk")
    assert logged.set_aside == [f"person:{false}"]
    assert logged.suggested_grade != "immediate"
    assert (
        logged.involvements.get(role="victim").person == hers.involvements.get(role="victim").person
    )


def test_without_script_what_is_set_aside_goes_with_the_next_look_up(as_person):
    hers, _ = two_couples()
    page = as_person("handler", javascript=False)
    page.goto("/calls/new/")
    page.locator("#id_caller_number").fill("07700 900417")
    page.locator("#id_caller_number").press("Enter")
    expect(page.locator("#before")).to_contain_text(hers.reference)

    page.get_by_label(f"Not this one: {hers.reference}").check()
    page.get_by_role("button", name="Look history up").last.click()

    expect(page.locator(".set-aside")).to_contain_text(hers.reference)
    expect(page.locator('[data-answer="been_here"]')).to_contain_text("Not known")
