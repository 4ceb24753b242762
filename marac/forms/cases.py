"""What is typed about cases: shapes only, the rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import RefusableForm, VersionedForm
from marac.models import Conference, MaracCase
from marac.services.cases import closing, deciding, proposing
from victims.models import Person

#: What of the list is shown; what is open stands first, what waits for an answer before it.
SHOWN = (
    ("open", "Open"),
    ("proposed", "To be answered"),
    ("to_hear", "To be heard"),
    ("repeats", "Repeats"),
    ("closed", "Closed"),
    ("all", "All"),
)


def _words(label: str, hint: str, *, longest: int, required: bool = True, rows: int = 4) -> Any:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "This is needed."},
    )


class CaseFilter(forms.Form):
    """What of the list is shown; what the address does not know shows what is open."""

    q = forms.CharField(
        label="Name or reference",
        required=False,
        max_length=100,
        widget=forms.SearchInput({"class": "i"}),
    )
    show = forms.ChoiceField(
        label="Show", required=False, choices=SHOWN, widget=forms.Select({"class": "i"})
    )
    conference = forms.ModelChoiceField(
        Conference.objects.all(),
        label="Conference",
        required=False,
        empty_label="Every conference",
        widget=forms.Select({"class": "i"}),
    )


class ProposeForm(RefusableForm):
    """Somebody thinks that the conference should hear a victim's case."""

    perpetrator_id = forms.TypedChoiceField(
        label="Who harms them", coerce=int, empty_value=None, required=False
    )
    words = _words(
        "What the conference is asked to look at",
        "What happened, what is feared, what has been tried.",
        longest=proposing.LONGEST_WORDS,
        rows=6,
    )
    below_reason = _words(
        "Why it should be heard although no criterion is met",
        "Needed only then.",
        longest=proposing.LONGEST_REASON,
        required=False,
    )
    children = forms.IntegerField(
        label="Children in the household, or harmed",
        help_text="Blank: as many as incidents name.",
        required=False,
        min_value=0,
        max_value=proposing.MOST_CHILDREN,
    )

    def __init__(self, *args: Any, people: Sequence[Person] | None, **kwargs: Any) -> None:
        """`people`: who is on record as harming the victim; None where it is not for the reader."""
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["perpetrator_id"]
            return
        field = self.fields["perpetrator_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Not known yet"), *((str(one.pk), str(one)) for one in people)]


class DecideForm(VersionedForm):
    """Whether the conference hears it."""

    accept = forms.TypedChoiceField(
        label="Does the conference hear it?",
        choices=[("yes", "Yes: accept it"), ("no", "No: do not accept it")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the conference hears it."},
    )
    words = _words(
        "In words",
        "Needed where it is not accepted: whoever referred it reads this.",
        longest=deciding.LONGEST_WORDS,
        required=False,
    )


class CloseForm(VersionedForm):
    """Why a case is over."""

    because = forms.ChoiceField(
        label="Why it is closed",
        choices=MaracCase.ClosedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why it is closed."},
    )
    words = _words(
        "In words",
        "Needed but where it was heard, or lapsed.",
        longest=closing.LONGEST_WORDS,
        required=False,
    )


class AboutForm(VersionedForm):
    """What the national return counts; not known is an answer."""

    minority_ethnic = forms.ChoiceField(
        label="From a minority ethnic community",
        choices=MaracCase.Answer.choices,
        widget=forms.RadioSelect,
    )
    lgbt = forms.ChoiceField(
        label="Lesbian, gay, bisexual or transgender",
        choices=MaracCase.Answer.choices,
        widget=forms.RadioSelect,
    )
    disability = forms.ChoiceField(
        label="Disabled", choices=MaracCase.Answer.choices, widget=forms.RadioSelect
    )
    children = forms.IntegerField(
        label="Children in the household, or harmed",
        min_value=0,
        max_value=proposing.MOST_CHILDREN,
    )
