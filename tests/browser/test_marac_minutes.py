"""The chair approves minutes, the coordinator sends them, housing opens its own copy."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marac.models import MinutesCopy
from tests.browser.accessible import look_at
from tests.browser.conftest import SignIn
from tests.marac.minutes_scene import agency_of, held, there, withhold, words
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]


def test_minutes_from_the_chair_to_each_agency(as_person: SignIn) -> None:
    began = timezone.now() - timedelta(hours=2)
    scene = held(began, [("Siobhán", "O'Neill"), ("Keisha", "Browne")])
    there(scene.meeting, "agency", began)
    withhold(scene.hearings[0], began, agency=agency_of("agency"))
    page = f"/marac/meetings/{scene.meeting.reference}/minutes/"

    chair = as_person("chair")
    chair.goto(page)
    expect(chair.get_by_role("heading", name="2. Keisha Browne")).to_be_visible()
    assert look_at(chair, chair.url) == []
    chair.get_by_role("button", name="Approve the minutes").click()
    expect(chair.get_by_text("Version 1 is approved.")).to_be_visible()

    coordinator = as_person("coordinator")
    coordinator.goto(page)
    coordinator.get_by_role("button", name="Send version 1").click()
    expect(coordinator.get_by_text("each agency may open its own copy")).to_be_visible()

    # What must not reach housing is not in its copy, and leaves no gap in the numbers.
    housing = as_person("agency")
    housing.goto(page)
    expect(housing.get_by_role("heading", name="1. Keisha Browne")).to_be_visible()
    expect(housing.get_by_text("O'Neill")).to_have_count(0)
    assert look_at(housing, housing.url) == []
    file = housing.request.get(f"{page.rstrip('/')}.pdf")
    said = words(file.body())
    assert "Opened by T. Boyle" in said and "Cases in this copy: 1" in said
    assert "O'Neill" not in said and "OFFICIAL-SENSITIVE" in said
    assert MinutesCopy.objects.get(opened_at__isnull=False).agency == agency_of("agency")
