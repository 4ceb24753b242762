"""Who must not receive anything, records opened in an emergency, and what was thought of it."""

from typing import Any

from django import forms

from accounts.models import User
from core.errors import InvalidInput
from core.forms import RefusableForm
from victims import register


def person_named(said: str) -> User:
    """Somebody by their user name, or their name as shown. Raises InvalidInput at `person`."""
    people = User.objects.filter(is_system=False)
    found = list(people.filter(username__iexact=said)[:2])
    found = found or list(people.filter(name__iexact=said)[:2])
    if len(found) != 1:
        raise InvalidInput("There is nobody of this user name.", field="person")
    return found[0]


class WithholdForm(RefusableForm):
    """A person or an agency, and why."""

    person = forms.CharField(
        label="Person",
        required=False,
        max_length=120,
        help_text="User name, or the name as it is shown.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agency = forms.ChoiceField(label="Or a whole agency", required=False)
    reason = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only those who keep this register read it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None")] + [(str(one.pk), one.name) for one in register.agencies()]

    def details(self) -> dict[str, Any]:
        """What `services.withhold` takes. Raises InvalidInput at `person`."""
        who, agency = self.cleaned_data["person"].strip(), self.cleaned_data["agency"]
        return {
            "person_id": person_named(who).pk if who else None,
            "agency_id": int(agency) if agency else None,
            "reason": self.cleaned_data["reason"],
        }


class EndWithholdingForm(RefusableForm):
    reason = forms.CharField(
        label="Why it ends", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class GlassForm(RefusableForm):
    """Which record, and why now: nothing is looked for without a reason."""

    reference = forms.CharField(label="Reference", required=False, max_length=40)
    given_name = forms.CharField(label="Or given name", required=False, max_length=100)
    family_name = forms.CharField(label="Family name", required=False, max_length=100)
    born = forms.DateField(
        label="Birth date",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Why this cannot wait",
        error_messages={"required": "Say why first: nothing is looked for without a reason."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LookedForm(RefusableForm):
    is_right = forms.TypedChoiceField(
        label="Was it right to open it?",
        choices=[("yes", "It was right"), ("no", "It was not right: it closes now")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it was right."},
    )
    words = forms.CharField(
        label="Why you think so", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
