"""What an adviser writes down of the work with a client, and the end of it."""

from typing import Any

from django import forms

from core.errors import DomainError
from core.forms import RefusableForm
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising.closing import NotReady
from referrals.services.advising.outcomes import TOPICS
from referrals.services.advising.reviewing import grades_for
from victims.forms.contacts import OnceForm, when_field

_BLANK = [("", "Choose")]


def _words(label: str, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class NeedForm(OnceForm):
    kind = forms.ChoiceField(
        label="About", choices=[*_BLANK, *SupportNeed.Kind.choices], required=False
    )
    words = _words("What they need")


class SettleNeedForm(RefusableForm):
    state = forms.ChoiceField(
        label="What became of it",
        choices=[one for one in SupportNeed.State.choices if one[0] != "open"],
        widget=forms.RadioSelect,
        required=False,
    )
    outcome = _words("In words")


class CourtForm(OnceForm):
    court = forms.ChoiceField(
        label="Court", choices=[*_BLANK, *CourtSupport.Court.choices], required=False
    )
    hearing_at = when_field(
        "Hearing", required=True, help_text="You are reminded a week and a day before."
    )
    about = forms.CharField(label="About", required=False)
    measures = forms.MultipleChoiceField(
        label="What helps them there",
        choices=CourtSupport.Measure,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class SettleCourtForm(RefusableForm):
    state = forms.ChoiceField(
        label="What came of it",
        choices=[one for one in CourtSupport.State.choices if one[0] != "planned"],
        widget=forms.RadioSelect,
        required=False,
    )
    outcome = _words("In words")


class ReviewForm(OnceForm):
    """A look at the risk; `seen` is the grade that stands above the form."""

    would_be = forms.ChoiceField(
        label="How high you see the risk", widget=forms.RadioSelect, required=False
    )
    safety = forms.ChoiceField(
        label="How safe they are",
        choices=CaseReview.Safety,
        widget=forms.RadioSelect,
        required=False,
    )
    feels_safe = forms.TypedChoiceField(
        label="How safe they feel, 1 (not at all) to 5 (wholly)",
        choices=[*[(str(n), str(n)) for n in range(1, 6)], ("", "Not asked")],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    words = _words("What was said, and what you see", 4, help_text="Advisers only.")
    reason = _words(
        "Where the risk is not as graded: why",
        help_text="Stands in the risk record; the police read it. To 300 characters.",
    )
    closing = forms.BooleanField(label="This is the look before closing the case", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, grade: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["would_be"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in grades_for(grade)]


class CloseForm(RefusableForm):
    """Why and with what it ends; `review`, `needs` and `courts` only carry what is missing."""

    because = forms.ChoiceField(
        label="Why it is closed",
        choices=IdvaCase.ClosedBecause,
        widget=forms.RadioSelect,
        required=False,
    )
    words = _words(
        "How it ended", 4, help_text="Whoever sees the victim's record reads this, the police too."
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in TOPICS:
            self.fields[topic.field] = forms.ChoiceField(
                label=topic.label, choices=[*_BLANK, *topic.answers], required=False
            )

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[topic.field] for topic in TOPICS]

    def outcomes(self) -> dict[str, str]:
        return {topic.code: self.cleaned_data[topic.field] for topic in TOPICS}

    def details(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("because", "words", "version")}
        return {**said, "outcomes": self.outcomes()}

    def refuse(self, error: DomainError) -> None:
        """Everything that is missing; what has no input of its own stands above the form."""
        if not isinstance(error, NotReady):
            super().refuse(error)
            return
        for one in error.missing:
            self.add_error(one.field if one.field in self.fields else None, one.words)
