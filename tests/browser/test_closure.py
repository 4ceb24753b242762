"""Closing an incident as two people live it: asked on a telephone, refused, asked again, signed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deadlines.sweep import sweep
from incidents.closing import QUESTIONS
from incidents.models import Closure, Incident
from tests.browser.conftest import TELEPHONE, SignIn
from tests.browser.hands import answer, row_of
from tests.factories import closure as gate
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]

REFUSAL = "Who rings her tomorrow, and by when?"


@pytest.fixture
def ready(transactional_db: None) -> Incident:
    row = gate.ready(at=timezone.now())
    sweep(at=timezone.now())
    return row


def test_asked_refused_answered_again_and_signed(enter: SignIn, ready: Incident) -> None:
    officer = enter("officer", size=TELEPHONE)
    card = officer.locator("section.card").filter(has_text=ready.reference)
    card.get_by_role("link", name=re.compile("Ask for closure")).click()
    answer_everything(officer)
    officer.get_by_role("button", name="Ask for closure").click()
    expect(officer.get_by_text("Waiting for an inspector")).to_be_visible()

    inspector = enter("inspector")
    expect(inspector.get_by_role("heading", level=1)).to_have_text("Closures waiting")
    refuse(inspector, ready)

    officer.goto("/my-incidents/")
    card.get_by_role("link", name=re.compile("Closure refused: Who rings her")).click()
    expect(officer.get_by_text(REFUSAL)).to_be_visible()
    words = officer.locator("#id_contact_words")
    expect(words).to_have_value("A neighbour.")
    expect(officer.locator("#id_injuries_0")).to_be_checked()
    words.fill("D. Marsh of the MARU, by telephone, tomorrow before noon.")
    officer.get_by_role("button", name="Ask for closure").click()
    expect(officer.get_by_text("Waiting for an inspector")).to_be_visible()

    sign(inspector, ready)
    ready.refresh_from_db()
    assert ready.state == "closed"
    assert list(Closure.objects.order_by("pk").values_list("decision", flat=True)) == [
        "refused",
        "signed_off",
    ]
    officer.goto("/my-incidents/")
    expect(card.get_by_text("Nothing waits for you here.")).to_be_visible()


def answer_everything(page: Page) -> None:
    """Yes to every question; words open where the answer needs them."""
    hidden = page.locator("#id_injuries_words")
    expect(hidden).to_be_hidden()
    answer(page, re.compile("injuries"), "No")
    expect(hidden).to_be_visible()
    for question in QUESTIONS:
        answer(page, re.compile(re.escape(question.text)), "Yes")
        if question.always:
            page.locator(f"#id_{question.words_field}").fill("A neighbour.")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE[0]


def refuse(page: Page, row: Incident) -> None:
    """The inspector reads answers, plan and history together, and sends it back with words."""
    row_of(page, row.reference).get_by_role("link").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("A neighbour.")
    expect(main).to_contain_text("Locks changed tonight; sister stays until Sunday.")
    expect(main).to_contain_text("Risk assessment")
    page.locator("main").get_by_label("Your words").fill(REFUSAL)
    answer(page, "Decision", "Refuse")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", name="Refused, not answered yet")).to_be_visible()
    expect(page.get_by_text(REFUSAL)).to_be_visible()


def sign(page: Page, row: Incident) -> None:
    page.goto("/closures/")
    row_of(page, row.reference).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("D. Marsh of the MARU")
    answer(page, "Decision", "Sign off and close")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text(f"{row.reference} is signed off and closed.")).to_be_visible()
    expect(page.get_by_text("No closure waits for you")).to_be_visible()
