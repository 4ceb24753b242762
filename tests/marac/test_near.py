"""Somebody said at one meeting that they are near to a case: it is shut to them everywhere.

One world: a case heard at a meeting that is over, where they said so, and before another one now.
Every service, every list and every page, each with somebody who is not near beside it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client

from accounts.models import User
from core.errors import DomainError
from deadlines import services as deadlines
from deadlines.models import Deadline, Notification
from incidents.history.told import Asked
from marac import agendas, live, near, services, told, wishes
from marac.models import (
    Conflict,
    Hearing,
    HearingLine,
    MaracAction,
    MaracCase,
    MaracFlag,
    ResearchRequest,
    Transfer,
)
from marac.services.minutes.opening import open_minutes
from tests.factories import marac, victims
from tests.personas import person, team
from victims.timeline import events_of

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
KEEPERS, HEARERS = ("coordinator", "chair"), ("coordinator", "chair", "agency")


@dataclass
class World:
    at: datetime
    case: MaracCase
    before: Hearing
    now: Hearing
    research: ResearchRequest
    action: MaracAction
    flag: MaracFlag
    transfer: Transfer
    line: HearingLine


@pytest.fixture
def world(at: datetime) -> World:
    about = victims.victim(given_name="Orla", family_name="Quince", grade="high", at=at - 80 * DAY)
    case = marac.case(at - 60 * DAY, victim=about)
    before = marac.heard(at - 30 * DAY, case=case)
    meeting = marac.under_way(marac.meeting(at), at)
    for one in (before.meeting, meeting):
        for name in HEARERS:
            place = marac.attendance(one, person(name), at=at - 31 * DAY)
            place.present_at = at - 30 * DAY
            place.save(update_fields=["present_at"])
    now = marac.hearing(meeting, case, state="present", began_at=at)
    housing = team("partner").agency
    flag = MaracFlag.objects.create(
        case=case, hearing=before, victim=about, from_at=at - 30 * DAY, until_at=at + 300 * DAY
    )
    handing_over = services.begin_transfer(
        case_id=case.pk,
        other_area="Wexcombe",
        contact="Their coordinator",
        reason="She moves.",
        actor=person("coordinator"),
        at=at,
    )
    return World(
        at=at,
        case=case,
        before=before,
        now=now,
        research=marac.research(now, housing, at - DAY),
        action=marac.action(before, housing, at - 30 * DAY, owner=person("agency")),
        flag=flag,
        transfer=handing_over,
        line=marac.line(now, "He waits outside.", at, by=person("agency")),
    )


def nearby(world: World, name: str) -> User:
    """They say at the first meeting that they are near, as a row; read anew."""
    Conflict.objects.create(
        hearing=world.before,
        person=person(name),
        words="My neighbour.",
        declared_at=world.at - 31 * DAY,
        declared_by=person(name),
    )
    return User.objects.get(pk=person(name).pk)


#: Every service that touches a case: who does it, what is called, and with what.
Given = Callable[[World], dict[str, Any]]
SERVICES: dict[str, tuple[str, Given]] = {
    "decide_case": (
        "coordinator",
        lambda w: {"case_id": w.case.pk, "accept": True, "words": "", "version": 1},
    ),
    "close_case": (
        "chair",
        lambda w: {"case_id": w.case.pk, "because": "error", "words": "Twice.", "version": 1},
    ),
    "describe_case": (
        "coordinator",
        lambda w: {
            "case_id": w.case.pk,
            "minority_ethnic": "no",
            "lgbt": "no",
            "disability": "no",
            "children": 1,
            "version": 1,
        },
    ),
    "begin_transfer": (
        "chair",
        lambda w: {"case_id": w.case.pk, "other_area": "B", "contact": "C", "reason": "D"},
    ),
    "check_transfer": (
        "coordinator",
        lambda w: {"transfer_id": w.transfer.pk, "what": "plan", "version": 1},
    ),
    "finish_transfer": ("coordinator", lambda w: {"transfer_id": w.transfer.pk, "version": 1}),
    "cancel_transfer": (
        "chair",
        lambda w: {"transfer_id": w.transfer.pk, "words": "Stays.", "version": 1},
    ),
    "remove_flag": ("chair", lambda w: {"flag_id": w.flag.pk, "words": "In error."}),
    "list_case": (
        "coordinator",
        lambda w: {"meeting_id": w.now.meeting_id, "case_id": w.case.pk},
    ),
    "take_off": ("coordinator", lambda w: {"hearing_id": w.now.pk, "words": "Twice."}),
    "declare_conflict": ("agency", lambda w: {"hearing_id": w.now.pk, "words": "Near."}),
    "ask_research": ("coordinator", lambda w: {"hearing_id": w.now.pk}),
    "chase_research": ("coordinator", lambda w: {"research_ids": [w.research.pk]}),
    "return_research": (
        "agency",
        lambda w: {"research_id": w.research.pk, "words": "Known.", "version": 1},
    ),
    "report_wishes": ("coordinator", lambda w: {"hearing_id": w.now.pk, "wanted": "To be left."}),
    "report_told": ("coordinator", lambda w: {"hearing_id": w.before.pk, "words": "All of it."}),
    "write_line": (
        "agency",
        lambda w: {"hearing_id": w.now.pk, "section": "share", "words": "A.", "key": uuid4()},
    ),
    "go_on": ("chair", lambda w: {"hearing_id": w.now.pk, "to": "share", "version": 1}),
    "conclude_case": ("chair", lambda w: {"hearing_id": w.now.pk, "version": 1}),
    "defer_case": ("chair", lambda w: {"hearing_id": w.now.pk, "words": "Late.", "version": 1}),
    "agree_action": (
        "agency",
        lambda w: {
            "hearing_id": w.now.pk,
            "agency_id": team("partner").agency.pk,
            "words": "Change the lock.",
            "due_on": w.at.date(),
            "key": uuid4(),
        },
    ),
    "settle_action": (
        "agency",
        lambda w: {"action_id": w.action.pk, "state": "done", "evidence": "Done.", "version": 1},
    ),
    "pass_action": (
        "agency",
        lambda w: {"action_id": w.action.pk, "owner_id": None, "version": 1},
    ),
    "reopen_action": (
        "coordinator",
        lambda w: {"action_id": w.action.pk, "reason": "Not done.", "version": 1},
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_who_is_near_is_refused_by_the_service_itself(world: World, name: str) -> None:
    who, given = SERVICES[name]
    service = getattr(services, name)
    with transaction.atomic():
        # It need not be possible from here: but that is asked only of those who may.
        with suppress(DomainError):
            service(**given(world), actor=person(who), at=world.at + MINUTE)
        transaction.set_rollback(True)
    actor = nearby(world, who)
    with pytest.raises(PermissionDenied) as refused:
        service(**given(world), actor=actor, at=world.at + MINUTE)
    assert str(refused.value)


def test_every_service_that_touches_a_case_stands_in_the_table() -> None:
    """Who adds a service says here whether nearness is asked; these touch no case that is there."""
    meetings = {
        "add_observer", "answer_invitation", "begin_meeting", "begin_next", "cancel_meeting",
        "come_in", "end_meeting", "move_meeting", "note_here", "plan_all", "plan_emergency",
        "plan_meetings", "put_in_order", "remove_observer", "send_agenda", "sign",
    }  # fmt: skip
    by_rule = {"lapse_flags", "owe_minutes", "propose_by_rule", "set_flag"}
    # What is reported of the victim is taken from anybody; the case does not open by it.
    reported = {"propose", "receive_transfer"}
    below = {"approve_minutes", "open_minutes", "pass_on_cases", "pass_on_to_emergency"}
    below |= {"send_minutes"}
    known = {one for one in services.__all__ if one != "DESCRIBED"}
    assert known - meetings - by_rule - reported - below == set(SERVICES)


def test_passing_on_and_minutes_leave_it_to_somebody_else(world: World) -> None:
    keeper, chair = nearby(world, "coordinator"), nearby(world, "chair")
    Hearing.objects.filter(pk=world.now.pk).update(state="waiting")
    world.now.meeting.state = "agenda_out"
    world.now.meeting.save(update_fields=["state"])
    following = marac.meeting(world.at + 28 * DAY)
    with pytest.raises(PermissionDenied):
        services.pass_on_cases(
            meeting_id=world.now.meeting_id,
            hearing_ids=[world.now.pk],
            to_meeting_id=following.pk,
            words="Full.",
            actor=keeper,
            at=world.at,
        )
    with pytest.raises(DomainError, match="not for you"):
        services.approve_minutes(meeting_id=world.before.meeting_id, actor=chair, at=world.at)
    read = open_minutes(meeting=world.before.meeting, reader=keeper, path="/", at=world.at)
    assert read.content["cases"] == []


#: Every read: what of the case somebody is given, nothing where it is shut.
READS: dict[str, Callable[[World, User], bool]] = {
    "cases": lambda w, who: MaracCase.objects.visible_to(who).exists(),
    "cases to list": lambda w, who: (
        agendas.waiting_cases(w.now.meeting, who).exists()
        or MaracCase.objects.visible_to(who).exists()
    ),
    "hearings": lambda w, who: Hearing.objects.visible_to(who).exists(),
    "heard": lambda w, who: Hearing.objects.heard_by(who).exists(),
    "lines": lambda w, who: HearingLine.objects.visible_to(who).exists(),
    "research": lambda w, who: ResearchRequest.objects.visible_to(who).exists(),
    "actions": lambda w, who: MaracAction.objects.visible_to(who).exists(),
    "flags": lambda w, who: MaracFlag.objects.visible_to(who).exists(),
    "transfers": lambda w, who: Transfer.objects.visible_to(who).exists(),
    "agenda": lambda w, who: any(row.hearing for row in agendas.entries(w.now.meeting, who)),
    "live feed": lambda w, who: (
        live.count_for(who, w.now.meeting.reference, w.case.reference) is not None
    ),
}
OF_KEEPERS: dict[str, Callable[[World, User], bool]] = {
    "wishes": lambda w, who: wishes.reportable_by(who, w.at).exists(),
    "told at a call": lambda w, who: bool(list(told.flags_and_actions(_asked(w, who)))),
    "timeline": lambda w, who: (
        events_of(w.case.victim, who).filter(subject__startswith="M").exists()
    ),
    "deadlines": lambda w, who: Deadline.objects.visible_to(who).exists(),
    "minutes": lambda w, who: bool(
        open_minutes(meeting=w.before.meeting, reader=who, path="/", at=w.at).content["cases"]
    ),
}


def _asked(world: World, who: User) -> Asked:
    return Asked(
        reader=who,
        person_ids=(world.case.victim.person_id,),
        perpetrator_ids=(),
        address_id=None,
        at=world.at,
    )


@pytest.mark.parametrize("name", HEARERS)
def test_who_is_near_reads_nothing_of_it_anywhere(world: World, name: str) -> None:
    reads = READS | (OF_KEEPERS if name in KEEPERS else {})
    reader = person(name)
    assert {what for what, read in reads.items() if not read(world, reader)} == set()
    reader = nearby(world, name)
    assert {what for what, read in reads.items() if read(world, reader)} == set()


PAGES = (
    "/waiting/",
    "/clocks/",
    "/marac/cases/",
    "/marac/actions/?show=all",
    "/marac/transfers/",
    "/marac/wishes/",
    "/marac/wishes/?show=told",
    "/marac/meetings/{now}/agenda/",
    "/marac/meetings/{now}/research/",
    "/marac/meetings/{now}/live/",
    "/marac/meetings/{now}/live/changes/",
    "/marac/meetings/{before}/minutes/",
    "/api/v1/marac/cases/",
    "/api/v1/marac/actions/",
    "/api/v1/marac/research/",
    "/api/v1/marac/meetings/{now}/agenda/",
    "/api/v1/marac/meetings/{now}/live/",
)


def test_no_page_and_no_api_names_it(world: World, sign_in: Callable[[str], Client]) -> None:
    named = {"now": world.now.meeting.reference, "before": world.before.meeting.reference}
    client = sign_in("coordinator")
    seen = {page for page in PAGES if _names(client, page.format(**named), world)}
    assert len(seen) >= 10
    nearby(world, "coordinator")
    assert {page for page in PAGES if _names(client, page.format(**named), world)} == set()


def _names(client: Client, address: str, world: World) -> bool:
    answer = client.get(address)
    assert answer.status_code == 200, address
    said = answer.content.decode()
    return world.case.reference in said or "Quince" in said


def test_nobody_near_is_told_of_it(world: World) -> None:
    nearby(world, "coordinator")
    for reference in (world.case.reference, world.action.reference, world.transfer.reference):
        deadlines.notify(
            users=[person("coordinator"), person("chair")],
            level="information",
            headline="Something new of a case",
            reference=reference,
            path="/",
            victim_id=world.case.victim_id,
            at=world.at,
        )
    rows = Notification.objects.filter(headline="Something new of a case")
    assert {row.user for row in rows} == {person("chair")}
    assert rows.count() == 3


def test_what_was_told_before_is_not_read_afterwards(world: World) -> None:
    deadlines.notify(
        users=[person("coordinator")],
        level="information",
        headline="Something new of a case",
        reference=world.case.reference,
        path="/",
        victim_id=world.case.victim_id,
        at=world.at,
    )
    assert Notification.objects.visible_to(person("coordinator")).exists()
    assert not Notification.objects.visible_to(nearby(world, "coordinator")).exists()


def test_saying_so_gives_what_they_had_to_do_to_somebody_else(world: World) -> None:
    """The coordinator's clocks go to the chair, an agency's action to whoever leads its team."""
    assert Deadline.objects.open().filter(owner=person("coordinator")).exists()
    for name in ("coordinator", "agency"):
        services.declare_conflict(
            hearing_id=world.now.pk, words="My cousin.", actor=person(name), at=world.at
        )
    theirs = Deadline.objects.open().filter(owner__in=[person("coordinator"), person("agency")])
    assert not theirs.exists()
    assert Deadline.objects.open().of(world.transfer).get().owner == person("chair")
    world.action.refresh_from_db()
    assert world.action.owner is None


def test_a_chair_who_is_near_has_nothing_new_of_it_either(world: World) -> None:
    assert near.keeper_of(world.case) == person("coordinator")
    nearby(world, "coordinator")
    assert near.keeper_of(world.case) == person("chair")
    nearby(world, "chair")
    assert near.keeper_of(world.case) is None


def test_what_they_said_is_in_the_audit_and_on_no_timeline(world: World) -> None:
    services.declare_conflict(
        hearing_id=world.now.pk, words="My cousin.", actor=person("agency"), at=world.at
    )
    event = events_of(world.case.victim, person("chair")).get(verb="hearing.conflict_declared")
    assert event.detail["said"] == "My cousin."
    assert "words" not in event.detail
