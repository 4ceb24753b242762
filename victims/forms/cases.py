"""Closing a case and opening it again."""

from django import forms

from core.forms import RefusableForm


class CaseForm(RefusableForm):
    """What is done, and why."""

    do = forms.ChoiceField(choices=[("close", "Close"), ("open", "Open")], widget=forms.HiddenInput)
    reason = forms.CharField(label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
