"""Who sees what of a conference: three doors, as every kind of reader, before and after they open.

One world; a table of readers, and what each of them sees of it, to the last row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, Team, User, Withholding
from accounts.roles import Role
from marac.models import (
    Attendance,
    Conference,
    Conflict,
    Hearing,
    Invitation,
    MaracAction,
    MaracCase,
    MaracFlag,
    Meeting,
    ResearchRequest,
)
from marac.permissions import speaks_at
from tests.conftest import NOON
from tests.factories import marac, victims
from tests.personas import person, team
from tests.standing import standing
from victims.models import VictimAccess
from victims.services import give_access

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    """Three meetings of one conference, a case at each: `out` has its agenda out, `held` is over,
    `planned` has none yet; and a meeting of another conference, to which nobody here is invited.
    """

    meetings: dict[str, Meeting]
    hearings: dict[str, Hearing]

    def named(self, rows: Any) -> set[str]:
        """Which of the three the rows belong to, by their meeting or their case."""
        keys = {one.pk: name for name, one in self.hearings.items()}
        cases = {one.case_id: name for name, one in self.hearings.items()}
        meetings = {one.pk: name for name, one in self.meetings.items()}
        if rows.model is Meeting:
            return {meetings[key] for key in rows.values_list("pk", flat=True)}
        if rows.model is MaracCase:
            return {cases[key] for key in rows.values_list("pk", flat=True)}
        if rows.model is Hearing:
            return {keys[key] for key in rows.values_list("pk", flat=True)}
        if rows.model is MaracFlag:
            return {cases[key] for key in rows.values_list("case", flat=True)}
        return {keys[key] for key in rows.values_list("hearing", flat=True)}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; a test's own transaction is a savepoint within this one."""
    with standing(django_db_blocker):
        with django_db_blocker.unblock():
            made = _a_world(NOON)
        yield made


def _a_world(at: datetime) -> World:
    meetings = {
        "planned": marac.meeting(at + 20 * DAY),
        "out": marac.agenda_out(marac.meeting(at + DAY), at - 4 * DAY),
        "held": marac.under_way(marac.meeting(at - 30 * DAY), at - 30 * DAY),
        "other": marac.agenda_out(
            marac.meeting(
                at + DAY, of=marac.conference("Wexcombe", area="Wexcombe"), invited=False
            ),
            at - DAY,
        ),
    }
    held = meetings["held"]
    held.state, held.ended_at = Meeting.State.HELD, at - 29 * DAY
    held.save(update_fields=["state", "ended_at"])
    hearings = {}
    for name, meeting in meetings.items():
        about = victims.victim(given_name=name.title(), family_name="Ash", grade="high")
        case = marac.case(at - 60 * DAY, victim=about, of=meeting.conference)
        over = {"state": "concluded", "began_at": held.began_at, "ended_at": held.ended_at}
        hearing = marac.hearing(meeting, case, **(over if name == "held" else {}))
        hearings[name] = hearing
        for kind in ("partner", "children"):
            agency = team(kind).agency
            marac.research(hearing, agency, at - 5 * DAY)
            marac.action(hearing, agency, at)
    MaracFlag.objects.create(
        case=hearings["held"].case,
        hearing=hearings["held"],
        victim=hearings["held"].victim,
        from_at=at - 29 * DAY,
        until_at=at + 300 * DAY,
    )
    return World(meetings, hearings)


def somebody(username: str, role: Role, of: Team) -> User:
    """Somebody of one role in a team."""
    who = User.objects.create_user(username, name=username.title(), team=of)
    who.groups.add(Group.objects.get(name=role))
    return who


def signed(who: User, world: World, at: datetime, **how: Any) -> User:
    """They signed the statements of all three meetings of the conference."""
    for name in ("planned", "out", "held"):
        marac.attendance(world.meetings[name], who, at=at - DAY, **how)
    return who


def fresh(who: User) -> User:
    """As their next request reads them."""
    return User.objects.get(pk=who.pk)


def health() -> Team:
    """A team of an agency that is invited to nothing."""
    agency, _ = Agency.objects.get_or_create(name="County health", defaults={"kind": "health"})
    row, _ = Team.objects.get_or_create(
        name="Fenwick health", defaults={"kind": "partner", "agency": agency}
    )
    return row


REPRESENTATIVE = Role.AGENCY_REPRESENTATIVE
Reader = Callable[[World, datetime], User]
INVITED = {"planned", "out", "held"}
ALL = INVITED | {"other"}
HEARD = {"out", "held"}


def named(username: str) -> Reader:
    return lambda world, at: person(username)


def who_signed(username: str) -> Reader:
    return lambda world, at: signed(person(username), world, at)


def _observer(*, has_signed: bool) -> Reader:
    """An adviser who was given nothing; the advisers' service is not invited."""

    def made(world: World, at: datetime) -> User:
        for name in ("planned", "out", "held"):
            there = at if has_signed else None
            marac.attendance(world.meetings[name], person("idva_b"), at=there, observer=True)
        return person("idva_b")

    return made


