"""A meeting that is under way: chair, coordinator and two agencies, signed and there; two cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import User, Withholding
from marac.models import Conflict, Hearing, HearingLine, Meeting
from marac.services.live import write_line
from tests.factories import marac, victims
from tests.personas import person
from tests.worlds import remembered

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
THERE = ("chair", "coordinator", "worker", "agency", "agency_b")


@dataclass(frozen=True)
class Scene:
    meeting: Meeting
    first: Hearing
    second: Hearing


@remembered
def planned(
    at: datetime, *, kind: str = Meeting.Kind.MONTHLY, there: tuple[str, ...] = THERE
) -> Scene:
    """A meeting at `at`, its agenda out, two cases waiting; those `there` have signed."""
    meeting = marac.agenda_out(marac.meeting(at, kind=kind), at - 7 * DAY)
    for name in there:
        row = marac.attendance(meeting, person(name), at=at - DAY)
        row.present_at = at
        row.save(update_fields=["present_at"])
    known: tuple[dict[str, Any], ...] = (
        {},
        {"given_name": "Keisha", "family_name": "Browne", "date_of_birth": date(1988, 5, 2)},
    )
    first, second = (_listed(meeting, about, at) for about in known)
    return Scene(meeting, first, second)


def _listed(meeting: Meeting, about: dict[str, Any], at: datetime) -> Hearing:
    victim = victims.victim(grade="high", at=at - 20 * DAY, **about)
    return marac.hearing(meeting, marac.case(at - 14 * DAY, victim=victim))


@remembered
def under_way(at: datetime, *, state: str = "", **how: object) -> Scene:
    """The same, begun at `at`; the first case at the stage `state`, waiting unless one is given."""
    scene = planned(at, **how)  # type: ignore[arg-type]
    marac.under_way(scene.meeting, at)
    if state:
        row = scene.first
        row.state, row.began_at = state, at
        if state == Hearing.State.CONCLUDED:
            row.ended_at = at + MINUTE
        row.save(update_fields=["state", "began_at", "ended_at"])
    return scene


def said(
    hearing: Hearing,
    words: str = "She is afraid.",
    *,
    by: str = "agency",
    at: datetime,
    **more: object,
) -> HearingLine:
    """A line that this persona writes."""
    told: dict[str, object] = {"section": "share", "key": uuid4(), **more}
    return write_line(hearing_id=hearing.pk, words=words, actor=actor(by), at=at, **told)  # type: ignore[arg-type]


def actor(name: str) -> User:
    """The persona anew, as a request reads them."""
    return User.objects.get(pk=person(name).pk)


def near(hearing: Hearing, name: str, at: datetime) -> None:
    """This persona has said that they are near to the case."""
    Conflict.objects.create(
        hearing=hearing,
        person=person(name),
        words="My neighbour.",
        declared_at=at,
        declared_by=person(name),
    )


def withheld(hearing: Hearing, name: str, at: datetime) -> None:
    """Nothing about the victim may reach this persona."""
    Withholding.objects.create(
        victim_id=hearing.victim_id,
        person=person(name),
        reason="His sister.",
        set_by=person("head"),
        set_at=at,
    )
