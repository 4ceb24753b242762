"""The world's conference: a meeting under way, one that was held, and one of everything about them.

The police, housing and children's services are invited. Those of `SIGNED` signed the statements of
both meetings, and the brother did, from whom the victim is withheld; of the invited agencies,
children's services did not. The IDVA service is not invited.
"""

from datetime import datetime, timedelta

from accounts.models import User
from marac.minutes import content_of
from marac.models import (
    Hearing,
    MaracCase,
    MaracFlag,
    Meeting,
    Minutes,
    MinutesCopy,
    Transfer,
)
from marac.services.meetings.links import make_calendar_link
from tests.factories import marac
from tests.personas import person
from victims.models import Person, Victim

SIGNED = ("chair", "coordinator", "supervisor", "agency")


def conference_of(
    victim: Victim, accused: Person, now: datetime, *, brother: User
) -> dict[str, str]:
    """What each parameter of the addresses of conferences stands for."""
    case = marac.case(now - timedelta(days=60), victim=victim, perpetrator=accused)
    there = [*map(person, SIGNED), brother]
    heard = marac.heard(now - timedelta(days=30), case=case)
    meeting = marac.under_way(marac.meeting(now - timedelta(hours=1)), now - timedelta(hours=1))
    hearing = marac.hearing(
        meeting, case, state=Hearing.State.PRESENT, began_at=now - timedelta(minutes=5)
    )
    places = [
        marac.attendance(at, who, at=now - timedelta(days=2))
        for at in (heard.meeting, meeting)
        for who in there
    ]
    observer = marac.attendance(meeting, person("worker_b"), at=None, observer=True)
    housing = person("agency").team.agency
    _minutes_of(heard.meeting, now)
    return {
        "conference": str(meeting.conference_id),
        "meeting": meeting.reference,
        "held": heard.meeting.reference,
        "marac_case": case.reference,
        "research": str(marac.research(hearing, housing, now - timedelta(days=4)).pk),
        "action": marac.action(heard, housing, now, owner=person("agency")).reference,
        "flag": str(_flag_of(heard).pk),
        "transfer": _transfer_of(case, now).reference,
        "attendance": str(places[-2].pk),
        "observer": str(observer.person_id),
        "feed": make_calendar_link(actor=person("agency"), at=now),
    }


def _minutes_of(held: Meeting, now: datetime) -> None:
    """Approved and sent to the police and to housing."""
    minutes = Minutes.objects.create(
        meeting=held,
        content=content_of(held),
        approved_at=now - timedelta(days=28),
        approved_by=person("chair"),
        sent_at=now - timedelta(days=28),
        sent_by=person("coordinator"),
    )
    for who in ("supervisor", "agency"):
        MinutesCopy.objects.create(
            minutes=minutes, agency=person(who).team.agency, sent_at=now - timedelta(days=28)
        )


def _flag_of(heard: Hearing) -> MaracFlag:
    assert heard.ended_at is not None
    return MaracFlag.objects.create(
        case=heard.case,
        hearing=heard,
        victim=heard.victim,
        perpetrator=heard.case.perpetrator,
        from_at=heard.ended_at,
        until_at=heard.ended_at + timedelta(days=365),
    )


def _transfer_of(case: MaracCase, now: datetime) -> Transfer:
    return Transfer.objects.create(
        reference="MT-2026-000001",
        direction=Transfer.Direction.OUT,
        case=case,
        victim=case.victim,
        other_area="Wexcombe",
        contact="Their coordinator, 01632 960777",
        reason="She has moved to her sister's.",
        begun_at=now - timedelta(days=1),
        begun_by=person("coordinator"),
    )
