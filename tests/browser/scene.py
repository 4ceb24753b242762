"""What an officer types on a doorstep: the first response, part by part."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import answer


def unfold(page: Page, title: str) -> Locator:
    """Unfold one part of the form."""
    part = page.locator("details.part").filter(has=page.get_by_role("heading", name=title))
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part


def all_but_the_allegation(page: Page) -> None:
    """Everything else, part by part, as it would be typed on a doorstep."""
    part = unfold(page, "Positive action")
    answer(page, "Positive action", "Support given")
    part.get_by_label("Why", exact=True).fill("Taken apart; both calm.")
    unfold(page, "People and what they said")
    answer(page, "Everybody spoken to apart", "Yes")
    heard = {
        "Siobhán O'Neill": (
            "He gripped my neck.",
            "Red marks.",
            "That he waits for her at the school",
        ),
        "Darren Pike": ("She went for me.", "Scratches on both arms", "Nothing."),
    }
    for name, said in heard.items():
        one = page.locator(".person").filter(has=page.get_by_role("heading", name=name))
        one.get_by_text("Yes", exact=True).click()
        for label, words in zip(
            ("What they said", "Injuries", "What they fear"), said, strict=True
        ):
            one.get_by_label(re.compile(label)).fill(words)
    page.get_by_label("What you saw and heard").fill("A chair lay on the floor.")
    unfold(page, "Children")
    answer(page, "A child lives there or was there", "No")
    part = unfold(page, "Evidence")
    part.get_by_label("Injuries photographed").check()
    answer(page, "Body-worn video on", "Yes")
    part.get_by_label("Exhibit reference").fill("TH/1")
    part = unfold(page, "What the victim wants")
    part.get_by_label("What the victim wants, in their words").fill("I want to sleep.")
    answer(page, re.compile("support a prosecution"), "No")
    expect(part.locator("#prompts")).to_contain_text("Photographs of injuries")
    part.get_by_label("How the case is built").fill("Photographs, video TH/1, the neighbours.")
    part = unfold(page, "Safety")
    part.get_by_label(re.compile("^A working telephone")).check()
    part.get_by_label(re.compile("The plan")).fill("Her sister comes tonight.")
    part = unfold(page, "Crime")
    answer(page, "Was a crime committed?", "No")
    part.get_by_label("Why this was not a crime").fill("To be decided by the investigator.")
