"""The form of the first response. It reads and tidies; the rules are the service's own."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from core.errors import InvalidInput
from core.forms import RefusableForm
from incidents.company import Company, as_shown, company_of
from incidents.forms.fields import YES_NO, YES_NO_NONE, TypedField, choice
from incidents.forms.response_rows import (
    CHILD_FIELD,
    ChildRows,
    CrimeRows,
    PartyRows,
    child_rows,
    highest,
)
from incidents.models import Crime, FirstResponse, Incident, Involvement
from incidents.services.response import Findings, missing_words
from incidents.services.response.findings import LISTS, LONGEST, checked


def _words(name: str, label: str, rows: int = 0) -> TypedField:
    return TypedField(label=label, longest=LONGEST[name], rows=rows, required=False)


def _ticks(name: str, label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(LISTS[name].items()),
        widget=forms.CheckboxSelectMultiple,
    )


class FirstResponseForm(RefusableForm):
    """What was done and found: who was there, what they said, and what was left in place."""

    versioned_by = "record_version"
    record_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    #: Numbers that were on record when the page was opened.
    known_crimes = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)
    positive_action = choice(FirstResponse.PositiveAction.choices, "Positive action", "none")
    positive_action_reason = _words("positive_action_reason", "Why", 3)
    spoken_apart = choice(YES_NO_NONE, "Everybody spoken to apart", "no")
    spoken_apart_reason = _words("spoken_apart_reason", "Why not")
    account = TypedField(label="What you saw and heard", longest=LONGEST["account"], rows=6)
    children_present = choice(YES_NO, "A child lives there or was there")
    golden_hour = _ticks("golden_hour", "Done in the first hour")
    body_worn_video = choice(YES_NO, "Body-worn video on", "no")
    body_worn_video_exhibit = _words("body_worn_video_exhibit", "Exhibit reference")
    body_worn_video_reason = _words("body_worn_video_reason", "Why not")
    supports_prosecution = choice(YES_NO_NONE, "The victim wants to support a prosecution", "no")
    wishes = _words("wishes", "What the victim wants, in their words", 3)
    evidence_led_plan = _words("evidence_led_plan", "How the case is built without the victim", 4)
    counter_allegation = choice(YES_NO, "The person complained of accuses the victim")
    counter_by = forms.ChoiceField(label="Who accuses?", required=False, widget=forms.RadioSelect)
    counter_against = forms.ChoiceField(
        label="Which victim is accused?", required=False, widget=forms.RadioSelect
    )
    counter_view = forms.ChoiceField(
        label="What do you make of it?",
        choices=FirstResponse.CounterView.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    counter_protect = forms.ChoiceField(
        label="Who needs protection?", required=False, widget=forms.RadioSelect
    )
    counter_reason = _words("counter_reason", "Why you see it so", 4)
    safety_measures = _ticks("safety_measures", "In place before you left")
    safety_plan = TypedField(
        label="The plan: who does what next", longest=LONGEST["safety_plan"], rows=4
    )
    crime_committed = choice(YES_NO, "Was a crime committed?")
    non_crime_reason = _words("non_crime_reason", "Why this was not a crime")

    def __init__(
        self,
        *args: Any,
        incident: Incident,
        company: Company | None = None,
        recorded: list[Crime] | None = None,
        today: date | None = None,
        more_children: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.company = company or company_of(incident)
        self.recorded = list(incident.crimes.order_by("pk")) if recorded is None else recorded
        self.initial.setdefault("known_crimes", ",".join(crime.number for crime in self.recorded))
        self._write_in_named_children(today)
        names = self._names()
        self.parties = PartyRows(self, self.company.parties)
        rows = child_rows(names, self.company, more=more_children)
        self.children = ChildRows(self, self.company, rows)
        self.crimes = CrimeRows(self, self.recorded, names)
        self._offer_the_two()

    def _offer_the_two(self) -> None:
        """Who accuses whom is asked only where more than two people could be meant."""
        company, two = self.company, self.company.pair or ()
        offered: dict[str, Iterable[Involvement]] = {"counter_protect": two}
        if company.has_choice:
            everybody = {row.person_id: row for row in (*company.victims, *company.perpetrators)}
            offered["counter_protect"] = everybody.values()
        for name, rows in (
            ("counter_by", company.perpetrators),
            ("counter_against", company.victims),
        ):
            if company.has_choice and len(rows) > 1:
                offered[name] = rows
            else:
                del self.fields[name]
        for name, people in offered.items():
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (row.person.reference, str(row.person)) for row in people
            ]

    @property
    def at_odds(self) -> Company:
        """The company with the two who are chosen so far; the first-named until then."""
        by, against = (
            str(self[name].value() or "") if name in self.fields else ""
            for name in ("counter_by", "counter_against")
        )
        return self.company.between(by, against) or self.company

    def _names(self) -> list[str]:
        return [*(self.data if self.is_bound else ()), *self.initial]

    def _write_in_named_children(self, today: date | None) -> None:
        """Each child whom the call named has a row, whatever was typed before they were known."""
        values: Any = self.initial
        if self.is_bound:
            assert isinstance(self.data, QueryDict)
            values = self.data = self.data.copy()
        there = {str(value) for name, value in values.items() if name.endswith("_person")}
        free = highest(CHILD_FIELD, values) + 1
        if free == 2 and not any(values.get(f"child_1_{n}") for n in ("person", "name", "words")):
            free = 1
        for row in self.company.children:
            if row.person.reference not in there:
                values[f"child_{free}_person"] = row.person.reference
                shown = as_shown(row.person, today) if today else str(row.person)
                values[f"child_{free}_name"] = shown
                free += 1

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self.crimes.clean()
        self.parties.clean()
        self.children.clean()
        data["crimes"] = self.crimes.named()
        data["parties"] = tuple(self.parties.found())
        data["children"] = tuple(self.children.found())
        for field, sentence in missing_words(data).items():
            self.add_error(self.field_of(field), sentence)
        if not self.errors:
            try:
                checked(self.findings())
            except InvalidInput as error:
                self.refuse(error)
        return data

    def field_of(self, name: str) -> str:
        """ "crimes.0.number" is the number of the row that crime came from; "crimes" is row 1."""
        if name == "crimes":
            return "crime_1_category"
        if name == "children":
            return "child_1_name"
        parts = name.split(".")
        if len(parts) != 3:
            return name
        rows: Mapping[str, PartyRows | ChildRows | CrimeRows] = {
            "crimes": self.crimes,
            "parties": self.parties,
            "children": self.children,
        }
        return rows[parts[0]].field_of(int(parts[1]), parts[2])

    def details(self) -> dict[str, Any]:
        """What record_first_response takes. Only once valid."""
        return {"findings": self.findings(), "version": self.cleaned_data["record_version"]}

    def findings(self) -> Findings:
        """What was found, of everything that is asked."""
        data = self.cleaned_data
        own = {name: data[name] for name in Findings.__dataclass_fields__ if name in data}
        return Findings(**{**own, **{name: tuple(data[name]) for name in LISTS}})
