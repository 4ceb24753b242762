"""Two people put one call right at once: they see each other, and neither loses a word."""

import re

import pytest
from playwright.sync_api import expect

from core import clock
from incidents.services.editing.presence import writing
from tests.browser.accessible import look_at
from tests.browser.conftest import TELEPHONE
from tests.factories.incidents import NOW, incident
from tests.marks import committed
from tests.personas import person

pytestmark = [committed, pytest.mark.browser]


def test_two_people_see_each_other_and_lose_nothing(as_person, complaints):
    complaints.expect("409 (Conflict)")
    complaints.expect("400 (Bad Request)")
    row = incident(narrative="He is outside.")
    edit = f"/incidents/{row.reference}/edit/"
    first, second = as_person("handler"), as_person("handler_b")

    first.goto(edit)
    second.goto(edit)
    expect(second.get_by_role("status").filter(has_text="Adeyemi")).to_contain_text(
        "PC 4471 R. Adeyemi has the call's text open too, since"
    )
    # The first page asks again by itself within a quarter of a minute; here it is loaded again.
    first.reload()
    expect(first.get_by_role("status").filter(has_text="Quill")).to_contain_text(
        "M. Quill has the call's text open too"
    )

    first.get_by_label("What is happening").fill("He left by car, a red one.")
    first.get_by_label("Safe call-back").fill("after nine")
    second.get_by_label("What is happening").fill("He left on foot towards the park.")
    second.get_by_label("Language", exact=True).fill("Irish")
    first.get_by_role("button", name="Save").click()
    first.wait_for_url(f"**/incidents/{row.reference}/")
    second.get_by_role("button", name="Save").click()

    expect(second.get_by_role("heading", name="Both versions")).to_be_visible()
    narrative = second.locator("#version_narrative")
    expect(narrative).to_contain_text("He left by car, a red one.")
    expect(narrative).to_contain_text("PC 4471 R. Adeyemi")
    expect(narrative).to_contain_text("He left on foot towards the park.")
    # Only one of them touched these two, so what stays is proposed.
    expect(second.locator("#version_safe_callback").get_by_label("Take theirs")).to_be_checked()
    expect(second.locator("#version_language").get_by_label("Keep mine")).to_be_checked()
    anew = narrative.locator("textarea")
    expect(anew).to_be_hidden()

    second.get_by_role("button", name="Save what stays").click()
    expect(second.locator("#version_narrative")).to_contain_text("Choose which of the two stays.")
    assert look_at(second, edit) == []
    narrative.get_by_text("Write anew", exact=True).click()
    expect(anew).to_have_value("He left on foot towards the park.")
    anew.fill("He left by car, a red one; a neighbour says on foot.")
    second.get_by_role("button", name="Save what stays").click()
    second.wait_for_url(f"**/incidents/{row.reference}/")

    row.refresh_from_db()
    assert row.narrative == "He left by car, a red one; a neighbour says on foot."
    assert (row.safe_callback, row.language) == ("after nine", "Irish")


def test_whoever_leaves_is_gone_and_the_page_of_the_incident_says_who_writes(as_person):
    row = incident()
    writer, reader = as_person("handler"), as_person("worker")
    writer.goto(f"/incidents/{row.reference}/edit/")
    expect(writer.locator("[data-presence]")).to_be_attached()
    writer.wait_for_load_state("networkidle")

    reader.goto(f"/incidents/{row.reference}/")
    expect(reader.locator("aside")).to_contain_text("PC 4471 R. Adeyemi has the call's text open")
    writer.get_by_role("link", name="Leave it as it is").click()
    writer.wait_for_load_state("networkidle")
    reader.reload()
    expect(reader.locator("aside")).not_to_contain_text("has the call's text open")


def test_without_script_both_versions_are_chosen_between(as_person, complaints):
    complaints.expect("409 (Conflict)")
    row = incident(narrative="He is outside.")
    edit = f"/incidents/{row.reference}/edit/"
    first, second = (as_person(who, javascript=False) for who in ("handler", "handler_b"))
    for page, words in ((first, "By car."), (second, "On foot.")):
        page.goto(edit)
        page.get_by_label("What is happening").fill(words)
    for page in (first, second):
        page.get_by_role("button", name="Save").click()

    second.locator("#version_narrative").get_by_text("Keep mine", exact=True).click()
    second.get_by_role("button", name="Save what stays").click()

    second.wait_for_url(f"**/incidents/{row.reference}/")
    row.refresh_from_db()
    assert row.narrative == "On foot."


def test_news_is_added_from_a_telephone_and_the_pages_are_accessible(as_person):
    row = incident(answers={}, at=NOW)
    writing(incident_id=row.pk, person=person("officer"), page="the first response", at=clock.now())
    page = as_person("handler", size=TELEPHONE)
    page.goto(f"/incidents/{row.reference}/news/")
    expect(page.get_by_role("status").filter(has_text="Hale")).to_contain_text("first response")
    page.get_by_label("What is happening").fill("Screams, and glass.")
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile("Kept"))
    assert look_at(page, "news") == []
    page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})
    page.get_by_role("button", name=f"Add to {row.reference}").click()
    page.wait_for_url(f"**/incidents/{row.reference}/")
    expect(page.locator("#news")).to_contain_text("Screams, and glass.")

    page.goto(f"/incidents/{row.reference}/links/")
    assert look_at(page, "links") == []
    page.goto(f"/incidents/{row.reference}/")
    assert look_at(page, "detail") == []
