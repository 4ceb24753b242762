"""What is typed about actions: shapes only, the rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Agency, User
from core.forms import VersionedForm
from incidents.forms.people import BIRTH_FORMATS
from marac.models import Conference, MaracAction
from marac.services.actions.rows import LONGEST_EVIDENCE, LONGEST_REASON

#: What of the list is shown; what is open stands first, since it is what is to be done.
SHOWN = (
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("done", "Done"),
    ("not_done", "Not done"),
    ("overtaken", "Overtaken by events"),
    ("all", "All"),
)


class SettleForm(VersionedForm):
    """What became of it."""

    state = forms.ChoiceField(
        label="What became of it",
        choices=[one for one in MaracAction.State.choices if one[0] != MaracAction.State.OPEN],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what became of it."},
    )
    evidence = forms.CharField(
        label="Evidence",
        help_text="What shows that it was done; why it was not; what overtook it.",
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "This is needed."},
    )


class PassForm(VersionedForm):
    """Who of the agency does it from now on."""

    owner_id = forms.TypedChoiceField(
        label="Who does it", coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        """`people`: those of the agency who can have it."""
        super().__init__(*args, **kwargs)
        field = self.fields["owner_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            ("", "Whoever leads the team"),
            *((str(one.pk), f"{one}, {one.team}") for one in people),
        ]


class ReopenForm(VersionedForm):
    """It is to be done after all."""

    reason = forms.CharField(
        label="Why it is open again",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "This is needed."},
    )
    due_on = forms.DateField(
        label="By when",
        required=False,
        input_formats=BIRTH_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Blank: its day stays.",
        error_messages={"invalid": "Give a day, as 24/11/2027."},
    )


class ActionFilter(forms.Form):
    """What of the list is shown; what the address does not know shows what is open."""

    q = forms.CharField(
        label="Reference or words",
        required=False,
        max_length=100,
        widget=forms.SearchInput({"class": "i"}),
    )
    show = forms.ChoiceField(
        label="Show", required=False, choices=SHOWN, widget=forms.Select({"class": "i"})
    )
    mine = forms.BooleanField(label="Mine only", required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.all(),
        label="Agency",
        required=False,
        empty_label="Every agency",
        widget=forms.Select({"class": "i"}),
    )
    conference = forms.ModelChoiceField(
        Conference.objects.all(),
        label="Conference",
        required=False,
        empty_label="Every conference",
        widget=forms.Select({"class": "i"}),
    )
