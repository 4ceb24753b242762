"""The page of a call in a browser: history while typing, nothing lost, keys, narrow screens."""

from datetime import date

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.browser.accessible import look_at
from tests.browser.hands import answer
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
    page.locator("#id_grade").select_option("immediate")
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
    expect(page.locator("#id_grade")).to_have_value("immediate")
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


def test_prompts_follow_the_answers_and_stay_out_of_the_way(as_person):
    page = as_person("handler")
    page.goto("/calls/new/")
    voice = page.get_by_text("Is your voice changed")
    way = page.get_by_text("Which way, how long ago")
    expect(page.get_by_text("Controlling behaviour: a range of acts")).to_be_visible()
    expect(voice).to_be_hidden()

    page.locator("#id_q_strangled_2").focus()
    page.keyboard.press("y")
    expect(voice).to_be_visible()
    expect(page.locator("#id_q_strangled_0")).to_be_focused()
    page.locator("#id_q_whereabouts_2").focus()
    page.keyboard.press("ArrowLeft")
    expect(way).to_be_visible()
    page.locator("#id_q_strangled_0").focus()
    page.keyboard.press("n")
    expect(voice).to_be_hidden()
    expect(page.locator("#id_source_detail")).to_be_hidden()
    page.get_by_text("Officer on patrol").click()
    page.locator("#id_source_detail").fill("PC 2210 T. Hale")
    answer(page, "Can you talk safely on this line?", "No")
    expect(page.get_by_text("Note the safe call-back before the line is lost")).to_be_visible()
    page.get_by_role("link", name="Note it under safe call-back").press("Enter")
    expect(page.locator("#id_safe_callback")).to_be_in_viewport()
    assert look_at(page, "/calls/new/") == []


def test_a_call_that_drops_needs_a_grade_of_the_handlers_own(as_person, complaints):
    complaints.expect("status of 400")
    page = as_person("handler")
    page.goto("/calls/new/")
    page.locator("#id_narrative").fill("The line went dead.")
    page.get_by_text("Choose another grade and say why").click()
    page.locator("#id_grade").select_option("routine")
    page.get_by_label("Call dropped").check()

    expect(page.locator("#id_grade")).to_have_value("")
    expect(page.locator("#dropped")).to_be_visible()
    expect(page.locator("#call_says")).to_contain_text("Routine was chosen before that.")
    page.locator("#id_narrative").press("Control+Enter")
    expect(page.locator("#id_grade_error")).to_contain_text("choose the grade yourself")
    expect(page.locator("#id_narrative")).to_have_value("The line went dead.")
    page.locator("#id_grade").select_option("immediate")
    page.locator("#id_narrative").press("Control+Enter")
    page.wait_for_url("**/incidents/DA-*/")

    page.get_by_role("link", name="Change the grade").click()
    assert look_at(page, "regrade") == []
    answer(page, "Grade", "Priority")
    page.get_by_role("button", name="Grade again").click()
    expect(page.locator("#id_reason_error")).to_contain_text("Say why you choose priority")
    page.locator("#id_reason").fill("A unit is there and all is calm.")
    page.get_by_role("button", name="Grade again").click()
    page.wait_for_url("**/incidents/DA-*/")
    logged = Incident.objects.get()
    assert (logged.grade, logged.suggested_grade, logged.version) == ("priority", "immediate", 2)


def test_an_appointment_is_asked_for_where_the_grade_is_one(as_person):
    page = as_person("handler")
    page.goto("/calls/new/")
    expect(page.locator("#id_appointment_at")).to_be_hidden()

    page.get_by_text("Choose another grade and say why").click()
    page.locator("#id_grade").select_option("appointment")

    expect(page.locator("#id_appointment_at")).to_be_visible()


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
