"""Meetings are planned ahead by their rule, and called in an emergency: who is invited and told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.clock import local
from core.errors import DomainError, InvalidInput
from core.models import PolicyVersion
from deadlines.models import Deadline, Notification
from marac.models import Invitation, Meeting
from marac.services import move_meeting, plan_all, plan_emergency, plan_meetings
from tests.factories import marac
from tests.personas import person

pytestmark = pytest.mark.django_db


def planned(at: datetime) -> list[Meeting]:
    of = marac.conference()
    return plan_meetings(conference_id=of.pk, actor=person("coordinator"), at=at)


def closed(day: str, at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at - timedelta(days=1),
        values={"extra_closed_days": [day]},
        author=person("head"),
        reason="Training",
        recorded_at=at - timedelta(days=1),
    )


def test_thirteen_weeks_are_planned_with_every_agency_invited(at: datetime) -> None:
    rows = planned(at)
    # 23 Nov 2026 to 22 Feb 2027. Tomorrow's call is due its agenda in an instant, and is left out.
    calls = [row for row in rows if row.kind == Meeting.Kind.WEEKLY]
    months = [row for row in rows if row.kind == Meeting.Kind.MONTHLY]
    assert [str(row.by_rule_on) for row in months] == ["2026-12-10", "2027-01-14", "2027-02-11"]
    assert len(calls) == 12
    assert str(calls[0].by_rule_on) == "2026-12-01"
    assert all(row.reference.startswith("MM-") for row in rows)
    of = marac.conference()
    assert (months[0].place, months[0].capacity) == (of.monthly_place, of.monthly_capacity)
    assert (calls[0].place, calls[0].capacity) == (of.weekly_place, of.weekly_capacity)
    invited = Invitation.objects.filter(meeting__in=rows)
    assert invited.count() == len(rows) * 3
    assert invited.filter(is_core=True).count() == len(rows) * 2


def test_the_agenda_of_each_is_owed_from_its_planning_on(at: datetime) -> None:
    rows = planned(at)
    owed = Deadline.objects.open().filter(kind="marac_agenda")
    assert set(owed.values_list("subject_id", "due_at")) == {
        (row.pk, row.agenda_due_at) for row in rows
    }


def test_planned_again_nothing_is_added_not_even_what_was_cancelled(at: datetime) -> None:
    first = planned(at)[0]
    first.state, first.cancelled_reason = Meeting.State.CANCELLED, "Snow"
    first.save(update_fields=["state", "cancelled_reason"])
    assert planned(at) == []
    [new] = planned(at + timedelta(days=7))
    assert str(new.by_rule_on) == "2027-02-23"


def test_a_moved_meeting_is_not_planned_a_second_time(at: datetime) -> None:
    call = next(row for row in planned(at) if row.kind == Meeting.Kind.WEEKLY)
    move_meeting(
        meeting_id=call.pk,
        starts_at=call.starts_at + timedelta(days=2),
        place=call.place,
        reason="The chair is in court",
        version=call.version,
        actor=person("coordinator"),
        at=at,
    )
    assert planned(at) == []


def test_christmas_and_closed_days_put_a_call_off(at: datetime) -> None:
    closed("2026-12-29", at)
    of = marac.conference(weekly_day=4)  # Fridays: Christmas Day and New Year's Day among them
    rows = plan_meetings(conference_id=of.pk, actor=person("coordinator"), at=at)
    held = {
        str(row.by_rule_on): local(row.starts_at) for row in rows if row.kind == Meeting.Kind.WEEKLY
    }
    # Friday 25, then Monday 28 stands for Boxing Day, and on Tuesday 29 the force is closed.
    assert f"{held['2026-12-25']:%d %H:%M}" == "30 10:00"
    assert f"{held['2027-01-01']:%d %H:%M}" == "04 10:00"


def test_a_day_that_is_closed_after_the_plan_moves_its_meeting(at: datetime) -> None:
    person("agency")
    rows = planned(at)
    first = next(row for row in rows if str(row.by_rule_on) == "2026-12-10")
    closed("2026-12-10", at)
    Notification.objects.all().delete()
    assert planned(at) == []
    first.refresh_from_db()
    assert first.starts_at == datetime(2026, 12, 11, 9, 30, tzinfo=UTC)
    assert Notification.objects.filter(user=person("agency"), reference=first.reference).exists()


def test_everybody_is_told_of_the_plan_once(at: datetime) -> None:
    people = [person(name) for name in ("agency", "agency_b", "supervisor", "officer", "idva")]
    planned(at)
    told = Notification.objects.filter(headline__contains="15 meetings planned")
    assert {row.user.username for row in told.select_related("user")} == {
        "agency",
        "agency_b",
        "supervisor",
        "chair",
        "coordinator",
    }
    everybody = [*people, person("chair"), person("coordinator")]
    assert Notification.objects.filter(user__in=everybody).count() == told.count()


def test_all_conferences_are_planned_by_the_system(at: datetime) -> None:
    marac.conference()
    marac.conference("Marsham", area="Marsham")
    assert plan_all(actor=User.objects.system(), at=at) == 30
    assert plan_all(actor=User.objects.system(), at=at) == 0


@pytest.mark.parametrize("username", ["chair", "head", "worker", "agency", "idva"])
def test_only_coordinators_plan(at: datetime, username: str) -> None:
    of = marac.conference()
    with pytest.raises(PermissionDenied):
        plan_meetings(conference_id=of.pk, actor=person(username), at=at)
    assert not Meeting.objects.exists()


def test_a_conference_that_is_over_plans_nothing(at: datetime) -> None:
    of = marac.conference(is_active=False)
    with pytest.raises(DomainError):
        plan_meetings(conference_id=of.pk, actor=person("coordinator"), at=at)


def emergency(
    at: datetime, *, who: str = "coordinator", hours: int = 6, place: str = "Call"
) -> Meeting:
    return plan_emergency(
        conference_id=marac.conference().pk,
        starts_at=at + timedelta(hours=hours),
        place=place,
        actor=person(who),
        at=at,
    )


def test_an_emergency_meeting_at_night_has_no_cut_off_and_everybody_is_told_at_once(
    at: datetime,
) -> None:
    people = [person("agency"), person("agency_b")]
    sunday = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
    row = emergency(sunday, who="chair", hours=3)
    assert (row.kind, row.cut_off_at, row.agenda_due_at) == ("emergency", None, sunday)
    assert row.invitations.count() == 3
    told = Notification.objects.filter(reference=row.reference, level="warning", user__in=people)
    assert told.count() == 2
    assert AuditEvent.objects.filter(verb="marac_meeting.planned").count() == 1


def test_sent_twice_it_is_one_meeting(at: datetime) -> None:
    assert emergency(at) == emergency(at)
    assert Notification.objects.filter(user=person("coordinator")).count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"hours": 0}, "starts_at"), ({"hours": 24 * 92}, "starts_at"), ({"place": " "}, "place")],
)
def test_an_emergency_needs_a_time_ahead_and_a_place(
    at: datetime, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        emergency(at, **given)
    assert refused.value.field == field
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("username", ["head", "worker", "agency", "idva", "supervisor"])
def test_only_coordinators_and_chairs_call_one(at: datetime, username: str) -> None:
    with pytest.raises(PermissionDenied):
        emergency(at, who=username)
