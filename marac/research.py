"""Research as pages and the API show it: what each agency was asked, and what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import Agency, User
from incidents.models import Involvement
from marac.agendas import hearings_of
from marac.models import Hearing, Meeting, ResearchRequest
from marac.permissions import can_answer_for
from marac.querysets import keeps
from marac.services.agenda.guards import ON_AGENDA
from victims.models import Person

State = ResearchRequest.State
#: What an agency's list may be of; what is still to return without a word.
LISTS = {"": "To return", "returned": "Returned", "all": "All"}


@dataclass(frozen=True, slots=True)
class Row:
    """A case of the meeting, and what each agency said; None where it is not asked."""

    number: int
    hearing: Hearing
    cells: tuple[tuple[Agency, ResearchRequest | None], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """An agency of the meeting: how much of what it was asked is missing."""

    agency: Agency
    missing: int
    asked: int
    apologies: bool


def seen(reader: User) -> QuerySet[ResearchRequest]:
    """Requests that the reader may open: their agency's own, or all for who keeps conferences."""
    rows = ResearchRequest.objects.all()
    rows = rows.visible_to(reader) if keeps(reader) else rows.for_agency_of(reader)
    found: QuerySet[ResearchRequest] = rows.select_related(
        "agency",
        "returned_by",
        "hearing__meeting__conference",
        "hearing__case__conference",
        "hearing__case__perpetrator",
        "hearing__victim__person",
    )
    return found


def asked_of(reader: User, *, show: str = "", meeting: str = "") -> QuerySet[ResearchRequest]:
    """What the reader's own agency was asked, what is due first first."""
    rows = ResearchRequest.objects.for_agency_of(reader)
    ahead = Q(hearing__state__in=Hearing.OPEN, hearing__meeting__state__in=Meeting.OPEN)
    if show == "returned":
        rows = rows.exclude(state=State.ASKED)
    elif show != "all":
        rows = rows.filter(ahead, state=State.ASKED)
    if meeting:
        rows = rows.filter(hearing__meeting__reference=meeting)
    answered = Case(
        When(state=State.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found: QuerySet[ResearchRequest] = (
        rows.select_related(
            "hearing__meeting__conference",
            "hearing__case__perpetrator",
            "hearing__victim__person",
            "returned_by",
        )
        .annotate(answered=answered)
        .order_by("answered", "due_at", "hearing__position", "pk")
    )
    return found


def unsigned(reader: User) -> QuerySet[Meeting]:
    """Meetings whose agenda is out, under way too, whose statement this person has not signed."""
    asking = (Meeting.State.AGENDA_OUT, Meeting.State.UNDER_WAY)
    rows = Meeting.objects.visible_to(reader).filter(state__in=asking)
    mine = Meeting.objects.opened_by(reader).values("pk")
    return rows.exclude(pk__in=mine).select_related("conference").order_by("starts_at")


def cases_of(meeting: Meeting, reader: User, *, missing_only: bool = False) -> list[Hearing]:
    """The cases of a meeting that the reader may know, numbered as on its agenda. One query."""
    found = []
    for number, row in enumerate(hearings_of(meeting, reader), 1):
        theirs = row.victim_id not in reader.withheld_victims and not row.is_near  # type: ignore[attr-defined]
        if theirs and row.state in ON_AGENDA and (row.missing or not missing_only):  # type: ignore[attr-defined]
            row.number = number  # type: ignore[attr-defined]
            found.append(row)
    return found


def columns(meeting: Meeting, hearings: Iterable[Hearing]) -> list[Column]:
    """Every invited agency with its numbers over these cases. Two queries."""
    invited = meeting.invitations.select_related("agency").order_by("agency__name")
    said: dict[int, list[str]] = defaultdict(list)
    rows = ResearchRequest.objects.filter(hearing__in=[row.pk for row in hearings])
    for agency_id, state in rows.values_list("agency_id", "state"):
        said[agency_id].append(state)
    return [
        Column(
            row.agency,
            missing=said[row.agency_id].count(State.ASKED),
            asked=len(said[row.agency_id]) - said[row.agency_id].count(State.WITHDRAWN),
            apologies=row.state == row.State.APOLOGIES,
        )
        for row in invited
    ]


def matrix(hearings: Sequence[Hearing], agencies: Sequence[Agency]) -> list[Row]:
    """Cases by agencies. One query."""
    asked = ResearchRequest.objects.filter(hearing__in=[row.pk for row in hearings]).exclude(
        state=State.WITHDRAWN
    )
    cells = {(row.hearing_id, row.agency_id): row for row in asked.select_related("returned_by")}
    return [
        Row(
            row.number,  # type: ignore[attr-defined]
            row,
            tuple((agency, cells.get((row.pk, agency.pk))) for agency in agencies),
        )
        for row in hearings
    ]


def missing_of(meeting: Meeting, reader: User, agency_id: int | None = None) -> list[int]:
    """The requests that nobody answered, of cases that the reader may know."""
    hearings = [row.pk for row in cases_of(meeting, reader, missing_only=True)]
    rows = ResearchRequest.objects.asked().filter(hearing__in=hearings)
    if agency_id is not None:
        rows = rows.filter(agency=agency_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def children_of(victim_id: int) -> QuerySet[Person]:
    """Children named in the victim's incidents: an agency looks for each of them."""
    harmed = Involvement.objects.filter(victim=victim_id, role=Involvement.Role.VICTIM)
    there = Involvement.objects.filter(
        incident__in=harmed.values("incident"), role=Involvement.Role.CHILD
    )
    return Person.objects.filter(pk__in=there.values("person")).order_by("pk")


def said_so_far(row: ResearchRequest) -> dict[str, object]:
    """What a form for the request begins with."""
    nothing = row.state == State.NOTHING_KNOWN
    return {"version": row.version, "words": row.words, "nothing_known": nothing}


def page_of(row: ResearchRequest, reader: User) -> dict[str, Any]:
    """What the page of one request shows, but for its form."""
    hearing = row.hearing
    is_open = hearing.is_open and hearing.meeting.is_open and row.state != State.WITHDRAWN
    return {
        "row": row,
        "hearing": hearing,
        "meeting": hearing.meeting,
        "children": children_of(row.victim_id),
        "may_return": is_open and can_answer_for(reader, row.agency_id),
    }
