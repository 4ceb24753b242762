"""What the page of a meeting that is under way shows to one reader, and what is new on it.

A reader sees the cases that they hear: signed, not withheld from them, not near to them. Whoever
leads sees a numbered gap where a case is not for them; everybody else's agenda has no gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import Agency, User, Withholding
from core.clock import local
from marac import quorum
from marac.models import (
    Attendance,
    Hearing,
    HearingLine,
    Invitation,
    MaracAction,
    MaracCase,
    Meeting,
    ResearchRequest,
)
from marac.near import near_hearing
from marac.permissions import can_chair, can_keep
from marac.quorum import Quorum
from marac.services.live.stages import STAGES, may_go

State = Hearing.State
Section = HearingLine.Section
#: Stands for a case's reference in an address.
_ANY = "ANY-CASE"
OVER = (State.CONCLUDED, State.DEFERRED, State.TAKEN_OFF)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the agenda; `hearing` is None where the case is not for the reader."""

    number: int
    hearing: Hearing | None
    state: str
    is_shown: bool
    url: str = ""

    @property
    def is_now(self) -> bool:
        return self.state in Hearing.SPOKEN_OF

    @property
    def about(self) -> str:
        """Beside the name: "2 children, repeat, from Fenwick Housing"."""
        if self.hearing is None:
            return ""
        hearing, case = self.hearing, self.hearing.case
        words = [_household(hearing)]
        words += ["repeat"] if hearing.is_repeat else []
        words += [f"from {case.agency}"] if case.source == MaracCase.Source.AGENCY else []
        words += ["late"] if hearing.is_late else []
        return ", ".join(words)


def _household(hearing: Hearing) -> str:
    if hearing.part == Hearing.Part.FLAGS:
        return "flag reaches twelve months"
    children = hearing.case.children
    if not children:
        return "adult only"
    return "1 child" if children == 1 else f"{children} children"


