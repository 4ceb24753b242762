"""A case is put off to another meeting in one step, by whoever leads: with that agenda's rules."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from core.errors import InvalidInput
from deadlines.models import Notification
from marac.models import Hearing, Meeting
from marac.services.live import defer_case
from tests.factories import marac
from tests.marac.live_scene import DAY, MINUTE, Scene, actor, under_way

pytestmark = pytest.mark.django_db
TOLD = "A case that was put off is on the agenda"


@pytest.fixture
def scene(at: datetime) -> Scene:
    return under_way(at, state="share")


def deferred(scene: Scene, to: Meeting, at: datetime, **given: object) -> Hearing:
    said: dict[str, object] = {"words": "Await the report.", "version": 1, **given}
    return defer_case(
        hearing_id=scene.first.pk,
        to_meeting_id=to.pk,
        actor=actor(str(said.pop("who", "chair"))),
        at=at + MINUTE,
        **said,  # type: ignore[arg-type]
    )


def full(meeting: Meeting, at: datetime) -> Meeting:
    """Its agenda is out and has no room left."""
    marac.agenda_out(meeting, at)
    Meeting.objects.filter(pk=meeting.pk).update(capacity=1)
    marac.hearing(meeting, marac.case(at - 9 * DAY))
    return meeting


@pytest.mark.parametrize("who", ["chair", "coordinator"])
def test_whoever_leads_names_the_meeting_that_hears_it(
    scene: Scene, at: datetime, who: str
) -> None:
    later = marac.meeting(at + 28 * DAY)
    deferred(scene, later, at, who=who)
    there = later.hearings.get()
    assert (there.case_id, there.is_late, there.listed_by) == (
        scene.first.case_id,
        False,
        actor(who),
    )
    scene.first.refresh_from_db()
    assert scene.first.state == "deferred"
    told = Notification.objects.filter(headline__startswith=TOLD)
    # Whoever builds that agenda hears of it, unless they did it themselves.
    assert {row.user.username for row in told} == {"coordinator"} - {who}


def test_after_the_cut_off_the_deferral_is_why_it_is_late(scene: Scene, at: datetime) -> None:
    later = marac.meeting(at + 3 * DAY)
    deferred(scene, later, at)
    there = later.hearings.get()
    assert there.is_late
    assert there.late_reason == f"Deferred at {scene.meeting.reference}: Await the report."


def test_an_agenda_that_is_out_is_told_to_everybody_whom_it_went_to_and_researched(
    scene: Scene, at: datetime
) -> None:
    later = marac.agenda_out(marac.meeting(at + 3 * DAY), at - DAY)
    deferred(scene, later, at)
    told = Notification.objects.filter(headline__startswith=TOLD)
    assert {"coordinator", "agency", "agency_b"} <= {row.user.username for row in told}
    assert told.filter(victim__isnull=True).count() == told.count()
    assert later.hearings.get().research.count() == 3


def test_no_room_needs_its_reason_and_nothing_is_put_off_without(
    scene: Scene, at: datetime
) -> None:
    later = full(marac.meeting(at + 28 * DAY), at)
    with pytest.raises(InvalidInput) as refused:
        deferred(scene, later, at)
    assert refused.value.field == "over_capacity_reason"
    scene.first.refresh_from_db()
    assert scene.first.state == "share"
    assert later.hearings.count() == 1
    deferred(scene, later, at, over_capacity_reason="It cannot wait.")
    later.refresh_from_db()
    assert (later.hearings.count(), later.over_capacity_reason) == (2, "It cannot wait.")


def test_a_meeting_of_another_conference_does_not_hear_it(scene: Scene, at: datetime) -> None:
    elsewhere = marac.meeting(at + 28 * DAY, of=marac.conference("Wexcombe", area="Wexcombe"))
    with pytest.raises(InvalidInput) as refused:
        deferred(scene, elsewhere, at)
    assert refused.value.field == "case"
    scene.first.refresh_from_db()
    assert scene.first.state == "share"


def test_the_page_asks_a_chair_where_and_keeps_what_was_typed(
    at: datetime, sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = under_way(at, state="share")
    monkeypatch.setattr("core.clock.now", lambda: at + MINUTE)
    later = full(marac.meeting(at + 28 * DAY), at)
    client = sign_in("chair")
    address = f"/marac/meetings/{scene.meeting.reference}/cases/{scene.first.case.reference}/defer/"
    assert f'value="{later.pk}"' in client.get(address).content.decode()
    said = {"version": 1, "words": "Await the report.", "to_meeting_id": later.pk}
    refused = client.post(address, said)
    assert refused.status_code == 400
    assert "Await the report." in refused.content.decode()
    assert list(refused.context["form"].errors) == ["over_capacity_reason"]
    done = client.post(address, {**said, "over_capacity_reason": "It cannot wait."})
    assert done.status_code == 302
    assert later.hearings.filter(case=scene.first.case_id).exists()
