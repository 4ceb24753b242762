"""The form of a call. It reads and tidies; the rules are the service's own.

Two readings of the same fields: `CallForm` refuses what cannot be, when the call is logged; `typed`
takes what can be understood so far and leaves out the rest, for the history beside the form.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from accounts.models import Area, User
from core.errors import DomainError
from core.text import LONGEST_NARRATIVE
from incidents.forms.fields import SeveralField, SharedFields, TypedField, choice, whole
from incidents.forms.people import PeopleFormSet, PersonForm, birth_date, ids_of, person_of
from incidents.models import CallDraft, Incident, Involvement, ResponseGrade
from incidents.questions import QUESTIONS, Question
from incidents.services.calls import (
    CORRECTABLE,
    EARLIEST_YEAR,
    LONGEST_REASON,
    MOST_PEOPLE,
    CallDetails,
)
from incidents.services.people import PersonInCall

#: Rows that an empty call begins with: who was harmed, who is complained of, a child.
FIRST_ROLES = ("victim", "perpetrator", "child")
QUESTION_PREFIX = "q_"
APPOINTMENT_FORMATS = ("%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M")
NOT_KEPT = ("csrfmiddlewaretoken", "version", "act")
OF_CALL = {"form": "call"}
_LONGEST_NUMBER = 18
_ROW_FIELD = re.compile(r"^people-(\d{1,2})-([a-z_]+)$")


def appointment_field() -> forms.DateTimeField:
    """The time that was agreed with a caller, on the force's wall clock."""
    return forms.DateTimeField(
        label="Appointment",
        required=False,
        error_messages={"invalid": "Give a day and a time, as 24/11/2026 14:30."},
        input_formats=APPOINTMENT_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _areas() -> list[tuple[object, str]]:
    return [("", "Not known"), *Area.objects.values_list("pk", "name")]


class AreaField(forms.TypedChoiceField):
    """The area as its number. Whether there is such an area the service says, which reads it."""

    def __init__(self) -> None:
        super().__init__(
            label="Area",
            choices=_areas,
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "There is no such area."},
        )

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) < _LONGEST_NUMBER


def _answer_to(question: Question) -> forms.ChoiceField:
    field = choice(question.choices, question.words, danger=question.danger_codes)
    field.required = False
    field.error_messages["invalid_choice"] = "This question has no such answer."
    return field


class CallForm(forms.Form):
    """The call itself; the questions are fields q_<code>."""

    source = choice(Incident.Source.choices, "How it came in")
    source_detail = TypedField(
        label="Which agency, counter, website or officer",
        longest=CORRECTABLE["source_detail"],
        required=False,
    )
    caller_number = forms.CharField(
        label="Telephone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autofocus": True}),
        error_messages={"max_length": "This is too long for a telephone number."},
    )
    caller_name = TypedField(label="Caller's name", longest=120, required=False)
    caller_is = forms.ChoiceField(label="Caller is", choices=Incident.CallerIs.choices)
    address_line = TypedField(label="Address", longest=200, required=False)
    postcode = TypedField(label="Postcode", longest=12, required=False)
    area = AreaField()
    safe_callback = TypedField(label="Safe call-back", longest=200, required=False)
    language = TypedField(label="Language", longest=60, required=False)
    communication_needs = TypedField(
        label="Help to be understood", longest=CORRECTABLE["communication_needs"], required=False
    )
    narrative = TypedField(label="What is happening", longest=LONGEST_NARRATIVE, rows=5)
    verbatim = TypedField(
        label="The very words", longest=CORRECTABLE["verbatim"], rows=2, required=False
    )
    background = TypedField(
        label="Heard behind them", longest=CORRECTABLE["background"], rows=2, required=False
    )
    # These stand outside the form's element: in the bar, and beside the suggestion.
    call_dropped = forms.BooleanField(
        label="Call dropped", required=False, widget=forms.CheckboxInput(attrs=OF_CALL)
    )
    grade = forms.ChoiceField(
        label="Grade",
        required=False,
        widget=forms.Select(attrs=OF_CALL),
        choices=[("", "As suggested"), *ResponseGrade.choices],
        error_messages={"invalid_choice": "There is no such grade."},
    )
    grade_override_reason = TypedField(
        label="Why another grade", longest=LONGEST_REASON, required=False, rows=2
    )
    grade_override_reason.widget.attrs.update(OF_CALL)
    appointment_at = appointment_field()
    appointment_at.widget.attrs.update(OF_CALL)
    #: Ticked beside the form, where earlier matches are shown.
    set_aside = SeveralField()
    answered_at = forms.CharField(widget=forms.HiddenInput)

    def clean_answered_at(self) -> datetime:
        instant = _instant(self.cleaned_data["answered_at"])
        if instant is None:
            raise forms.ValidationError("The time of the call was lost. Load the page again.")
        return instant

    def details(self, people: tuple[PersonInCall, ...]) -> CallDetails:
        """The call for the service. Only once valid."""
        given = self.cleaned_data
        same = (
            "source",
            "source_detail",
            "caller_number",
            "caller_name",
            "caller_is",
            "address_line",
            "postcode",
            "safe_callback",
            "language",
            "communication_needs",
            "narrative",
            "verbatim",
            "background",
            "call_dropped",
            "grade",
            "grade_override_reason",
            "appointment_at",
            "set_aside",
        )
        return CallDetails(
            received_at=given["answered_at"],
            area_id=given["area"],
            answers={q.code: given[f"{QUESTION_PREFIX}{q.code}"] for q in QUESTIONS},
            people=people,
            **{name: given[name] for name in same},
        )


