"""What is typed about meetings: shapes only. The rules, and their words, are in the services."""

from typing import Any

from django import forms

from accounts.models import Agency, User
from core.forms import RefusableForm
from marac.models import Conference, Meeting
from marac.permissions import can_attend
from marac.services.meetings.attending import LONGEST_BECAUSE
from marac.services.meetings.rows import LONGEST_PLACE, LONGEST_WORDS
from marac.statement import CURRENT
from victims.forms.contacts import when_field

ANSWERS = [("yes", "We come"), ("no", "We send apologies")]


def text(label: str, hint: str = "", *, longest: int, required: bool = True) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
    )


class SignForm(RefusableForm):
    """Signing the statement whose number it carries."""

    statement = forms.IntegerField(widget=forms.HiddenInput, initial=CURRENT.number)
    agreed = forms.BooleanField(
        label="I have read this, and sign it.",
        error_messages={"required": "Tick the box to sign."},
    )


class AnswerForm(RefusableForm):
    """An agency's answer to its invitation."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", empty_label="Choose")
    coming = forms.ChoiceField(
        label="Answer",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you come."},
    )
    apologies = text(
        "With apologies",
        "Why, and who was asked to speak for you. What you know of a case goes with its research.",
        longest=LONGEST_WORDS,
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, own: int | None, **kwargs: Any) -> None:
        """`own`: the only agency that the reader answers for; None where they keep them all."""
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        invited = Agency.objects.filter(invitations__meeting=meeting).order_by("name")
        agency.queryset = invited if own is None else invited.filter(pk=own)
        if own is not None:
            agency.widget = forms.HiddenInput()
            agency.initial = own

    def details(self) -> dict[str, Any]:
        """For the service."""
        return {
            "agency_id": self.cleaned_data["agency"].pk,
            "coming": self.cleaned_data["coming"] == "yes",
            "apologies": self.cleaned_data["apologies"],
        }


class ObserverForm(RefusableForm):
    """Somebody who listens and learns, by their user name."""

    person = forms.CharField(
        label="Who", max_length=60, help_text="Their user name, as they sign in."
    )
    because = text(
        "Why, and who asked for it",
        "They sign the statement too. They write nothing and are given no action.",
        longest=LONGEST_BECAUSE,
    )

    def clean_person(self) -> int:
        username = self.cleaned_data["person"].strip()
        found = User.objects.filter(username=username, is_active=True, is_system=False).first()
        if found is None:
            raise forms.ValidationError("Nobody here has this user name.")
        if not can_attend(found):
            raise forms.ValidationError(f"{found}'s role does not come to meetings.")
        return found.pk

    def details(self) -> dict[str, Any]:
        return {
            "person_id": self.cleaned_data["person"],
            "because": self.cleaned_data["because"],
        }


class MoveForm(RefusableForm):
    """Another day, time or place."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_at = when_field("Begins")
    place = forms.CharField(label="Where, or how to join", max_length=LONGEST_PLACE)
    reason = text("Why", "Everybody invited is told.", longest=LONGEST_WORDS)


class CancelForm(RefusableForm):
    """It does not take place."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = text(
        "Why it is cancelled",
        "Everybody invited is told. Its cases come off the agenda and wait for another meeting.",
        longest=LONGEST_WORDS,
    )


class EmergencyForm(RefusableForm):
    """A meeting at any hour."""

    conference = forms.ModelChoiceField(
        Conference.objects.none(), label="Conference", empty_label="Choose"
    )
    starts_at = when_field("Begins")
    place = forms.CharField(label="Where, or how to join", max_length=LONGEST_PLACE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conference = self.fields["conference"]
        assert isinstance(conference, forms.ModelChoiceField)
        conference.queryset = Conference.objects.running()

    def details(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["conference_id"] = said.pop("conference").pk
        return said


class FoundForm(forms.Form):
    """Which meetings are listed; what the address does not know lists those ahead."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Ahead"), ("past", "Over"), ("cancelled", "Cancelled")],
    )
    conference = forms.ModelChoiceField(
        Conference.objects.all(), label="Conference", required=False, empty_label="All"
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All"), *Meeting.Kind.choices]
    )
