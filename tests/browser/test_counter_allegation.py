"""Each accuses the other: an officer on a telephone weighs it, and both are then looked after."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import FirstResponse, Incident, Involvement
from risk.models import Assessment
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer, wait_until_kept
from tests.browser.records import history, known_couple
from tests.browser.scene import all_but_the_allegation, unfold
from tests.factories import response
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def attended(transactional_db: None) -> Incident:
    """Siobhán O'Neill was the victim three times; this time the officer is there."""
    for username in PEOPLE:
        person(username)
    now = timezone.now()
    history(now)
    return response.attended(at=now, people=known_couple())


def test_both_are_weighed_and_both_are_assessed(
    as_person: SignIn, attended: Incident, complaints: Complaints
) -> None:
    complaints.expect("status of 400")  # pressed before it is weighed
    page = as_person("officer", size=TELEPHONE)
    page.goto(f"/incidents/{attended.reference}/first-response/")
    expect(page.locator("#progress")).to_contain_text("0 of 8 sections complete")
    all_but_the_allegation(page)
    wait_until_kept(page)
    expect(page.locator("#progress")).to_contain_text("7 of 8 sections complete")

    part = unfold(page, "Counter-allegation")
    expect(part.locator("#aid")).to_be_hidden()
    answer(page, re.compile("accuses the victim"), "Yes")
    aid = part.locator("#aid")
    expect(aid).to_contain_text("Named as victim in 3 earlier incidents, never as perpetrator.")
    expect(aid).to_contain_text("Named as perpetrator in 3 earlier incidents, never as victim.")
    expect(aid).to_contain_text("Scratches on both arms")
    expect(aid).to_contain_text("That he waits for her at the school")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]

    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("[data-errors]")).to_contain_text("not clear yet is an answer")
    part = page.locator("#section-counter")
    expect(part.locator("#id_counter_view_group")).to_be_visible()
    answer(
        page, re.compile("What do you make of it"), "One of them needs protection from the other"
    )
    answer(page, re.compile("Who needs protection"), "Siobhán O'Neill")
    part.get_by_label("Why you see it so").fill("His scratches are of her freeing her neck.")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The first response is recorded.")).to_be_visible()
    expect(page.locator("#first-response")).to_contain_text("His scratches are of her freeing")

    record = FirstResponse.objects.get(incident=attended)
    assert str(record.counter_protect) == "Siobhán O'Neill"
    both = Involvement.objects.filter(incident=attended, role="victim")
    assert both.count() == 2
    assert Assessment.objects.filter(incident=attended, state="draft").count() == 2
    page.goto("/my-incidents/")
    card = page.locator("section.card").filter(has_text=attended.reference)
    expect(card.get_by_role("link", name=re.compile("[Rr]isk"))).to_have_count(2)


def test_another_child_needs_no_script(as_person: SignIn, attended: Incident) -> None:
    page = as_person("officer", size=TELEPHONE, javascript=False)
    page.goto(f"/incidents/{attended.reference}/first-response/")
    part = unfold(page, "Children")
    part.get_by_label("Name and age of a child").fill("Ella, 6")
    part.get_by_role("button", name="Another child").click()
    names = page.locator("#section-children").get_by_label("Name and age of a child")
    expect(names).to_have_count(2)
    expect(names.first).to_have_value("Ella, 6")
