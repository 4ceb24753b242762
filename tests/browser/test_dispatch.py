"""A dispatcher sends a car; boards say by themselves who is there, or that they cannot say it.

Boards refresh themselves every fifteen seconds; here every second, so that nobody waits for it.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Area
from incidents.models import Deployment, Incident
from incidents.services import dispatch
from tests.browser.conftest import TELEPHONE, Complaints, SignIn
from tests.browser.hands import row_of
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(transactional_db: None) -> Incident:
    """A call three minutes ago; two officers on duty in a car, and an area with nobody."""
    for username in PEOPLE:
        person(username)
    now = timezone.now()
    duties.on_duty(at=now - 30 * MINUTE, car=duties.unit())
    Area.objects.create(name="Southmere")
    return incident(at=now - 3 * MINUTE)


def every_second(page: Page) -> Page:
    """Let the boards of this window refresh themselves every second."""
    page.route("**/static/js/refresh*.js", _hurried)
    return page


def _hurried(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    script = answer.text()
    assert "Number(board.dataset.refreshEvery) || 15" in script
    script = script.replace("Number(board.dataset.refreshEvery) || 15", "1")
    route.fulfill(response=answer, body=script)  # type: ignore[attr-defined]


def test_a_car_is_sent_and_the_board_says_when_it_is_there(
    as_person: SignIn, call: Incident
) -> None:
    handler = as_person("handler")
    handler.goto(f"/incidents/{call.reference}/")
    handler.get_by_label(re.compile("FE11")).first.check()
    handler.get_by_role("button", name="Send", exact=True).click()
    expect(handler.get_by_text("Sent: PC 2210 T. Hale, PC 3015 L. Moss.")).to_be_visible()

    board = every_second(handler)
    board.goto("/incidents/")
    row = row_of(board, call.reference)
    expect(row).to_contain_text("FE11")
    expect(row).to_contain_text("briefing not read")
    board.evaluate("window.notLoadedAgain = true")

    officer = as_person("officer", size=TELEPHONE)
    officer.goto("/my-incidents/")
    expect(officer.get_by_role("heading", name="On duty in FE11")).to_be_visible()
    officer.get_by_role("link", name=re.compile("Read the briefing")).click()
    expect(row).to_contain_text("briefing read")
    officer.get_by_role("button", name="I have arrived").click()
    expect(row).to_contain_text("arrived")
    expect(row).to_contain_text("in time")
    assert board.evaluate("window.notLoadedAgain") is True
    assert Deployment.objects.filter(incident=call, arrived_at__isnull=False).count() == 1


def test_nobody_available_and_a_filter_half_chosen(
    as_person: SignIn, call: Incident, complaints: Complaints
) -> None:
    complaints.expect("status of 400")  # the car whose crew is in custody
    page = every_second(as_person("handler"))
    page.goto("/resources/")
    page.evaluate("window.notLoadedAgain = true")
    southmere = page.locator("section.card.flush").filter(has_text="Southmere")
    expect(southmere).to_contain_text("Nobody available")
    page.get_by_label("Officer").select_option("supervisor")
    for name in ("officer", "officer_b"):
        duty = person(name).duties.get()
        dispatch.make_unavailable(
            duty_id=duty.pk, actor=person("handler_b"), reason="custody", at=timezone.now()
        )
    fenwick = page.locator("section.card.flush").filter(has_text="Fenwick")
    expect(fenwick).to_contain_text("Nobody available")
    expect(page.get_by_role("link", name=re.compile("Fenwick: nobody available"))).to_be_visible()
    expect(page.get_by_label("Officer")).to_have_value("supervisor")
    assert page.evaluate("window.notLoadedAgain") is True

    page.goto(f"/incidents/{call.reference}/")
    page.get_by_label(re.compile("FE11")).first.check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-errors]")).to_contain_text("PC 2210 T. Hale is not available")
    page.get_by_role("link", name="Nobody is sent").click()
    page.get_by_label("Why nobody is sent").fill("She is safe with her sister until nine.")
    page.get_by_role("button", name="Send nobody").click()
    expect(page.locator("#sent")).to_contain_text("She is safe with her sister")


def test_a_board_that_cannot_be_fetched_says_since_when(
    as_person: SignIn, call: Incident, complaints: Complaints
) -> None:
    complaints.expect("Failed to load resource")
    page = every_second(as_person("inspector"))
    page.clock.install()
    page.goto("/incidents/")
    expect(page.get_by_text(re.compile(r"up to date \d\d:\d\d:\d\d"))).to_be_visible()
    page.route("**/incidents/", lambda route: route.abort())
    page.clock.run_for(3_000)
    warning = page.locator(".warnbar").filter(has_text="Not up to date since")
    expect(warning).to_contain_text("cannot be reached")
    expect(row_of(page, call.reference)).to_be_visible()
    for _ in range(5):
        page.clock.run_for(30_000)
    expect(page.locator(".alertbar").filter(has_text="Not up to date since")).to_be_visible()
    page.unroute("**/incidents/")
    page.clock.run_for(3_000)
    expect(page.get_by_text("Not up to date since")).to_have_count(0)


def test_what_is_selected_or_held_stays(as_person: SignIn, call: Incident) -> None:
    page = every_second(as_person("handler"))
    page.goto("/incidents/")
    page.get_by_role("link", name=call.reference).focus()
    incident(at=timezone.now())
    expect(page.locator("#board tbody tr")).to_have_count(2)
    held = page.evaluate("document.activeElement.textContent")
    assert held == call.reference, "the keyboard stays where it was"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#board tbody td'))")
    incident(at=timezone.now())
    page.wait_for_timeout(2_500)
    expect(page.locator("#board tbody tr")).to_have_count(2)
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#board tbody tr")).to_have_count(3)


def test_without_script_there_is_a_link(as_person: SignIn, call: Incident) -> None:
    page = as_person("handler", javascript=False)
    page.goto("/incidents/?state=open")
    page.get_by_role("link", name="Refresh").click()
    expect(row_of(page, call.reference)).to_be_visible()
    assert page.url.endswith("/incidents/?state=open")
