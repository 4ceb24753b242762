"""What the form of the first response begins with: a draft, the record, or nothing; and its drafts.

A form half filled is as good as a bound one that nobody pressed: so what is still missing is asked
of the same rules (`sections`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from incidents.forms.response import FirstResponseForm
from incidents.forms.response_rows import is_row_field, typed_crimes
from incidents.models import CounterAllegation, Crime, FirstResponse, FirstResponseDraft, Incident
from incidents.services.response.findings import LISTS, YesNo

#: Code, title, and the first words of the names of its fields.
SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("action", "Positive action", ("positive_action",)),
    ("people", "People and what they said", ("spoken_apart", "account", "party_")),
    ("children", "Children", ("children_present", "child_")),
    ("evidence", "Evidence", ("golden_hour", "body_worn_video")),
    ("wishes", "What the victim wants", ("supports_prosecution", "wishes", "evidence_led_plan")),
    ("counter", "Counter-allegation", ("counter_",)),
    ("safety", "Safety", ("safety_",)),
    ("crime", "Crime", ("crime_", "non_crime_reason")),
)


@dataclass(frozen=True)
class Section:
    """One part of the form: how much of it is still to be answered, and whether it stands open."""

    code: str
    title: str
    missing: int
    is_open: bool

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Progress:
    """How far the form is."""

    sections: tuple[Section, ...]

    @property
    def complete(self) -> int:
        return sum(section.is_complete for section in self.sections)

    @property
    def total(self) -> int:
        return len(self.sections)

    @property
    def by_code(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @property
    def incomplete(self) -> list[Section]:
        return [section for section in self.sections if not section.is_complete]


def progress(form: FirstResponseForm, incident: Incident, *, opened: str = "") -> Progress:
    """Ask the rules what is missing. A refused form opens what is wrong, another its next part.

    `opened` names a section to open besides.
    """
    asked = form if form.is_bound else _as_if_sent(form, incident)
    wrong = [_section_of(name) for name in asked.errors]
    missing = {code: wrong.count(code) for code, _, _ in SECTIONS}
    first = next((code for code in missing if missing[code]), "")
    standing = {code for code in missing if missing[code]} if form.is_bound else {opened or first}
    return Progress(
        tuple(Section(code, title, missing[code], code in standing) for code, title, _ in SECTIONS)
    )


def _section_of(field: str) -> str:
    for code, _, starts in SECTIONS:
        if field.startswith(starts):
            return code
    return ""


def _as_if_sent(form: FirstResponseForm, incident: Incident) -> FirstResponseForm:
    data = QueryDict(mutable=True)
    for name, bound in ((name, form[name]) for name in form.fields):
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(name, [str(one) for one in value])
        elif value is not None:
            data[name] = str(value)
    return FirstResponseForm(data, incident=incident, company=form.company, recorded=form.recorded)


def initial_of(
    response: FirstResponse | None,
    incident: Incident,
    draft: FirstResponseDraft | None,
    recorded: list[Crime],
) -> dict[str, Any]:
    """What the form begins with: the draft where there is one, else the record, else nothing."""
    if draft is not None:
        return from_draft(draft.fields)
    if response is None:
        return {}
    apart = {"record_version", "counter_protect", "counter_by", "counter_against"}
    names = set(FirstResponseForm.base_fields) - apart
    values = {name: getattr(response, name) for name in names if hasattr(response, name)}
    named = list(response.crimes_committed)
    protect = response.counter_protect
    two = CounterAllegation.objects.select_related("by", "against").filter(response=response)
    between = two.first()
    return {
        **values,
        "counter_by": between.by.reference if between else "",
        "counter_against": between.against.reference if between else "",
        **_rows_of(response),
        **typed_crimes(named, recorded),
        "counter_protect": protect.reference if protect else "",
        "record_version": response.version,
        "crime_committed": YesNo.YES if named or recorded else YesNo.NO,
        "non_crime_reason": incident.non_crime_reason,
    }


def _rows_of(response: FirstResponse) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for party in response.parties.select_related("person"):
        name = f"party_{party.person.reference}_"
        values[f"{name}spoken"] = YesNo.YES if party.was_spoken_to else YesNo.NO
        for text in ("account", "injuries", "fear"):
            values[f"{name}{text}"] = getattr(party, text)
    children = response.children.select_related("person").order_by("pk")
    for number, child in enumerate(children, start=1):
        name = f"child_{number}_"
        values[f"{name}person"] = child.person.reference if child.person else ""
        values[f"{name}name"] = child.name
        values[f"{name}seen"] = (
            "spoken" if child.was_spoken_to else "seen" if child.was_seen else "no"
        )
        values[f"{name}words"] = child.words
    return values


def from_draft(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """A draft's typed values as a form's initial values."""
    return {
        name: values if name in LISTS else values[0] for name, values in fields.items() if values
    }


def draft_fields(posted: QueryDict) -> dict[str, list[str]]:
    """Of what the page sent, the fields that the form has, exactly as typed."""
    return {
        name: [str(value) for value in posted.getlist(name)]
        for name in posted
        if name in FirstResponseForm.base_fields or is_row_field(name)
    }
