"""Conferences for tests, as rows: what leads up to a step is made here, the step by its service."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.models import Agency, Area, User
from core import references
from core.references import Kind
from marac.models import (
    Attendance,
    Conference,
    ConferenceArea,
    ConferenceMember,
    Hearing,
    HearingLine,
    Invitation,
    MaracAction,
    MaracCase,
    Meeting,
    ResearchRequest,
)
from tests.factories import victims
from tests.personas import person, team
from tests.worlds import remembered
from victims.models import Person, Victim

_number = count(1)


@remembered
def conference(name: str = "Fenwick", *, area: str = "Fenwick", **changes: Any) -> Conference:
    """A conference of the test county, made on first use: police, housing (core), children."""
    existing = Conference.objects.filter(name=name).first()
    if existing:
        return existing
    said: dict[str, Any] = {
        "team": team("marac"),
        "chair": person("chair"),
        "coordinator": person("coordinator"),
        "weekly_day": 1,
        "weekly_at": "10:00",
        "weekly_place": "By telephone, 01632 960400",
        "monthly_week": 2,
        "monthly_day": 3,
        "monthly_at": "09:30",
        "monthly_place": "Fenwick police station, room 2",
        "quorum": 2,
    }
    row = Conference.objects.create(name=name, **{**said, **changes})
    covered, _ = Area.objects.get_or_create(name=area)
    ConferenceArea.objects.create(conference=row, area=covered)
    for kind, is_core in (("response", True), ("partner", True), ("children", False)):
        ConferenceMember.objects.create(conference=row, agency=team(kind).agency, is_core=is_core)
    return row


@remembered
def meeting(
    at: datetime,
    *,
    of: Conference | None = None,
    kind: str = Meeting.Kind.MONTHLY,
    invited: bool = True,
    **changes: Any,
) -> Meeting:
    """A meeting that starts at `at`, planned, its agencies invited."""
    of = of or conference()
    said: dict[str, Any] = {
        "starts_at": at,
        "place": of.monthly_place,
        "capacity": of.monthly_capacity,
        "chair": of.chair,
        "coordinator": of.coordinator,
        "cut_off_at": at - timedelta(days=8),
        "agenda_due_at": at - timedelta(days=7),
    }
    row = Meeting.objects.create(
        reference=references.take(Kind.MARAC_MEETING, at),
        conference=of,
        kind=kind,
        **{**said, **changes},
    )
    if invited:
        for member in of.members.all():
            Invitation.objects.create(
                meeting=row,
                agency=member.agency,
                is_core=member.is_core,
                invited_at=at - timedelta(days=20),
            )
    return row


def agenda_out(meeting: Meeting, at: datetime) -> Meeting:
    """Its agenda is out since `at`."""
    meeting.state = Meeting.State.AGENDA_OUT
    meeting.agenda_out_at, meeting.agenda_out_by = at, meeting.coordinator
    meeting.save(update_fields=["state", "agenda_out_at", "agenda_out_by"])
    return meeting


def under_way(meeting: Meeting, at: datetime) -> Meeting:
    """It began at `at`, its agenda out long before."""
    if meeting.agenda_out_at is None:
        agenda_out(meeting, at - timedelta(days=7))
    meeting.state, meeting.began_at = Meeting.State.UNDER_WAY, at
    meeting.save(update_fields=["state", "began_at"])
    return meeting


@remembered
def attendance(
    meeting: Meeting, who: User, *, at: datetime | None, observer: bool = False
) -> Attendance:
    """Somebody at a meeting; `at`: when they signed, None for not yet."""
    agency = who.team.agency if who.team else Agency.objects.get(kind="police")
    return Attendance.objects.create(
        meeting=meeting,
        person=who,
        agency=agency,
        is_observer=observer,
        observes_because="Learns the work of a conference." if observer else "",
        added_at=meeting.starts_at - timedelta(days=10),
        added_by=meeting.coordinator,
        signed_at=at,
        statement=1 if at else None,
    )


@remembered
def case(
    at: datetime,
    *,
    victim: Victim | None = None,
    perpetrator: Person | None = None,
    of: Conference | None = None,
    state: str = MaracCase.State.ACCEPTED,
    **changes: Any,
) -> MaracCase:
    """A case proposed at `at`, accepted a day later unless `state` says otherwise."""
    of = of or conference()
    decided = state != MaracCase.State.PROPOSED
    said: dict[str, Any] = {
        "source": MaracCase.Source.WORKER,
        "agency": team("maru").agency,
        "proposed_by": person("worker"),
        "proposed_at": at,
        "words": "Threats to kill since the separation.",
        "decided_at": at + timedelta(days=1) if decided else None,
        "decided_by": person("coordinator") if decided else None,
        "decided_words": "Seventeen yes answers." if decided else "",
    }
    return MaracCase.objects.create(
        reference=references.take(Kind.MARAC_CASE, at),
        conference=of,
        victim=victim or victims.victim(grade="high", at=at - timedelta(hours=1)),
        perpetrator=perpetrator,
        state=state,
        **{**said, **changes},
    )


a_case = case


@remembered
def hearing(meeting: Meeting, case: MaracCase, **changes: Any) -> Hearing:
    """The case on the agenda of the meeting, waiting unless `changes` say otherwise."""
    said: dict[str, Any] = {
        "part": Hearing.Part.ADULTS,
        "position": meeting.hearings.count() + 1,
        "listed_at": meeting.starts_at - timedelta(days=10),
        "listed_by": meeting.coordinator,
    }
    return Hearing.objects.create(
        meeting=meeting, case=case, victim=case.victim, **{**said, **changes}
    )


@remembered
def heard(at: datetime, *, case: MaracCase | None = None, **changes: Any) -> Hearing:
    """A case concluded at `at`, at a meeting that was held then."""
    held = under_way(meeting(at - timedelta(minutes=30), **changes), at - timedelta(minutes=30))
    held.state, held.ended_at = Meeting.State.HELD, at + timedelta(hours=1)
    held.save(update_fields=["state", "ended_at"])
    return hearing(
        held,
        case or a_case(at - timedelta(days=14)),
        state=Hearing.State.CONCLUDED,
        began_at=at - timedelta(minutes=8),
        ended_at=at,
    )


@remembered
def research(hearing: Hearing, agency: Agency, at: datetime, **changes: Any) -> ResearchRequest:
    """The agency was asked at `at` and has not answered, unless `changes` say otherwise."""
    said: dict[str, Any] = {
        "asked_at": at,
        "asked_by": hearing.meeting.coordinator,
        "due_at": hearing.meeting.starts_at - timedelta(days=2),
        "team": agency.teams.order_by("pk").first(),
    }
    return ResearchRequest.objects.create(
        hearing=hearing, victim=hearing.victim, agency=agency, **{**said, **changes}
    )


@remembered
def line(hearing: Hearing, words: str, at: datetime, *, by: User, **changes: Any) -> HearingLine:
    """Something said at the hearing."""
    said: dict[str, Any] = {"section": HearingLine.Section.SHARE}
    return HearingLine.objects.create(
        hearing=hearing,
        victim=hearing.victim,
        agency=by.team.agency if by.team else hearing.case.agency,
        words=words,
        by=by,
        at=at,
        number=next(_number),
        key=uuid4(),
        **{**said, **changes},
    )


@remembered
def action(hearing: Hearing, agency: Agency, at: datetime, **changes: Any) -> MaracAction:
    """The agency has to do something within a week of `at`."""
    due_at = at + timedelta(days=7)
    said: dict[str, Any] = {
        "words": "Fit a camera and test it.",
        "due_on": due_at.date(),
        "due_at": due_at,
        "team": agency.teams.order_by("pk").first(),
        "agreed_at": at,
        "agreed_by": hearing.meeting.chair,
        "number": next(_number),
        "key": uuid4(),
    }
    return MaracAction.objects.create(
        reference=references.take(Kind.MARAC_ACTION, at),
        hearing=hearing,
        case=hearing.case,
        victim=hearing.victim,
        agency=agency,
        **{**said, **changes},
    )
