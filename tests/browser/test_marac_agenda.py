"""The coordinator builds and sends an agenda; an agency returns what it is asked; it is seen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.accessible import look_at
from tests.browser.conftest import SignIn
from tests.factories import marac
from tests.marac.agenda_scene import a_case
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


def test_an_agenda_from_the_first_case_to_the_last_answer(as_person: SignIn) -> None:
    now = timezone.now()
    meeting = marac.meeting(now + timedelta(days=20), capacity=1)
    marac.meeting(now + timedelta(days=50))
    marac.attendance(meeting, person("agency"), at=now)
    for name, children in (("Ash", 0), ("Beech", 2)):
        a_case(now, name, children=children)

    coordinator = as_person("coordinator")
    coordinator.goto(f"/marac/meetings/{meeting.reference}/agenda/")
    assert look_at(coordinator, coordinator.url) == []
    coordinator.get_by_role("button", name="List Ada Ash").click()
    coordinator.get_by_role("button", name="List Ada Beech").click()
    coordinator.get_by_role("link", name="Pass them on").click()
    expect(coordinator.get_by_label("Ada Ash")).to_be_checked()
    assert look_at(coordinator, coordinator.url) == []
    coordinator.get_by_label("Why", exact=True).fill("No room")
    coordinator.get_by_role("button", name="Pass them on").click()
    coordinator.get_by_role("link", name="Send the agenda").click()
    coordinator.get_by_role("button", name="Send the agenda").click()
    expect(coordinator.get_by_text("3 of 3 missing")).to_be_visible()

    housing = as_person("agency")
    housing.goto("/marac/research/")
    assert look_at(housing, housing.url) == []
    housing.get_by_role("link", name="Ada Beech").click()
    assert look_at(housing, housing.url) == []
    housing.get_by_label("What your agency knows").fill("Two complaints of noise since June.")
    housing.get_by_role("button", name="Return it").click()
    expect(housing.get_by_text("Nothing is asked of you here.")).to_be_visible()

    coordinator.reload()
    coordinator.get_by_role("link", name="2 research missing").click()
    assert look_at(coordinator, coordinator.url) == []
    coordinator.get_by_role("button", name="Ask again for all 2").click()
    expect(coordinator.get_by_text("2 asked for again.")).to_be_visible()
    coordinator.get_by_role("link", name="returned").click()
    expect(coordinator.get_by_text("Two complaints of noise since June.")).to_be_visible()
