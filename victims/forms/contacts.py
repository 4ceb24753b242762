"""Logging an attempt to reach a victim, and ending what could not be told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.clock import local
from core.errors import DomainError, Stale
from core.forms import RefusableForm
from victims.models import Contact, Note, SafeContact, VictimUpdate
from victims.permissions import note_sides
from victims.services.once import SentAlready

ADVOCATES = Note.KeptAmong.ADVOCATES.value
#: A blank value could not be told from nothing chosen.
EVERYBODY = "everybody"
_WHO_READS = [
    (ADVOCATES, "Advisers only. The police see when it was, by which way and how it ended"),
    (EVERYBODY, "Everybody who sees this record, the police too"),
]
REACHED = Contact.Outcome.REACHED.value
WHEN_FORMATS = ("%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M")


def when_field(label: str, **more: Any) -> forms.DateTimeField:
    """A day and a time on the force's wall clock."""
    return forms.DateTimeField(
        label=label,
        input_formats=WHEN_FORMATS,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=WHEN_FORMATS[0]),
        error_messages={"invalid": "Give a day and a time, as 24/11/2026 14:30."},
        **more,
    )


class OnceForm(RefusableForm):
    """A form with a key of its own: sent twice, it is done once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def answer_to(self, error: DomainError) -> Stale | None:
        """After "sent already": what is typed stays, and sending it again is something new."""
        stale = super().answer_to(error)
        if isinstance(error, SentAlready):
            self.renew()
        return stale

    def renew(self) -> None:
        self.data = _with(self.data, "key", str(uuid4()))


class ContactForm(OnceForm):
    """One attempt; `seen` is the version of the safe contact that stands above the form."""

    way = forms.ChoiceField(
        label="By", choices=Contact.Way, widget=forms.RadioSelect, required=False
    )
    outcome = forms.ChoiceField(
        label="How it ended",
        choices=Contact.Outcome,
        widget=forms.RadioSelect(attrs={"data-danger": "unsafe"}),
        required=False,
    )
    updates = forms.MultipleChoiceField(
        label="What they were told",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Something here is no longer as it was. Look again, then tick it."
        },
    )
    words = forms.CharField(
        label="What was said",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who else was there, what they want, what they fear.",
    )
    kept_among = forms.ChoiceField(
        label="Who reads what was said",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Say who may read this."},
    )
    contacted_at = when_field("When", required=False, help_text="Now, unless you say otherwise.")
    other_way_reason = forms.CharField(
        label="Why another way or hour",
        required=False,
        help_text="Only where this was not the safe way, or not in the safe hours.",
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    #: Everything that the form showed as owed: an attempt that reached nobody counts for all of it.
    owed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, owed: Sequence[VictimUpdate], writer: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field, who = self.fields["updates"], self.fields["kept_among"]
        assert isinstance(field, forms.MultipleChoiceField)
        assert isinstance(who, forms.ChoiceField)
        field.choices = [(_value(row), row.words) for row in owed]
        #: Only an adviser is asked: what they hear is theirs unless they say otherwise.
        self.asks_who_reads = note_sides(writer)[0] == ADVOCATES
        who.choices = _WHO_READS if self.asks_who_reads else []
        who.initial = ADVOCATES

    @classmethod
    def blank(
        cls, current: SafeContact | None, owed: Sequence[VictimUpdate], writer: User
    ) -> "ContactForm":
        """With the safe way chosen, so that any other is chosen on purpose."""
        safe = current.method if current and current.method in Contact.Way.values else ""
        shown = ",".join(map(_value, owed))
        version = current.version if current else 0
        return cls(owed=owed, writer=writer, initial={"way": safe, "seen": version, "owed": shown})

    def clean_kept_among(self) -> str | None:
        """As the service has it; nothing chosen leaves an adviser's words among advisers."""
        said: str = self.cleaned_data["kept_among"]
        return "" if said == EVERYBODY else said or None

    def about(self) -> dict[int, int]:
        """Told, where they were reached; else what was shown: number and version of each."""
        said = self.cleaned_data
        told = said["updates"] if said["outcome"] == REACHED else said["owed"].split(",")
        return _read(told)

    def show(self, owed: Sequence[VictimUpdate]) -> None:
        """After a refusal: what stands in the form from now on is what is owed now."""
        self.data = _with(self.data, "owed", ",".join(map(_value, owed)))

    def know(self, current: SafeContact | None) -> None:
        """After the safe contact was shown anew: what is typed stays, and counts from now on."""
        self.data = _with(self.data, "seen", str(current.version if current else 0))


class NotReachedForm(RefusableForm):
    """What then, where somebody could not be reached."""

    words = forms.CharField(
        label="What then",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who tries on, by which way; what was done for their safety meanwhile.",
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class WhoseForm(forms.Form):
    """Whose of the list to be told; what the address does not know is as if it were not there."""

    whose = forms.ChoiceField(choices=[("mine", ""), ("team", ""), ("all", "")])

    def chosen(self, otherwise: str) -> str:
        return str(self.cleaned_data["whose"]) if self.is_valid() else otherwise


def now_typed(at: datetime) -> str:
    """An instant as the field of day and time holds it."""
    return local(at).strftime(WHEN_FORMATS[0])


def _value(row: VictimUpdate) -> str:
    return f"{row.pk}:{row.version}"


def _read(values: Iterable[str]) -> dict[int, int]:
    """Numbers and versions; what is none is left out, since the service asks for each anyway."""
    found = {}
    for value in values:
        pk, _, version = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 19 for part in (pk, version)):
            found[int(pk)] = int(version)
    return found


def _with(data: Any, name: str, value: str) -> QueryDict:
    """What was sent, with another value of one field."""
    changed = QueryDict(mutable=True)
    for each in data:
        changed.setlist(each, data.getlist(each))
    changed[name] = value
    return changed
