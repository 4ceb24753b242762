"""Asking for closure, and deciding about it. The rules are the services' own."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.errors import DomainError
from core.forms import RefusableForm
from incidents import closing
from incidents.closing import NO, QUESTIONS, Answers, Given, Question
from incidents.forms.fields import TypedField, choice
from incidents.models import Closure, Incident
from incidents.services.closure import NotReady, officers_to_answer
from incidents.services.closure.gate import LONGEST_REASON, LONGEST_WORDS


class ClosureForm(RefusableForm):
    """Every question with its words; who answered, where the person asking was not there."""

    def __init__(self, *args: Any, incident: Incident, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = officers_to_answer(incident)
        if there and reader not in there:
            self.fields["answered_by"] = _officer("Whose answers these are", there)
        self.there = {str(officer.pk): officer for officer in there}
        for question in QUESTIONS:
            self.fields[question.code] = choice(question.answers, question.text, NO)
            self.fields[question.words_field] = TypedField(
                label=question.words, longest=closing.LONGEST_WORDS, rows=2, required=False
            )
        if not incident.non_crime_reason and not incident.crimes.exists():
            self.fields["non_crime_reason"] = TypedField(
                label="Why this was not a crime", longest=LONGEST_REASON
            )

    def clean(self) -> dict[str, Any]:
        for field, sentence in closing.missing(self.given()).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return self.cleaned_data

    def given(self) -> Answers:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return {
            question.code: Given(
                answer=data.get(question.code) or "", words=data.get(question.words_field) or ""
            )
            for question in QUESTIONS
        }

    def details(self) -> dict[str, Any]:
        """What request_closure takes."""
        return {
            "answers": self.given(),
            "answered_by": self.there.get(self.cleaned_data.get("answered_by", "")),
            "non_crime_reason": self.cleaned_data.get("non_crime_reason", ""),
        }

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each question with its two fields, and which answers want words."""
        return [
            {
                "question": question,
                "answer": self[question.code],
                "words": self[question.words_field],
                "opens_when": _opens_when(question),
            }
            for question in QUESTIONS
        ]

    def refuse(self, error: DomainError) -> None:
        """What is missing on record stands in a list of its own on the page, with links."""
        if isinstance(error, NotReady):
            self.add_error(None, "This incident cannot be closed yet: see what is missing.")
        else:
            super().refuse(error)


def _officer(label: str, officers: list[User]) -> forms.ChoiceField:
    choices = [(str(officer.pk), str(officer)) for officer in officers]
    return forms.ChoiceField(
        label=label,
        choices=choices if len(choices) == 1 else [("", "Choose one"), *choices],
        error_messages={"required": "Say which officer gave these answers."},
    )


def _opens_when(question: Question) -> str:
    """For conditional.js: words are asked for where the answer needs them."""
    wanted = [code for code, _ in question.answers if question.needs_words(code)]
    return f"{question.code}={'|'.join(wanted)}"


def initial_of(earlier: Closure | None) -> dict[str, Any]:
    """The answers of an earlier request, so that only what was wrong is typed again."""
    if earlier is None:
        return {}
    values: dict[str, Any] = {"non_crime_reason": earlier.non_crime_reason}
    for question in QUESTIONS:
        given = earlier.answers.get(question.code, {})
        values[question.code] = given.get("answer", "")
        values[question.words_field] = given.get("words", "")
    return values | {"answered_by": str(earlier.answered_by_id)}


class DecisionForm(RefusableForm):
    """An inspector's decision on the request, and on the state of the incident, that they read."""

    closure = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = choice(
        [
            (Closure.Decision.SIGNED_OFF, "Sign off and close"),
            (Closure.Decision.REFUSED, "Refuse"),
        ],
        "Decision",
        Closure.Decision.REFUSED,
    )
    words = TypedField(
        label="Your words",
        longest=LONGEST_WORDS,
        rows=4,
        required=False,
        help_text="Needed to refuse: the officer reads them at once.",
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        is_refusal = data.get("decision") == Closure.Decision.REFUSED
        if is_refusal and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "Say what is missing: the officer must know.")
        return data

    def read_again(self, read: dict[str, int]) -> "DecisionForm":
        """Keep what was typed; the next press is about what the page shows now."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data.update({name: str(value) for name, value in read.items()})
        self.data = data
        return self

    def refuse(self, error: DomainError) -> None:
        if isinstance(error, NotReady):
            self.add_error(None, "This cannot be signed off now: see what is missing.")
        else:
            super().refuse(error)
