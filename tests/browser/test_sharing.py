"""An agency opens what it was told and answers; the unit withdraws; the agency finds nothing."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from referrals.models import Sharing
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import answer
from tests.factories.sharing import agency_of, marked
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


def test_told_answered_withdrawn(
    transactional_db: None, enter: SignIn, as_person: SignIn, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    victim = marked(clock.now() - timedelta(hours=2))
    agency = agency_of(person("agency"))

    unit = as_person("worker")
    unit.goto(f"/victims/{victim.reference}/sharings/")
    unit.get_by_label("Agency").select_option(label=agency.name)
    unit.get_by_label("Names and birth dates").check()
    unit.get_by_label("Risk grade and reasons").check()
    unit.get_by_label("Why they need to know").fill("She asks to be moved.")
    unit.get_by_label("Lawful basis").select_option("public_task")
    unit.get_by_label("Given", exact=True).check()
    unit.get_by_role("button", name="Record as shared").click()
    expect(unit.locator("main")).to_contain_text("Not opened")
    row = Sharing.objects.get()

    theirs = enter("agency", size=TELEPHONE)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Asked of us, shared with us")
    theirs.get_by_role("link", name=row.reference).click()
    expect(theirs.locator("main")).to_contain_text("MARKJUDGED")
    expect(theirs.locator("main")).not_to_contain_text("MARKHOME")
    assert theirs.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]
    answer(theirs, "What you do with it", "Taken on")
    theirs.get_by_label("In words").fill("K. Osei rings her on Monday.")
    theirs.get_by_role("button", name="Send the answer").click()
    expect(theirs.locator("main")).to_contain_text("K. Osei rings her on Monday.")

    unit.goto(f"/sharings/{row.reference}/")
    expect(unit.locator("main")).to_contain_text("K. Osei rings her on Monday.")
    unit.get_by_label("Why it is withdrawn").fill("She was moved by another service.")
    unit.get_by_role("button", name="Withdraw it").click()
    expect(unit.locator("main")).to_contain_text("The agency reads nothing of this any more")

    gone = theirs.goto(f"/shared/{row.reference}/")
    assert gone is not None
    assert gone.status == 404
    theirs.goto("/shared/")
    expect(theirs.locator("main")).to_contain_text("Nothing is shared with you now")
