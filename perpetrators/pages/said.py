"""What a message says, in words and in order, for pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.clock import local
from perpetrators.models import Conditions

LABELS = {
    "where": "Where",
    "offence": "Offence",
    "bail_until": "Bail until",
    "bail_by_court": "Bail by a court",
    "bail_ended": "Bail ended",
    "conditions": "Conditions",
    "hearing_at": "Hearing",
    "hearing": "What for",
    "court": "Court",
    "listing": "Listing",
    "release_at": "Release planned for",
    "release_on": "Release planned for",
    "incident": "Incident",
    "custody_number": "Custody record",
}


def facts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and words of everything that the message says beside whom, what and when."""
    return [(label, _words(content[name])) for name, label in LABELS.items() if content.get(name)]


def born(content: Mapping[str, Any]) -> date | None:
    """The birth date that it gives."""
    said = content.get("date_of_birth")
    return date.fromisoformat(said) if said else None


def called(content: Mapping[str, Any]) -> str:
    """The name that it gives; words where it gives none."""
    name = f"{content.get('given_name', '')} {content.get('family_name', '')}".strip()
    return name or "No name given"


def _words(value: Any) -> str:
    if value is True:
        return "yes"
    if isinstance(value, list):
        kinds = dict(Conditions.choices)
        return "; ".join(f"{kinds[one['kind']]}: {one['words']}".rstrip(": ") for one in value)
    return _moment(str(value))


def _moment(text: str) -> str:
    """An instant or a day as it is said; any other text as it is."""
    try:
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text)
            return f"{day.day} {day:%b %Y}"
        there = local(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{there.day} {there:%b %Y %H:%M}"
