"""Two people changed the same thing: what each wrote, field by field, and which of it stays.

For a form page whose save was refused as stale. A form that offers the choice has, for each of its
fields, `<name>_stays` ("mine", "theirs" or "anew") and `<name>_anew`; the page is drawn by
templates/components/versions.html from `Differing` rows.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audit.models import AuditEvent
from core.errors import InvalidInput, Stale
from core.text import clean
from incidents.models import Incident

MINE, THEIRS, ANEW = "mine", "theirs", "anew"
CHOICES = ((MINE, "Keep mine"), (THEIRS, "Take theirs"), (ANEW, "Write anew"))


@dataclass(frozen=True)
class Differing:
    """One field that differs: theirs with who and when, yours, and the choice so far.

    `rows` is the height of the box for writing anew, 1 for one line, 0 where only one of the two
    can stay (answers with buttons).
    """

    name: str
    label: str
    theirs: str
    yours: str
    who: str = ""
    at: datetime | None = None
    chosen: str = ""
    anew: str = ""
    rows: int = 1
    errors: tuple[str, ...] = field(default=())
    #: False where the page's own form, which holds yours, is the place to choose.
    is_asked: bool = True

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [pair for pair in CHOICES if self.rows or pair[0] != ANEW]


def fingerprint(text: str) -> str:
    """Stands for a text as it was read, so that it can be told later who changed it."""
    return hashlib.sha256(_tidy(text).encode()).hexdigest()[:16]


def preselected(read: str, mine: str, theirs: str) -> str:
    """What surely stays: the one version that somebody changed. Blank where both did.

    `read` is the fingerprint of the text from which both began, or blank where it is not known.
    """
    if not read:
        return ""
    if fingerprint(mine) == read:
        return THEIRS
    return MINE if fingerprint(theirs) == read else ""


def differing(theirs: Mapping[str, str], yours: Mapping[str, str]) -> list[str]:
    """The names of the fields in which the two differ, in the order of `yours`."""
    return [name for name in yours if _tidy(yours[name]) != _tidy(theirs.get(name, ""))]


def side_by_side(stale: Stale) -> list[Differing]:
    """The fields of a refused save that differ, for a page whose form still holds what was sent."""
    theirs, yours = (
        {name: str(value) for name, value in side.items()} for side in (stale.theirs, stale.yours)
    )
    names = dict.fromkeys([*theirs, *yours])
    return [
        Differing(
            name=name,
            label=name.replace("_", " ").capitalize(),
            theirs=theirs.get(name, ""),
            yours=yours.get(name, ""),
            is_asked=False,
        )
        for name in names
        if theirs.get(name, "") != yours.get(name, "")
    ]


def last_correction(incident: Incident, names: list[str]) -> dict[str, tuple[str, datetime]]:
    """Who wrote each of these texts as it stands, and when; nothing for one never corrected."""
    found: dict[str, tuple[str, datetime]] = {}
    corrections = AuditEvent.objects.filter(
        incident_id=incident.pk, verb="incident.corrected"
    ).order_by("at", "pk")
    for event in corrections:
        for name in event.detail.get("after", {}):
            if name in names:
                found[name] = (event.actor_name, event.at)
    return found


def _tidy(text: str) -> str:
    """As it would be stored; what could not be stored is compared as it is."""
    try:
        return clean(text, field="", longest=len(text) + 10)
    except InvalidInput:
        return text
