"""Forms of research: what an agency answers, and what is asked for again."""

from typing import Any

from django import forms

from core.forms import RefusableForm
from core.text import LONGEST_NARRATIVE


class FoundForm(forms.Form):
    """Which requests an agency lists; what the address does not know lists what is to return."""

    show = forms.CharField(required=False, max_length=20)
    meeting = forms.CharField(required=False, max_length=16)


class ReturnForm(RefusableForm):
    """What the agency knows; nothing is an answer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label="What your agency knows",
        help_text="Of these people, and what it does for them. Facts, with their dates.",
        required=False,
        max_length=LONGEST_NARRATIVE,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    nothing_known = forms.BooleanField(label="We know none of them", required=False)

    def details(self) -> dict[str, Any]:
        return self.cleaned_data


class ChaseForm(forms.Form):
    """What is missing, of one agency or of all."""

    agency = forms.IntegerField(required=False, min_value=1)
