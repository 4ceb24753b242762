"""Forms of the officers' pages. They read and tidy; the rules are the services' own."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from core.errors import InvalidInput
from incidents.forms.fields import (
    CATEGORIES,
    YES_NO,
    YES_NO_NONE,
    RefusableForm,
    TypedField,
    choice,
)
from incidents.golden_hour import GOLDEN_HOUR
from incidents.models import FirstResponse, FirstResponseDraft, Incident
from incidents.services.response import CrimeNamed, Findings, missing_words
from incidents.services.response.findings import (
    LONGEST,
    MOST_ARRESTS,
    MOST_CRIMES,
    YesNo,
    crime_number,
)

FEWEST_CRIME_ROWS = 2
_CRIME_FIELD = re.compile(r"^crime_([1-9]\d?)_(category|number|arrests)$")


class FirstResponseForm(RefusableForm):
    """What was done and found, in brief."""

    record_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    #: Numbers that were on record when the page was opened.
    known_crimes = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)
    positive_action = choice(FirstResponse.PositiveAction.choices, "Positive action", "none")
    positive_action_reason = TypedField(
        label="Why",
        longest=LONGEST["positive_action_reason"],
        rows=3,
        required=False,
    )
    spoken_apart = choice(YES_NO_NONE, "Everybody spoken to apart", "no")
    spoken_apart_reason = TypedField(
        label="Why not", longest=LONGEST["spoken_apart_reason"], required=False
    )
    children_present = choice(YES_NO, "A child lives there or was there")
    account = TypedField(
        label="What you saw, and what was said", longest=LONGEST["account"], rows=6
    )
    golden_hour = forms.MultipleChoiceField(
        label="Done in the first hour",
        required=False,
        choices=list(GOLDEN_HOUR.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    body_worn_video = choice(YES_NO, "Body-worn video on", "no")
    body_worn_video_reason = TypedField(
        label="Why not", longest=LONGEST["body_worn_video_reason"], required=False
    )
    supports_prosecution = choice(YES_NO_NONE, "The victim wants to support a prosecution", "no")
    evidence_led_plan = TypedField(
        label="How the case is built without the victim",
        longest=LONGEST["evidence_led_plan"],
        rows=3,
        required=False,
    )
    safety_plan = TypedField(
        label="What was put in place before you left",
        longest=LONGEST["safety_plan"],
        rows=4,
    )
    crime_committed = choice(YES_NO, "Was a crime committed?")
    non_crime_reason = TypedField(
        label="Why this was not a crime", longest=LONGEST["non_crime_reason"], required=False
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recorded = list(incident.crimes.order_by("pk"))
        self.initial.setdefault("known_crimes", ",".join(crime.number for crime in self.recorded))
        self.rows = self._number_of_rows()
        for position in range(1, self.rows + 1):
            self._add_row(position)

    def _number_of_rows(self) -> int:
        names = [*(self.data if self.is_bound else ()), *self.initial]
        matches = (_CRIME_FIELD.match(str(name)) for name in names)
        typed = max((int(match[1]) for match in matches if match), default=0)
        return min(MOST_CRIMES, max(FEWEST_CRIME_ROWS, typed))

    def _add_row(self, position: int) -> None:
        self.fields[f"crime_{position}_category"] = forms.ChoiceField(
            label=f"Crime {position}", choices=CATEGORIES, required=False
        )
        self.fields[f"crime_{position}_number"] = TypedField(
            label=f"Number of crime {position}", longest=40, required=False
        )
        self.fields[f"crime_{position}_arrests"] = forms.IntegerField(
            label=f"Arrests for crime {position}",
            min_value=0,
            max_value=MOST_ARRESTS,
            required=False,
        )

    def crime_rows(self) -> list[dict[str, Any]]:
        """For the page: the three fields of each row."""
        return [
            {name: self[f"crime_{position}_{name}"] for name in ("category", "number", "arrests")}
            for position in range(1, self.rows + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for position in range(1, self.rows + 1):
            self._clean_row(position)
        data["crimes"] = self._crimes()
        for field, sentence in missing_words(data).items():
            self.add_error(self.field_of(field), sentence)
        return data

    def _clean_row(self, position: int) -> None:
        category, number = f"crime_{position}_category", f"crime_{position}_number"
        typed = self.cleaned_data.get(number) or ""
        if typed and not self.cleaned_data.get(category) and category not in self.errors:
            self.add_error(category, "Choose which crime it was.")
        try:
            self.cleaned_data[number] = crime_number(typed, field=number)
        except InvalidInput as error:
            self.add_error(number, error.message)

    def _crimes(self) -> tuple[CrimeNamed, ...]:
        """Those on record, then the rows; `self.places` says which row each one came from."""
        rows = [row for row in map(self._row, range(1, self.rows + 1)) if row[1].category]
        numbers = {crime.number for _, crime in rows if crime.number}
        known = set((self.cleaned_data.get("known_crimes") or "").split(","))
        others = [crime for crime in self.recorded if crime.number not in numbers]
        # Named here without its number while somebody else gave it one: that is the same crime.
        came_since = Counter(crime.category for crime in others if crime.number not in known)
        kept = []
        for place, crime in rows:
            if not crime.number and came_since[crime.category]:
                came_since[crime.category] -= 1
            else:
                kept.append((place, crime))
        self.places = [0] * len(others) + [place for place, _ in kept]
        recorded = [
            CrimeNamed(category=crime.category, number=crime.number, arrests=crime.arrests)
            for crime in others
        ]
        return (*recorded, *(crime for _, crime in kept))

    def _row(self, position: int) -> tuple[int, CrimeNamed]:
        data, name = self.cleaned_data, f"crime_{position}_"
        return position, CrimeNamed(
            category=data.get(f"{name}category") or "",
            number=data.get(f"{name}number") or "",
            arrests=data.get(f"{name}arrests") or 0,
        )

    def field_of(self, name: str) -> str:
        """ "crimes.0.number" is the number of the row that crime came from; "crimes" is row 1."""
        if name == "crimes":
            return "crime_1_category"
        parts = name.split(".")
        if len(parts) == 3 and parts[0] == "crimes":
            return f"crime_{self.places[int(parts[1])]}_{parts[2]}"
        return name

    def findings(self) -> Findings:
        """What record_first_response takes."""
        data = self.cleaned_data
        own = {name: data[name] for name in Findings.__dataclass_fields__ if name in data}
        return Findings(**{**own, "golden_hour": tuple(data["golden_hour"])})

    def read_again(self, version: int) -> None:
        """After a stale edit: keep what was typed; the next press answers the new version."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["record_version"] = str(version)
        self.data = data


