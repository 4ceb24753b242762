"""A hearing leaves a flag for twelve months: set, replaced, lapsed, removed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User, Withholding
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline
from marac.events import CaseHeard, MaracCaseClosed
from marac.models import Hearing, MaracFlag
from marac.services import lapse_flags, remove_flag, set_flag
from tests.factories import marac
from tests.personas import PEOPLE, person

SECOND = timedelta(seconds=1)


def announced(hearing: Hearing, at: datetime) -> MaracFlag:
    """The hearing is announced as concluded; the flag that stands then."""
    event = CaseHeard(
        hearing.pk, hearing.meeting_id, hearing.case_id, hearing.victim_id, person("chair"), at
    )
    events.announce(event)
    return MaracFlag.objects.standing().get(case=hearing.case)


@pytest.fixture
def flag(db: None, at: datetime) -> MaracFlag:
    return announced(marac.heard(at), at)


def clock_of(flag: MaracFlag) -> Deadline:
    return Deadline.objects.get(kind="marac_flag", subject_id=flag.pk)


def test_a_hearing_flags_both_for_twelve_months(flag: MaracFlag, at: datetime) -> None:
    case = flag.case
    assert (flag.victim_id, flag.perpetrator_id) == (case.victim_id, case.perpetrator_id)
    assert flag.until_at == datetime(2027, 11, 23, 10, 0, tzinfo=UTC)
    clock = clock_of(flag)
    assert (clock.owner, clock.due_at) == (case.conference.coordinator, flag.until_at)
    assert clock.step_times[0] == flag.until_at - timedelta(days=35)
    assert AuditEvent.objects.filter(verb="marac_flag.set", victim_id=flag.victim_id).exists()


def test_a_flag_that_was_only_looked_at_is_not_set_anew(flag: MaracFlag, at: datetime) -> None:
    later = flag.until_at - timedelta(days=20)
    looked_at = marac.heard(later, case=flag.case)
    Hearing.objects.filter(pk=looked_at.pk).update(part=Hearing.Part.FLAGS)
    assert announced(looked_at, later) == flag
    assert flag.until_at == MaracFlag.objects.get().until_at


@pytest.mark.parametrize(
    ("heard", "until"),
    [
        (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2029, 2, 28, 10, tzinfo=UTC)),
        # The same hour of the wall clock, whichever side of a clock change.
        (datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2027, 3, 29, 9, tzinfo=UTC)),
        (datetime(2026, 3, 28, 10, tzinfo=UTC), datetime(2027, 3, 28, 9, tzinfo=UTC)),
    ],
)
def test_twelve_months_are_of_the_wall_clock(db: None, heard: datetime, until: datetime) -> None:
    assert announced(marac.heard(heard), heard).until_at == until


def test_heard_again_a_new_flag_takes_its_place(flag: MaracFlag, at: datetime) -> None:
    later = at + timedelta(days=90)
    again = announced(marac.heard(later, case=flag.case), later)
    flag.refresh_from_db()
    assert (flag.ended_because, flag.ended_at) == ("heard_again", later)
    assert again != flag and MaracFlag.objects.standing().get() == again
    assert clock_of(flag).state == "met"
    assert clock_of(again).state == "running"


def test_a_new_case_of_the_same_two_replaces_it_but_not_of_another_pair(
    flag: MaracFlag, at: datetime
) -> None:
    later = at + timedelta(days=30)
    flag.case.state, flag.case.closed_at, flag.case.closed_because = "closed", later, "done"
    flag.case.save()
    other = marac.case(later, victim=flag.victim, perpetrator=flag.victim.person)
    announced(marac.heard(later, case=other), later)
    assert MaracFlag.objects.standing().count() == 2
    same = marac.case(later, victim=flag.victim)
    announced(marac.heard(later, case=same), later)
    flag.refresh_from_db()
    assert flag.ended_because == "heard_again"
    assert MaracFlag.objects.standing().count() == 2


def test_it_lapses_by_night_and_not_an_instant_before(flag: MaracFlag) -> None:
    system = User.objects.system()
    assert lapse_flags(actor=system, at=flag.until_at - SECOND) == 0
    assert lapse_flags(actor=system, at=flag.until_at + timedelta(hours=9)) == 1
    assert lapse_flags(actor=system, at=flag.until_at + timedelta(hours=10)) == 0
    flag.refresh_from_db()
    assert (flag.ended_because, flag.ended_by) == ("lapsed", system)
    assert clock_of(flag).state == "met"


def test_set_twice_it_stands_once(flag: MaracFlag, at: datetime) -> None:
    assert set_flag(hearing_id=flag.hearing_id, actor=person("chair"), at=at + SECOND) == flag
    assert MaracFlag.objects.count() == 1


def test_what_was_not_concluded_leaves_none(db: None, at: datetime) -> None:
    waiting = marac.hearing(marac.meeting(at), marac.case(at))
    with pytest.raises(DomainError, match="not concluded"):
        set_flag(hearing_id=waiting.pk, actor=person("chair"), at=at)


def test_coordinators_and_chairs_remove_it_with_words(flag: MaracFlag, at: datetime) -> None:
    for who in set(PEOPLE) - {"coordinator", "chair"}:
        with pytest.raises(PermissionDenied):
            remove_flag(flag_id=flag.pk, words="Wrong person.", actor=person(who), at=at)
    with pytest.raises(InvalidInput) as refused:
        remove_flag(flag_id=flag.pk, words=" ", actor=person("chair"), at=at)
    assert refused.value.field == "words"
    flag.refresh_from_db()
    assert flag.ended_at is None
    coordinator = person("coordinator")
    done = remove_flag(flag_id=flag.pk, words="Wrong person.", actor=coordinator, at=at)
    assert (done.ended_because, done.ended_words) == ("removed", "Wrong person.")
    assert clock_of(flag).state == "cancelled"
    again = remove_flag(flag_id=flag.pk, words="Wrong person.", actor=coordinator, at=at + SECOND)
    assert again.ended_at == at
    with pytest.raises(AlreadyTaken):
        remove_flag(flag_id=flag.pk, words="Wrong person.", actor=person("chair"), at=at)


def test_nobody_removes_the_flag_of_whom_is_withheld_from_them(
    flag: MaracFlag, at: datetime
) -> None:
    chair = person("chair")
    Withholding.objects.create(
        victim=flag.victim, person=chair, reason="Brother", set_by=person("head"), set_at=at
    )
    with pytest.raises(PermissionDenied):
        remove_flag(flag_id=flag.pk, words="x", actor=User.objects.get(pk=chair.pk), at=at)


@pytest.mark.parametrize(
    ("because", "stands"), [("error", False), ("died", False), ("done", True), ("moved", True)]
)
def test_a_case_in_error_or_of_the_dead_leaves_no_flag(
    flag: MaracFlag, at: datetime, because: str, stands: bool
) -> None:
    case = flag.case
    case.state, case.closed_at, case.closed_because = "closed", at, because
    case.save()
    events.announce(MaracCaseClosed(case.pk, case.victim_id, person("chair"), at))
    flag.refresh_from_db()
    assert (flag.ended_at is None) is stands
