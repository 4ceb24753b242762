"""The suggested grade: each rule by hand, and the promise that danger never lowers it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy import ForcePolicy
from incidents.grading import HistoryFacts, MarkerFact, ordinal, suggest
from incidents.models import ResponseGrade
from incidents.questions import QUESTIONS

POLICY = ForcePolicy()
CALM = {
    "danger": "no",
    "injury": "no",
    "whereabouts": "left",
    "weapon": "no",
    "threats": "no",
    "strangled": "no",
    "dependants": "no",
    "safe_to_talk": "yes",
    "earlier": "no",
    "orders": "no",
    "separation": "no",
    "drink_drugs": "no",
}
EMERGENCY = frozenset({MarkerFact("emergency", "address")})


@pytest.mark.parametrize(
    ("answers", "history", "grade", "reason"),
    [
        ({}, HistoryFacts(), "routine", "no danger told yet"),
        (
            CALM,
            HistoryFacts(),
            "appointment",
            "every danger was asked about and denied; nothing is known from before",
        ),
        (
            {"danger": "yes", "whereabouts": "here"},
            HistoryFacts(),
            "immediate",
            "perpetrator present, danger now",
        ),
        ({"danger": "yes"}, HistoryFacts(), "immediate", "danger now"),
        (
            {"weapon": "yes"},
            HistoryFacts(),
            "immediate",
            "weapon, perpetrator not known to have left",
        ),
        ({"weapon": "yes", "whereabouts": "left"}, HistoryFacts(), "priority", "weapon"),
        ({"injury": "yes", "whereabouts": "left"}, HistoryFacts(), "priority", "somebody is hurt"),
        ({"safe_to_talk": "no"}, HistoryFacts(), "priority", "caller cannot talk safely"),
        ({}, HistoryFacts(markers=EMERGENCY), "immediate", "emergency marker on the address"),
        (CALM, HistoryFacts(markers=EMERGENCY), "immediate", "emergency marker on the address"),
        ({}, HistoryFacts(earlier_in_year=1), "priority", "second incident in 12 months"),
        (
            {},
            HistoryFacts(earlier_in_year=3, last_grade="high"),
            "immediate",
            "fourth incident in 12 months, last graded high",
        ),
        ({}, HistoryFacts(earlier_in_year=100), "priority", "more than 100 incidents in 12 months"),
        ({"threats": "yes"}, HistoryFacts(earlier_in_year=1), "immediate", "threats"),
        (CALM, HistoryFacts(earlier_in_year=1), "priority", "second incident in 12 months"),
    ],
)
def test_each_rule_says_why(answers, history, grade, reason):
    suggestion = suggest(answers, history, POLICY)

    assert suggestion.grade == grade
    assert reason in suggestion.reasons


def test_time_allowed_is_force_policy_and_longer_in_the_country():
    danger = {"danger": "yes"}
    policy = replace(POLICY, immediate_minutes_rural=25)

    assert suggest(danger, HistoryFacts(), policy).allowance == timedelta(minutes=15)
    assert suggest(danger, HistoryFacts(), policy, rural=True).allowance == timedelta(minutes=25)
    assert suggest({}, HistoryFacts(), policy).within == "24 hours"
    assert suggest(CALM, HistoryFacts(), policy).allowance is None


def test_a_dropped_call_is_never_left_to_wait():
    dropped = suggest({}, HistoryFacts(), POLICY, call_dropped=True)
    denied = suggest({"danger": "no"}, HistoryFacts(), POLICY, call_dropped=True)

    assert dropped.grade == "immediate"
    assert denied.grade == "priority"


def test_two_officers_and_three_where_a_weapon_may_be_met():
    violent = HistoryFacts(markers=frozenset({MarkerFact("violent", "person")}))

    assert suggest({}, HistoryFacts(), POLICY).officers == 2
    assert suggest({"weapon": "yes"}, HistoryFacts(), POLICY).officers == 3
    assert suggest({}, violent, POLICY).officers == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "first"), (4, "fourth"), (11, "11th"), (21, "21st"), (33, "33rd"), (111, "111th")],
)
def test_ordinals(number, words):
    assert ordinal(number) == words


answered = st.fixed_dictionaries(
    {}, optional={q.code: st.sampled_from([a.code for a in q.answers]) for q in QUESTIONS}
)
histories = st.builds(
    HistoryFacts,
    earlier_in_year=st.integers(0, 100),
    last_grade=st.sampled_from(["", "standard", "medium", "high", "very_high"]),
    markers=st.frozensets(
        st.builds(
            MarkerFact,
            kind=st.sampled_from(["emergency", "weapons", "violent", "self_harm"]),
            on=st.sampled_from(["address", "person"]),
        ),
        max_size=3,
    ),
)
dangers = st.sampled_from([(q.code, a.code) for q in QUESTIONS for a in q.answers if a.is_danger])


def rank(answers, history, dropped):
    return ResponseGrade(suggest(answers, history, POLICY, call_dropped=dropped).grade).rank


@given(answered, histories, st.booleans(), dangers)
def test_one_more_danger_never_lowers_the_grade(answers, history, dropped, danger):
    code, answer = danger

    assert rank({**answers, code: answer}, history, dropped) >= rank(answers, history, dropped)


@given(answered, histories, st.booleans())
def test_more_known_from_before_never_lowers_the_grade(answers, history, dropped):
    least = rank(answers, history, dropped)
    worse = [
        replace(history, earlier_in_year=history.earlier_in_year + 1),
        replace(history, last_grade="very_high"),
        replace(history, markers=history.markers | EMERGENCY),
    ]

    assert all(rank(answers, one, dropped) >= least for one in worse)
    assert rank(answers, history, True) >= least


@given(answered, histories, st.booleans())
def test_every_suggestion_gives_its_reasons(answers, history, dropped):
    suggestion = suggest(answers, history, POLICY, call_dropped=dropped)

    assert suggestion.reasons
    assert all(suggestion.reasons)
    assert len(set(suggestion.reasons)) == len(suggestion.reasons)
