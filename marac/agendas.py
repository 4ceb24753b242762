"""The agenda of a meeting as its page and the API show it, and what could be listed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from core import policy
from marac.models import Hearing, MaracCase, MaracFlag, Meeting
from marac.near import near_hearing
from marac.permissions import can_keep
from marac.querysets import keeps
from marac.services.agenda.guards import ON_AGENDA
from marac.services.agenda.listing import is_late_for
from marac.services.agenda.ordering import PARTS

State = Hearing.State
Part = Hearing.Part
#: Stands for a case's reference in an address.
_ANY = "ANY-CASE"
#: Which of the cases that wait are shown; all of them without a word.
SHOWN = {"": "All", "children": "With children", "adults": "Adults only", "repeats": "Repeats"}


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of one case on an agenda, made without asking the router for each of them."""

    case: str
    take_off: str
    conflict: str
    ask: str


class Addresses:
    """The addresses of all cases of a meeting's agenda: each is asked of the router once."""

    def __init__(self, meeting: Meeting) -> None:
        of_meeting = [meeting.reference, _ANY]
        self._case = _case_page()
        self._take_off = reverse("marac:take_off", args=of_meeting)
        self._conflict = reverse("marac:conflict", args=of_meeting)
        self._ask = reverse("marac:ask_research", args=of_meeting)

    def of(self, case: str) -> Links:
        """Those of a case by its reference."""
        every = (self._case, self._take_off, self._conflict, self._ask)
        return Links(*(address.replace(_ANY, case) for address in every))


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the agenda as one reader sees it; without its hearing it is not for them."""

    number: int
    hearing_id: int
    part: str
    hearing: Hearing | None
    beyond: bool
    may_rise: bool
    may_sink: bool
    links: Links | None = None

    @property
    def name(self) -> str:
        """The victim's."""
        return str(self.hearing.case.victim.person) if self.hearing else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be listed: why it is heard, and for how many days it has waited."""

    case: MaracCase
    why: tuple[str, ...]
    days: int
    url: str = ""

    @property
    def name(self) -> str:
        """The victim's."""
        return str(self.case.victim.person)


def hearings_of(meeting: Meeting, reader: User) -> QuerySet[Hearing]:
    """What the reader may know of the agenda, with what research was asked and is missing.

    Those who keep conferences also count what is not for them (`is_theirs` is false there).
    """
    rows = Hearing.objects.filter(meeting=meeting).exclude(state=State.TAKEN_OFF)
    if not keeps(reader):
        rows = rows.filter(pk__in=Hearing.objects.visible_to(reader).values("pk"))
    research = Q(research__state__in=["asked", "returned", "nothing_known"])
    return (
        rows.annotate(
            is_near=near_hearing(reader),
            asked=Count("research", filter=research),
            missing=Count("research", filter=Q(research__state="asked")),
        )
        .select_related("case__victim__person", "case__perpetrator", "case__agency")
        .order_by("position", "pk")
    )


def entries(meeting: Meeting, reader: User) -> list[Entry]:
    """The agenda in its order, numbered as the reader sees it. One query."""
    rows = list(hearings_of(meeting, reader))
    waiting = [row for row in rows if row.state in ON_AGENDA]
    place = {row.pk: number for number, row in enumerate(waiting)}
    full, found, addresses = 0, [], Addresses(meeting)
    for number, row in enumerate(rows, 1):
        takes_room = row.state in ON_AGENDA and row.part != Part.FLAGS
        full += takes_room
        at = place.get(row.pk)
        found.append(
            Entry(
                number=number,
                hearing_id=row.pk,
                part=row.part,
                hearing=row if is_theirs(row, reader) else None,
                beyond=takes_room and full > meeting.capacity,
                may_rise=at is not None and at > 0 and waiting[at - 1].part == row.part,
                may_sink=at is not None
                and waiting[at + 1 : at + 2] != []
                and waiting[at + 1].part == row.part,
                links=addresses.of(row.case.reference) if is_theirs(row, reader) else None,
            )
        )
    return found


