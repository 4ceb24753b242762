"""The conference's rules over facts: pure, so every number is tried."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import months_before
from core.policy import ForcePolicy
from risk.conference import Answered, Criterion, Facts, Heard, Judged, weigh
from tests.conftest import NOON

RULES = ForcePolicy()
CODES = ["yes_answers", "escalation", "judgement", "repeat"]
DAY = timedelta(days=1)


def said(facts: Facts, at: datetime = NOON, rules: ForcePolicy = RULES) -> dict[str, Criterion]:
    return {row.code: row for row in weigh(facts, at, rules)}


def met(facts: Facts, at: datetime = NOON, rules: ForcePolicy = RULES) -> set[str]:
    return {code for code, row in said(facts, at, rules).items() if row.is_met}


@pytest.mark.parametrize(
    ("counts", "number", "is_met"),
    [
        ((), 0, False),
        ((13,), 13, False),
        ((14,), 14, True),
        ((3, 14), 14, True),
        ((7, 7), 7, False),
    ],
)
def test_visible_high_risk_is_the_most_of_one_assessment(
    counts: tuple[int, ...], number: int, is_met: bool
) -> None:
    row = said(Facts(answered=tuple(Answered(count, NOON) for count in counts)))["yes_answers"]
    assert (row.number, row.needs, row.is_met) == (number, 14, is_met)


def test_an_agencys_own_count_says_whose_it_is() -> None:
    row = said(Facts(answered=(Answered(15, NOON, "Fenwick Housing"),)))["yes_answers"]
    assert row.words == (
        "15 yes answers by Fenwick Housing on 23 Nov 2026 (the conference's from 14)"
    )


@pytest.mark.parametrize(("incidents", "is_met"), [(0, False), (2, False), (3, True), (9, True)])
def test_escalation(incidents: int, is_met: bool) -> None:
    row = said(Facts(incidents=incidents))["escalation"]
    assert (row.number, row.needs, row.is_met) == (incidents, 3, is_met)


def test_judgement_names_the_last_who_judged() -> None:
    judged = (Judged(NOON - DAY, "A. One"), Judged(NOON, "B. Two"))
    row = said(Facts(judged=judged))["judgement"]
    assert (row.is_met, row.number, row.words) == (True, 2, "judged high by B. Two on 23 Nov 2026")


YEAR_AGO = months_before(NOON, 12)


@pytest.mark.parametrize(
    ("heard", "known", "is_met"),
    [
        pytest.param(NOON - 30 * DAY, [], False, id="nothing since"),
        pytest.param(NOON - 30 * DAY, [NOON - DAY], True, id="soon after"),
        pytest.param(NOON - 30 * DAY, [NOON - 31 * DAY], False, id="before it was heard"),
        pytest.param(NOON - 30 * DAY, [NOON - 30 * DAY], False, id="the instant it was heard"),
        pytest.param(NOON - 30 * DAY, [NOON + DAY], False, id="not yet"),
        pytest.param(YEAR_AGO, [NOON], True, id="twelve months to the minute"),
        pytest.param(
            YEAR_AGO, [NOON - timedelta(minutes=1)], True, id="a minute less than twelve months"
        ),
        pytest.param(YEAR_AGO - timedelta(minutes=1), [NOON], False, id="a minute more"),
        pytest.param(
            NOON - 420 * DAY, [NOON - 100 * DAY, NOON - DAY], False, id="the newest comes too late"
        ),
        pytest.param(
            NOON - 380 * DAY, [NOON - 20 * DAY], True, id="it happened within, and is logged later"
        ),
    ],
)
def test_a_repeat(heard: datetime, known: list[datetime], is_met: bool) -> None:
    assert ("repeat" in met(Facts(heard=Heard(heard, tuple(known))))) is is_met


def test_an_abuse_long_ago_is_no_news_of_a_repeat() -> None:
    facts = Facts(heard=Heard(NOON - 30 * DAY, (NOON - DAY,)))
    assert "repeat" in met(facts, NOON + 300 * DAY)
    assert "repeat" not in met(facts, NOON + 366 * DAY)


def test_the_months_are_the_forces() -> None:
    facts = Facts(heard=Heard(NOON - 100 * DAY, (NOON,)))
    assert "repeat" in met(facts)
    assert "repeat" not in met(facts, rules=ForcePolicy(marac_repeat_months=3))


#: Two cores for everybody: how long values take to draw says nothing.
TABLES = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)

instants = st.integers(min_value=-900, max_value=30).map(lambda days: NOON + days * DAY)
facts_known = st.builds(
    Facts,
    answered=st.lists(st.builds(Answered, st.integers(0, 27), instants), max_size=4).map(tuple),
    incidents=st.integers(0, 9),
    judged=st.lists(st.builds(Judged, instants, st.just("A. One")), max_size=3).map(tuple),
    heard=st.none() | st.builds(Heard, instants, st.lists(instants, max_size=4).map(tuple)),
)


@TABLES
@given(facts_known)
def test_all_four_always_answer_in_one_order(facts: Facts) -> None:
    rows = weigh(facts, NOON, RULES)
    assert [row.code for row in rows] == CODES
    for row in rows:
        assert row.words
        assert row.number >= 0
        if row.code != "repeat":
            assert row.is_met == (row.number >= row.needs)
        elif row.is_met:
            assert row.number >= row.needs


@TABLES
@given(facts_known, st.integers(0, 27))
def test_a_further_assessment_or_judgement_takes_nothing_away(facts: Facts, count: int) -> None:
    more = Facts(
        answered=(*facts.answered, Answered(count, NOON)),
        incidents=facts.incidents + 1,
        judged=(*facts.judged, Judged(NOON, "B. Two")),
        heard=facts.heard,
    )
    assert met(facts) <= met(more)


@TABLES
@given(instants, st.lists(instants, min_size=1, max_size=5))
def test_a_repeat_is_after_a_hearing_and_within_the_months(
    heard: datetime, known: list[datetime]
) -> None:
    if "repeat" in met(Facts(heard=Heard(heard, tuple(known)))):
        newest = max(one for one in known if one <= NOON)
        assert heard < newest
        assert months_before(newest, 12) <= heard
    # Whatever the score: the rule looks at nothing else.
    alone = Facts(heard=Heard(heard, tuple(known)))
    full = Facts((Answered(27, NOON),), 9, (Judged(NOON, "A. One"),), alone.heard)
    assert said(alone)["repeat"] == said(full)["repeat"]
