"""Handing over, answering, passing on, and closing a case."""

from collections.abc import Collection
from typing import Any

from django import forms

from accounts.models import User
from core.forms import RefusableForm
from victims.forms.people import PersonField
from victims.models import Duty, Victim
from victims.people import assignees, takers
from victims.services.duties import Held

LONG = forms.Textarea(attrs={"rows": 4})


class HandOverForm(RefusableForm):
    """A duty is offered to somebody, with what they must know."""

    duty = forms.ChoiceField(label="What", widget=forms.RadioSelect)
    to = PersonField(label="To whom", error_messages={"required": "Choose somebody."})
    words = forms.CharField(label="What they must know", max_length=1_000, widget=LONG)
    at_once = forms.BooleanField(
        label="Give it at once, without asking",
        required=False,
        help_text="For those who lead. Otherwise it stays where it is until they take it.",
    )

    def __init__(
        self,
        *args: Any,
        victim: Victim,
        duties: Collection[Duty],
        leads: bool,
        reader: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        duty, to = self.fields["duty"], self.fields["to"]
        assert isinstance(duty, forms.ChoiceField)
        assert isinstance(to, PersonField)
        duty.choices = [(one.value, one.label) for one in Duty if one in duties]
        to.offer(takers(victim), reader)
        if not leads:
            del self.fields["at_once"]


class AnswerForm(RefusableForm):
    """Yes or no to what is offered."""

    takes = forms.ChoiceField(
        label="Your answer",
        choices=[("yes", "I take it"), ("no", "I cannot take it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you take it."},
    )
    words = forms.CharField(
        label="In words",
        max_length=1_000,
        required=False,
        widget=LONG,
        help_text="Needed where you cannot take it.",
    )

    def details(self) -> dict[str, Any]:
        return {"takes": self.cleaned_data["takes"] == "yes", "words": self.cleaned_data["words"]}


class ReasonForm(RefusableForm):
    """One reason in words."""

    reason = forms.CharField(label="Why", max_length=1_000, widget=LONG)


class RowsField(forms.MultipleChoiceField):
    """Any lines that a page can have shown: whether they still hold is the service's matter."""

    def valid_value(self, value: Any) -> bool:
        parts = str(value).split(":")
        return (
            len(parts) == 3
            and parts[1] in Duty.values
            and all(one.isascii() and one.isdigit() and len(one) < 19 for one in parts[::2])
        )


class PassOnForm(RefusableForm):
    """Exactly the duties that are ticked, to somebody."""

    rows = RowsField(
        required=False, error_messages={"invalid_choice": "The list changed. Look at it again."}
    )
    to = PersonField(label="To whom", error_messages={"required": "Choose somebody."})
    words = forms.CharField(label="What they must know", max_length=1_000, widget=LONG)

    def __init__(self, *args: Any, without: User, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, PersonField)
        to.offer(assignees().exclude(pk=without.pk), reader)

    def clean_rows(self) -> list[Held]:
        return [held(one) for one in self.cleaned_data["rows"]]


def held(words: str) -> Held:
    """A ticked line: "victim:duty:holder"."""
    victim_id, duty, holder_id = words.split(":")
    return Held(int(victim_id), duty, int(holder_id))
