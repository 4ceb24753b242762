"""Meetings as pages and the API show them: lists, one meeting, and what is next to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from marac import quorum
from marac.models import Attendance, Hearing, Invitation, Meeting, ResearchRequest
from marac.permissions import can_answer_for, can_decide, can_keep
from marac.querysets import keeps
from marac.services.agenda.guards import ON_AGENDA

State = Meeting.State
#: What a list may be of; ahead where nothing is asked.
SHOWN = {
    "": [*Meeting.OPEN],
    "past": [State.HELD],
    "cancelled": [State.CANCELLED],
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that somebody does next for a meeting; "r" and "a" where it presses."""

    words: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class InvitedAgency:
    """An invitation with the agency's people on the list."""

    invitation: Invitation
    people: tuple[Attendance, ...]
    may_answer: bool

    @property
    def has_signed(self) -> bool:
        return any(one.signed_at for one in self.people)


def listed(
    reader: User, *, show: str = "", conference: Any = None, kind: str = ""
) -> QuerySet[Meeting]:
    """What the reader sees, the next first; what is over, the latest first.

    Each with `invited`, `answered`, `signed` and `cases` counted, `has_signed` and the state of the
    reader's own agency's invitation, `own_state` ("" without one).
    """
    rows = Meeting.objects.visible_to(reader).filter(state__in=SHOWN.get(show, SHOWN[""]))
    if conference is not None:
        rows = rows.filter(conference=conference)
    if kind:
        rows = rows.filter(kind=kind)
    order = ("starts_at", "pk") if show not in SHOWN or not show else ("-starts_at", "-pk")
    return _counted(rows, reader).select_related("conference", "chair").order_by(*order)


def _counted(rows: QuerySet[Meeting], reader: User) -> QuerySet[Meeting]:
    here = OuterRef("pk")
    invitations = Invitation.objects.filter(meeting=here).order_by()
    people = Attendance.objects.filter(meeting=here).order_by()
    own = Attendance.objects.signed().of(reader).filter(meeting=here)
    # A flag that reaches its end is looked at in a minute and takes no room.
    hearings = listed_for(here)
    return rows.annotate(
        invited=_how_many(invitations),
        answered=_how_many(invitations.exclude(state=Invitation.State.INVITED)),
        signed=_how_many(people.filter(signed_at__isnull=False)),
        cases=_how_many(hearings),
        has_signed=Exists(own),
        own_state=Coalesce(
            Subquery(Invitation.objects.of(reader).filter(meeting=here).values("state")[:1]),
            Value(""),
        ),
    )


def listed_for(meeting: Any) -> QuerySet[Hearing]:
    """What takes room on the agenda of a meeting."""
    rows = Hearing.objects.filter(meeting=meeting, state__in=ON_AGENDA).order_by()
    return rows.exclude(part=Hearing.Part.FLAGS)


def _how_many(rows: QuerySet[Any]) -> Any:
    counted = rows.values("meeting").annotate(how_many=Count("pk")).values("how_many")
    return Coalesce(Subquery(counted), 0)


def seen(reader: User) -> QuerySet[Meeting]:
    """Meetings that the reader may see, with what their page names."""
    return Meeting.objects.visible_to(reader).select_related(
        "conference__team", "chair", "coordinator", "agenda_out_by"
    )


def page_of(meeting: Meeting, reader: User, at: datetime) -> dict[str, Any]:
    """What the page of one meeting shows; a fixed number of queries."""
    invitations = list(
        Invitation.objects.filter(meeting=meeting)
        .select_related("agency", "answered_by")
        .order_by("-is_core", "agency__name")
    )
    people = list(
        Attendance.objects.filter(meeting=meeting)
        .select_related("person", "agency")
        .order_by("person__name", "pk")
    )
    mine = next((one for one in people if is_theirs(one, reader)), None)
    agencies = with_people(meeting, invitations, people, reader)
    return {
        "meeting": meeting,
        "agencies": agencies,
        "others": others(meeting, invitations, people),
        "observers": [one for one in people if one.is_observer],
        "quorum": quorum.of(meeting) if meeting.began_at else quorum.expected(meeting),
        "signed": sum(one.has_signed for one in agencies),
        "mine": mine,
        "may_keep": can_keep(reader, meeting.conference),
        "may_decide": can_decide(reader, meeting.conference),
        "is_ahead": meeting.state in Meeting.AHEAD,
        "to_do": to_do(meeting, reader, mine, agencies, at),
        "now": at,
    }


def is_theirs(place: Attendance, reader: User) -> bool:
    """Whether it is the reader's own place, for the agency that they are of now."""
    of_agency = reader.team is not None and reader.team.agency_id == place.agency_id
    return place.person_id == reader.pk and of_agency


