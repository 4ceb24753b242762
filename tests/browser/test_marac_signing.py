"""A representative signs before a case opens; an agency that was not invited finds nothing."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from marac.models import Attendance
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.factories import marac
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


def test_unsigned_then_signed_and_not_invited(
    transactional_db: None, enter: SignIn, as_person: SignIn, complaints: Complaints
) -> None:
    for refusal in ("status of 400", "status of 403", "status of 404"):
        complaints.expect(refusal)
    now = clock.now()
    person("agency")
    meeting = marac.agenda_out(marac.meeting(now + timedelta(days=3)), now)
    case = marac.case(now - timedelta(days=5))
    marac.hearing(meeting, case)
    name = case.victim.person.family_name
    page, agenda = (f"/marac/meetings/{meeting.reference}/{part}" for part in ("", "agenda/"))

    theirs = enter("agency", size=TELEPHONE)
    theirs.goto("/marac/")
    theirs.get_by_role("link", name="Monthly meeting of Fenwick").click()
    main = theirs.locator("main")
    expect(main).to_contain_text("Sign the confidentiality statement")
    expect(main).not_to_contain_text(name)
    refused = theirs.goto(agenda)
    assert refused is not None
    assert refused.status == 403
    expect(main).not_to_contain_text(name)

    theirs.goto(page)
    theirs.get_by_role("link", name="Sign to open").click()
    theirs.get_by_role("button", name="Sign", exact=True).click()
    expect(main).to_contain_text("Tick the box to sign.")
    theirs.get_by_label("I have read this, and sign it.").check()
    theirs.get_by_role("button", name="Sign", exact=True).click()
    expect(main).to_contain_text("Signed. What this meeting says of cases is open to you.")
    assert Attendance.objects.get().person == person("agency")
    theirs.get_by_role("link", name="Agenda", exact=True).click()
    expect(main).to_contain_text(name)
    assert theirs.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]

    theirs.goto(page)
    theirs.get_by_role("link", name="Answer").first.click()
    theirs.get_by_label("We send apologies").check()
    theirs.get_by_role("button", name="Save the answer").click()
    expect(main).to_contain_text("This is needed.")
    theirs.get_by_label("With apologies").fill("Staff away; M. Osei speaks for us.")
    theirs.get_by_role("button", name="Save the answer").click()
    expect(main).to_contain_text("Staff away; M. Osei speaks for us.")

    outside = as_person("idva")
    for address in (page, agenda, f"{page}sign/"):
        answer = outside.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        expect(outside.locator("main")).not_to_contain_text(name)
    outside.goto("/marac/")
    expect(outside.locator("main")).to_contain_text("No meeting here.")
