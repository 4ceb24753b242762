"""What all writes to meetings have in common: guards, words, who is told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse

from accounts.models import Agency, User
from audit import services as audit
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.policy import ForcePolicy
from deadlines import services as deadlines
from marac.models import Conference, Meeting
from marac.permissions import can_keep

LONGEST_WORDS = 1_000
LONGEST_PLACE = 300


def locked_conference(conference_id: int) -> Conference:
    """The conference, locked until the transaction ends: its meetings are planned by one."""
    Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    return Conference.objects.select_related("team", "chair", "coordinator").get(pk=conference_id)


def needs_keeper(actor: User, conference: Conference) -> None:
    """Raises PermissionDenied for whoever neither keeps conferences nor is the nightly planner."""
    if not (actor.is_system or can_keep(actor, conference)):
        raise PermissionDenied("Only coordinators plan meetings.")


def needs_ahead(meeting: Meeting) -> None:
    """Raises DomainError for a meeting that has begun, is over or was cancelled."""
    if meeting.state not in Meeting.AHEAD:
        raise DomainError(f"This meeting is {meeting.get_state_display().lower()} already.")


def needs_span(starts_at: datetime, rules: ForcePolicy, at: datetime) -> None:
    """Raises InvalidInput at `starts_at` for what is past, or further ahead than plans reach."""
    if starts_at <= at:
        raise InvalidInput("This time is past.", field="starts_at")
    weeks = rules.marac_planned_weeks
    if starts_at > at + timedelta(weeks=weeks):
        raise InvalidInput(f"Meetings are planned {weeks} weeks ahead.", field="starts_at")


def needs_version(row: Meeting | Conference, version: int, yours: dict[str, Any]) -> None:
    """Raises Stale with both versions of what was sent where somebody changed it since."""
    if row.version != version:
        raise Stale(
            f"Somebody changed {row} since you read it. Both versions are below.",
            theirs={name: getattr(row, name) for name in yours},
            yours=yours,
            version=row.version,
        )


def when(instant: datetime) -> str:
    """A day and a time on the wall clock: "Thu 10 Dec 2026, 09:30"."""
    there = local(instant)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"


def named(meeting: Meeting) -> str:
    """What a meeting is called: "Monthly meeting of Fenwick"."""
    return f"{meeting.get_kind_display()} of {meeting.conference.name}"


def record(
    meeting: Meeting, verb: str, headline: str, *, actor: User, at: datetime, **detail: Any
) -> None:
    """In the meeting's history; it is about no victim."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_meeting.{verb}",
        headline=headline,
        subject=meeting.reference,
        detail=detail,
    )


def who_attends() -> Q:
    """Users whose role may be invited to meetings."""
    return Q(
        groups__permissions__codename="attend_meetings",
        groups__permissions__content_type__app_label="marac",
    )


def concerned(meetings: Iterable[Meeting]) -> list[User]:
    """Who is told of these meetings. One query.

    Who leads and who keeps them; everybody of an invited partner who attends meetings; of the
    police, who has hundreds, those who lead teams; whoever answered or is on the list by name.
    """
    rows = list(meetings)
    keepers = {pk for row in rows for pk in (row.chair_id, row.coordinator_id)}
    invited = Q(team__agency__invitations__meeting__in=rows) & who_attends()
    partners = invited & ~Q(team__agency__kind=Agency.Kind.POLICE)
    leaders = invited & Q(supervises__isnull=False)
    by_name = Q(attendances__meeting__in=rows) | Q(pk__in=keepers)
    people = User.objects.filter(partners | leaders | by_name, is_active=True)
    return list(people.distinct())


def tell(
    meeting: Meeting, headline: str, level: str, at: datetime, users: Iterable[User] | None = None
) -> None:
    """Tell everybody concerned (or `users`) something of a meeting: no word of any case."""
    deadlines.notify(
        users=concerned([meeting]) if users is None else users,
        level=level,
        headline=headline[:200],
        reference=meeting.reference,
        path=reverse("marac:meeting", args=[meeting.reference]),
        victim_id=None,
        at=at,
    )
