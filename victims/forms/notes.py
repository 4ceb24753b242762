"""Writing a note, with who may read it; and striking one out."""

from typing import Any

from django import forms

from accounts.models import User
from core.forms import RefusableForm
from victims.forms.contacts import OnceForm
from victims.models import Note
from victims.permissions import note_sides

_WHO = {
    Note.KeptAmong.ADVOCATES.value: "Advisers only. No police officer and nobody of the referral "
    "unit reads it.",
    Note.KeptAmong.POLICE.value: "Police and referral unit only. Advisers do not read it.",
    Note.KeptAmong.EVERYBODY.value: "Everybody who sees this record, police and advisers alike.",
}


class NoteForm(OnceForm):
    """The narrowest circle is chosen, so that any wider one is chosen on purpose."""

    words = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    kept_among = forms.ChoiceField(
        label="Who may read it",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Say who may read this."},
    )

    def __init__(self, *args: Any, writer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = note_sides(writer)
        field = self.fields["kept_among"]
        assert isinstance(field, forms.ChoiceField)
        # A blank value could not be told from nothing chosen: everybody has a word of its own.
        field.choices = [(side or "everybody", _WHO[side]) for side in sides]
        field.initial = sides[0] or "everybody"

    def clean_kept_among(self) -> str:
        """As the model has it; nothing chosen is refused, never taken for everybody."""
        said: str = self.cleaned_data["kept_among"]
        if not said:
            raise forms.ValidationError("Say who may read this.")
        return "" if said == "everybody" else said


class StrikeForm(RefusableForm):
    because = forms.CharField(
        label="Why",
        required=False,
        help_text="A mistake, the wrong person, or more people could read it than should.",
    )
