"""The rules as tables: what may be published, what passes, the order of answers, by when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from learning.due import due_at, end_of, last_day
from learning.forms.writing import acted
from learning.marking import mark, order, passes
from learning.models import MOST_OPTIONS, MOST_QUESTIONS, Question
from learning.results import TeamResult, overdue_words
from learning.services.publishing import missing, without_blanks
from learning.services.writing import Draft, QuestionDraft
from tests.factories.learning import CONTROL

TODAY = date(2026, 11, 23)
GOOD = CONTROL.questions[0]


def with_question(**changes: object) -> Draft:
    return replace(CONTROL, questions=(replace(GOOD, **changes),))


@pytest.mark.parametrize(
    ("draft", "asked", "fields"),
    [
        (CONTROL, 5, []),
        (replace(CONTROL, title=""), 5, ["title"]),
        (replace(CONTROL, body=""), 5, ["body"]),
        (replace(CONTROL, kind="lesson", source=""), 5, ["source"]),
        (replace(CONTROL, kind="definition", source=""), 5, []),
        (replace(CONTROL, roles=()), 0, ["roles"]),
        (CONTROL, 0, ["roles"]),
        (replace(CONTROL, pass_by=TODAY), 5, ["pass_by"]),
        (replace(CONTROL, pass_by=TODAY + timedelta(days=1)), 5, []),
        (replace(CONTROL, questions=()), 5, ["body"]),
        (with_question(text=""), 5, ["q0-text"]),
        (with_question(options=("Yes", ""), right=(0,)), 5, ["q0-text", "q0-text"]),
        (with_question(options=("Yes", "", "No"), right=(2,)), 5, []),
        (with_question(right=()), 5, ["q0-text"]),
        (with_question(options=("Yes", "No", ""), right=(2,)), 5, ["q0-text"]),
        (with_question(right=(0, 1, 2)), 5, ["q0-text"]),
        (with_question(options=("Yes", "Yes", "No")), 5, ["q0-text"]),
        (with_question(why=""), 5, ["q0-why"]),
        (Draft(), 0, ["title", "body", "roles", "body"]),
    ],
)
def test_what_is_missing(draft: Draft, asked: int, fields: list[str]) -> None:
    found = missing(draft, asked=asked, today=TODAY)
    assert [field for field, _ in found] == fields


def test_blank_answers_go_and_the_right_one_follows() -> None:
    one = QuestionDraft("Q", ("", "a", "", "b", "c"), (3, 4), "why")
    assert without_blanks(one) == QuestionDraft("Q", ("a", "b", "c"), (1, 2), "why")


def question(pk: int, right: list[int], options: int = 4) -> Question:
    return Question(pk=pk, text="?", options=[f"o{n}" for n in range(options)], right=right)


@pytest.mark.parametrize(
    ("answers", "right", "passed"),
    [
        ({1: [2], 2: [0, 3]}, 2, True),
        ({1: [2], 2: [3, 0, 3]}, 2, True),
        ({1: [2], 2: [0]}, 1, False),
        ({1: [2], 2: [0, 1, 3]}, 1, False),
        ({1: [1], 2: [0, 3]}, 1, False),
        ({1: [1], 2: []}, 0, False),
        ({}, 0, False),
    ],
)
def test_only_everything_right_passes(
    answers: dict[int, list[int]], right: int, passed: bool
) -> None:
    marked = mark([question(1, [2]), question(2, [0, 3])], answers)
    assert sum(one.is_right for one in marked) == right
    assert passes(marked) is passed


@pytest.mark.parametrize("options", range(2, MOST_OPTIONS + 1))
def test_each_attempt_has_another_order(options: int) -> None:
    one = question(7, [0], options)
    orders = [order(one, user_id=3, number=number) for number in range(1, 40)]
    assert all(sorted(places) == list(range(options)) for places in orders)
    assert all(before != after for before, after in pairwise(orders))
    assert orders == [order(one, user_id=3, number=number) for number in range(1, 40)]


def test_colleagues_do_not_share_an_order() -> None:
    one = question(7, [0], 5)
    assert len({tuple(order(one, user_id=user, number=1)) for user in range(60)}) > 20


PUBLISHED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("owed_since", "pass_by", "due"),
    [
        # Asked at publication: the notice's own day, also where it lies sooner.
        (PUBLISHED, date(2026, 12, 7), date(2026, 12, 7)),
        (PUBLISHED, date(2026, 11, 25), date(2026, 11, 25)),
        # Asked later: as long as anybody has, and never less than the notice gives.
        (PUBLISHED + timedelta(days=3), date(2026, 12, 20), date(2026, 12, 20)),
        (PUBLISHED + timedelta(days=10), date(2026, 12, 7), date(2026, 12, 17)),
        (PUBLISHED + timedelta(days=90), date(2026, 12, 7), date(2027, 3, 7)),
    ],
)
def test_by_when(owed_since: datetime, pass_by: date, due: date) -> None:
    assert due_at(
        pass_by=pass_by, owed_since=owed_since, published_at=PUBLISHED, days=14
    ) == end_of(due)


def test_days_are_local_days() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight on the 2nd in England
    assert last_day(late, 14) == date(2026, 7, 16)
    assert end_of(date(2026, 7, 16)).astimezone(UTC) == datetime(
        2026, 7, 16, 22, 59, 59, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("count", "hours", "words"),
    [
        (0, 50, ""),
        (1, 3, "1 overdue, by less than a day"),
        (1, 30, "1 overdue, by 1 day"),
        (4, 130, "4 overdue, up to 5 days"),
    ],
)
def test_overdue_in_words(count: int, hours: int, words: str) -> None:
    assert overdue_words(count, PUBLISHED - timedelta(hours=hours), PUBLISHED) == words


@pytest.mark.parametrize(
    ("asked", "passed", "percent"), [(0, 0, 0), (3, 1, 33), (3, 3, 100), (200, 199, 99)]
)
def test_a_hundred_per_cent_means_everybody(asked: int, passed: int, percent: int) -> None:
    assert TeamResult(1, "A", 3, asked, passed, passed, 0, None).percent == percent


@pytest.mark.parametrize(
    ("act", "questions", "options", "place"),
    [
        ("save", 2, 3, ""),
        ("add_question", 3, 3, "#question-3"),
        ("add_answer:1", 2, 4, "#question-2"),
        ("add_answer:9", 2, 3, ""),
        ("add_answer:x", 2, 3, ""),
        ("remove_question:0", 1, 3, "#test"),
        ("remove_question:-1", 2, 3, ""),
    ],
)
def test_what_the_buttons_add(act: str, questions: int, options: int, place: str) -> None:
    draft, where = acted(CONTROL, act)
    assert len(draft.questions) == questions
    assert len(draft.questions[-1].options) == options
    assert where == place


def test_a_test_stays_short() -> None:
    full = replace(CONTROL, questions=(GOOD,) * MOST_QUESTIONS)
    assert acted(full, "add_question") == (full, "")
    most = replace(CONTROL, questions=(replace(GOOD, options=("a",) * MOST_OPTIONS),))
    assert acted(most, "add_answer:0") == (most, "")