@dataclass(frozen=True, slots=True)
class Said:
    """A line with what puts it right; written late when the case was over by then."""

    line: HearingLine
    corrections: tuple[HearingLine, ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """An invited agency and its people."""

    invitation: Invitation
    people: tuple[Attendance, ...]

    @property
    def is_here(self) -> bool:
        return any(one.present_at and not one.left_at for one in self.people)

    @property
    def has_signed(self) -> bool:
        return any(one.signed_at for one in self.people)


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes a case until now, and when the last one ends if it goes on so."""

    minutes: float
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the case, and whether the reader may take it there now."""

    code: str
    label: str
    is_now: bool
    is_done: bool
    may_go: bool


@dataclass(frozen=True, slots=True)
class CasePart:
    """What the page says of the case that is shown."""

    hearing: Hearing
    number: int
    met: tuple[str, ...]
    research: tuple[ResearchRequest, ...]
    said: dict[str, tuple[Said, ...]]
    actions: tuple[MaracAction, ...]
    steps: tuple[Step, ...]
    agencies: tuple[Agency, ...]
    may_write: bool
    may_lead: bool


@dataclass(frozen=True, slots=True)
class LivePage:
    """The whole page."""

    meeting: Meeting
    place: Attendance
    rows: tuple[Listed, ...]
    seats: tuple[Seat, ...]
    others: tuple[Attendance, ...]
    quorum: Quorum
    pace: Pace | None
    leads: bool
    chairs: bool
    case: CasePart | None
    now: datetime
    after: int = field(default=0)

    @property
    def at(self) -> Listed | None:
        """Where the meeting is, if the reader hears that case."""
        return next((row for row in self.rows if row.is_now and row.hearing), None)

    @property
    def signed(self) -> int:
        return sum(seat.has_signed for seat in self.seats)

    @property
    def left(self) -> int:
        return sum(row.state in Hearing.OPEN for row in self.rows)


def place_of(reader: User, meeting: Meeting) -> Attendance | None:
    """The reader's place, if they signed for their agency; observers too. One query."""
    rows = Attendance.objects.signed().of(reader).filter(meeting=meeting)
    return rows.select_related("agency").first()


def count_for(reader: User, reference: str, case: str = "") -> int | None:
    """The meeting's count of changes for somebody who may see it, and the case; else None.

    One query, asked every second by everybody at the meeting.
    """
    if case:
        hearings = Hearing.objects.heard_by(reader).filter(
            meeting__reference=reference, case__reference=case
        )
        return hearings.values_list("meeting__changes", flat=True).first()
    meetings = Meeting.objects.opened_by(reader).filter(
        reference=reference, agenda_out_at__isnull=False
    )
    return meetings.values_list("changes", flat=True).first()


def read(
    meeting: Meeting, place: Attendance, reader: User, at: datetime, *, case: str = ""
) -> LivePage:
    """The page for the reader, with the case of that reference, else the one that is heard now.

    A fixed number of queries, however many cases and agencies there are.
    """
    leading = leads(reader, meeting)
    rows = _agenda(meeting, reader, leading, case)
    seats, others = _seats(meeting)
    shown = next((row for row in rows if row.is_shown), None)
    return LivePage(
        meeting=meeting,
        place=place,
        rows=rows,
        seats=seats,
        others=others,
        quorum=quorum.of(meeting),
        pace=pace_of(meeting, rows, at),
        leads=leading and not place.is_observer,
        chairs=can_chair(reader, meeting.conference) and not place.is_observer,
        case=_case(meeting, place, shown, seats, leads=leading) if shown else None,
        now=at,
        after=meeting.changes,
    )


def leads(reader: User, meeting: Meeting) -> bool:
    """Whether they chair or keep conferences: they type for all, and lead case by case."""
    conference = meeting.conference
    return can_chair(reader, conference) or can_keep(reader, conference)


def _agenda(meeting: Meeting, reader: User, leading: bool, case: str) -> tuple[Listed, ...]:
    """What the reader hears, numbered; for who leads, gaps among it. One query."""
    found = _hearings(meeting, reader, leading)
    seen = [row for row in found if not _is_hidden(row, reader)]
    shown = next((row for row in seen if row.case.reference == case), None)
    if shown is None and not case:
        shown = next((row for row in seen if row.state in Hearing.SPOKEN_OF), None)
    # One address for all: the router takes longer over forty than over the page's words.
    address = reverse("marac:live_case", args=[meeting.reference, _ANY])
    return tuple(
        Listed(number, None, row.state, is_shown=False)
        if _is_hidden(row, reader)
        else Listed(number, row, row.state, row is shown, address.replace(_ANY, row.case.reference))
        for number, row in enumerate(found, start=1)
    )


def _hearings(meeting: Meeting, reader: User, leading: bool) -> list[Hearing]:
    every: QuerySet[Hearing] = (
        Hearing.objects.listed() if leading else Hearing.objects.heard_by(reader)
    )
    return list(
        every.filter(meeting=meeting)
        .select_related("case__perpetrator", "case__agency", "victim__person", "wanted_by")
        .annotate(how_many_actions=Count("actions"), is_near=near_hearing(reader))
        .order_by("position", "pk")
    )


def _is_hidden(hearing: Hearing, reader: User) -> bool:
    return hearing.is_near or hearing.victim_id in reader.withheld_victims  # type: ignore[attr-defined]


def _seats(meeting: Meeting) -> tuple[tuple[Seat, ...], tuple[Attendance, ...]]:
    """Invited agencies with their people; and chair, coordinator and observers. Two queries."""
    people = list(
        Attendance.objects.filter(meeting=meeting)
        .select_related("person__team", "agency")
        .order_by("person__name", "pk")
    )
    invitations = Invitation.objects.filter(meeting=meeting).select_related("agency")
    keeping = {meeting.chair_id, meeting.coordinator_id}
    speaking = [one for one in people if not one.is_observer and one.person_id not in keeping]
    seats = tuple(
        Seat(row, tuple(one for one in speaking if one.agency_id == row.agency_id))
        for row in invitations.order_by("-is_core", "agency__name")
    )
    seated = {one.pk for seat in seats for one in seat.people}
    return seats, tuple(one for one in people if one.pk not in seated)


def pace_of(meeting: Meeting, rows: Sequence[Listed], at: datetime) -> Pace | None:
    """How quickly cases go: from the beginning to the end of the last one; None before that."""
    ended = [
        row.hearing.ended_at
        for row in rows
        if row.hearing and row.state == State.CONCLUDED and row.hearing.ended_at
    ]
    if meeting.began_at is None or not ended:
        return None
    each = max((max(ended) - meeting.began_at) / len(ended), timedelta(0))
    left = sum(row.state in Hearing.OPEN for row in rows)
    minutes = round(each.total_seconds() / 60, 1)
    if not left or meeting.state != Meeting.State.UNDER_WAY:
        return Pace(minutes, None)
    return Pace(minutes, max(max(ended) + each * left, at))


def _case(
    meeting: Meeting,
    place: Attendance,
    shown: Listed,
    seats: Sequence[Seat],
    *,
    leads: bool,
) -> CasePart:
    """Four queries: what was returned, said and agreed, and whom it must not reach."""
    hearing = shown.hearing
    assert hearing is not None
    hearing.meeting = meeting
    takes_part = not place.is_observer
    return CasePart(
        hearing=hearing,
        number=shown.number,
        met=met_words(hearing.case.criteria),
        research=_research(hearing),
        said=_said(hearing),
        actions=_actions(hearing),
        steps=_steps(hearing, leads and takes_part),
        agencies=_agencies(hearing, seats),
        may_write=takes_part and hearing.began_at is not None and _is_written_down(meeting),
        may_lead=leads and takes_part and meeting.state == Meeting.State.UNDER_WAY,
    )


def _is_written_down(meeting: Meeting) -> bool:
    """Whether what is said is still taken: until the minutes. A query once the meeting is over."""
    if meeting.state != Meeting.State.HELD:
        return meeting.state == Meeting.State.UNDER_WAY
    return not meeting.minutes.exists()


def met_words(criteria: object) -> tuple[str, ...]:
    """The criteria that were met, in words with their numbers, as the case keeps them."""
    rows = criteria if isinstance(criteria, list) else []
    return tuple(str(one.get("words") or one.get("label")) for one in rows if one.get("is_met"))


def _research(hearing: Hearing) -> tuple[ResearchRequest, ...]:
    rows = ResearchRequest.objects.filter(hearing=hearing).exclude(
        state=ResearchRequest.State.WITHDRAWN
    )
    return tuple(rows.select_related("agency", "returned_by").order_by("agency__name", "pk"))


def _said(hearing: Hearing) -> dict[str, tuple[Said, ...]]:
    """Lines by section in their order; what puts a line right stands with it."""
    lines = list(
        HearingLine.objects.filter(hearing=hearing)
        .select_related("agency", "by")
        .order_by("number", "pk")
    )
    roots = _roots(lines)
    said: dict[str, list[Said]] = {code: [] for code in Section.values}
    for line in lines:
        if line.corrects_id is None:
            put_right = tuple(
                one for one in lines if one.corrects_id is not None and roots[one.pk] == line.pk
            )
            late = hearing.ended_at is not None and line.at > hearing.ended_at
            said[line.section].append(Said(line, put_right, late))
    return {code: tuple(rows) for code, rows in said.items()}


def _roots(lines: Sequence[HearingLine]) -> dict[int, int]:
    """The first line that each goes back to: a correction may itself be put right."""
    roots: dict[int, int] = {}
    for line in lines:
        before = line.corrects_id
        roots[line.pk] = line.pk if before is None else roots.get(before, before)
    return roots


def _actions(hearing: Hearing) -> tuple[MaracAction, ...]:
    rows = MaracAction.objects.filter(hearing=hearing).select_related("agency", "owner")
    return tuple(rows.order_by("number", "pk"))


def _steps(hearing: Hearing, may_lead: bool) -> tuple[Step, ...]:
    kind, state = hearing.meeting.kind, hearing.state
    under_way = hearing.meeting.state == Meeting.State.UNDER_WAY
    reached = STAGES.index(state) if state in STAGES else (len(STAGES) if state in OVER else -1)
    return tuple(
        Step(
            code,
            State(code).label,
            is_now=code == state,
            is_done=number < reached,
            may_go=may_lead and under_way and code != state and may_go(kind, state, code),
        )
        for number, code in enumerate(STAGES)
    )


def _agencies(hearing: Hearing, seats: Sequence[Seat]) -> tuple[Agency, ...]:
    """Those for which something may be said and agreed here: invited, and not kept from it."""
    kept_from = set(
        Withholding.objects.filter(
            victim=hearing.victim_id, ended_at__isnull=True, agency__isnull=False
        ).values_list("agency_id", flat=True)
    )
    return tuple(
        seat.invitation.agency for seat in seats if seat.invitation.agency_id not in kept_from
    )


def pace_words(pace: Pace | None) -> str:
    """ "6.4 min a case; ends about 11:50"."""
    if pace is None:
        return ""
    ends = f"; ends about {local(pace.ends_at):%H:%M}" if pace.ends_at else ""
    return f"{pace.minutes:g} min a case{ends}"
