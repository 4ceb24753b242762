"""What is typed in a meeting: shapes only, the rules are in the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Agency
from core.clock import local
from core.forms import RefusableForm
from marac.live import Seat
from marac.models import HearingLine, Meeting

#: An action is due within a week unless somebody says otherwise.
USUAL_DAYS = 7


class LongSelect(forms.Select):
    """A choice written without a template for each option: the page has hundreds of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """What Django's own template of it writes."""
        widget = self.get_context(name, value, attrs)["widget"]
        groups = format_html_join("", "{}", ([_group(*one)] for one in widget["optgroups"]))
        return format_html(
            '<select name="{}"{}>{}\n</select>', name, flatatt(widget["attrs"]), groups
        )


def _group(label: str | None, options: list[dict[str, Any]], _: int) -> SafeString:
    written = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>',
        ((one["value"], flatatt(one["attrs"]), one["label"]) for one in options),
    )
    if not label:
        return written
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', label, written)


class BeginForm(RefusableForm):
    """A chair begins the meeting, with a reason where the quorum is not there."""

    no_quorum_reason = forms.CharField(
        label="Why it goes on without its quorum",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )


class LineForm(RefusableForm):
    """Something that was said; `key` makes that it is written once."""

    section = forms.ChoiceField(choices=HearingLine.Section.choices, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    corrects_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label="What was said",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        error_messages={"required": "Write what was said."},
    )
    agency_id = forms.TypedChoiceField(
        label="For", coerce=int, empty_value=None, required=False, widget=LongSelect
    )

    def __init__(
        self, *args: Any, agencies: Sequence[Agency] = (), section: str = "", **kwargs: Any
    ) -> None:
        """`agencies`: those that the writer may write for beside their own."""
        self.agencies = agencies
        if section:
            kwargs.setdefault("initial", {})
            kwargs["initial"] = {"section": section, "key": uuid4(), **kwargs["initial"]}
            kwargs.setdefault("auto_id", f"{section}_%s")
        super().__init__(*args, **kwargs)
        choice = self.fields["agency_id"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [("", "your own agency"), *((str(one.pk), one.name) for one in agencies)]
        if not agencies:
            del self.fields["agency_id"]


class ActionForm(RefusableForm):
    """Who does what by when. `who` is an agency, or an agency and one of its people there."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label="Who", widget=LongSelect, error_messages={"required": "Choose who does it."}
    )
    words = forms.CharField(
        label="What",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        error_messages={"required": "Write what is to be done."},
    )
    due_on = forms.DateField(
        label="By",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say by which day."},
    )
    is_for_officers = forms.BooleanField(label="Officers who go there need to know", required=False)

    def __init__(
        self,
        *args: Any,
        seats: Sequence[Seat] = (),
        agencies: Sequence[Agency] = (),
        at: datetime,
        **kwargs: Any,
    ) -> None:
        """`seats`: who is there; `agencies`: those of them that the case may reach."""
        day = (local(at) + timedelta(days=USUAL_DAYS)).date()
        kwargs.setdefault("initial", {"key": uuid4(), "due_on": day})
        kwargs.setdefault("auto_id", "action_%s")
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [("", "Choose"), *_choices(seats, {one.pk for one in agencies})]

    def add_error(self, field: str | None, error: Any) -> None:
        """The service names agency and person apart; here they are chosen together."""
        super().add_error("who" if field in ("agency_id", "owner_id") else field, error)

    def refuse(self, error: Any) -> None:
        if error.field in ("agency_id", "owner_id"):
            self.add_error("who", error.message)
        else:
            super().refuse(error)

    def details(self) -> dict[str, Any]:
        """For `agree_action`."""
        told = dict(self.cleaned_data)
        agency, _, owner = told.pop("who").partition(":")
        return {**told, "agency_id": int(agency), "owner_id": int(owner) if owner else None}


def _choices(seats: Sequence[Seat], allowed: set[int]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            seat.invitation.agency.name,
            [
                (str(seat.invitation.agency_id), f"{seat.invitation.agency.name}: its lead"),
                *(
                    (f"{seat.invitation.agency_id}:{one.person_id}", str(one.person))
                    for one in seat.people
                    if one.speaks_now
                ),
            ],
        )
        for seat in seats
        if seat.invitation.agency_id in allowed
    ]


class StepForm(RefusableForm):
    """A stage to go to, from the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    to = forms.CharField(widget=forms.HiddenInput, required=False)


class DeferForm(RefusableForm):
    """Why a case is put off, and to which meeting."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    words = forms.CharField(
        label="Why it is put off",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why it is put off."},
    )
    to_meeting_id = forms.TypedChoiceField(label="To", coerce=int, empty_value=None, required=False)
    over_capacity_reason = forms.CharField(
        label="Why more cases are heard there than there is room for",
        help_text="Only where that meeting's agenda is out and full.",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, meetings: Sequence[Meeting] = (), **kwargs: Any) -> None:
        """`meetings`: those ahead where it may be heard; none hides the question."""
        super().__init__(*args, **kwargs)
        choice = self.fields["to_meeting_id"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [
            ("", "No meeting yet: it waits for the next agenda"),
            *((str(one.pk), _named(one)) for one in meetings),
        ]
        if not meetings:
            del self.fields["to_meeting_id"], self.fields["over_capacity_reason"]


def _named(meeting: Meeting) -> str:
    there = local(meeting.starts_at)
    return f"{meeting.get_kind_display()}, {there:%a} {there.day} {there:%b, %H:%M}"
