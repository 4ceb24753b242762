"""A plan goes to another owner; whoever leaves is no owner of anything."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import Team, User
from accounts.roles import Role
from core.text import clean
from deadlines import services as deadlines
from deadlines.models import Notification
from perpetrators.deadlines.management import REVIEW
from perpetrators.models import ManagementPlan
from perpetrators.services.management.rows import (
    LONGEST_WORDS,
    checked_owner,
    lock_plan,
    needs_current,
    needs_planner,
    needs_version,
    record,
)


@transaction.atomic
def pass_on(
    *, plan_id: int, version: int, owner: User, reason: str, actor: User, at: datetime
) -> ManagementPlan:
    """Somebody else answers for the plan from now on; they are told.

    To whoever has it already it changes nothing. Raises PermissionDenied, InvalidInput at `owner`
    or `reason`, DomainError, Stale.
    """
    row = lock_plan(plan_id)
    needs_planner(actor)
    team = checked_owner(owner)
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    needs_current(row)
    if row.owner_id == owner.pk:
        return row
    needs_version(row, version, {})
    _give(row, owner, team, reason, actor=actor, at=at)
    return row


def pass_on_of_leavers(*, actor: User, at: datetime) -> int:
    """Plans of those who left go to whoever leads their team, else to the head of public
    protection; with neither a plan stays, and the ladder of its review tells the team. How many.
    """
    gone = ManagementPlan.objects.current().filter(owner__is_active=False)
    return sum(
        _pass_on_of_leaver(pk, actor=actor, at=at) for pk in gone.values_list("pk", flat=True)
    )


@transaction.atomic
def _pass_on_of_leaver(plan_id: int, *, actor: User, at: datetime) -> bool:
    row = lock_plan(plan_id)
    heir = _leader(row.team) or _head()
    if row.owner.is_active or not row.is_current or heir is None:
        return False
    # The plan stays with the team whose leader it is; a head without a team leaves it there too.
    team = row.team if heir.pk == row.team.supervisor_id else heir.team or row.team
    _give(row, heir, team, f"{row.owner} has left.", actor=actor, at=at)
    return True


def _leader(team: Team) -> User | None:
    leader = team.supervisor
    return leader if leader is not None and leader.is_active else None


def _head() -> User | None:
    rows = User.objects.filter(groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True)
    return rows.filter(is_system=False).order_by("pk").first()


def _give(
    row: ManagementPlan, owner: User, team: Team, reason: str, *, actor: User, at: datetime
) -> None:
    before = row.owner
    row.owner, row.team, row.version = owner, team, row.version + 1
    row.save(update_fields=["owner", "team", "version"])
    headline = f"Management plan goes from {before} to {owner}"
    record(row, "passed_on", headline, actor=actor, at=at, reason=reason)
    deadlines.assign(kind=REVIEW, subject=row, owner=owner, team=team, actor=actor, at=at)
    deadlines.notify(
        users=[owner],
        level=Notification.Level.WARNING,
        headline=f"A management plan is yours now: {row.person.reference}",
        reference=row.person.reference,
        path=reverse("perpetrators:plan", args=[row.person.reference]),
        victim_id=None,
        at=at,
    )
