"""Setting and ending markers."""

from typing import Any

from django import forms

from victims.forms.refusable import RefusableForm
from victims.models import Marker


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

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = self.fields["on"]
        assert isinstance(on, forms.ChoiceField)
        on.choices = places


class EndMarkerForm(RefusableForm):
    reason = forms.CharField(label="Why it ends", widget=forms.Textarea(attrs={"rows": 3}))
