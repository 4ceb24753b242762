"""What is typed about a conference: shapes only. The rules are in the services."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField

from accounts.models import Agency, Area, User
from core.forms import RefusableForm
from marac.models.conferences import DAYS, WEEKS
from marac.services.meetings.conferences import LONGEST_NAME, MOST_CASES, Details
from marac.services.meetings.rows import LONGEST_PLACE

_PLACE_HINT = "A room, or how to join: number and code."


def day(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=DAYS, coerce=int)


def hour(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text="On the wall clock, in summer and winter.",
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Give a time, as 09:30."},
    )


def room(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_CASES)


def people(permission: str) -> list[tuple[int, str]]:
    """Who may be chosen: those here whose role has a permission of conferences."""
    rows = User.objects.filter(
        is_active=True,
        is_system=False,
        team__isnull=False,
        groups__permissions__codename=permission,
        groups__permissions__content_type__app_label="marac",
    )
    return [(one.pk, str(one)) for one in rows.distinct()]


class ConferenceForm(RefusableForm):
    """Everything that a coordinator keeps of a conference."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    chair = forms.TypedChoiceField(label="Chair", coerce=int)
    coordinator = forms.TypedChoiceField(label="Coordinator", coerce=int)
    weekly_day = day("Weekly call on")
    weekly_at = hour("At")
    weekly_place = forms.CharField(label="Where", max_length=LONGEST_PLACE, help_text=_PLACE_HINT)
    weekly_capacity = room("Room for cases")
    monthly_week = forms.TypedChoiceField(label="Monthly meeting on the", choices=WEEKS, coerce=int)
    monthly_day = day("Day")
    monthly_at = hour("At")
    monthly_place = forms.CharField(label="Where", max_length=LONGEST_PLACE, help_text=_PLACE_HINT)
    monthly_capacity = room("Room for cases")
    quorum = forms.IntegerField(
        label="Quorum",
        min_value=1,
        help_text="So many agencies, those that are needed all among them, may decide.",
    )
    areas = forms.ModelMultipleChoiceField(
        Area.objects.all(),
        label="Areas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where a victim lives decides which conference hears the case.",
    )
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.all(),
        label="Agencies that are invited",
        widget=forms.CheckboxSelectMultiple,
    )
    core = forms.ModelMultipleChoiceField(
        Agency.objects.all(),
        label="Without whom nothing is decided",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, permission in (
            ("chair", "chair_meetings"),
            ("coordinator", "keep_conferences"),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "Choose"), *people(permission)]

    def details(self) -> dict[str, Any]:
        """For the service, but for the version: who opens a conference has read none."""
        said = dict(self.cleaned_data)
        said.pop("version")
        for name in ("areas", "agencies", "core"):
            said[name] = frozenset(one.pk for one in said[name])
        return {"details": Details(**said)}

    @property
    def who(self) -> Iterable[BoundField]:
        return [self[name] for name in ("name", "chair", "coordinator")]

    @property
    def weekly(self) -> Iterable[BoundField]:
        return [self[f"weekly_{name}"] for name in ("day", "at", "capacity", "place")]

    @property
    def monthly(self) -> Iterable[BoundField]:
        names = ("week", "day", "at", "capacity", "place")
        return [self[f"monthly_{name}"] for name in names]

    @property
    def members(self) -> Iterable[BoundField]:
        return [self[name] for name in ("agencies", "core", "quorum")]