def with_people(
    meeting: Meeting,
    invitations: Sequence[Invitation],
    people: Sequence[Attendance],
    reader: User,
) -> list[InvitedAgency]:
    """Every invited agency with those who speak for it."""
    keeper, ahead = can_keep(reader, meeting.conference), meeting.state in Meeting.AHEAD
    return [
        InvitedAgency(
            row,
            tuple(one for one in _speaking(meeting, people) if one.agency_id == row.agency_id),
            ahead and (keeper or can_answer_for(reader, row.agency_id)),
        )
        for row in invitations
    ]


def others(
    meeting: Meeting, invitations: Sequence[Invitation], people: Sequence[Attendance]
) -> list[Attendance]:
    """Who leads and keeps the meeting, and whoever's agency is invited no more."""
    invited = {row.agency_id for row in invitations}
    speaking = {one.pk for one in _speaking(meeting, people) if one.agency_id in invited}
    return [one for one in people if not one.is_observer and one.pk not in speaking]


def _speaking(meeting: Meeting, people: Sequence[Attendance]) -> list[Attendance]:
    kept_by = (meeting.chair_id, meeting.coordinator_id)
    return [one for one in people if not one.is_observer and one.person_id not in kept_by]


def to_do(
    meeting: Meeting,
    reader: User,
    mine: Attendance | None,
    agencies: Sequence[InvitedAgency],
    at: datetime,
) -> list[ToDo]:
    """What this reader does next, the most pressing first."""
    if meeting.state == State.CANCELLED:
        return []
    rows = [*_own(meeting, reader, mine, agencies)]
    if can_decide(reader, meeting.conference):
        rows += _kept(meeting, agencies, at)
    return rows


def _own(
    meeting: Meeting,
    reader: User,
    mine: Attendance | None,
    agencies: Sequence[InvitedAgency],
) -> list[ToDo]:
    """What anybody does for themselves and their agency."""
    rows = []
    invited = [one for one in agencies if can_answer_for(reader, one.invitation.agency_id)]
    leads = reader.pk in (meeting.chair_id, meeting.coordinator_id)
    if (mine is None or mine.signed_at is None) and (mine or invited or leads):
        words = "Sign the confidentiality statement: nothing of a case opens before"
        rows.append(ToDo(words, page("marac:sign", meeting), "a"))
    waits = [one for one in invited if one.invitation.state == Invitation.State.INVITED]
    if waits and meeting.state in Meeting.AHEAD and not leads and not keeps(reader):
        words = f"Say whether {waits[0].invitation.agency} comes"
        rows.append(ToDo(words, page("marac:answer", meeting), "a"))
    if mine and mine.signed_at and meeting.agenda_out_at and not keeps(reader):
        rows += _asked_of_us(meeting, reader)
    return rows


def _asked_of_us(meeting: Meeting, reader: User) -> list[ToDo]:
    asked = ResearchRequest.objects.for_agency_of(reader).asked()
    how_many = asked.filter(hearing__meeting=meeting).count()
    if not how_many:
        return []
    cases = "1 case" if how_many == 1 else f"{how_many} cases"
    return [ToDo(f"Return your research on {cases}", page("marac:research", None), "a")]


def _kept(meeting: Meeting, agencies: Sequence[InvitedAgency], at: datetime) -> list[ToDo]:
    """What those who keep conferences do for all."""
    rows = []
    if meeting.state == State.PLANNED:
        tone = "r" if meeting.agenda_due_at <= at else ""
        rows.append(ToDo("Send the agenda", page("marac:agenda", meeting), tone))
    if meeting.state in Meeting.AHEAD:
        silent = sum(one.invitation.state == Invitation.State.INVITED for one in agencies)
        if silent:
            verb = "agency has" if silent == 1 else "agencies have"
            rows.append(ToDo(f"{silent} {verb} not answered", "#agencies"))
    if meeting.state == State.AGENDA_OUT:
        missing = ResearchRequest.objects.asked().filter(hearing__meeting=meeting).count()
        if missing:
            words = f"{missing} research missing"
            rows.append(ToDo(words, page("marac:meeting_research", meeting), "a"))
    if meeting.state in (State.AGENDA_OUT, State.UNDER_WAY):
        words = "Begin the meeting" if meeting.state == State.AGENDA_OUT else "The meeting is on"
        rows.append(ToDo(words, page("marac:live", meeting)))
    if meeting.state == State.HELD:
        rows.append(ToDo("Minutes", page("marac:minutes", meeting)))
    return rows


def page(name: str, meeting: Meeting | None) -> str:
    """The address of a page of the meeting, or of all; blank where there is none."""
    try:
        return reverse(name, args=[meeting.reference] if meeting else [])
    except NoReverseMatch:
        return ""