def _moved(to: str) -> Reader:
    """Signed for housing, and now of another team: of the same agency, another, or none."""

    def made(world: World, at: datetime) -> User:
        who = signed(somebody("moved", REPRESENTATIVE, team("partner")), world, at)
        second, _ = Team.objects.get_or_create(
            name="Wexcombe housing",
            defaults={"kind": "partner", "agency": team("partner").agency},
        )
        teams = {"second": second, "children": team("children"), "health": health()}
        who.team = teams.get(to)
        who.save(update_fields=["team"])
        return who

    return made


def _lost_role(world: World, at: datetime) -> User:
    who = signed(somebody("lost", REPRESENTATIVE, team("partner")), world, at)
    who.groups.clear()
    return who


def _left(world: World, at: datetime) -> User:
    who = signed(somebody("left", REPRESENTATIVE, team("partner")), world, at)
    who.is_active = False
    who.save(update_fields=["is_active"])
    return who


def _withheld(username: str) -> Reader:
    """The case of the meeting `out` is withheld from them."""

    def made(world: World, at: datetime) -> User:
        who = signed(person(username), world, at)
        Withholding.objects.create(
            victim_id=world.hearings["out"].victim_id,
            person=who,
            reason="His sister.",
            set_by=person("head"),
            set_at=at,
        )
        return who

    return made


def _near(username: str) -> Reader:
    """They said that they are near to the case of the meeting `out`."""

    def made(world: World, at: datetime) -> User:
        who = signed(person(username), world, at)
        Conflict.objects.create(
            hearing=world.hearings["out"],
            person=who,
            words="My neighbour.",
            declared_at=at,
            declared_by=who,
        )
        return who

    return made


def _uninvited(world: World, at: datetime) -> User:
    return somebody("uninvited", REPRESENTATIVE, health())


NONE: set[str] = set()


@dataclass(frozen=True)
class Sees:
    """What a reader sees: of which of the meetings the meeting itself, the hearing, the case and
    its flag, what their agency was asked, and actions."""

    meetings: set[str]
    hearings: set[str]
    cases: set[str]
    asked: set[str]
    actions: set[str]


SHUT = Sees(NONE, NONE, NONE, NONE, NONE)
#: Of housing, children's services: their actions stay theirs whoever signed what.
ONLY_INVITED = Sees(INVITED, NONE, NONE, NONE, ALL)
SIGNED = Sees(INVITED, HEARD, HEARD, HEARD, ALL)
KEEPS = Sees(ALL, ALL, ALL, NONE, ALL)
BUT_ONE = {"planned", "held", "other"}

READERS: dict[str, tuple[Reader, Sees]] = {
    "a coordinator who has not signed": (named("coordinator"), KEEPS),
    "a chair who signed": (who_signed("chair"), KEEPS),
    "the head of public protection": (named("head"), KEEPS),
    "a coordinator from whom one is withheld": (
        _withheld("coordinator"),
        Sees(ALL, BUT_ONE, BUT_ONE, NONE, BUT_ONE),
    ),
    "a chair who is near to one": (
        _near("chair"),
        Sees(ALL, BUT_ONE, BUT_ONE, NONE, BUT_ONE),
    ),
    "a worker of the unit who has not signed": (
        named("worker"),
        Sees(INVITED, NONE, ALL, NONE, ALL),
    ),
    "a supervisor who signed": (
        who_signed("supervisor"),
        Sees(INVITED, HEARD, ALL, NONE, ALL),
    ),
    "a supervisor from whom one is withheld": (
        _withheld("supervisor"),
        Sees(INVITED, {"held"}, BUT_ONE, NONE, BUT_ONE),
    ),
    "a supervisor who is near to one": (
        _near("supervisor"),
        Sees(INVITED, {"held"}, BUT_ONE, NONE, BUT_ONE),
    ),
    "an officer, who comes to no meeting": (named("officer"), Sees(NONE, NONE, ALL, NONE, ALL)),
    "housing, before signing": (named("agency"), ONLY_INVITED),
    "housing, signed": (who_signed("agency"), SIGNED),
    "children's services, signed": (who_signed("agency_b"), SIGNED),
    "housing, of whom one is withheld": (
        _withheld("agency"),
        Sees(INVITED, {"held"}, {"held"}, {"held"}, BUT_ONE),
    ),
    "housing, near to one": (
        _near("agency"),
        Sees(INVITED, {"held"}, {"held"}, {"held"}, BUT_ONE),
    ),
    "an agency that is not invited": (_uninvited, SHUT),
    "an adviser who is not invited and was given nothing": (named("idva_b"), SHUT),
    "an observer who signed": (
        _observer(has_signed=True),
        Sees(INVITED, HEARD, HEARD, NONE, NONE),
    ),
    "an observer who has not signed": (
        _observer(has_signed=False),
        Sees(INVITED, NONE, NONE, NONE, NONE),
    ),
    "moved to another team of housing": (_moved("second"), SIGNED),
    # Invited with children's services, for whom they signed nothing.
    "moved to children's services": (_moved("children"), ONLY_INVITED),
    "moved to an agency that is not invited": (_moved("health"), SHUT),
    "moved out of every team": (_moved("nowhere"), SHUT),
    "signed, but does not come to meetings any more": (_lost_role, SHUT),
    "signed, and left": (_left, SHUT),
    "an analyst": (named("analyst"), SHUT),
    "an administrator": (named("administrator"), SHUT),
}


