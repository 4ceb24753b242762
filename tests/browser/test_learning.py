"""A notice on the telephone: read, failed, read again, passed; and its supervisor sees it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning.models import Attempt, Notice, Reading
from tests.browser.conftest import DESKTOP, TELEPHONE, Complaints, SignIn
from tests.browser.hands import row_of
from tests.factories.learning import published
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def notice(transactional_db: None) -> Notice:
    for username in PEOPLE:
        person(username)
    return published(timezone.now())


def choose(page: Page, *words: str) -> None:
    for one in words:
        page.locator("main").get_by_label(one, exact=True).check()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_failed_once_then_passed(notice: Notice, as_person: SignIn, javascript: bool) -> None:
    page = as_person("handler", size=TELEPHONE, javascript=javascript)
    page.goto("/waiting/")
    page.get_by_role("link", name=re.compile(notice.title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(notice.title)
    assert Reading.objects.filter(user__username="handler").count() == 1
    choose(page, "Yes", "Money", "Friends")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Not passed yet: 1 of 2 right")).to_be_visible()
    expect(page.get_by_text("Control needs no violence at all.")).to_be_visible()
    choose(page, "No", "Money", "Friends")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("You passed")).to_be_visible()
    assert list(
        Attempt.objects.filter(user__username="handler").order_by("number").values_list("passed")
    ) == [(False,), (True,)]
    page.goto("/learning/")
    expect(page.get_by_text("Nothing to do")).to_be_visible()

    leader = as_person("inspector", size=DESKTOP, javascript=javascript)
    leader.goto("/learning/results/")
    expect(row_of(leader, "Fenwick control_room")).to_contain_text("50%")
    leader.get_by_role("link", name="Fenwick control_room").click()
    expect(row_of(leader, "R. Adeyemi")).to_contain_text("at attempt 2")
    expect(row_of(leader, "M. Quill")).to_contain_text("not yet")


def test_written_looked_at_and_published(
    notice: Notice, as_person: SignIn, complaints: Complaints
) -> None:
    """Questions and answers are added without script."""
    complaints.expect("status of 400")
    page = as_person("head", javascript=False)
    page.goto("/learning/written/")
    page.get_by_role("link", name="Write a notice").click()
    main = page.locator("main")
    main.get_by_label("Title").fill("Who rings the victim")
    main.get_by_label("What people must know").fill("One person, named, before the release.")
    main.get_by_label("Response officer").check()
    main.get_by_label("Question", exact=True).fill("Who rings?")
    main.get_by_label("Answer 1").fill("Whoever has time")
    main.get_by_label("Answer 2").fill("The person who was named")
    page.get_by_role("button", name="Add an answer").click()
    main.get_by_label("Answer 4").fill("Nobody")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_text("Mark which answer is right.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    wrong = page.locator("[data-errors]")
    expect(wrong).to_contain_text("Mark which answer is right.")
    expect(wrong).to_contain_text("Say why")
    expect(main.get_by_label("Answer 4")).to_have_value("Nobody")
    main.get_by_label("This is right").nth(1).check()
    main.get_by_label("Why", exact=True).fill("Two who each rely on the other are nobody.")
    page.get_by_role("button", name="Save and look at it").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Everybody it is for has been told")).to_be_visible()
    assert Notice.objects.filter(title="Who rings the victim", published_at__isnull=False).exists()
