"""A walk over every stage change: each step from each state, as each persona, in one small world.

A step is taken from every state of its row by whoever may take it: what comes of it is what the
table says, the state after it or a refusal that leaves the row as it was. Everybody else is refused
from a state where it may be taken, and the row stays as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from core.errors import DomainError
from marac.models import (
    Hearing,
    Invitation,
    MaracAction,
    MaracCase,
    MaracFlag,
    Meeting,
    Minutes,
    ResearchRequest,
    Transfer,
)
from tests.factories import marac, victims
from tests.personas import PEOPLE, person

DAY = timedelta(days=1)
ATTENDING = (
    "coordinator",
    "chair",
    "head",
    "worker",
    "worker_b",
    "manager",
    "supervisor",
    "investigator",
    "neighbourhood",
    "agency",
    "agency_b",
)
REFUSED, NOT_NOW = "refused", "not now"


@dataclass(frozen=True)
class Scene:
    """One of each; `at` is the hour of the meeting, `before` a week earlier."""

    at: datetime
    before: datetime
    people: dict[str, User]
    meeting: Meeting
    other: Meeting
    invitation: Invitation
    case: MaracCase
    hearing: Hearing
    earlier: Hearing
    research: ResearchRequest
    action: MaracAction
    flag: MaracFlag
    transfer: Transfer

    def version(self, row: Model) -> int:
        return int(type(row)._default_manager.values_list("version", flat=True).get(pk=row.pk))


def a_scene(at: datetime) -> Scene:
    """Everybody who comes to meetings signed both; chair and coordinator are there."""
    people = {name: User.objects.get(pk=person(name).pk) for name in PEOPLE}
    meeting = marac.agenda_out(marac.meeting(at), at - 5 * DAY)
    other = marac.agenda_out(marac.meeting(at + 30 * DAY), at)
    for name in ATTENDING:
        row = marac.attendance(meeting, people[name], at=at - DAY)
        if name in ("chair", "coordinator", "supervisor", "agency"):
            row.present_at = at
            row.save(update_fields=["present_at"])
    victim = victims.victim(grade="high", at=at - 90 * DAY)
    case = marac.case(at - 80 * DAY, victim=victim)
    earlier = marac.heard(at - 60 * DAY, case=case)
    hearing = marac.hearing(meeting, case)
    housing = people["agency"].team.agency  # type: ignore[union-attr]
    action = marac.action(earlier, housing, at - 60 * DAY, owner=people["agency"])
    MaracAction.objects.filter(pk=action.pk).update(due_on=(at + 9 * DAY).date())
    return Scene(
        at=at,
        before=at - 5 * DAY,
        people=people,
        meeting=meeting,
        other=other,
        invitation=meeting.invitations.get(agency=housing),
        case=case,
        hearing=hearing,
        earlier=earlier,
        research=marac.research(hearing, housing, at - 4 * DAY),
        action=action,
        flag=MaracFlag.objects.create(
            case=case,
            hearing=earlier,
            victim=victim,
            from_at=at - 60 * DAY,
            until_at=at + 300 * DAY,
        ),
        transfer=Transfer.objects.create(
            reference="MT-2026-000001",
            direction=Transfer.Direction.OUT,
            case=case,
            victim=victim,
            other_area="Wexcombe",
            contact="Their coordinator, 01632 960777",
            reason="She has moved.",
            begun_at=at - DAY,
            begun_by=people["coordinator"],
        ),
    )


def set_to(row: Model, **values: Any) -> None:
    """The row as it would stand, without the steps that lead there."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def put_meeting(scene: Scene, state: str) -> None:
    out, at = scene.before - DAY, scene.at
    has_begun = state in ("under_way", "held")
    set_to(
        scene.meeting,
        state=state,
        agenda_out_at=None if state == "planned" else out,
        agenda_out_by=None if state == "planned" else scene.people["coordinator"],
        began_at=at if has_begun else None,
        ended_at=at + timedelta(hours=2) if state == "held" else None,
        cancelled_reason="Snow." if state == "cancelled" else "",
    )
    if state == "held":
        put_hearing(scene, "concluded")
    elif state == "cancelled":
        put_hearing(scene, "taken_off")


def put_invitation(scene: Scene, state: str) -> None:
    """What is marked by the end of a meeting is of one that is over."""
    words = "Nobody is free." if state == "apologies" else ""
    set_to(scene.invitation, state=state, apologies=words)
    if state in ("attended", "absent"):
        put_meeting(scene, "held")


def put_case(scene: Scene, state: str) -> None:
    """Off every agenda, and nothing agreed for it waits."""
    is_decided, is_over = state != "proposed", state in ("closed", "moved")
    chair, at = scene.people["chair"], scene.before
    set_to(
        scene.case,
        state=state,
        decided_at=at if is_decided else None,
        decided_by=chair if is_decided else None,
        decided_words="Not what it is for." if state == "not_accepted" else "",
        closed_at=at if is_over else None,
        closed_by=chair if is_over else None,
        closed_because={"closed": "done", "moved": "moved"}.get(state, ""),
    )
    put_hearing(scene, "taken_off")
    put_action(scene, "done")
    put_transfer(scene, "cancelled")


