"""Meetings are planned: those of the rule for weeks ahead, and an emergency for any hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from audit import services as audit
from core import events, policy, references
from core.clock import local
from core.errors import DomainError
from core.policy import ForcePolicy
from core.references import Kind
from core.text import clean
from core.working_time import is_working_day
from deadlines import services as deadlines
from deadlines.models import Notification
from marac import planning
from marac.events import MeetingPlanned
from marac.models import Conference, Invitation, Meeting
from marac.permissions import can_decide
from marac.planning import Planned
from marac.services.meetings.changing import shift
from marac.services.meetings.rows import (
    LONGEST_PLACE,
    concerned,
    locked_conference,
    needs_keeper,
    needs_span,
    tell,
    when,
)


@transaction.atomic
def plan_meetings(*, conference_id: int, actor: User, at: datetime) -> list[Meeting]:
    """Plan what the rule asks for in the policy's weeks ahead; gives what is new.

    Planned again it adds nothing: one weekly call a week and one monthly meeting a month, those
    that were cancelled among them. What could get no agenda in time is left out. Meetings that
    stand on a day that has become a holiday go to the next working day. Agencies are invited, and
    everybody is told once. Raises PermissionDenied, and DomainError for a conference that is over.
    """
    conference = locked_conference(conference_id)
    needs_keeper(actor, conference)
    _needs_running(conference)
    rules = policy.at(at)
    _off_closed_days(conference, rules, actor, at)
    made = _make(conference, _wanted(conference, rules, at), rules, actor, at)
    if made:
        _tell_plan(conference, made, at)
    return made


def plan_all(*, actor: User, at: datetime) -> int:
    """Plan for every conference, each in its own transaction; how many meetings are new."""
    running = Conference.objects.running().order_by("pk").values_list("pk", flat=True)
    return sum(len(plan_meetings(conference_id=pk, actor=actor, at=at)) for pk in running)


@transaction.atomic
def plan_emergency(
    *, conference_id: int, starts_at: datetime, place: str, actor: User, at: datetime
) -> Meeting:
    """A meeting at any hour, its agencies invited at once; no cut-off, its agenda due at once.

    Sent twice it is one meeting. Raises PermissionDenied for all but coordinators and chairs,
    InvalidInput at `starts_at` or `place`, DomainError for a conference that is over.
    """
    conference = locked_conference(conference_id)
    if not can_decide(actor, conference):
        raise PermissionDenied("Only coordinators and chairs call an emergency meeting.")
    _needs_running(conference)
    rules = policy.at(at)
    needs_span(starts_at, rules, at)
    place = clean(place, field="place", longest=LONGEST_PLACE, required=True)
    same = Meeting.objects.ahead().filter(
        conference=conference, kind=Meeting.Kind.EMERGENCY, starts_at=starts_at
    )
    if (there := same.select_related("conference").first()) is not None:
        return there
    row = _row(conference, Meeting.Kind.EMERGENCY, starts_at, rules, at)
    row.place = place
    _write(conference, [row], actor, at)
    headline = f"Emergency meeting of {conference.name}: {when(starts_at)}"
    tell(row, headline, Notification.Level.WARNING, at)
    return row


def _needs_running(conference: Conference) -> None:
    if not conference.is_active:
        raise DomainError(f"The conference {conference} meets no more.")


def _wanted(conference: Conference, rules: ForcePolicy, at: datetime) -> list[Planned]:
    """What the rule asks for and nobody has planned yet."""
    today = local(at).date()
    until = today + timedelta(weeks=rules.marac_planned_weeks)
    # A day by the rule may lie before today, and its meeting, moved by holidays, after it.
    asked = planning.by_rule(conference, today - timedelta(days=7), until, rules.calendar)
    there = Meeting.objects.filter(
        conference=conference, by_rule_on__gte=today - timedelta(days=62)
    ).values_list("kind", "by_rule_on")
    taken = {planning.slot(kind, day) for kind, day in there if day is not None}
    return [
        one
        for one in asked
        if planning.slot(one.kind, one.by_rule_on) not in taken
        and planning.times(one.kind, one.starts_at, at, rules).agenda_due_at > at
    ]


def _make(
    conference: Conference,
    wanted: Sequence[Planned],
    rules: ForcePolicy,
    actor: User,
    at: datetime,
) -> list[Meeting]:
    rows = []
    for one in wanted:
        row = _row(conference, one.kind, one.starts_at, rules, at)
        row.by_rule_on = one.by_rule_on
        rows.append(row)
    _write(conference, rows, actor, at)
    return rows


def _row(
    conference: Conference, kind: str, starts_at: datetime, rules: ForcePolicy, at: datetime
) -> Meeting:
    """A meeting as its conference has it, not written yet."""
    is_monthly = kind == Meeting.Kind.MONTHLY
    due = planning.times(kind, starts_at, at, rules)
    return Meeting(
        conference=conference,
        kind=kind,
        starts_at=starts_at,
        place=conference.monthly_place if is_monthly else conference.weekly_place,
        capacity=conference.monthly_capacity if is_monthly else conference.weekly_capacity,
        chair=conference.chair,
        coordinator=conference.coordinator,
        cut_off_at=due.cut_off_at,
        agenda_due_at=due.agenda_due_at,
    )


def _write(conference: Conference, rows: list[Meeting], actor: User, at: datetime) -> None:
    """Write meetings with their invitations, and announce each."""
    taken = references.take_many(Kind.MARAC_MEETING, [at] * len(rows)) if rows else []
    for row, reference in zip(rows, taken, strict=True):
        row.reference = reference
    Meeting.objects.bulk_create(rows)
    members = list(conference.members.all())
    Invitation.objects.bulk_create(
        Invitation(meeting=row, agency_id=member.agency_id, is_core=member.is_core, invited_at=at)
        for row in rows
        for member in members
    )
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb="marac_meeting.planned",
            headline=f"{row.get_kind_display()} of {conference.name}: {when(row.starts_at)}",
            subject=row.reference,
            detail={"place": row.place, "agencies": len(members)},
        )
        for row in rows
    )
    for row in rows:
        events.announce(MeetingPlanned(row.pk, actor, at))


def _tell_plan(conference: Conference, made: Sequence[Meeting], at: datetime) -> None:
    """One word for all that was planned, not one for each."""
    first = made[0]
    how_many = "1 meeting" if len(made) == 1 else f"{len(made)} meetings"
    deadlines.notify(
        users=concerned(made),
        level=Notification.Level.INFORMATION,
        headline=f"{conference.name}: {how_many} planned, from {when(first.starts_at)}"[:200],
        reference=first.reference,
        path=reverse("marac:meetings"),
        victim_id=None,
        at=at,
    )


def _off_closed_days(conference: Conference, rules: ForcePolicy, actor: User, at: datetime) -> None:
    """What was planned before a day was closed goes to the next working day."""
    rows = Meeting.objects.ahead().filter(
        Q(kind=Meeting.Kind.WEEKLY) | Q(kind=Meeting.Kind.MONTHLY),
        conference=conference,
        starts_at__gt=at,
        by_rule_on__isnull=False,
    )
    for pk, starts_at in list(rows.order_by("starts_at").values_list("pk", "starts_at")):
        if not is_working_day(local(starts_at).date(), rules.calendar):
            shift(pk, rules, actor, at)
