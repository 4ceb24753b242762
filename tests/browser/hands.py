"""What hands do on our pages: answer, type, wait until it is kept."""

import re

from playwright.sync_api import Locator, Page, expect

KEPT = re.compile(r"Kept \d\d:\d\d:\d\d")


def answer(page: Page, question: str | re.Pattern[str], words: str) -> None:
    """Press one answer of a row of answers, as a finger does."""
    group = page.get_by_role("radiogroup", name=question)
    group.locator(".seg__row").get_by_text(words, exact=True).click()


def write(page: Page, label: str, words: str) -> None:
    """Type into the field of the page's main part that has this label."""
    page.locator("main").get_by_label(label).fill(words)


def wait_until_kept(page: Page) -> None:
    """Wait until the page says that what is typed has reached the server."""
    expect(page.locator("[data-autosave-status]")).to_contain_text(KEPT)


def answer_the_rest(page: Page, words: str = "No") -> int:
    """Give this answer wherever none is given among the questions that are shown; how many."""
    count = 0
    for group in page.locator("[data-keys]:visible").all():
        if not group.locator("input:checked").count():
            group.locator(".seg__row").get_by_text(words, exact=True).click()
            count += 1
    return count


def row_of(page: Page, words: str) -> Locator:
    """The row of a list in which these words stand."""
    return page.locator("main tbody tr").filter(has_text=words)
