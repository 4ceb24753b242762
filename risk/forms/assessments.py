"""The assessment as one form, built from its questionnaire; rules stand in the services."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from core.errors import DomainError
from core.forms import RefusableForm
from risk.answers import Incomplete
from risk.instruments import ANSWERS, SOURCES, Questionnaire, answer_of
from risk.models import Assessment, AssessmentReview
from risk.services.keeping import JUDGED

_ANSWERS = tuple(ANSWERS.items())
_SOURCES = (("", "Who says so"), *SOURCES.items())
_GRADES = tuple((grade.value, grade.label) for grade in JUDGED)


class AssessmentForm(RefusableForm):
    """Three fields for each topic (its answer, words, source), and the judgement."""

    judged_grade = forms.ChoiceField(
        label="Your judgement",
        choices=_GRADES,
        required=False,
        widget=forms.RadioSelect(attrs={"data-danger": "high"}),
    )
    judged_reason = forms.CharField(
        label="Why", required=False, widget=forms.Textarea(attrs={"class": "short"})
    )

    def refuse(self, error: DomainError) -> None:
        """Each missing answer is said at its own topic."""
        if not isinstance(error, Incomplete):
            super().refuse(error)
            return
        for field, words in error.missing.items():
            self.add_error(field if field in self.fields else None, words)

    def __init__(self, read: Questionnaire, *args: Any, words: str, **more: Any) -> None:
        """`words` labels what was said: "In her words, or why it was not asked"."""
        super().__init__(*args, **more)
        self.read = read
        for topic in read.by_code.values():
            name = f"{topic.number} {topic.text}"
            self.fields[topic.code] = forms.ChoiceField(
                label=name,
                choices=_ANSWERS,
                required=False,
                widget=forms.RadioSelect(attrs={"data-danger": "yes"}),
            )
            self.fields[f"{topic.code}_words"] = forms.CharField(
                label=words, required=False, widget=forms.Textarea(attrs={"class": "short"})
            )
            self.fields[f"{topic.code}_source"] = forms.ChoiceField(
                label="Source",
                choices=_SOURCES,
                required=False,
                # Who said so keeps nothing open by itself: see conditional.js.
                widget=forms.Select(attrs={"data-goes-along": ""}),
            )
        self.order_fields([*list(self.fields)[2:], "judged_grade", "judged_reason"])

    def _clean_fields(self) -> None:
        """Nothing is checked here: the service checks, and says what is wrong at which field."""


def typed_answers(data: QueryDict, read: Questionnaire) -> dict[str, dict[str, str]]:
    """The topics that a page sent, as the service takes them; an answer taken back is blank."""
    return {
        code: {
            "answer": data.get(code, ""),
            "words": data.get(f"{code}_words", ""),
            "source": data.get(f"{code}_source", ""),
        }
        for code in read.by_code
        if code in data or f"{code}_words" in data
    }


def unknown_topics(data: QueryDict, read: Questionnaire) -> dict[str, dict[str, str]]:
    """Names in a posted form that look like a topic and are none: for the service to refuse."""
    own = {"csrfmiddlewaretoken", "version", "judged_grade", "judged_reason"}
    names = {name.removesuffix("_words").removesuffix("_source") for name in data}
    return {name: {} for name in names - own if name not in read.by_code}


def initial_of(assessment: Assessment) -> dict[str, str]:
    """What the form shows of an assessment as it stands."""
    initial = {"judged_grade": assessment.judged_grade, "judged_reason": assessment.judged_reason}
    for code, given in _stored(assessment.answers).items():
        initial[code] = answer_of(assessment.answers, code)
        initial[f"{code}_words"] = given.get("words", "")
        initial[f"{code}_source"] = given.get("source", "")
    return initial


def _stored(answers: Mapping[str, Any]) -> Mapping[str, dict[str, str]]:
    return answers


class ReviewForm(RefusableForm):
    """A supervisor's decision."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=AssessmentReview.Decision,
        widget=forms.RadioSelect,
        error_messages={"required": "Accept, return or regrade."},
    )
    grade = forms.ChoiceField(
        label="New grade",
        choices=_GRADES,
        required=False,
        widget=forms.RadioSelect(attrs={"data-danger": "high"}),
    )
    rationale = forms.CharField(
        label="Your words",
        required=False,
        widget=forms.Textarea(attrs={"class": "short"}),
        help_text="Needed to return, to regrade, and to agree with a lower grade than suggested.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class QueueFilter(forms.Form):
    """Which reviews are listed; the address carries it."""

    whose = forms.ChoiceField(choices=[("all", "All teams"), ("team", "My team")], required=False)
    grade = forms.ChoiceField(choices=[("", "Any grade"), *_GRADES], required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices; what no page offers is left out."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
