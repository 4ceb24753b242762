"""What a first response says, as plain values: to compare, to keep in the audit, to read aloud.

The same shape comes from findings that somebody sends and from what is on record; people are named
by their references in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from incidents.models import CounterAllegation, Crime, FirstResponse
from incidents.services.response.findings import LISTS, Findings, YesNo

#: Said of an incident, of a person or of several rows, so no plain column of the response.
APART = (
    "crime_committed",
    "crimes",
    "non_crime_reason",
    "counter_by",
    "counter_against",
    "counter_protect",
    "parties",
    "children",
)

Said = dict[str, Any]

_LABELS: dict[str, Any] = {
    "positive_action": FirstResponse.PositiveAction,
    "counter_view": FirstResponse.CounterView,
    **dict.fromkeys(
        (
            "spoken_apart",
            "children_present",
            "body_worn_video",
            "supports_prosecution",
            "counter_allegation",
        ),
        YesNo,
    ),
}


def said_by(findings: Findings) -> Said:
    """What these (checked) findings say."""
    plain = {name: getattr(findings, name) for name in sorted(Findings.__dataclass_fields__)}
    return {
        **{name: value for name, value in plain.items() if name not in APART},
        **{name: list(plain[name]) for name in LISTS},
        "crimes_committed": [crime.category for crime in findings.crimes],
        "counter_by": findings.counter_by,
        "counter_against": findings.counter_against,
        "counter_protect": findings.counter_protect,
        "parties": [asdict(row) for row in findings.parties],
        "children": [asdict(row) for row in findings.children],
    }


def columns_of(said: Said) -> dict[str, Any]:
    """Those of it that are columns of the response's own row."""
    return {name: value for name, value in said.items() if name not in APART}


def said_on_record(response: FirstResponse) -> Said:
    """What a recorded response says. Four queries."""
    names = [*_LABELS, *LISTS, "crimes_committed", *_texts()]
    protect = response.counter_protect
    between = CounterAllegation.objects.select_related("by", "against").filter(response=response)
    two = between.first()
    return {
        **{name: getattr(response, name) for name in sorted(names)},
        "counter_by": two.by.reference if two else "",
        "counter_against": two.against.reference if two else "",
        "counter_protect": protect.reference if protect else "",
        "parties": [
            {
                "person": row.person.reference,
                "was_spoken_to": row.was_spoken_to,
                "account": row.account,
                "injuries": row.injuries,
                "fear": row.fear,
            }
            for row in response.parties.select_related("person").order_by("pk")
        ],
        "children": [
            {
                "person": row.person.reference if row.person else "",
                "name": row.name,
                "was_seen": row.was_seen,
                "was_spoken_to": row.was_spoken_to,
                "words": row.words,
            }
            for row in response.children.select_related("person").order_by("pk")
        ],
    }


def _texts() -> list[str]:
    listed = {*APART, *LISTS, *_LABELS}
    return [name for name in Findings.__dataclass_fields__ if name not in listed]


def in_words(said: Said, names: Mapping[str, str]) -> dict[str, str]:
    """All of it as a person reads it, for showing two versions side by side.

    `names` gives each reference its name.
    """
    return {name: _words(name, value, names) for name, value in said.items()}


def _words(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name in LISTS:
        return _listed(LISTS[name][code] for code in value if code in LISTS[name])
    if name == "crimes_committed":
        return _listed(str(Crime.Category(code).label) for code in value)
    if name in {"counter_by", "counter_against", "counter_protect"}:
        return names.get(value, value)
    if name == "parties":
        return "\n".join(_party(row, names) for row in value)
    if name == "children":
        return "\n".join(_child(row) for row in value)
    if name in _LABELS:
        return str(_LABELS[name](value).label) if value else ""
    return str(value)


def _party(row: Said, names: Mapping[str, str]) -> str:
    spoken = "spoken to" if row["was_spoken_to"] else "not spoken to"
    more = [
        f"{what}: {row[name]}"
        for name, what in (("injuries", "Injuries"), ("fear", "Fear"))
        if row[name]
    ]
    return " · ".join(
        [f"{names.get(row['person'], row['person'])}, {spoken}: {row['account']}", *more]
    )


def _child(row: Said) -> str:
    return f"{row['name']}, {seen_in_words(row['was_seen'], row['was_spoken_to'])}: {row['words']}"


def seen_in_words(was_seen: bool, was_spoken_to: bool) -> str:
    """How near anybody came to a child."""
    if was_spoken_to:
        return "seen and spoken to"
    return "seen, not spoken to" if was_seen else "not seen"


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)
