"""What changed in a victim's life."""

from django import forms

from victims.forms.contacts import OnceForm, when_field
from victims.models import Circumstance


class CircumstanceForm(OnceForm):
    kind = forms.ChoiceField(
        label="What changed", choices=Circumstance.Kind, widget=forms.RadioSelect, required=False
    )
    happened_at = when_field("When", help_text="As near as they can say.")
    words = forms.CharField(
        label="In your words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Never a new address here: that belongs to the person's record.",
    )
