"""The questionnaire that ships, and what a questionnaire must look like."""

import copy
from typing import Any

import pytest

from core.errors import InvalidInput
from risk import instruments
from risk.models import Instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored() -> Instrument:
    return Instrument.objects.get(code=instruments.POLICE, in_use=True)


def test_what_ships_has_27_topics_and_three_sets(stored: Instrument) -> None:
    read = instruments.questionnaire(stored)
    assert [topic.number for topic in read.topics] == [str(n) for n in range(1, 28)]
    sets = {one.code: (len(one.topics), one.opens_when) for one in read.follow_ups}
    assert sets["stalking"] == (11, ("q08",))
    assert sets["honour"] == (10, ("q04", "q20"))
    assert sets["children"][1] == ("q07", "q09", "q10")


def test_what_ships_says_that_it_is_not_the_official_wording(stored: Instrument) -> None:
    assert not stored.is_official_wording
    assert "not the official wording" in instruments.questionnaire(stored).note


def test_strangulation_asks_about_breath_and_voice(stored: Instrument) -> None:
    topic = instruments.questionnaire(stored).by_code["q18"]
    assert topic.high_because == "strangulation"
    for words in ("consciousness", "Voice", "swallowing", "medical help"):
        assert words in topic.prompt


def test_read_once_per_version(stored: Instrument) -> None:
    again = Instrument.objects.get(pk=stored.pk)
    assert instruments.questionnaire(stored) is instruments.questionnaire(again)


def test_sets_open_with_their_topics(stored: Instrument) -> None:
    read = instruments.questionnaire(stored)
    assert read.opened({}) == ()
    assert [s.code for s in read.opened({"q20": {"answer": "yes"}})] == ["honour"]
    assert read.opened({"q20": {"answer": "dont_know"}}) == ()
    assert len(read.asked({"q08": {"answer": "yes"}})) == 27 + 11


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("sections",), [], "sections is empty"),
        (("sections",), "none", "list of objects"),
        (("note",), " ", "note must have words"),
        (("sections", 0, "topics", 0, "code"), "Q 1", "cannot be a topic's code"),
        (("sections", 0, "topics", 0, "code"), "q02", "stands twice"),
        (("sections", 0, "topics", 0, "text"), 7, "text must have words"),
        (("follow_ups", 0, "opens_when"), ["q99"], "q99"),
        (("follow_ups", 0, "opens_when"), [], "list of topic codes"),
        (("follow_ups", 0, "high_from"), 0, "high_from"),
        (("follow_ups", 0, "high_from"), True, "high_from"),
        (("high_together", 0, "topics"), ["s01"], "s01"),
    ],
)
def test_wrong_content_is_refused(
    stored: Instrument, place: tuple[Any, ...], value: Any, words: str
) -> None:
    content = copy.deepcopy(stored.content)
    inner = content
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(InvalidInput, match=words):
        instruments.parse("test", 1, "Test", content)
