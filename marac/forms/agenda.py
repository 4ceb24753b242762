"""Forms of an agenda: listing, taking off, sending, passing on, and being near to a case."""

from typing import Any

from django import forms

from core.clock import local
from core.forms import RefusableForm
from marac.forms.meetings import text
from marac.models import Hearing, MaracCase, Meeting
from marac.services.agenda.listing import LONGEST
from victims.forms.contacts import when_field

LATE = "Why it cannot wait for the next meeting"
OVER = "Why more cases are heard than there is room for"


class FoundForm(forms.Form):
    """Which of the cases that wait are shown."""

    show = forms.CharField(required=False, max_length=20)


class ListForm(RefusableForm):
    """One case for the agenda, by its reference; the reasons only where they are needed."""

    case = forms.CharField(
        label="Case", max_length=16, help_text="Its reference, such as MC-2026-000000."
    )
    late_reason = text(LATE, "It is listed after the cut-off.", longest=LONGEST, required=False)
    over_capacity_reason = text(
        OVER, "Only where the agenda is out and full.", longest=LONGEST, required=False
    )

    def __init__(self, *args: Any, conference_id: int, cases: Any, **kwargs: Any) -> None:
        """`cases`: those that the reader may see."""
        super().__init__(*args, **kwargs)
        self._cases = cases

    def clean_case(self) -> MaracCase:
        reference = self.cleaned_data["case"].strip().upper()
        found: MaracCase | None = self._cases.filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError("There is no such case.")
        return found


class MoveForm(forms.Form):
    """One place up or down, on the agenda that was looked at."""

    hearing = forms.IntegerField(min_value=1)
    by = forms.TypedChoiceField(choices=[("-1", "Up"), ("1", "Down")], coerce=int)
    version = forms.IntegerField(min_value=1)


class WordsForm(RefusableForm):
    """Words for what is done to one case."""

    words = text("Why", longest=LONGEST)


class SendForm(RefusableForm):
    """The agenda goes out; for a weekly call, what is researched."""

    over_capacity_reason = text(OVER, longest=LONGEST, required=False)
    research_for = forms.MultipleChoiceField(
        label="Ask for research",
        help_text="A weekly call asks only where you tick it.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, hearings: list[tuple[int, str]], over: bool, weekly: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ticks = self.fields["research_for"]
        assert isinstance(ticks, forms.MultipleChoiceField)
        ticks.choices = hearings
        if not weekly:
            del self.fields["research_for"]
        if not over:
            del self.fields["over_capacity_reason"]

    def details(self) -> dict[str, Any]:
        return {
            "over_capacity_reason": self.cleaned_data.get("over_capacity_reason", ""),
            "research_for": {int(pk) for pk in self.cleaned_data.get("research_for", ())},
        }


class OverflowForm(RefusableForm):
    """Cases that go to another meeting, or to one that is called for them."""

    EMERGENCY = "emergency"

    hearings = forms.MultipleChoiceField(
        label="Which cases",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one case."},
    )
    to = forms.ChoiceField(
        label="Where to",
        widget=forms.RadioSelect,
        error_messages={"required": "Say which meeting hears them."},
    )
    starts_at = when_field("The emergency meeting begins")
    place = forms.CharField(label="Where, or how to join", required=False, max_length=300)
    words = text("Why", longest=LONGEST)
    late_reason = text(
        LATE, "Where that meeting's cut-off is over.", longest=LONGEST, required=False
    )
    over_capacity_reason = text(
        OVER, "Where that meeting's agenda is out and full.", longest=LONGEST, required=False
    )

    def __init__(
        self, *args: Any, cases: list[tuple[int, str]], meetings: list[Meeting], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].required = False
        hearings, to = self.fields["hearings"], self.fields["to"]
        assert isinstance(hearings, forms.MultipleChoiceField)
        assert isinstance(to, forms.ChoiceField)
        hearings.choices = cases
        to.choices = [
            *((str(one.pk), named(one)) for one in meetings),
            (self.EMERGENCY, "An emergency meeting, called now"),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("to") == self.EMERGENCY:
            for name in ("starts_at", "place"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, "An emergency meeting needs this.")
        return said

    @property
    def calls_one(self) -> bool:
        """Whether an emergency meeting is called for them."""
        return bool(self.cleaned_data["to"] == self.EMERGENCY)

    def details(self) -> dict[str, Any]:
        """For `pass_on_to_emergency`, or for `pass_on_cases`."""
        own = ("starts_at", "place") if self.calls_one else ("late_reason",)
        told = {name: self.cleaned_data[name] for name in (*own, "words", "over_capacity_reason")}
        told["hearing_ids"] = {int(pk) for pk in self.cleaned_data["hearings"]}
        return told if self.calls_one else {**told, "to_meeting_id": int(self.cleaned_data["to"])}


def named(meeting: Meeting) -> str:
    """A meeting in a list of them."""
    there = local(meeting.starts_at)
    return f"{meeting.get_kind_display()}, {there.day} {there:%b %Y, %H:%M} ({meeting.reference})"


def case_named(hearing: Hearing) -> str:
    """A case in a list of them."""
    return f"{hearing.victim.person} ({hearing.case.reference})"