def initial_of(
    response: FirstResponse | None, incident: Incident, draft: FirstResponseDraft | None
) -> dict[str, Any]:
    """What the form begins with: the draft where there is one, else the record, else nothing."""
    if draft is not None:
        return from_draft(draft.fields)
    if response is None:
        return {}
    names = set(FirstResponseForm.base_fields) - {"record_version"}
    values = {name: getattr(response, name) for name in names if hasattr(response, name)}
    named = list(response.crimes_committed)
    return {
        **values,
        **_rows_without_number(named, incident),
        "record_version": response.version,
        "crime_committed": YesNo.YES if named or incident.crimes.all() else YesNo.NO,
        "non_crime_reason": incident.non_crime_reason,
    }


def _rows_without_number(named: list[str], incident: Incident) -> dict[str, str]:
    """Crimes that were named and have no number yet, for the rows of the form."""
    recorded = [crime.category for crime in incident.crimes.all()]
    waiting = list((Counter(named) - Counter(recorded)).elements())
    waiting = waiting[: max(0, len(named) - len(recorded))]
    return {
        f"crime_{position}_category": category for position, category in enumerate(waiting, start=1)
    }


def from_draft(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """A draft's typed values as a form's initial values."""
    return {
        name: values if name == "golden_hour" else values[0]
        for name, values in fields.items()
        if values
    }


def draft_fields(posted: QueryDict) -> dict[str, list[str]]:
    """Of what the page sent, the fields that the form has, exactly as typed."""
    return {
        name: [str(value) for value in posted.getlist(name)]
        for name in posted
        if name in FirstResponseForm.base_fields or _CRIME_FIELD.match(name)
    }
