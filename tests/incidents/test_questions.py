"""The question set: data that pages, grading and the API share."""

import pytest

from core.errors import InvalidInput
from incidents.questions import QUESTIONS, checked, in_words


def test_codes_are_unique_and_every_question_can_be_left_open():
    codes = [question.code for question in QUESTIONS]

    assert len(set(codes)) == len(codes)
    assert checked(dict.fromkeys(codes, "")) == {}
    assert all("dont_know" in dict(question.choices) for question in QUESTIONS)


def test_the_definitions_of_control_and_coercion_stand_beside_their_questions():
    helps = {question.code: " ".join(question.helps) for question in QUESTIONS}

    assert helps["control"].startswith("Controlling behaviour:")
    assert helps["coercion"].startswith("Coercive behaviour:")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"danger": "maybe"}, "answers.danger"),
        ({"shoes": "yes"}, "answers.shoes"),
        ({"whereabouts": "yes"}, "answers.whereabouts"),
    ],
)
def test_unknown_codes_and_answers_are_refused_at_their_field(answers, field):
    with pytest.raises(InvalidInput) as refused:
        checked(answers)

    assert refused.value.field == field


def test_answers_are_kept_and_read_in_the_order_of_the_set():
    given = checked({"weapon": "dont_know", "danger": "yes"})

    assert list(given) == ["danger", "weapon"]
    assert [answer.words for _, answer in in_words(given)] == ["Yes", "Don't know"]
