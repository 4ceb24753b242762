"""What the answers suggest: every rule at its edge, and what must hold for any answers."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import risk
from core.policy import ForcePolicy
from risk import instruments
from risk.grades import Suggestion, higher, rank, suggest

CONTENT = Path(risk.__file__).parent / "content" / "dash_police_1.json"
READ = instruments.parse("dash_police", 1, "Test", json.loads(CONTENT.read_text("utf-8")))
POLICY = ForcePolicy()

#: Topics that count and suggest nothing by themselves or with their neighbours.
PLAIN = [
    topic.code for topic in READ.topics if not topic.high_because and topic.code not in {"q02"}
]


def answers(*yes: str, **others: str) -> dict[str, Any]:
    given = dict.fromkeys(yes, "yes") | others
    return {code: {"answer": answer} for code, answer in given.items()}


def of(
    given: dict[str, Any], *, escalation: bool = False, policy: ForcePolicy = POLICY
) -> Suggestion:
    return suggest(READ, given, escalation, policy)


@pytest.mark.parametrize(
    ("count", "grade"),
    [(0, "standard"), (9, "standard"), (10, "medium"), (13, "medium"), (14, "high"), (22, "high")],
)
def test_counts_at_their_edges(count: int, grade: str) -> None:
    suggestion = of(answers(*PLAIN[:count]))
    assert (suggestion.grade, suggestion.yes_count) == (grade, count)


def test_the_force_may_set_other_edges() -> None:
    policy = ForcePolicy(medium_from_yes=3, high_from_yes=5)
    grades = [of(answers(*PLAIN[:n]), policy=policy).grade for n in (2, 3, 4, 5)]
    assert grades == ["standard", "medium", "medium", "high"]


@pytest.mark.parametrize(
    ("given", "escalation", "reason"),
    [
        (answers("q18"), False, "strangulation"),
        (answers("q17"), False, "threats to kill"),
        (answers("q02", "q03"), False, "the victim's own view"),
        (answers("q08", "s01", "s05", "s09"), False, "stalking (3 of 11"),
        ({}, True, "3 or more incidents in 12 months"),
    ],
)
def test_high_whatever_the_count(given: dict[str, Any], escalation: bool, reason: str) -> None:
    suggestion = of(given, escalation=escalation)
    assert suggestion.grade == "high"
    assert suggestion.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    "given",
    [
        answers("q02"),
        answers("q03"),
        answers("q08", "s01", "s05"),
        answers("s01", "s02", "s03", "s04"),  # its topic was not answered yes
        answers(q17="dont_know", q18="not_asked"),
        answers("h01", "h02", "h03", "c01"),
    ],
)
def test_not_high_without_all_of_a_rule(given: dict[str, Any]) -> None:
    assert of(given).grade == "standard"


def test_dont_know_counts_nothing_and_is_to_be_found_out() -> None:
    suggestion = of(answers(*PLAIN[:9], q22="dont_know", q27="dont_know"))
    unknown = {READ.by_code[c].number for c in ("q22", "q27")}
    assert suggestion.grade == "standard"
    assert set(suggestion.unknown) == unknown


def test_every_reason_is_given() -> None:
    suggestion = of(answers("q17", "q18", *PLAIN[:14]), escalation=True)
    assert len(suggestion.reasons) == 4


def test_higher_of_two() -> None:
    assert higher("high", "standard") == "high"
    assert higher("", "standard") == "standard"
    assert rank("") < rank("standard") < rank("medium") < rank("high") < rank("very_high")


ANY_ANSWERS = st.dictionaries(
    st.sampled_from(sorted(READ.by_code)),
    st.sampled_from([*instruments.ANSWERS, ""]).map(lambda answer: {"answer": answer}),
)


@given(ANY_ANSWERS, st.sampled_from(sorted(READ.by_code)), st.booleans())
def test_another_yes_never_lowers(given: dict[str, Any], code: str, escalation: bool) -> None:
    before = of(given, escalation=escalation)
    after = of({**given, code: {"answer": "yes"}}, escalation=escalation)
    assert rank(after.grade) >= rank(before.grade)
    assert after.yes_count >= before.yes_count


@given(ANY_ANSWERS, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    given: dict[str, Any], escalation: bool, dice: random.Random
) -> None:
    pairs = list(given.items())
    dice.shuffle(pairs)
    assert of(dict(pairs), escalation=escalation) == of(given, escalation=escalation)


@given(ANY_ANSWERS, st.booleans())
def test_above_standard_there_is_a_reason(given: dict[str, Any], escalation: bool) -> None:
    suggestion = of(given, escalation=escalation)
    assert bool(suggestion.reasons) == (suggestion.grade != "standard")