def put_hearing(scene: Scene, state: str) -> None:
    has_begun = state not in ("waiting", "taken_off", "deferred")
    is_over = state in ("concluded", "taken_off", "deferred")
    set_to(
        scene.hearing,
        state=state,
        began_at=scene.at if has_begun else None,
        ended_at=scene.at if is_over else None,
        ended_words="Put off." if state in ("taken_off", "deferred") else "",
    )


def put_heard_now(scene: Scene, state: str) -> None:
    put_meeting(scene, "under_way")
    put_hearing(scene, state)


def put_research(scene: Scene, state: str) -> None:
    has_words = state == "returned"
    is_answered = state in ("returned", "nothing_known")
    set_to(
        scene.research,
        state=state,
        words="Rent is late." if has_words else "",
        returned_at=scene.before if is_answered else None,
        returned_by=scene.people["agency"] if is_answered else None,
    )


def put_action(scene: Scene, state: str) -> None:
    is_open = state == "open"
    set_to(
        scene.action,
        state=state,
        settled_at=None if is_open else scene.before,
        settled_by=None if is_open else scene.people["supervisor"],
        evidence="" if is_open else "A letter.",
    )


def put_flag(scene: Scene, state: str) -> None:
    is_over = state != "standing"
    set_to(
        scene.flag,
        ended_at=scene.before if is_over else None,
        ended_because=state if is_over else "",
        ended_words="Said before." if state == "removed" else "",
    )


def put_transfer(scene: Scene, state: str) -> None:
    """Everything is checked; the case stands on no agenda."""
    before, is_over = scene.before, state != "begun"
    set_to(
        scene.transfer,
        state=state,
        heard_there=False,
        plan_at=before,
        minutes_at=before,
        adviser_at=before,
        settled_at=before if is_over else None,
        settled_by=scene.people["supervisor"] if is_over else None,
    )
    put_hearing(scene, "taken_off")


def put_minutes(scene: Scene, state: str) -> None:
    """Of the meeting, held: none yet, approved, sent."""
    put_meeting(scene, "held")
    if state == "none":
        return
    at, chair = scene.at, scene.people["chair"]
    Minutes.objects.create(
        meeting=scene.meeting,
        content={"cases": []},
        approved_at=at,
        approved_by=chair,
        sent_at=at if state == "sent" else None,
        sent_by=chair if state == "sent" else None,
    )


@dataclass(frozen=True)
class Step:
    """A step: how it is taken, what comes of it from each state, and who takes it.

    `after` has each state that it may be taken from, with the state that it leads to.
    """

    take: Callable[[Scene, User], object]
    after: dict[str, str]
    who: frozenset[str]


@dataclass(frozen=True)
class Walk:
    """A row that has states: all of them, how it is put into one, how one reads it, its steps."""

    states: tuple[str, ...]
    put: Callable[[Scene, str], None]
    read: Callable[[Scene], str]
    steps: dict[str, Step]


def state_of(name: str) -> Callable[[Scene], str]:
    """Reads the state of the scene's row of that name."""

    def read(scene: Scene) -> str:
        row = getattr(scene, name)
        return str(type(row)._default_manager.values_list("state", flat=True).get(pk=row.pk))

    return read


@contextmanager
def undone() -> Iterator[None]:
    """What is written within is written no more afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(walk: Walk, step: Step, scene: Scene, state: str, who: str) -> str:
    """The state after a step, or how it was refused; a refusal changes nothing."""
    with undone():
        walk.put(scene, state)
        came = _tried(walk, step, scene, who)
        assert came not in (REFUSED, NOT_NOW) or walk.read(scene) == state
    return came


def _tried(walk: Walk, step: Step, scene: Scene, who: str) -> str:
    try:
        with transaction.atomic():
            step.take(scene, scene.people[who])
    except PermissionDenied:
        return REFUSED
    except DomainError:
        return NOT_NOW
    return walk.read(scene)


def walked(walk: Walk, name: str, scene: Scene) -> dict[tuple[str, str], tuple[str, str]]:
    """What went otherwise than the table says: (state, persona) -> (what came, what should)."""
    step, wrong = walk.steps[name], {}
    for state in walk.states:
        for who in sorted(step.who):
            came, should = outcome(walk, step, scene, state, who), step.after.get(state, NOT_NOW)
            if came != should:
                wrong[state, who] = (came, should)
    # Everybody else, where whoever may take the step could: the person is what is refused.
    state = next(iter(step.after))
    with undone():
        walk.put(scene, state)
        for who in sorted(set(PEOPLE) - step.who):
            came = _tried(walk, step, scene, who)
            if came != REFUSED:
                wrong[state, who] = (came, REFUSED)
        assert walk.read(scene) == state
    return wrong