def answers(world: World, reader: Any) -> Sees:
    flags = world.named(MaracFlag.objects.visible_to(reader))
    cases = world.named(MaracCase.objects.visible_to(reader))
    # What hangs from a case or a hearing is seen with it.
    assert flags == cases & {"held"}
    hearings = world.named(Hearing.objects.visible_to(reader))
    assert world.named(ResearchRequest.objects.visible_to(reader)) == hearings
    meetings = Meeting.objects.visible_to(reader)
    for rows in (Invitation.objects, Attendance.objects):
        seen = set(rows.visible_to(reader).values_list("meeting", flat=True))
        assert seen <= set(meetings.values_list("pk", flat=True))
    asked = ResearchRequest.objects.for_agency_of(reader) if reader.is_authenticated else None
    return Sees(
        world.named(meetings),
        hearings,
        cases,
        world.named(asked) if asked is not None else NONE,
        world.named(MaracAction.objects.visible_to(reader)),
    )


@pytest.mark.parametrize("who", READERS)
def test_every_reader_sees_what_is_theirs_and_nothing_else(
    who: str, world: World, at: datetime
) -> None:
    make, sees = READERS[who]
    assert answers(world, fresh(make(world, at))) == sees


def test_nobody_signed_in_sees_nothing(world: World) -> None:
    assert answers(world, AnonymousUser()) == SHUT
    assert not Conference.objects.visible_to(AnonymousUser()).exists()  # type: ignore[arg-type]


def test_an_agency_sees_its_own_requests_and_actions_alone(world: World, at: datetime) -> None:
    housing, children = signed(person("agency"), world, at), team("children").agency
    assert not ResearchRequest.objects.for_agency_of(housing).filter(agency=children).exists()
    assert not MaracAction.objects.visible_to(housing).filter(agency=children).exists()
    ResearchRequest.objects.update(state="withdrawn")
    assert not ResearchRequest.objects.for_agency_of(housing).exists()


def test_an_adviser_sees_the_case_of_their_client_and_no_hearing(
    world: World, at: datetime
) -> None:
    """By the record that was given to them; what a meeting says opens by its statement alone."""
    case = world.hearings["out"].case
    give_access(
        victim_id=case.victim_id,
        person=person("idva"),
        why=VictimAccess.Why.GIVEN,
        actor=person("manager"),
        at=at,
    )
    idva = fresh(person("idva"))
    assert list(MaracCase.objects.visible_to(idva)) == [case]
    assert not Hearing.objects.visible_to(idva).exists()
    assert not Meeting.objects.visible_to(idva).exists()
    assert set(MaracAction.objects.visible_to(idva)) == set(case.actions.all())


def test_who_is_near_to_a_case_is_near_to_it_at_the_next_meeting(
    world: World, at: datetime
) -> None:
    near = _near("agency")(world, at)
    again = marac.meeting(at + 2 * DAY)
    marac.agenda_out(again, at)
    marac.attendance(again, near, at=at)
    marac.hearing(again, world.hearings["out"].case)
    assert not Hearing.objects.heard_by(fresh(near)).filter(meeting=again).exists()


def test_a_case_that_was_taken_off_is_heard_by_nobody(world: World, at: datetime) -> None:
    housing = signed(person("agency"), world, at)
    Hearing.objects.filter(pk=world.hearings["out"].pk).update(
        state="taken_off", ended_words="Listed twice."
    )
    assert world.named(Hearing.objects.visible_to(fresh(housing))) == {"held"}
    assert world.named(MaracCase.objects.visible_to(fresh(housing))) == {"held"}
    # Those who keep the agenda still see that it was on it.
    assert "out" in world.named(Hearing.objects.visible_to(person("coordinator")))


@pytest.mark.parametrize(
    ("who", "speaks"),
    [
        ("housing, signed", True),
        ("moved to another team of housing", True),
        ("a supervisor who signed", True),
        ("a chair who signed", True),
        ("housing, before signing", False),
        ("an observer who signed", False),
        ("moved to children's services", False),
        ("moved out of every team", False),
    ],
)
def test_who_speaks_at_a_meeting(who: str, speaks: bool, world: World, at: datetime) -> None:
    reader = fresh(READERS[who][0](world, at))
    assert (speaks_at(reader, world.meetings["out"]) is not None) is speaks


def test_each_door_is_one_query(world: World, at: datetime) -> None:
    """Whoever asks, and however many meetings there were."""
    housing = fresh(signed(person("agency"), world, at))
    housing.has_perm("marac.attend_meetings")
    assert housing.withheld_victims == frozenset()
    with CaptureQueriesContext(connection) as asked:
        for rows in (Meeting, Hearing, MaracCase, MaracAction, MaracFlag):
            list(rows.objects.visible_to(housing))
        list(ResearchRequest.objects.for_agency_of(housing))
    assert len(asked) == 6
