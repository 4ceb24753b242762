"""Setting and ending markers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from core.forms import RefusableForm
from victims.models import Address, Marker, Person


class MarkerForm(RefusableForm):
    """A warning for whoever takes the next call."""

    kind = forms.ChoiceField(label="Marker", choices=Marker.Kind)
    on = forms.ChoiceField(label="On", widget=forms.RadioSelect)
    words = forms.CharField(label="Why, in your words", widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label="In force until the end of",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="A year from now at most; it can be set again.",
    )

    def __init__(self, *args: Any, person: Person, homes: Sequence[Address], **kwargs: Any) -> None:
        """It may be set on the person, and on each of their homes; the first home is offered."""
        super().__init__(*args, **kwargs)
        self.places: dict[str, Person | Address] = {
            **{f"home-{number}": home for number, home in enumerate(homes, 1)},
            "person": person,
        }
        on = self.fields["on"]
        assert isinstance(on, forms.ChoiceField)
        on.choices = [(code, str(place)) for code, place in self.places.items()]
        on.initial = next(iter(self.places))

    def details(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        place = self.places[said.pop("on")]
        return {**said, "person" if isinstance(place, Person) else "address": place}


class ReviewMarkerForm(RefusableForm):
    """What becomes of a marker whose last day comes near; `seen_until` is that day."""

    decision = forms.ChoiceField(
        label="What becomes of it",
        choices=[
            ("renew", "Still needed: renew it"),
            ("let_end", "Let it end on its last day"),
            ("end", "End it now"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Renew it, let it end, or end it now."},
    )
    until = forms.DateField(
        label="Renewed until the end of",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Only where it is renewed; a year from now at most.",
    )
    reason = forms.CharField(
        label="Why", required=False, widget=forms.Textarea(attrs={"class": "short"})
    )
    seen_until = forms.DateField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        if said.get("decision") == "renew" and "until" in said and not said["until"]:
            self.add_error("until", "Say until when it is renewed.")
        return said

    def know(self, until: date) -> None:
        """After a stale edit: what is typed stays, and the last day that is shown is known."""
        self.data = {**self.data.dict(), "seen_until": until.isoformat()}  # type: ignore[attr-defined]


class EndMarkerForm(RefusableForm):
    reason = forms.CharField(label="Why it ends", widget=forms.Textarea(attrs={"rows": 3}))
