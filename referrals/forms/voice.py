"""Asking what a victim thought, answering through a link, and the period of the results."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from core.forms import RefusableForm
from referrals.models import Survey
from referrals.services.voice.asking import ANSWERED, DECLINED, LINK, NOT_REACHED, How
from referrals.services.voice.questions import QUESTIONS, SCALE, Question
from victims.forms.contacts import OnceForm, when_field
from victims.models import Contact, SafeContact

_RESULTS = [
    (ANSWERED, "They answered"),
    (LINK, "They want the link"),
    (DECLINED, "They do not want to answer"),
    (NOT_REACHED, "Not reached"),
]
_ENDS = [one for one in Contact.Outcome.choices if one[0] != Contact.Outcome.REACHED.value]


def _scale(question: Question) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=question.words,
        choices=[(str(value), words) for value, words in SCALE],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )


class _Questions(RefusableForm):
    """The five statements of one side, and free words."""

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: Sequence[Question] = QUESTIONS[about]
        for question in self.asked:
            self.fields[question.code] = _scale(question)
        self.fields["said"] = forms.CharField(
            label="Anything else", required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[question.code] for question in self.asked]

    def answers(self) -> dict[str, Any]:
        return {question.code: self.cleaned_data[question.code] for question in self.asked}


class LinkForm(_Questions):
    """What a victim answers by themselves."""

    def details(self) -> dict[str, Any]:
        return {"answers": self.answers(), "words": self.cleaned_data["said"]}


class AskForm(_Questions, OnceForm):
    """One attempt to ask, with the contact in which it was made."""

    way = forms.ChoiceField(
        label="By", choices=Contact.Way, widget=forms.RadioSelect, required=False
    )
    result = forms.ChoiceField(
        label="What came of it", choices=_RESULTS, widget=forms.RadioSelect, required=False
    )
    outcome = forms.ChoiceField(
        label="Not reached: how it ended", choices=[("", "Choose"), *_ENDS], required=False
    )
    words = forms.CharField(
        label="About the contact",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who else was there. Not what they answered.",
    )
    other_way_reason = forms.CharField(
        label="Why another way or hour",
        required=False,
        help_text="Only where this was not the safe way, or not in the safe hours.",
    )
    contacted_at = when_field("When", required=False, help_text="Now, unless you say otherwise.")
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, current: SafeContact | None, about: str) -> "AskForm":
        safe = current.method if current and current.method in Contact.Way.values else ""
        version = current.version if current else 0
        return cls(about=about, initial={"way": safe, "seen": version})

    def know(self, current: SafeContact | None) -> None:
        """After the safe contact was shown anew: what is typed stays, and counts from now on."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data["seen"] = str(current.version if current else 0)
        self.data = data

    def how(self) -> How:
        names = ("way", "outcome", "words", "other_way_reason", "contacted_at", "seen", "key")
        return How(**{name: self.cleaned_data[name] for name in names})


class NotAskedForm(RefusableForm):
    state = forms.ChoiceField(
        label="Why it is not asked",
        choices=[
            (Survey.State.NOT_SAFE.value, "There is no safe way"),
            (Survey.State.NO_ANSWER.value, "They could not be reached"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label="In words", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class PeriodForm(forms.Form):
    """The period of the results; what the address does not know is as if it were not there."""

    since = forms.DateField(
        label="Ended from", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label="to", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    about = forms.ChoiceField(
        label="About", choices=[("", "Both"), *Survey.About.choices], required=False
    )