def is_theirs(row: Hearing, reader: User) -> bool:
    """Whether a hearing of `hearings_of` may be read: never what is withheld, or near to them."""
    return row.victim_id not in reader.withheld_victims and not getattr(row, "is_near", False)


def by_part(rows: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """The parts of the agenda that hold anything, in their order, with their names."""
    parts = [(part.label, [row for row in rows if row.part == part]) for part in PARTS]
    return [(label, held) for label, held in parts if held]


def waiting_cases(meeting: Meeting, reader: User, show: str = "") -> QuerySet[MaracCase]:
    """Accepted cases of the conference that no meeting ahead hears, and that were not heard yet or
    are a repeat since; the longest waiting first."""
    rows = MaracCase.objects.visible_to(reader).to_hear().filter(conference=meeting.conference_id)
    if show == "children":
        rows = rows.filter(children__gt=0)
    elif show == "adults":
        rows = rows.filter(children=0)
    elif show == "repeats":
        again = Q(criteria__contains=[{"code": "repeat", "is_met": True}])
        rows = rows.filter(again | Q(repeat_of__isnull=False))
    return rows.select_related("victim__person", "perpetrator", "agency").order_by(
        "decided_at", "pk"
    )


def flags_ending(meeting: Meeting, reader: User) -> QuerySet[MaracFlag]:
    """Flags that reach their end about the meeting, of open cases that no meeting ahead hears."""
    shown = timedelta(days=policy.at(meeting.starts_at).marac_flag_shown_days)
    listed = Hearing.objects.filter(
        case=OuterRef("case"), state__in=Hearing.OPEN, meeting__state__in=Meeting.OPEN
    )
    return (
        MaracFlag.objects.visible_to(reader)
        .standing()
        .filter(
            ~Exists(listed),
            case__conference=meeting.conference_id,
            case__state=MaracCase.State.ACCEPTED,
            until_at__lte=meeting.starts_at + shown,
        )
        .select_related("case", "victim__person", "perpetrator")
        .order_by("until_at", "pk")
    )


def candidate(case: MaracCase, at: datetime) -> Candidate:
    """What decides whether a case is listed now."""
    why = [row["label"] for row in case.criteria if row.get("is_met")]
    if case.below_reason:
        why.append(f"Below every criterion: {case.below_reason}")
    days = max((at - (case.decided_at or at)).days, 0)
    return Candidate(case, tuple(why), days, _case_page().replace(_ANY, case.reference))


@cache
def _case_page() -> str:
    return reverse("marac:case", args=[_ANY])


def page_of(meeting: Meeting, reader: User, at: datetime) -> dict[str, Any]:
    """What the page of an agenda shows; the same number of queries for forty cases as for one."""
    rows = entries(meeting, reader)
    taken = sum(row.part != Part.FLAGS and _is_heard(row) for row in rows)
    may_keep = can_keep(reader, meeting.conference)
    return {
        "meeting": meeting,
        "parts": by_part(rows),
        "how_many": len(rows),
        "taken": taken,
        "over": max(taken - meeting.capacity, 0),
        "keeps": keeps(reader),
        "may_build": may_keep and meeting.state in Meeting.AHEAD,
        "is_late": is_late_for(meeting, at),
        "missing": sum(getattr(row.hearing, "missing", 0) for row in rows if row.hearing),
        "now": at,
    }


def _is_heard(row: Entry) -> bool:
    return row.hearing is None or row.hearing.state in ON_AGENDA


def moved(rows: Sequence[Entry], hearing_id: int, by: int) -> list[int]:
    """The order of an agenda with one case a place higher (-1) or lower (1)."""
    ids = [row.hearing_id for row in rows if _is_heard(row)]
    if hearing_id not in ids:
        return ids
    at = ids.index(hearing_id)
    to = min(max(at + by, 0), len(ids) - 1)
    ids.insert(to, ids.pop(at))
    return ids
