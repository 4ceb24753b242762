"""Looking again: what came of it, and which are listed."""

from django import forms

from core.forms import RefusableForm
from core.trigger_rules import Trigger
from risk.models import Reassessment
from risk.services.keeping import JUDGED
from risk.services.reassessing import CONCLUDED

_GRADES = tuple((grade.value, grade.label) for grade in JUDGED)
_OUTCOMES = {
    Reassessment.Outcome.KEPT: "Grade kept",
    Reassessment.Outcome.RAISED: "Raised: counts at once",
    Reassessment.Outcome.LOWERED: "Lowered: a supervisor must agree",
}


class ConcludeForm(RefusableForm):
    """What somebody concludes; `version` is the one that the page showed."""

    outcome = forms.ChoiceField(
        label="What came of it",
        choices=[(outcome.value, _OUTCOMES[outcome]) for outcome in CONCLUDED],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the grade is kept, raised or lowered."},
    )
    grade = forms.ChoiceField(
        label="The grade, if not kept",
        choices=_GRADES,
        required=False,
        widget=forms.RadioSelect(attrs={"data-danger": "high"}),
    )
    words = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"class": "short"}),
        help_text="What you know now, from whom, and what it means for each reason above.",
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={"required": "Load the page again: it is not said what you have read."},
    )


class TakeOverForm(forms.Form):
    """Whose it was on the page; blank while only a team had it."""

    seen_owner = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)


class ReassessFilter(forms.Form):
    """Which reassessments are listed; the address carries it."""

    whose = forms.ChoiceField(
        choices=[("mine", "Mine"), ("team", "My team's"), ("all", "All")], required=False
    )
    trigger = forms.ChoiceField(
        label="Because of",
        choices=[
            ("", "Any reason"),
            *((trigger.value, trigger.words.capitalize()) for trigger in Trigger),
        ],
        required=False,
        widget=forms.Select(attrs={"class": "i"}),
    )

    def chosen(self) -> dict[str, str]:
        """The valid choices; what no page offers is left out."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
