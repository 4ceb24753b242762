"""Somebody is released: the owner finds it in the list, raises the grade, and the page shows it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.trigger_rules import Trigger
from risk.models import Reassessment
from risk.services.triggers import Fired, fire
from tests.browser.conftest import DESKTOP, TELEPHONE, SignIn
from tests.browser.hands import answer, row_of, write
from tests.factories import risk as make
from tests.marks import committed
from tests.personas import PEOPLE, person
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """Medium; PC Hale has the risk; he was released an hour ago."""
    for username in PEOPLE:
        person(username)
    now = timezone.now()
    row = make.a_victim(now - timedelta(days=40))
    make.an_incident(now - timedelta(days=20), row, officer=person("officer"))
    Victim.objects.filter(pk=row.pk).update(
        grade="medium",
        grade_since=now - timedelta(days=20),
        grade_reason="her account",
        risk_owner=person("officer"),
    )
    released = Fired(
        victim_id=row.pk,
        trigger=Trigger.RELEASE,
        happened_at=now - timedelta(hours=1),
        words="Darren Pike released without charge",
        source_type="perpetrators.custodyevent",
        source_id=1,
        is_late=True,
        about="release",
    )
    fire(fired=[released], actor=person("custody"), at=now)
    return row


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_looked_at_again_and_raised(victim: Victim, as_person: SignIn, javascript: bool) -> None:
    page = as_person("officer", size=TELEPHONE, javascript=javascript)
    page.goto("/reassessments/")
    row = row_of(page, "Darren Pike released without charge")
    expect(row).to_contain_text("reported late")
    expect(row).to_contain_text("T. Hale")
    row.get_by_role("link", name="Siobhán O'Neill").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at the risk again")
    expect(page.get_by_text("24 hours from released from custody").first).to_be_visible()
    expect(page.get_by_text("not told yet")).to_be_visible()
    answer(page, "What came of it", "Raised: counts at once")
    answer(page, "The grade, if not kept", "High")
    write(page, "Why", "He has rung the school and asked when she fetches the children.")
    page.get_by_role("button", name="Conclude").click()
    expect(page.get_by_text("Done. The grade is raised.")).to_be_visible()
    beside = page.locator("aside")
    expect(beside.get_by_role("heading", name="Why high")).to_be_visible()
    why = beside.get_by_role("paragraph").filter(has_text="professional judgement: He has rung")
    expect(why).to_be_visible()
    expect(page.get_by_role("heading", name="Risk to be looked at again")).to_have_count(0)
    page.goto("/reassessments/")
    expect(page.get_by_text("Nothing is to be looked at again.")).to_be_visible()
    assert Reassessment.objects.get().outcome == "raised"


def test_a_colleague_takes_it_over_and_assesses(victim: Victim, as_person: SignIn) -> None:
    page = as_person("officer_b", size=DESKTOP)
    page.goto("/reassessments/?whose=team")
    row_of(page, "Darren Pike").get_by_role("link", name="Siobhán O'Neill").click()
    expect(page.get_by_role("button", name="Conclude")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Take it over from")).click()
    expect(page.get_by_text("It is yours now.")).to_be_visible()
    expect(page.get_by_role("button", name="Conclude")).to_be_visible()
    page.get_by_label("With").select_option("dash_police")
    page.get_by_role("button", name="Begin an assessment").click()
    expect(page.get_by_text("Being made").or_(page.get_by_text("yes so far")).first).to_be_visible()
    row = Reassessment.objects.get()
    assert row.owner == person("officer_b")
    assert row.assessments.get().officer == person("officer_b")
