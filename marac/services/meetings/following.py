"""Meetings ahead follow what their conference has become."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from audit import services as audit
from core import policy
from core.policy import ForcePolicy
from core.working_time.instants import at as instant_at
from deadlines import services as deadlines
from deadlines.models import Notification
from marac import planning
from marac.models import Conference, Invitation, Meeting
from marac.services.agenda.watching import AGENDA
from marac.services.locking import locked_meeting
from marac.services.meetings.changing import shift_to
from marac.services.meetings.rows import concerned

_DAY = timedelta(days=1)
_RULE = {
    Meeting.Kind.WEEKLY: ("weekly_day", "weekly_at"),
    Meeting.Kind.MONTHLY: ("monthly_week", "monthly_day", "monthly_at"),
}


def follow_conference(
    conference: Conference, *, before: Mapping[str, Any], actor: User, at: datetime
) -> None:
    """Whoever leads, keeps and is invited, where and when: as the conference is now.

    `before`: what it was, by the names of its columns. What somebody changed for one meeting
    stays. Everybody concerned is told once.
    """
    ahead = Meeting.objects.ahead().filter(conference=conference, starts_at__gt=at)
    keys = list(ahead.order_by("pk").values_list("pk", flat=True))
    rows = [locked_meeting(pk) for pk in keys]
    told = {person.pk: person for person in concerned(rows)} if rows else {}
    rules = policy.at(at)
    for row in rows:
        _people_and_place(row, conference, before, actor, at)
        if _new_rule(row, conference, before):
            _to_new_day(row, conference, rules, actor, at)
    _invite(rows, conference, actor, at)
    told |= {person.pk: person for person in concerned(rows)} if rows else {}
    if rows:
        _tell(conference, told.values(), at)


def _people_and_place(
    row: Meeting, conference: Conference, before: Mapping[str, Any], actor: User, at: datetime
) -> None:
    kept = row.coordinator_id
    if row.chair_id == before["chair"]:
        row.chair = conference.chair
    if row.coordinator_id == before["coordinator"]:
        row.coordinator = conference.coordinator
    if row.kind != Meeting.Kind.EMERGENCY:
        for name in ("place", "capacity"):
            column = f"{row.kind}_{name}"
            if getattr(row, name) == before[column]:
                setattr(row, name, getattr(conference, column))
    row.version += 1
    row.save(update_fields=["chair", "coordinator", "place", "capacity", "version"])
    if row.coordinator_id != kept:
        owner, team = row.coordinator, conference.team
        deadlines.assign(kind=AGENDA, subject=row, owner=owner, team=team, actor=actor, at=at)


def _new_rule(row: Meeting, conference: Conference, before: Mapping[str, Any]) -> bool:
    """Whether the rule of this kind has changed, and the meeting can follow it still."""
    if row.by_rule_on is None or row.state != Meeting.State.PLANNED:
        return False
    names = _RULE[Meeting.Kind(row.kind)]
    return any(getattr(conference, name) != before[name] for name in names)


def _to_new_day(
    row: Meeting, conference: Conference, rules: ForcePolicy, actor: User, at: datetime
) -> None:
    """The day by the new rule in its own week or month, where an agenda can still be out."""
    assert row.by_rule_on is not None
    if row.kind == Meeting.Kind.WEEKLY:
        monday = row.by_rule_on - _DAY * row.by_rule_on.weekday()
        day = monday + _DAY * conference.weekly_day
    else:
        week, weekday = conference.monthly_week, conference.monthly_day
        day = planning.nth_weekday(row.by_rule_on.year, row.by_rule_on.month, week, weekday)
    hour = planning.clock_time(conference, row.kind)
    starts_at = instant_at(planning.held_on(day, rules.calendar), hour)
    if planning.times(row.kind, starts_at, at, rules).agenda_due_at <= at:
        return
    row.by_rule_on = day
    row.save(update_fields=["by_rule_on"])
    reason = "The conference meets on another day or at another time."
    shift_to(row, starts_at, reason, rules, actor, at)


def _invite(rows: Sequence[Meeting], conference: Conference, actor: User, at: datetime) -> None:
    """Agencies that joined, and those that left; what was answered or researched stays."""
    members = {one.agency_id: one.is_core for one in conference.members.all()}
    invited = Invitation.objects.filter(meeting__in=rows)
    unanswered = invited.filter(state=Invitation.State.INVITED, meeting__agenda_out_at=None)
    gone = unanswered.exclude(agency__in=members)
    left = list(gone.values_list("meeting__reference", "agency__name"))
    gone.delete()
    there = set(invited.values_list("meeting_id", "agency_id"))
    new = [
        Invitation(meeting=row, agency_id=agency, is_core=is_core, invited_at=at)
        for row in rows
        for agency, is_core in members.items()
        if (row.pk, agency) not in there
    ]
    Invitation.objects.bulk_create(new)
    core = [agency for agency, is_core in members.items() if is_core]
    invited.filter(agency__in=core, is_core=False).update(is_core=True)
    invited.exclude(agency__in=core).filter(is_core=True).update(is_core=False)
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb="marac_meeting.uninvited",
            headline=f"{agency} is invited no more",
            subject=meeting,
        )
        for meeting, agency in left
    )


def _tell(conference: Conference, users: Any, at: datetime) -> None:
    deadlines.notify(
        users=list(users),
        level=Notification.Level.WARNING,
        headline=f"{conference.name}: its meetings ahead have changed. Look at yours"[:200],
        reference=conference.name[:40],
        path=reverse("marac:meetings"),
        victim_id=None,
        at=at,
    )
