"""The suggested grade: each rule by hand, and the promise that danger never lowers it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy import ForcePolicy
from incidents.grading import (
    IMMEDIATE_RULES,
    NOTED_RULES,
    PRIORITY_RULES,
    Aspect,
    Ground,
    HistoryFacts,
    MarkerFact,
    attend_by,
    grouped,
    ordinal,
    suggest,
)
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


# --- Every rule, one by one -----------------------------------------------------------------------

#: Each rule's words: what it speaks of, the grade it asks for, the answers that alone meet it.
RULES = [
    (
        "perpetrator present, danger now",
        "threat",
        "immediate",
        {"danger": "yes", "whereabouts": "here"},
    ),
    ("danger now", "threat", "immediate", {"danger": "yes", "whereabouts": "left"}),
    (
        "somebody is hurt, perpetrator not known to have left",
        "harm",
        "immediate",
        {"injury": "yes"},
    ),
    ("weapon, perpetrator not known to have left", "threat", "immediate", {"weapon": "yes"}),
    (
        "perpetrator present, threats",
        "threat",
        "immediate",
        {"whereabouts": "here", "threats": "yes"},
    ),
    (
        "perpetrator present, strangulation",
        "harm",
        "immediate",
        {"whereabouts": "here", "strangled": "yes"},
    ),
    (
        "perpetrator present despite an order or bail",
        "threat",
        "immediate",
        {"whereabouts": "here", "orders": "yes"},
    ),
    ("perpetrator present", "threat", "priority", {"whereabouts": "here"}),
    ("somebody is hurt", "harm", "priority", {"injury": "yes", "whereabouts": "left"}),
    ("weapon", "threat", "priority", {"weapon": "yes", "whereabouts": "left"}),
    ("threats", "threat", "priority", {"threats": "yes"}),
    ("strangulation", "harm", "priority", {"strangled": "yes"}),
    ("an order or bail should keep the perpetrator away", "risk", "priority", {"orders": "yes"}),
    ("caller cannot talk safely", "threat", "priority", {"safe_to_talk": "no"}),
    ("children or somebody who needs care in the home", "harm", "priority", {"dependants": "yes"}),
    ("controlling behaviour", "harm", "priority", {"control": "yes"}),
    ("coercive behaviour", "harm", "priority", {"coercion": "yes"}),
    ("pregnancy, new baby or separation", "risk", "routine", {"separation": "yes"}),
    ("drink or drugs", "risk", "routine", {"drink_drugs": "yes"}),
    ("it has happened before", "risk", "priority", {"earlier": "yes"}),
]
DROPPED = [
    ("call dropped before danger was ruled out", "threat", "immediate", {}),
    ("call dropped", "threat", "priority", {"danger": "no"}),
]
MARKERS = [
    ("weapons marker", "priority", "weapons", "person"),
    ("marker: violent to officers", "priority", "violent", "person"),
    ("marker: child at risk", "priority", "child_at_risk", "address"),
    ("marker: self-harm", "priority", "self_harm", "person"),
    ("emergency marker on the address", "immediate", "emergency", "address"),
    (
        "emergency marker on the home of somebody in this call",
        "immediate",
        "emergency",
        "home",
    ),
    ("emergency marker on a person", "immediate", "emergency", "person"),
]


@pytest.mark.parametrize(("words", "aspect", "grade", "answers"), RULES)
def test_a_rule_alone_asks_for_its_grade_and_says_what_it_speaks_of(words, aspect, grade, answers):
    suggestion = suggest(answers, HistoryFacts(), POLICY)

    assert (suggestion.grade, suggestion.grounds[0]) == (grade, Ground(Aspect(aspect), words))


@pytest.mark.parametrize(("words", "aspect", "grade", "answers"), DROPPED)
def test_a_dropped_call_is_a_threat(words, aspect, grade, answers):
    suggestion = suggest(answers, HistoryFacts(), POLICY, call_dropped=True)

    assert (suggestion.grade, suggestion.grounds) == (grade, (Ground(Aspect(aspect), words),))


@pytest.mark.parametrize(("words", "grade", "kind", "on"), MARKERS)
def test_each_marker_asks_for_its_grade_and_speaks_of_risk(words, grade, kind, on):
    known = HistoryFacts(markers=frozenset({MarkerFact(kind, on)}))

    suggestion = suggest({}, known, POLICY)

    assert (suggestion.grade, suggestion.grounds) == (grade, (Ground(Aspect.RISK, words),))


def test_every_rule_is_in_the_tables_above():
    in_tables = {words for words, *_ in RULES + DROPPED} | {words for words, *_ in MARKERS}
    rules = {one.words for one in (*IMMEDIATE_RULES, *PRIORITY_RULES, *NOTED_RULES)}

    assert rules <= in_tables


def test_no_two_rules_share_their_words():
    words = [one.words for one in (*IMMEDIATE_RULES, *PRIORITY_RULES, *NOTED_RULES)]

    assert len(set(words)) == len(words)


@given(answered, histories, st.booleans())
def test_stored_sentences_are_grouped_as_they_were_suggested(answers, history, dropped):
    suggestion = suggest(answers, history, POLICY, call_dropped=dropped)

    assert grouped(suggestion.reasons) == suggestion.grouped
    assert sorted(words for one in suggestion.grouped for words in one.reasons) == sorted(
        suggestion.reasons
    )


def test_reasons_stand_in_the_order_threat_harm_risk():
    answers = {"drink_drugs": "yes", "strangled": "yes", "danger": "yes"}

    suggestion = suggest(answers, HistoryFacts(), POLICY)

    assert suggestion.grounds_by_aspect == {
        "threat": ["danger now"],
        "harm": ["strangulation"],
        "risk": ["drink or drugs"],
    }


def test_a_sentence_that_no_rule_has_any_more_is_kept():
    assert grouped(["a rule of long ago"])[0].reasons == ("a rule of long ago",)


def test_an_appointment_is_its_own_time_and_must_be_agreed_within_the_routine_hours():
    received = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    agreed = received + timedelta(days=3)

    def by(grade, appointment_at=None):
        return attend_by(
            grade, POLICY, rural=True, received_at=received, appointment_at=appointment_at
        )

    assert by("immediate") == received + timedelta(minutes=20)
    assert by("appointment") == received + timedelta(hours=24)
    assert by("appointment", agreed) == agreed
    assert by("priority", agreed) == received + timedelta(minutes=60)
