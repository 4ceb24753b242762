"""A duty passes from one to another: the giver, the taker, and the list of who has left."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.factories import victims
from tests.marks import committed
from tests.personas import PEOPLE, person
from victims import services
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def row(transactional_db: None) -> Victim:
    """The officer's victim, at high risk."""
    for username in PEOPLE:
        person(username)
    found = victims.victim(grade="high")
    officer = person("officer")
    services.set_responsible(victim_id=found.pk, person=officer, actor=officer, at=timezone.now())
    return found


def test_offered_taken_and_named(as_person: SignIn, row: Victim, complaints: Complaints) -> None:
    complaints.expect("400 (Bad Request)")  # declined without words
    address = f"/victims/{row.reference}/"
    giver = as_person("officer")
    giver.goto(address)
    giver.get_by_role("link", name="hand over risk").click()
    expect(giver.get_by_label("Risk", exact=True)).to_be_checked()
    giver.get_by_label("To whom").select_option("officer_b")
    giver.get_by_label("What they must know").fill("Court on Friday; his brother is dangerous.")
    giver.get_by_role("button", name="Hand over").click()
    expect(giver.get_by_text("Offered to PC 3015 L. Moss.")).to_be_visible()
    expect(
        giver.get_by_role("link", name=re.compile("^offered to PC 3015 L. Moss"))
    ).to_be_visible()

    taker = as_person("officer_b", size=TELEPHONE)
    taker.goto("/duties/")
    expect(taker.get_by_text("his brother is dangerous")).to_be_visible()
    taker.get_by_role("link", name="Siobhán O'Neill").first.click()
    taker.get_by_label("I cannot take it").check()
    taker.get_by_role("button", name="Answer").click()
    expect(taker.locator("[data-errors], .error").first).to_be_visible()
    taker.get_by_label("I take it").check()
    taker.get_by_role("button", name="Answer").click()
    expect(taker.get_by_text("PC 3015 L. Moss has risk now.")).to_be_visible()

    giver.goto(address)
    who = giver.locator("dl").filter(has_text="Who is responsible")
    expect(who).to_contain_text(re.compile(r"Risk:\s+PC 3015 L. Moss"))
    expect(who).to_contain_text(re.compile(r"Contact:\s+PC 2210 T. Hale"))


def test_what_somebody_who_left_still_has_is_passed_on(as_person: SignIn, row: Victim) -> None:
    User.objects.filter(username="officer").update(is_active=False)
    leader = as_person("supervisor", javascript=False)
    leader.goto("/people-here/")
    leader.get_by_role("link", name="PC 2210 T. Hale").click()
    leader.get_by_label("Safety plan").uncheck()
    leader.get_by_label("To whom").select_option("officer_b")
    leader.get_by_label("What they must know").fill("He has left; call her on Monday.")
    leader.get_by_role("button", name="Give the ticked ones").click()
    expect(leader.get_by_text("PC 3015 L. Moss has 2 duties more.")).to_be_visible()
    leader.get_by_label("To whom").select_option("worker")
    leader.get_by_label("What they must know").fill("The plan is for the unit.")
    leader.get_by_role("button", name="Give the ticked ones").click()
    expect(leader.get_by_text("Everything has been passed on.")).to_be_visible()
    leader.goto(f"/victims/{row.reference}/")
    who = leader.locator("dl").filter(has_text="Who is responsible")
    expect(who).to_contain_text("M. Castellanos")
    expect(who).not_to_contain_text("T. Hale")
