"""A coordinator keeps a conference: what it is, and how its meetings ahead follow."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Area
from audit.models import AuditEvent
from core.clock import local
from core.errors import InvalidInput, Stale
from deadlines.models import Deadline, Notification
from marac.models import Conference, Invitation, Meeting
from marac.services import plan_meetings
from marac.services.meetings import Details, edit_conference, open_conference
from marac.services.meetings.conferences import details_of
from tests.factories import marac
from tests.personas import person, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def fenwick(at: datetime) -> Conference:
    """Its meetings are planned."""
    of = marac.conference()
    plan_meetings(conference_id=of.pk, actor=person("coordinator"), at=at)
    Notification.objects.all().delete()
    return Conference.objects.get(pk=of.pk)


def changed(of: Conference, at: datetime, *, who: str = "coordinator", **given: Any) -> Conference:
    said = replace(details_of(of), **given)
    return edit_conference(
        conference_id=of.pk, details=said, version=of.version, actor=person(who), at=at
    )


def test_the_call_goes_to_another_day_and_its_meetings_with_it(
    fenwick: Conference, at: datetime
) -> None:
    before = set(Meeting.objects.values_list("reference", flat=True))
    changed(fenwick, at, weekly_day=2, weekly_at=time(11))
    calls = Meeting.objects.filter(kind="weekly")
    assert {f"{local(one.starts_at):%a %H:%M}" for one in calls} == {"Wed 11:00"}
    assert {one.by_rule_on.weekday() for one in calls if one.by_rule_on} == {2}
    assert set(Meeting.objects.values_list("reference", flat=True)) == before
    due = dict(
        Deadline.objects.open().filter(kind="marac_agenda").values_list("subject_id", "due_at")
    )
    assert all(due[one.pk] == one.agenda_due_at for one in calls)
    # Into weeks that have their call nothing more is planned; this week's had come too soon.
    more = plan_meetings(conference_id=fenwick.pk, actor=person("coordinator"), at=at)
    assert [str(one.by_rule_on) for one in more] == ["2026-11-25"]


def test_everybody_is_told_once(fenwick: Conference, at: datetime) -> None:
    person("agency")
    changed(fenwick, at, weekly_day=2)
    assert Notification.objects.filter(user=person("agency")).count() == 1
    assert Notification.objects.filter(user=person("chair")).count() == 1


def test_an_agenda_that_is_out_stays_on_its_day(fenwick: Conference, at: datetime) -> None:
    first = Meeting.objects.filter(kind="monthly").earliest("starts_at")
    marac.agenda_out(first, at)
    changed(fenwick, at, monthly_week=3)
    first.refresh_from_db()
    assert str(first.by_rule_on) == "2026-12-10"
    rest = Meeting.objects.filter(kind="monthly").exclude(pk=first.pk)
    assert {str(one.by_rule_on) for one in rest} == {"2027-01-21", "2027-02-18"}


def test_agencies_that_join_are_invited_and_those_that_leave_are_not(
    fenwick: Conference, at: datetime
) -> None:
    now = details_of(fenwick)
    idva, children = team("idva").agency, team("children").agency
    answered = Invitation.objects.filter(agency=children).earliest("meeting__starts_at")
    answered.state = "coming"
    answered.save(update_fields=["state"])
    changed(fenwick, at, agencies=now.agencies - {children.pk} | {idva.pk})
    assert Invitation.objects.filter(agency=idva).count() == Meeting.objects.count()
    assert list(Invitation.objects.filter(agency=children)) == [answered]


def test_who_is_needed_is_needed_at_every_meeting_ahead(fenwick: Conference, at: datetime) -> None:
    now = details_of(fenwick)
    changed(fenwick, at, core=now.agencies, quorum=3)
    assert not Invitation.objects.filter(is_core=False).exists()
    changed(Conference.objects.get(), at, core=frozenset(), quorum=1)
    assert not Invitation.objects.filter(is_core=True).exists()


def test_another_coordinator_and_chair_have_the_meetings_ahead(
    fenwick: Conference, at: datetime
) -> None:
    new = person("worker")
    new.groups.set([*person("coordinator").groups.all(), *person("chair").groups.all()])
    changed(fenwick, at, coordinator=new.pk, chair=new.pk)
    assert set(Meeting.objects.values_list("coordinator", "chair")) == {(new.pk, new.pk)}
    owed = Deadline.objects.open().filter(kind="marac_agenda")
    assert set(owed.values_list("owner", flat=True)) == {new.pk}


def test_unchanged_nothing_is_written(fenwick: Conference, at: datetime) -> None:
    assert changed(fenwick, at).version == fenwick.version
    assert not AuditEvent.objects.filter(verb="marac_conference.changed").exists()
    assert not Notification.objects.exists()


def test_of_two_who_change_it_the_second_reads_both(fenwick: Conference, at: datetime) -> None:
    changed(fenwick, at, quorum=3)
    with pytest.raises(Stale) as refused:
        changed(fenwick, at, quorum=2, monthly_place="Room 9")
    assert refused.value.theirs["quorum"] == 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"monthly_place": ""}, "monthly_place"),
        ({"weekly_day": 5}, "weekly_day"),
        ({"monthly_week": 6}, "monthly_week"),
        ({"weekly_capacity": 0}, "weekly_capacity"),
        ({"quorum": 4}, "quorum"),  # of three agencies
        ({"quorum": 1}, "quorum"),  # two are needed
        ({"areas": frozenset({0})}, "areas"),
        ({"agencies": frozenset({0})}, "agencies"),
        ({"agencies": frozenset()}, "core"),
        ({"chair": 0}, "chair"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    at: datetime, given: dict[str, Any], field: str
) -> None:
    of = Conference.objects.get(pk=marac.conference().pk)
    with pytest.raises(InvalidInput) as refused:
        changed(of, at, **given)
    assert refused.value.field == field


def test_an_area_belongs_to_one_conference_and_a_chair_has_the_role(at: datetime) -> None:
    of = marac.conference()
    other = marac.conference("Marsham", area="Marsham")
    with pytest.raises(InvalidInput, match="belongs to Marsham"):
        changed(of, at, areas=details_of(other).areas)
    with pytest.raises(InvalidInput, match="no role"):
        changed(of, at, chair=person("head").pk)
    with pytest.raises(InvalidInput, match="of this name"):
        changed(of, at, name="marsham")


@pytest.mark.parametrize("username", ["chair", "head", "agency", "administrator"])
def test_only_coordinators_keep_conferences(at: datetime, username: str) -> None:
    of = marac.conference()
    with pytest.raises(PermissionDenied):
        changed(of, at, who=username, quorum=3)
    with pytest.raises(PermissionDenied):
        open_conference(details=a_new_one(of), actor=person(username), at=at)


def a_new_one(like: Conference) -> Details:
    area, _ = Area.objects.get_or_create(name="Wexcombe")
    return replace(details_of(like), name="Wexcombe", areas=frozenset({area.pk}))


def test_another_conference_has_its_meetings_at_once(at: datetime) -> None:
    made = open_conference(
        details=a_new_one(marac.conference()), actor=person("coordinator"), at=at
    )
    assert made.team == team("marac")
    assert [str(one.area) for one in made.covers.all()] == ["Wexcombe"]
    assert made.meetings.count() == 15
    assert details_of(made) == replace(a_new_one(made))
