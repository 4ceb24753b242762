"""The personal statement: offering it, the answer, and the statement itself."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from victims.models import PersonalStatement

_ANSWERS = [choice for choice in PersonalStatement.Answer.choices if choice[0]]


class OfferForm(RefusableForm):
    about = forms.CharField(
        label="About",
        required=False,
        help_text="An incident or a crime number; empty for everything that was done to them.",
    )


class AnswerForm(RefusableForm):
    """What they answered to the offer."""

    answer = forms.ChoiceField(
        label="Their answer", choices=_ANSWERS, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label="In their words", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class StatementForm(RefusableForm):
    """The statement in their words, and whether it is read out in court."""

    text = forms.CharField(
        label="The statement, in their words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    read_aloud = forms.ChoiceField(
        label="Read out in court",
        choices=[("yes", "Yes"), ("no", "No"), ("", "Not known yet")],
        widget=forms.RadioSelect,
        required=False,
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @classmethod
    def starting_from(cls, row: PersonalStatement) -> "StatementForm":
        aloud = {True: "yes", False: "no", None: ""}[row.wants_read_aloud]
        return cls(initial={"text": row.text, "read_aloud": aloud, "version": row.version})

    def details(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        aloud = {"yes": True, "no": False}.get(said["read_aloud"])
        return {"text": said["text"], "wants_read_aloud": aloud, "version": said["version"]}
