"""What she thought: the link is given in a contact, and answered on her own telephone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.models import Survey
from tests.browser.conftest import TELEPHONE, SignIn, Window
from tests.browser.hands import answer, row_of
from tests.factories import victims
from tests.marks import committed
from tests.personas import person, team
from victims.models import Victim
from victims.services import close_case, set_responsible

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """Her case has ended; she may be texted at any hour, and an officer asks her."""
    now = timezone.now()
    team("maru")
    row = victims.victim(at=now - timedelta(days=2))
    set_responsible(
        victim_id=row.pk,
        person=person("officer"),
        actor=person("supervisor"),
        at=now - timedelta(days=2),
    )
    victims.safe_contact(row, at=now - timedelta(days=1), hours="")
    close_case(victim_id=row.pk, reason="Settled", actor=person("supervisor"), at=now)
    return row


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_link_is_given_and_answered(
    victim: Victim, as_person: SignIn, window: Window, javascript: bool
) -> None:
    officer = as_person("officer", javascript=javascript)
    officer.goto("/voice/asked/?whose=mine")
    row_of(officer, victim.reference).get_by_role("link").click()
    officer.locator("main").get_by_text("They want the link", exact=True).click()
    officer.get_by_role("button", name="Record it").click()
    expect(officer.get_by_text("It is shown this once.")).to_be_visible()
    address = officer.locator("#link").inner_text()

    hers = window(size=TELEPHONE, javascript=javascript)
    hers.goto(address)
    expect(hers).to_have_title("A few questions")
    leave = hers.get_by_role("link", name="Leave this page")
    expect(leave).to_be_in_viewport()
    expect(leave).to_have_attribute("href", "https://www.bbc.co.uk/weather")
    assert hers.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]
    for telling in (victim.person.family_name, "police", "Lodestar"):
        expect(hers.locator("body")).not_to_contain_text(telling, ignore_case=True)
    answer(hers, "I was taken seriously.", "Mostly")
    hers.get_by_label("Anything else").fill("Somebody rang when they said.")
    hers.get_by_role("button", name="Send").click()
    expect(hers.get_by_role("heading", name="Thank you")).to_be_visible()
    hers.goto(address)
    expect(hers.get_by_role("heading", name="Thank you")).to_be_visible()
    assert hers.context.cookies() == []

    survey = Survey.objects.get()
    assert (survey.state, list(survey.answers.values())) == ("answered", [4])
    assert survey.words == "Somebody rang when they said."
