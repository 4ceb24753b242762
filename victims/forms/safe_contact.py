"""How a victim can be reached."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from victims.models import SafeContact


class SafeContactForm(RefusableForm):
    """How a victim can be reached without harm."""

    method = forms.ChoiceField(
        label="Safe way", choices=SafeContact.Method, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label="Number, e-mail address or person",
        required=False,
        help_text="For somebody else: their name, who they are, and their number.",
    )
    hours = forms.CharField(label="When", required=False, help_text="09:30-14:30, not weekends")
    code_word = forms.CharField(
        label="Code word", required=False, help_text="Said first, so that both know who it is."
    )
    may_leave_voicemail = forms.BooleanField(label="A message may be left", required=False)
    notes = forms.CharField(
        label="Anything else", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def starting_from(cls, current: SafeContact | None) -> "SafeContactForm":
        """The form with what is on record, to be corrected or confirmed."""
        if current is None:
            return cls(initial={"version": 0})
        recorded = {name: getattr(current, name) for name in cls.base_fields}
        return cls(initial={**recorded, "number": current.number_shown})

    def details(self) -> dict[str, Any]:
        """What the service takes, version included."""
        return dict(self.cleaned_data)

    def know(self, version: int) -> None:
        """After a stale edit: what is typed stays, and sending it again replaces that version."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]
