"""Typed text: what is kept, what is refused, and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.text import clean


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066"])
def test_control_characters_are_refused_at_the_field(character: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean(f"He said{character}no", field="narrative", longest=100)
    assert refusal.value.field == "narrative"


@pytest.mark.parametrize("text", ["O'Neill", "Siobhán", "山田", "a\nb\tc", "👩‍👧 family", "نور"])
def test_every_script_and_line_ends_are_kept(text: str) -> None:
    assert clean(text, field="name", longest=100) == text


def test_five_megabytes_are_refused_with_the_limit() -> None:
    with pytest.raises(InvalidInput, match="100,000"):
        clean("x" * 5_000_000, field="narrative", longest=100_000)


def test_blank_is_refused_only_where_needed() -> None:
    assert clean("  \n ", field="name", longest=10) == ""
    with pytest.raises(InvalidInput):
        clean("  \n ", field="name", longest=10, required=True)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs"]), max_size=50))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, field="x", longest=200)
    assert clean(once, field="x", longest=200) == once


@pytest.mark.parametrize("text", ["\u200b", " \u200b\u2060 ", "\ufeff", "\u200e\u200f", "\u00ad"])
def test_what_nobody_can_see_says_nothing(text: str) -> None:
    assert clean(text, field="words", longest=10) == ""
    with pytest.raises(InvalidInput):
        clean(text, field="words", longest=10, required=True)
