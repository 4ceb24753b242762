"""The test as its reader sees it: options in the attempt's own order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from core.forms import RefusableForm
from learning import marking
from learning.models import Question


class AnswerForm(RefusableForm):
    """One attempt. Values are places on the page, so that nothing in it tells which is right."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        questions: Sequence[Question],
        user_id: int,
        number: int,
    ) -> None:
        super().__init__(data, initial={"number": number}, auto_id="test_%s")
        self.orders = {
            one.pk: marking.order(one, user_id=user_id, number=number) for one in questions
        }
        for position, one in enumerate(questions, start=1):
            self.fields[f"q{one.pk}"] = self._field(position, one)

    def _field(self, position: int, one: Question) -> forms.Field:
        choices = [
            (str(slot), one.options[place]) for slot, place in enumerate(self.orders[one.pk])
        ]
        label, messages = f"{position}. {one.text}", {"required": "Choose an answer."}
        if len(one.right) == 1:
            return forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages
            )
        return forms.MultipleChoiceField(
            label=label,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text="Choose all that are right.",
            error_messages=messages,
        )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "number"]

    def details(self) -> dict[str, Any]:
        """`answers` has for each question's id the positions chosen, as the question keeps them."""
        found = {}
        for key, order in self.orders.items():
            given = self.cleaned_data[f"q{key}"]
            slots = [given] if isinstance(given, str) else given
            found[key] = [order[int(slot)] for slot in slots]
        return {"number": self.cleaned_data["number"], "answers": found}
