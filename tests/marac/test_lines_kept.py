"""What was said at a meeting stands by the database itself; counting it makes no history."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from marac.models import HearingLine
from marac.services.live import end_meeting, next_number
from tests.marac import live_scene
from tests.marac.live_scene import MINUTE, Scene

pytestmark = pytest.mark.django_db
MeetingEvent = apps.get_model("marac", "MeetingEvent")


@pytest.fixture
def scene(at: datetime) -> Scene:
    return live_scene.under_way(at, state="share")


@pytest.mark.parametrize(
    "change",
    [
        {"words": "She is not afraid."},
        {"by": 1},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"number": 9},
    ],
    ids=["words", "author", "time", "order"],
)
def test_no_line_is_changed(scene: Scene, at: datetime, change: dict[str, object]) -> None:
    line = live_scene.said(scene.first, at=at + MINUTE)
    with pytest.raises(DatabaseError, match="update or delete"), transaction.atomic():
        HearingLine.objects.filter(pk=line.pk).update(**change)
    assert HearingLine.objects.get().words == "She is afraid."


def test_no_line_is_deleted_one_by_one_or_all_at_once(scene: Scene, at: datetime) -> None:
    line = live_scene.said(scene.first, at=at + MINUTE)
    with pytest.raises(DatabaseError, match="update or delete"), transaction.atomic():
        line.delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'marac_hearingline'::regclass"
            " AND tgname LIKE 'pgtrigger_no_truncate%%'"
        )
        assert cursor.fetchone() == (1,)


def test_lines_make_no_history_of_their_meeting(scene: Scene, at: datetime) -> None:
    before = MeetingEvent.objects.count()
    for minute in range(3):
        live_scene.said(scene.first, at=at + minute * MINUTE)
    scene.meeting.refresh_from_db(fields=["changes"])
    assert scene.meeting.changes == next_number(scene.meeting.pk) - 1 == 3
    assert MeetingEvent.objects.count() == before


def test_what_happens_to_the_meeting_itself_is_kept(at: datetime) -> None:
    scene = live_scene.under_way(at, state="concluded")
    scene.second.delete()
    before = MeetingEvent.objects.count()
    end_meeting(meeting_id=scene.meeting.pk, actor=live_scene.actor("chair"), at=at + MINUTE)
    [kept] = MeetingEvent.objects.order_by("pk")[before:]
    assert (kept.state, kept.ended_at) == ("under_way", None)
