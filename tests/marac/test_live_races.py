"""Two at once in a meeting: nothing is lost, and what is decided is decided once."""

from datetime import datetime
from uuid import UUID, uuid4

from audit.models import AuditEvent
from core.errors import DomainError, Stale
from marac import services
from marac.models import Hearing, HearingLine, Meeting, MinutesCopy
from marac.services.live.counting import next_number
from tests.marac.live_scene import DAY, MINUTE, actor, said, under_way
from tests.marks import committed
from tests.referrals.races import together


@committed
def test_two_write_at_once_and_one_sends_twice(at: datetime) -> None:
    """Two lines stand, each with a number of its own; one sent twice at once is one line."""
    scene = under_way(at, state="share")
    key = uuid4()

    def write(words: str, by: str, key: UUID) -> HearingLine:
        return said(scene.first, words, by=by, at=at, key=key)

    both = together(
        lambda: write("Rent is late.", "agency", uuid4()),
        lambda: write("He was seen at school.", "agency_b", uuid4()),
    )
    assert {one.words for one in both} == {"Rent is late.", "He was seen at school."}
    same = together(*[lambda: write("She is afraid.", "worker", key)] * 2)
    assert same[0] == same[1]
    numbers = list(HearingLine.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 3
    assert next_number(scene.meeting.pk) > max(numbers)


@committed
def test_two_conclude_at_once_and_one_defers(at: datetime) -> None:
    """Chair and coordinator conclude one case once; who puts it off meanwhile is told."""
    scene = under_way(at, state="actions")
    version = scene.first.version

    def conclude(by: str) -> Hearing:
        return services.conclude_case(
            hearing_id=scene.first.pk, version=version, actor=actor(by), at=at + MINUTE
        )

    done = together(lambda: conclude("chair"), lambda: conclude("coordinator"))
    assert [one.state for one in done] == ["concluded"] * 2
    assert AuditEvent.objects.filter(verb="marac.case_heard").count() == 1
    Hearing.objects.filter(pk=scene.second.pk).update(state="actions", began_at=at)
    version = scene.second.version
    done = together(
        lambda: services.conclude_case(
            hearing_id=scene.second.pk, version=version, actor=actor("chair"), at=at + MINUTE
        ),
        lambda: services.defer_case(
            hearing_id=scene.second.pk,
            words="She is in hospital.",
            version=version,
            actor=actor("coordinator"),
            at=at + MINUTE,
        ),
    )
    assert sum(isinstance(one, Stale | DomainError) for one in done) == 1
    heard = AuditEvent.objects.filter(verb="marac.case_heard").count()
    scene.second.refresh_from_db()
    assert heard == (2 if scene.second.state == "concluded" else 1)


@committed
def test_two_begin_two_cases(at: datetime) -> None:
    """A meeting is at one case at a time."""
    scene = under_way(at)

    def begin(hearing: Hearing, by: str) -> Hearing:
        return services.go_on(
            hearing_id=hearing.pk, to="present", version=1, actor=actor(by), at=at
        )

    done = together(lambda: begin(scene.first, "chair"), lambda: begin(scene.second, "coordinator"))
    assert sum(isinstance(one, DomainError) for one in done) == 1
    assert Hearing.objects.filter(state="present").count() == 1


@committed
def test_minutes_are_approved_and_sent_once(at: datetime) -> None:
    scene = under_way(at, state="concluded")
    Hearing.objects.filter(pk=scene.second.pk).update(
        state="deferred", ended_words="Ill.", ended_at=at
    )
    done = together(
        *[
            lambda: services.end_meeting(
                meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + 60 * MINUTE
            )
        ]
        * 2
    )
    assert [one.state for one in done] == [Meeting.State.HELD] * 2
    assert AuditEvent.objects.filter(verb="marac.meeting_ended").count() == 1
    rows = together(
        *[
            lambda: services.approve_minutes(
                meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + DAY
            )
        ]
        * 2
    )
    assert rows[0] == rows[1]
    together(
        *[
            lambda: services.send_minutes(
                minutes_id=rows[0].pk, actor=actor("coordinator"), at=at + DAY
            )
        ]
        * 2
    )
    agencies = scene.meeting.invitations.count()
    assert MinutesCopy.objects.count() == agencies
    assert AuditEvent.objects.filter(verb="marac_minutes.sent").count() == 1
