"""An agency settles an action with evidence, the chair sees it; an officer reads it at a call."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.clock import local
from tests.browser.accessible import look_at
from tests.browser.conftest import Complaints, SignIn
from tests.factories import marac
from tests.factories.incidents import incident
from tests.marks import committed
from tests.personas import person, team
from victims.models import Victim

pytestmark = [pytest.mark.browser, committed]


def test_an_action_from_the_briefing_to_its_evidence(
    as_person: SignIn, complaints: Complaints
) -> None:
    complaints.expect("400 (Bad Request)")
    now = timezone.now()
    called = incident(at=now - timedelta(minutes=10))
    victim = Victim.objects.get(person__family_name="O'Neill")
    heard = marac.heard(
        now - timedelta(days=3), case=marac.case(now - timedelta(days=20), victim=victim)
    )
    due_on = local(now + timedelta(days=9)).date()
    action = marac.action(
        heard,
        team("partner").agency,
        now - timedelta(days=3),
        words="Knock twice; the neighbour at 6 has a key.",
        owner=person("agency"),
        is_for_officers=True,
        due_on=due_on,
        due_at=now + timedelta(days=9),
    )

    # Whoever is sent there reads it before they knock, and what is behind it.
    officer = as_person("officer")
    officer.goto(f"/incidents/{called.reference}/briefing/")
    to_it = officer.locator(f'a[href="/marac/actions/{action.reference}/"]')
    to_it.first.click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Knock twice")
    expect(officer.get_by_role("button", name="Write it down")).to_have_count(0)

    # Housing finds it on its list and says what became of it, with what shows it.
    housing = as_person("agency")
    housing.goto("/marac/actions/")
    assert look_at(housing, housing.url) == []
    housing.get_by_role("link", name=action.reference).click()
    housing.get_by_role("button", name="Write it down").click()
    expect(housing.locator("[data-errors]")).to_contain_text("Say what became of it.")
    housing.get_by_text("Done", exact=True).click()
    housing.get_by_label("Evidence").fill("Agreed with the neighbour; the key is labelled.")
    assert look_at(housing, housing.url) == []
    housing.get_by_role("button", name="Write it down").click()
    expect(housing.get_by_text("It is on record.")).to_be_visible()

    # The chair sees it, and officers are told of it no more.
    chair = as_person("chair")
    chair.goto("/marac/actions/?show=done")
    chair.get_by_role("link", name=action.reference).click()
    expect(
        chair.get_by_text("Agreed with the neighbour; the key is labelled.").first
    ).to_be_visible()
    officer.goto(f"/incidents/{called.reference}/briefing/")
    expect(officer.get_by_role("heading", level=1)).to_be_visible()
    expect(to_it).to_have_count(0)
