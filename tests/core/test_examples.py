"""References shown as examples are nobody's."""

import re
from pathlib import Path

import core

ROOT = Path(core.__file__).parent.parent
EXAMPLE = re.compile(r"\b[A-Z]{1,2}-20\d\d-(\d{6})\b")


def test_an_example_on_a_page_is_the_reference_of_nobody() -> None:
    """Numbers begin with 1: what ends in 000000 can be typed in by mistake and finds nothing."""
    pages = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/forms/**/*.py")]
    shown = {
        (page.relative_to(ROOT).as_posix(), number)
        for page in pages
        for number in EXAMPLE.findall(page.read_text())
    }
    assert shown, "the examples are written in another way by now"
    assert {page for page, number in shown if number != "000000"} == set()
