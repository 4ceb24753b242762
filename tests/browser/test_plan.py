"""The risk rises: the plan is to be looked at again, is written anew, and the victim is given only
what is shared."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from deadlines.models import Deadline
from risk import services as risk
from tests.browser.conftest import DESKTOP, TELEPHONE, Complaints, SignIn
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import person
from victims import services
from victims.models import Victim
from victims.services import Step

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """Somebody at medium risk with a plan, whom one officer looks after."""
    row = make.victim(grade="medium", at=clock.now() - timedelta(days=9))
    officer = person("officer")
    services.set_responsible(victim_id=row.pk, person=officer, actor=officer, at=clock.now())
    services.write_plan(
        victim_id=row.pk,
        steps=[
            Step("Code word with the school", owner_words="Siobhán", is_shared=True),
            Step("Watch the flat", owner_words="Neighbourhood team"),
        ],
        reason="First plan",
        version=0,
        actor=officer,
        at=clock.now() - timedelta(days=8),
    )
    return row


@pytest.mark.parametrize(
    ("size", "javascript"), [(DESKTOP, True), (TELEPHONE, False)], ids=["desk", "telephone"]
)
def test_grade_rises_plan_is_written_anew(
    victim: Victim,
    as_person: SignIn,
    complaints: Complaints,
    size: tuple[int, int],
    javascript: bool,
) -> None:
    complaints.expect("status of 400")
    risk.judge(
        victim_id=victim.pk,
        grade="high",
        reason="He found out where she lives.",
        actor=person("officer"),
        at=clock.now(),
    )
    page = as_person("officer", size=size, javascript=javascript)
    page.goto("/waiting/")
    page.get_by_role("link", name="Review of a safety plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Safety plan")
    expect(page.get_by_text("risk now high, was medium")).to_be_visible()

    page.get_by_role("link", name="Write a new version").click()
    page.get_by_label("Why there is a new version").fill("Risk now high")
    third = page.get_by_role("region", name="Step 3", exact=True)
    third.get_by_label("Step").fill("Locks changed")
    third.get_by_label("The victim is given this").check()
    second = page.get_by_role("region", name="Step 2", exact=True)
    second.get_by_label("Leave this step out").check()
    page.get_by_role("button", name="Write this version").click()
    expect(page.locator("[data-errors]")).to_contain_text("Say who does it.")
    third = page.get_by_role("region", name="Step 3", exact=True)
    expect(third.get_by_label("Step")).to_have_value("Locks changed")
    third.get_by_label("Somebody else: who").fill("Housing")
    page.get_by_role("button", name="Write this version").click()
    expect(page.get_by_text("Version 2 of the safety plan counts from now on.")).to_be_visible()
    expect(page.get_by_text("To be looked at again")).to_have_count(0)
    assert not Deadline.objects.open().filter(kind="plan_review").exists()

    page.get_by_role("button", name=re.compile("^Done.*Locks changed")).click()
    expect(page.get_by_role("button", name=re.compile("Not done after all"))).to_have_count(1)
    page.get_by_role("link", name="Version 2").click()
    expect(page.get_by_role("row", name=re.compile("left out.*Watch the flat"))).to_be_visible()
    page.goto(f"/victims/{victim.reference}/plan/shared/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What we agreed")
    main = page.locator("table")
    expect(main).to_contain_text("Code word with the school")
    expect(main).to_contain_text("Locks changed")
    expect(page.locator("body")).not_to_contain_text("Watch the flat")
    expect(page.locator("body")).not_to_contain_text("Lodestar")
