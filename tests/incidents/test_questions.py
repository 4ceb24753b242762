"""The question set: data that pages, grading and the API share."""

import pytest

from core.errors import InvalidInput
from incidents.forms.calls import CallForm
from incidents.questions import QUESTIONS, checked, in_words

FIELDS = CallForm.base_fields


def test_codes_are_unique_and_every_question_can_be_left_open():
    codes = [question.code for question in QUESTIONS]

    assert len(set(codes)) == len(codes)
    assert checked(dict.fromkeys(codes, "")) == {}
    assert all("dont_know" in dict(question.choices) for question in QUESTIONS)


def test_the_definitions_of_control_and_coercion_stand_beside_their_questions():
    defined = {one.code: one.definition for one in QUESTIONS if one.definition}

    assert set(defined) == {"control", "coercion"}
    assert defined["control"].startswith("Controlling behaviour:")
    assert defined["coercion"].startswith("Coercive behaviour:")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
def test_every_prompt_follows_an_answer_that_there_is_and_says_something(question):
    answers = [prompt.answer for prompt in question.prompts]

    assert set(answers) <= {answer.code for answer in question.answers}
    assert len(set(answers)) == len(answers)
    for prompt in question.prompts:
        assert prompt.ask or prompt.means or prompt.do
        assert not prompt.goes_to or prompt.goes_to == "people" or prompt.goes_to in FIELDS


def test_every_alarming_answer_says_what_comes_next():
    for question in QUESTIONS:
        alarming = {answer.code for answer in question.answers if answer.is_danger}
        assert alarming <= {prompt.answer for prompt in question.prompts}, question.code


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