CallForm.base_fields = SharedFields(
    {
        **CallForm.base_fields,
        **{f"{QUESTION_PREFIX}{question.code}": _answer_to(question) for question in QUESTIONS},
    }
)


class CallForms:
    """The call and its people, read together."""

    def __init__(self, call: CallForm, people: Any) -> None:
        self.call = call
        self.people = people

    @classmethod
    def sent(cls, data: QueryDict) -> "CallForms":
        return cls(CallForm(data), PeopleFormSet(data, prefix="people"))

    @classmethod
    def kept(cls, draft: CallDraft) -> "CallForms":
        """As it was typed, what cannot be included, and without a word about errors yet."""
        kept = {name: values[-1] for name, values in draft.fields.items() if values}
        rows = _rows_of(kept)
        others = {
            "call_dropped": bool(kept.get("call_dropped")),
            "set_aside": draft.fields.get("set_aside", []),
        }
        people = PeopleFormSet(initial=rows, prefix="people")
        return cls(CallForm(initial={**kept, **others}), people)

    @classmethod
    def empty(cls, at: datetime, area: Area | None) -> "CallForms":
        call = CallForm(
            initial={
                "answered_at": at.isoformat(),
                "source": Incident.Source.EMERGENCY,
                "caller_is": Incident.CallerIs.VICTIM,
                "area": area.pk if area else None,
            }
        )
        rows = [{"role": role, "lives_here": role != "perpetrator"} for role in FIRST_ROLES]
        return cls(call, PeopleFormSet(initial=rows, prefix="people"))

    @property
    def all(self) -> list[Any]:
        """For the error summary, in the order of the page."""
        return [self.call, self.people]

    def is_valid(self) -> bool:
        # Both, so that everything wrong is said at once.
        return all([self.call.is_valid(), self.people.is_valid()])

    def details(self, reader: User) -> CallDetails:
        """What the service gets; rows that nobody filled in are left out. Only once valid."""
        ids = ids_of([row.cleaned_data.get("person", "") for row in self.people], reader)
        people = (person_of(row.cleaned_data, ids) for row in self.people)
        return self.call.details(tuple(one for one in people if not one.is_empty))

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at the field that it is about."""
        name = error.field or ""
        if name.startswith("people."):
            _, row, field = name.split(".", 2)
            form = self._filled_rows()[int(row)]
            form.add_error(field if field in form.fields else None, error.message)
            return
        name = name.replace("answers.", QUESTION_PREFIX)
        name = {"received_at": "answered_at"}.get(name, name)
        self.call.add_error(name if name in self.call.fields else None, error.message)

    def _filled_rows(self) -> list[PersonForm]:
        return [row for row in self.people if not person_of(row.cleaned_data, {}).is_empty]


def draft_fields(data: QueryDict) -> dict[str, list[str]]:
    """Every field exactly as typed, for keeping."""
    return {
        name: [str(value) for value in data.getlist(name)] for name in data if name not in NOT_KEPT
    }


def with_another_person(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same with one more row of people."""
    rows = min(whole(_last(fields, "people-TOTAL_FORMS")) or 0, MOST_PEOPLE - 1)
    return {
        **fields,
        "people-TOTAL_FORMS": [str(rows + 1)],
        f"people-{rows}-role": [Involvement.Role.WITNESS.value],
    }


def row_count(data: Mapping[str, Any]) -> int:
    return min(whole(data.get("people-TOTAL_FORMS", "")) or 0, MOST_PEOPLE)


def typed(fields: Mapping[str, list[str]], *, at: datetime, reader: User) -> CallDetails:
    """What can be understood of a call so far; one row of people for each row of the form."""
    kept = {name: values[-1] for name, values in fields.items() if values}
    rows = _rows_of(kept)
    ids = ids_of([str(row.get("person", "")) for row in rows], reader)
    people = []
    for row in rows:
        lenient = {
            **row,
            "date_of_birth": birth_date(str(row.get("date_of_birth", ""))),
            "age": whole(str(row.get("age", ""))),
        }
        people.append(person_of(lenient, ids))
    return CallDetails(
        received_at=_instant(kept.get("answered_at", "")) or at,
        narrative=kept.get("narrative", ""),
        caller_name=kept.get("caller_name", "")[:200],
        caller_number=kept.get("caller_number", "")[:40],
        caller_is=kept.get("caller_is", ""),
        address_line=kept.get("address_line", "")[:200],
        postcode=kept.get("postcode", "")[:12],
        area_id=whole(kept.get("area", "")),
        call_dropped=bool(kept.get("call_dropped")),
        answers={
            question.code: kept.get(f"{QUESTION_PREFIX}{question.code}", "")
            for question in QUESTIONS
        },
        people=tuple(people),
        set_aside=tuple(fields.get("set_aside", ())),
    )


def key_of(raw: str) -> UUID | None:
    """A draft's key as it stands in an address; none for anything else."""
    try:
        return UUID(raw)
    except ValueError:
        return None


def _rows_of(kept: Mapping[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{} for _ in range(row_count(kept))]
    for name, value in kept.items():
        matched = _ROW_FIELD.match(name)
        if matched and int(matched[1]) < len(rows):
            rows[int(matched[1])][matched[2]] = value
    return rows


def _last(fields: Mapping[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[-1]


def _instant(raw: str) -> datetime | None:
    try:
        instant = parse_datetime(raw)
    except ValueError:
        return None
    if instant is None or instant.tzinfo is None or instant.year < EARLIEST_YEAR:
        return None
    return instant
