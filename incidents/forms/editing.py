"""Forms of what is added to an incident later: corrections, links, news."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from core.forms import RefusableForm
from incidents.forms.fields import TypedField
from incidents.models import Incident
from incidents.services.calls import CORRECTABLE
from incidents.services.editing.linking import LONGEST_WORDS
from incidents.versions import (
    ANEW,
    CHOICES,
    THEIRS,
    Differing,
    differing,
    fingerprint,
    preselected,
)

#: Field to label and height of its box; the order of the page.
SHOWN: dict[str, tuple[str, int]] = {
    "narrative": ("What is happening", 6),
    "verbatim": ("The very words", 3),
    "background": ("Heard behind them", 2),
    "caller_name": ("Caller's name", 0),
    "source_detail": ("Which agency, counter, website or officer", 0),
    "safe_callback": ("Safe call-back", 0),
    "language": ("Language", 0),
    "communication_needs": ("Help to be understood", 0),
}


class EditForm(RefusableForm):
    """The texts of a call. After a stale save it also holds the choice between two versions."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    #: Names of the fields between whose versions a choice was asked for.
    asked = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, rows) in SHOWN.items():
            longest = CORRECTABLE[name]
            needed = name == "narrative"
            self.fields[name] = TypedField(label=label, longest=longest, rows=rows, required=needed)
            self.fields[f"{name}_read"] = forms.CharField(
                required=False, max_length=16, widget=forms.HiddenInput
            )
            self.fields[f"{name}_stays"] = forms.ChoiceField(required=False, choices=CHOICES)
            self.fields[f"{name}_anew"] = TypedField(
                label=label, longest=longest, rows=rows, required=False
            )

    @classmethod
    def of(cls, incident: Incident) -> "EditForm":
        """The texts as they stand."""
        texts = texts_of(incident)
        read = {f"{name}_read": fingerprint(text) for name, text in texts.items()}
        return cls(initial={"version": incident.version, **texts, **read})

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in SHOWN]

    @property
    def as_read(self) -> list[forms.BoundField]:
        return [self[f"{name}_read"] for name in SHOWN]

    @property
    def is_choosing(self) -> bool:
        """Sent from the page with both versions."""
        return bool(self.data.get("asked"))

    def clean(self) -> dict[str, Any]:
        for name in str(self.cleaned_data.get("asked") or "").split():
            if name in SHOWN and not self.cleaned_data.get(f"{name}_stays"):
                self.add_error(f"{name}_stays", "Choose which of the two stays.")
        return self.cleaned_data

    def changes(self) -> dict[str, str]:
        """What `correct` takes: all texts but those in which the other's version stays."""
        given: dict[str, str] = {}
        for name in SHOWN:
            stays = self.cleaned_data.get(f"{name}_stays")
            if stays != THEIRS:
                given[name] = self.cleaned_data[f"{name}_anew" if stays == ANEW else name]
        return given

    def both_versions(
        self, incident: Incident, written: Mapping[str, tuple[str, datetime]]
    ) -> list[Differing]:
        """The fields in which what was typed here and what is on record differ."""
        now = texts_of(incident)
        mine = {name: str(self.data.get(name, "")) for name in SHOWN}
        return [
            self._differing(name, now[name], mine[name], *written.get(name, ("", None)))
            for name in differing(now, mine)
        ]

    def _differing(
        self, name: str, theirs: str, mine: str, who: str, at: datetime | None
    ) -> Differing:
        read = str(self.data.get(f"{name}_read", ""))
        label, rows = SHOWN[name]
        errors = [*self.errors.get(name, []), *self.errors.get(f"{name}_stays", [])]
        return Differing(
            name=name,
            label=label,
            theirs=theirs,
            yours=mine,
            who=who,
            at=at,
            chosen=str(self.data.get(f"{name}_stays") or preselected(read, mine, theirs)),
            anew=str(self.data.get(f"{name}_anew") or mine),
            rows=rows or 1,
            errors=(*errors, *self.errors.get(f"{name}_anew", [])),
        )

    def kept(self, rows: list[Differing]) -> list[tuple[str, str]]:
        """Hidden fields of the page with both versions: what was typed, and from what it began."""
        names = [*SHOWN, *(f"{name}_read" for name in SHOWN)]
        return [
            *((name, str(self.data.get(name, ""))) for name in names),
            ("asked", " ".join(row.name for row in rows)),
        ]


def texts_of(incident: Incident) -> dict[str, str]:
    """The texts that may be put right, as they stand."""
    return {name: getattr(incident, name) for name in SHOWN}


class LinkForm(RefusableForm):
    """Which other incident is about the same event, and why."""

    reference = TypedField(label="This is the same event as", longest=30)
    words = TypedField(label="Why", longest=LONGEST_WORDS)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()


class EndLinkForm(RefusableForm):
    """Why two incidents are not one event after all."""

    link = forms.IntegerField(widget=forms.HiddenInput)
    ended_reason = TypedField(label="Why they are two events", longest=LONGEST_WORDS)
