"""Judging, agreeing to a lower grade, and settling what was not known."""

from django import forms

from core.forms import RefusableForm
from risk.services.keeping import JUDGED
from risk.services.unknowns import CANNOT

_GRADES = tuple((grade.value, grade.label) for grade in JUDGED)


class JudgeForm(RefusableForm):
    """Somebody's judgement of a victim's risk; `seen` is the grade that the page showed."""

    grade = forms.ChoiceField(
        label="Your judgement",
        choices=_GRADES,
        widget=forms.RadioSelect(attrs={"data-danger": "high"}),
        error_messages={"required": "Judge standard, medium or high."},
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"class": "short"}),
        help_text="What you know and from whom. Counting is not the assessment.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DecideForm(RefusableForm):
    """A supervisor's answer to a lower grade."""

    judgement = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={"required": "Load the page again: it is not said what you decide on."},
    )
    agrees = forms.ChoiceField(
        label="Your decision",
        choices=[("yes", "Agree: the lower grade counts"), ("no", "Do not agree: it stays")],
        widget=forms.RadioSelect,
        error_messages={"required": "Agree, or do not agree."},
    )
    words = forms.CharField(
        label="Why", required=False, widget=forms.Textarea(attrs={"class": "short"})
    )


class FindOutForm(RefusableForm):
    """One unknown answer, settled; on a page with several the topic is the form's prefix."""

    found = forms.ChoiceField(
        label="What was found out",
        choices=[("yes", "Yes"), ("no", "No"), (CANNOT, "Cannot be found out")],
        widget=forms.RadioSelect(attrs={"data-danger": "yes"}),
        error_messages={"required": "Say yes, no, or that it cannot be found out."},
    )
    words = forms.CharField(
        label="How, and from whom", required=False, widget=forms.Textarea(attrs={"class": "short"})
    )
