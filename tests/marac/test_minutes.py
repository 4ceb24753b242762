"""Minutes: approved by the chair, out in time, set right by further versions, opened on record."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent, RecordRead
from core import events
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from marac.events import MeetingHeld
from marac.models import Conflict, Meeting, Minutes, MinutesCopy
from marac.services import approve_minutes, open_minutes, send_minutes
from marac.services.minutes import Copy
from marac.services.minutes.opening import NotSigned
from tests.factories import marac
from tests.marac.minutes_scene import DAY, MINUTE, Scene, anew, held, there, withhold
from tests.personas import PEOPLE, person

NAMES = [("Siobhán", "O'Neill"), ("Keisha", "Browne")]


@pytest.fixture
def scene(db: None, at: datetime) -> Scene:
    scene = held(at, NAMES)
    there(scene.meeting, "agency", at)
    events.announce(MeetingHeld(scene.meeting.pk, person("chair"), ended(scene)))
    return scene


def ended(scene: Scene) -> datetime:
    assert scene.meeting.ended_at is not None
    return scene.meeting.ended_at


def approved(scene: Scene, at: datetime, **changes: Any) -> Minutes:
    said = {"actor": person("chair"), **changes}
    return approve_minutes(meeting_id=scene.meeting.pk, at=at, **said)


def sent(scene: Scene, at: datetime, **changes: Any) -> Minutes:
    row = approved(scene, at, **changes)
    return send_minutes(minutes_id=row.pk, actor=person("coordinator"), at=at)


def opened(scene: Scene, who: str, at: datetime, **how: Any) -> Copy:
    path = "/marac/meetings/x/minutes/"
    return open_minutes(meeting=scene.meeting, reader=anew(who), path=path, at=at, **how)


def clock(scene: Scene) -> Deadline:
    return Deadline.objects.get(kind="marac_minutes", subject_id=scene.meeting.pk)


def test_out_within_three_working_days(scene: Scene, at: datetime) -> None:
    owed = clock(scene)
    assert (owed.owner, owed.due_at) == (person("coordinator"), ended(scene) + 3 * DAY)
    row = sent(scene, at + DAY)
    assert (row.number, row.sent_at, row.sent_by) == (1, at + DAY, person("coordinator"))
    assert clock(scene).state == "met"
    assert MinutesCopy.objects.filter(minutes=row).count() == 3
    told = Notification.objects.get(user=person("agency"))
    assert told.reference == scene.meeting.reference and told.victim_id is None
    assert not any(name in told.headline for pair in NAMES for name in pair)


def test_late_is_late_for_ever(scene: Scene, at: datetime) -> None:
    sent(scene, at + 4 * DAY)
    assert clock(scene).state == "met_late"


def test_the_chair_approves_and_nobody_else(scene: Scene, at: datetime) -> None:
    for who in set(PEOPLE) - {"chair"}:
        with pytest.raises(PermissionDenied):
            approved(scene, at, actor=person(who))
    row = approved(scene, at)
    for who in set(PEOPLE) - {"chair", "coordinator"}:
        with pytest.raises(PermissionDenied):
            send_minutes(minutes_id=row.pk, actor=person(who), at=at)


def test_the_words_stand_as_approved(scene: Scene, at: datetime) -> None:
    row = approved(scene, at)
    marac.line(scene.hearings[0], "Afterwards.", at + DAY, by=person("chair"))
    row.refresh_from_db()
    assert len(row.content["cases"][0]["lines"]) == 1


def test_approved_and_sent_twice_is_once(scene: Scene, at: datetime) -> None:
    row = sent(scene, at)
    assert approved(scene, at + MINUTE) == row
    again = send_minutes(minutes_id=row.pk, actor=person("chair"), at=at + DAY)
    assert again.sent_at == at
    assert MinutesCopy.objects.count() == 3
    assert AuditEvent.objects.filter(verb="marac_minutes.sent").count() == 1


def test_a_further_version_says_why_and_what_it_sets_right(scene: Scene, at: datetime) -> None:
    first = sent(scene, at)
    hearing = scene.hearings[1]
    right = {hearing.pk: "She lives at number 8, not 6."}
    with pytest.raises(InvalidInput) as refused:
        approved(scene, at + DAY, corrections=right)
    assert refused.value.field == "because"
    said: dict[str, Any] = {"because": "A wrong address.", "corrections": right}
    second = approved(scene, at + DAY, **said)
    assert approved(scene, at + DAY, **said) == second
    assert (second.number, second.because) == (2, "A wrong address.")
    [one] = second.content["cases"][1]["corrections"]
    assert (one["words"], one["number"]) == (right[hearing.pk], 2)
    # Until it is sent agencies read the first; then the second, and which case reads otherwise.
    assert opened(scene, "agency", at + DAY).minutes == first
    with pytest.raises(DomainError, match="later version"):
        approved(scene, at, because="x")
        send_minutes(minutes_id=second.pk, actor=person("chair"), at=at)
    third = Minutes.objects.get(number=3)
    send_minutes(minutes_id=third.pk, actor=person("chair"), at=at)
    copy = opened(scene, "agency", at + DAY)
    assert (copy.minutes, copy.replaced, copy.changed) == (third, 1, (hearing.case.reference,))
    assert copy.content["cases"][1]["corrections"] == second.content["cases"][1]["corrections"]


@pytest.mark.parametrize("state", ["planned", "agenda_out", "under_way"])
def test_nothing_is_approved_before_the_end(scene: Scene, at: datetime, state: str) -> None:
    Meeting.objects.update(state=state)
    with pytest.raises(DomainError, match="not over"):
        approved(scene, at)


def test_a_chair_who_may_not_read_a_case_does_not_approve(scene: Scene, at: datetime) -> None:
    other = User.objects.create_user("chair_b", "x", name="DI F. Lane", team=person("chair").team)
    other.groups.set(person("chair").groups.all())
    withhold(scene.hearings[0], at, person=person("chair"))
    with pytest.raises(DomainError, match="Another chair"):
        approved(scene, at, actor=anew("chair"))
    assert approved(scene, at, actor=other).number == 1


def test_corrections_are_of_this_meeting(scene: Scene, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        approved(scene, at, corrections={scene.hearings[0].pk: "x"})
    approved(scene, at)
    elsewhere = marac.heard(at - 30 * DAY)
    with pytest.raises(InvalidInput) as refused:
        approved(scene, at, because="x", corrections={elsewhere.pk: "x"})
    assert refused.value.field == "corrections"


def test_each_opening_is_on_record(scene: Scene, at: datetime) -> None:
    row = sent(scene, at)
    for minute in (1, 2):
        opened(scene, "agency", at + minute * MINUTE)
    assert AuditEvent.objects.filter(verb="marac_minutes.opened").count() == 2
    copy = MinutesCopy.objects.get(minutes=row, agency=person("agency").team.agency)  # type: ignore[union-attr]
    assert (copy.opened_at, copy.opened_by) == (at + MINUTE, person("agency"))
    for hearing in scene.hearings:
        assert RecordRead.objects.filter(victim_id=hearing.victim_id).count() == 2
    opened(scene, "coordinator", at)
    assert MinutesCopy.objects.filter(opened_at__isnull=False).count() == 1


def test_who_opens_them(scene: Scene, at: datetime) -> None:
    with pytest.raises(DomainError, match="not out"):
        opened(scene, "agency", at)
    sent(scene, at)
    with pytest.raises(NotSigned):
        opened(scene, "agency_b", at)
    with pytest.raises(NotSigned):
        opened(scene, "officer", at)
    there(scene.meeting, "agency_b", at, observer=True)
    with pytest.raises(PermissionDenied, match="Observers"):
        opened(scene, "agency_b", at)
    for who in ("chair", "coordinator", "head"):
        assert opened(scene, who, at).agency is None
    assert opened(scene, "agency", at).whose == "Copy of County housing"


def test_a_keeper_near_to_a_case_reads_the_others(scene: Scene, at: datetime) -> None:
    coordinator = person("coordinator")
    Conflict.objects.create(
        hearing=scene.hearings[0],
        person=coordinator,
        words="Neighbour",
        declared_at=at + 9 * DAY,
        declared_by=coordinator,
    )
    approved(scene, at)
    cases = opened(scene, "coordinator", at).content["cases"]
    assert [case["hearing_id"] for case in cases] == [scene.hearings[1].pk]
    assert len(opened(scene, "head", at).content["cases"]) == 2


def test_opening_costs_the_same_however_many_cases(
    scene: Scene, at: datetime, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(22):
        opened(scene, "coordinator", at)
    more = held(at + timedelta(days=30), [("A", f"Case {n}") for n in range(9)])
    with django_assert_max_num_queries(22):
        opened(more, "coordinator", at)
