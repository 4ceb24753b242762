"""What the forms of this app share: typed text, rows of buttons, refusals shown at their field."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.errors import InvalidInput
from core.text import clean
from incidents.models import Crime, FirstResponse

YesNo = FirstResponse.YesNo

YES_NO = [(YesNo.YES, "Yes"), (YesNo.NO, "No")]
YES_NO_NONE = [*YES_NO, (YesNo.NOT_APPLICABLE, "Does not apply")]
CATEGORIES = [("", "Choose one"), *Crime.Category.choices]


class TypedField(forms.CharField):
    """Text that a person typed, tidied and checked as the services do."""

    def __init__(self, *, longest: int, rows: int = 0, **kwargs: Any) -> None:
        self.longest = longest
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows, "class": "short" * (rows < 4)})
        super().__init__(strip=False, error_messages={"required": "This is needed."}, **kwargs)
        # The service's own words for a control character say what to do about it.
        self.validators = []

    def clean(self, value: Any) -> str:
        try:
            tidy = clean(str(value or ""), field="", longest=self.longest)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error
        return str(super().clean(tidy))


def choice(choices: Iterable[tuple[str, str]], label: str, danger: str = "") -> forms.ChoiceField:
    """An answer of one row of buttons; `danger` names the alarming ones."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        error_messages={"required": "Choose an answer."},
        widget=forms.RadioSelect(attrs={"data-danger": danger} if danger else {}),
    )


class SeveralField(forms.Field):
    """Every value sent under one name, as a tuple."""

    widget = forms.MultipleHiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> tuple[str, ...]:
        return tuple(str(one) for one in value or ())


class SharedFields(dict[str, forms.Field]):
    """Fields that every form of a class uses as they are: nobody changes one for a form of its own.

    Django copies each field with its widget and choices for each form, and a call has as many forms
    as people: that took longer than reading and checking all of it.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


def whole(raw: str) -> int | None:
    """A whole number of at most six figures; none for anything else."""
    raw = raw.strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else None
