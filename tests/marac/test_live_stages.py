"""Case by case, stage by stage: which step is allowed, for whom, and what it leaves behind."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput, Stale
from marac.events import CaseHeard, CaseTakenOff
from marac.models import Hearing, Meeting
from marac.services.live import begin_next, conclude_case, defer_case, go_on
from marac.services.live.stages import STAGES, may_go
from tests.factories import marac
from tests.marac.live_scene import DAY, MINUTE, Scene, actor, near, planned, under_way, withheld
from tests.personas import PEOPLE, person

pytestmark = pytest.mark.django_db
State = Hearing.State

#: From each state, what a monthly meeting may go on to; what is not named is refused.
ALLOWED = {
    "waiting": {"present"},
    "present": {"present", "share"},
    "share": {"present", "share", "analyse"},
    "analyse": {"present", "share", "analyse", "actions"},
    "actions": {"present", "share", "analyse", "actions"},
    "concluded": set(),
    "deferred": set(),
    "taken_off": set(),
}


@pytest.mark.parametrize("kind", [Meeting.Kind.MONTHLY, Meeting.Kind.EMERGENCY])
@pytest.mark.parametrize("state", sorted(State.values))
@pytest.mark.parametrize("to", sorted(State.values))
def test_every_step_allowed_and_refused(kind: str, state: str, to: str) -> None:
    allowed = to in ALLOWED[state] and to in STAGES
    assert may_go(kind, state, to) is allowed


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        ("waiting", "present", True),
        ("waiting", "actions", False),
        ("present", "actions", True),
        ("present", "analyse", True),
        ("share", "actions", True),
        ("actions", "present", True),
        ("concluded", "present", False),
    ],
)
def test_a_weekly_call_goes_to_its_actions_at_once(state: str, to: str, allowed: bool) -> None:
    assert may_go(Meeting.Kind.WEEKLY, state, to) is allowed


def test_a_case_goes_from_stage_to_stage_to_its_end(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[object] = []
    monkeypatch.setattr(events, "announce", announced.append)
    scene = under_way(at)
    row = scene.first
    for number, stage in enumerate(STAGES):
        when = at + number * MINUTE
        row = go_on(hearing_id=row.pk, to=stage, version=row.version, actor=actor("chair"), at=when)
    assert (row.state, row.began_at) == (State.ACTIONS, at)
    row = conclude_case(
        hearing_id=row.pk, version=row.version, actor=actor("chair"), at=at + 7 * MINUTE
    )
    assert (row.state, row.ended_at) == (State.CONCLUDED, at + 7 * MINUTE)
    assert announced == [
        CaseHeard(
            hearing_id=row.pk,
            meeting_id=scene.meeting.pk,
            case_id=row.case_id,
            victim_id=row.victim_id,
            actor=person("chair"),
            at=at + 7 * MINUTE,
        )
    ]
    scene.meeting.refresh_from_db()
    assert scene.meeting.changes == len(STAGES) + 1
    verbs = AuditEvent.objects.filter(victim_id=row.victim_id, verb__startswith="marac.case")
    assert sorted(verbs.values_list("verb", flat=True)) == ["marac.case_begun", "marac.case_heard"]


@pytest.mark.parametrize("state", sorted(set(State.values) - {"actions", "concluded"}))
def test_only_a_case_at_its_actions_is_concluded(at: datetime, state: str) -> None:
    scene = under_way(at)
    Hearing.objects.filter(pk=scene.first.pk).update(state=state, ended_words="Moved.")
    with pytest.raises((DomainError, PermissionDenied)):
        conclude_case(hearing_id=scene.first.pk, version=1, actor=actor("chair"), at=at + MINUTE)


def test_the_meeting_is_at_one_case(at: datetime) -> None:
    scene = under_way(at, state="share")
    with pytest.raises(DomainError, match="another case"):
        go_on(hearing_id=scene.second.pk, to="present", version=1, actor=actor("chair"), at=at)


def test_nothing_is_heard_before_the_meeting_begins(at: datetime) -> None:
    scene = planned(at)
    with pytest.raises(DomainError, match="not begun"):
        go_on(hearing_id=scene.first.pk, to="present", version=1, actor=actor("chair"), at=at)


Step = Callable[[Scene, User, datetime], object]
STEPS: dict[str, Step] = {
    "go on": lambda scene, who, at: go_on(
        hearing_id=scene.first.pk, to="actions", version=1, actor=who, at=at
    ),
    "conclude": lambda scene, who, at: conclude_case(
        hearing_id=scene.first.pk, version=1, actor=who, at=at
    ),
    "defer": lambda scene, who, at: defer_case(
        hearing_id=scene.first.pk, words="Await the report.", version=1, actor=who, at=at
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"chair", "coordinator"}))
def test_nobody_else_leads(at: datetime, step: str, name: str) -> None:
    scene = under_way(at, state="actions")
    with pytest.raises(PermissionDenied):
        STEPS[step](scene, actor(name), at)
    scene.first.refresh_from_db()
    assert scene.first.state == "actions"


@pytest.mark.parametrize("step", STEPS)
def test_the_coordinator_types_for_a_chair_who_is_there(at: datetime, step: str) -> None:
    STEPS[step](under_way(at, state="actions"), actor("coordinator"), at + MINUTE)


@pytest.mark.parametrize("why", ["not come", "left", "near", "withheld"])
def test_the_coordinator_leads_nothing_without_a_chair(at: datetime, why: str) -> None:
    scene = under_way(at, state="actions")
    place = scene.meeting.attendances.filter(person=person("chair"))
    if why == "not come":
        place.update(present_at=None)
    elif why == "left":
        place.update(left_at=at)
    elif why == "near":
        near(scene.first, "chair", at)
    else:
        withheld(scene.first, "chair", at)
    with pytest.raises(PermissionDenied):
        STEPS["conclude"](scene, actor("coordinator"), at + MINUTE)


@pytest.mark.parametrize("step", STEPS)
def test_a_chair_near_to_a_case_leads_another(at: datetime, step: str) -> None:
    scene = under_way(at, state="actions")
    near(scene.first, "chair", at)
    with pytest.raises(PermissionDenied, match="not for you"):
        STEPS[step](scene, actor("chair"), at + MINUTE)


def test_a_step_sent_twice_is_one_step(at: datetime) -> None:
    scene = under_way(at)
    for _ in range(2):
        row = go_on(hearing_id=scene.first.pk, to="present", version=1, actor=actor("chair"), at=at)
    assert row.version == 2
    Hearing.objects.filter(pk=row.pk).update(state="actions")
    for _ in range(2):
        row = conclude_case(
            hearing_id=scene.first.pk, version=2, actor=actor("chair"), at=at + MINUTE
        )
    assert row.version == 3
    assert AuditEvent.objects.filter(verb="marac.case_heard").count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_step_from_an_old_page_is_refused_with_both(at: datetime, step: str) -> None:
    scene = under_way(at, state="analyse")
    Hearing.objects.filter(pk=scene.first.pk).update(version=4)
    with pytest.raises(Stale) as refused:
        STEPS[step](scene, actor("chair"), at)
    assert refused.value.version == 4
    assert refused.value.theirs == {"stage": "Risk analysed"}


def test_a_deferred_case_says_why_and_waits_for_another_day(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[object] = []
    monkeypatch.setattr(events, "announce", announced.append)
    scene = under_way(at, state="share")
    with pytest.raises(InvalidInput) as refused:
        defer_case(hearing_id=scene.first.pk, words=" ", version=1, actor=actor("chair"), at=at)
    assert refused.value.field == "words"
    row = defer_case(
        hearing_id=scene.first.pk,
        words="Probation's report is not here.",
        version=1,
        actor=actor("chair"),
        at=at + MINUTE,
    )
    assert (row.state, row.ended_words) == (State.DEFERRED, "Probation's report is not here.")
    assert [type(one) for one in announced] == [CaseTakenOff]


def test_a_case_that_waits_may_be_deferred_too(at: datetime) -> None:
    scene = under_way(at)
    row = defer_case(
        hearing_id=scene.second.pk, words="No time.", version=1, actor=actor("chair"), at=at
    )
    assert row.state == State.DEFERRED


def test_deferred_to_a_meeting_it_is_on_that_agenda(at: datetime) -> None:
    scene = under_way(at, state="share")
    later = marac.meeting(at + 28 * DAY)
    defer_case(
        hearing_id=scene.first.pk,
        words="Await the report.",
        to_meeting_id=later.pk,
        version=1,
        actor=actor("coordinator"),
        at=at + MINUTE,
    )
    assert later.hearings.get().case_id == scene.first.case_id
    with pytest.raises(InvalidInput) as refused:
        defer_case(
            hearing_id=scene.second.pk,
            words="Await the report.",
            to_meeting_id=scene.meeting.pk,
            version=1,
            actor=actor("coordinator"),
            at=at + MINUTE,
        )
    assert refused.value.field == "to_meeting_id"


def test_the_next_case_is_the_first_that_waits_and_is_heard_by_its_leader(at: datetime) -> None:
    scene = under_way(at)
    near(scene.first, "chair", at)
    row = begin_next(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at)
    assert row is not None and row.pk == scene.second.pk
    Hearing.objects.filter(pk=row.pk).update(state="concluded", ended_at=at)
    assert begin_next(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at) is None
