"""What all writes to a plan have in common."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import Team, User
from audit import services as audit
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from perpetrators.models import ManagementPlan
from perpetrators.permissions import can_manage_perpetrator

LONGEST_AIMS = 5_000
LONGEST_WORDS = 300
#: A plan is looked at again at least once a year.
FURTHEST_REVIEW = timedelta(days=366)


def lock_plan(plan_id: int) -> ManagementPlan:
    """The plan, held until the end."""
    rows = ManagementPlan.objects.select_related("person", "owner", "team")
    return rows.select_for_update(of=("self",)).get(pk=plan_id)


def needs_planner(actor: User) -> None:
    """Raises PermissionDenied."""
    if not can_manage_perpetrator(actor):
        raise PermissionDenied("Your role does not keep management plans.")


def needs_current(plan: ManagementPlan) -> None:
    """Raises DomainError for a plan that is over."""
    if not plan.is_current:
        raise DomainError("This plan is over. Write a new one.")


def needs_version(plan: ManagementPlan, version: int, yours: dict[str, Any]) -> None:
    """Raises Stale with both versions of what was sent where somebody changed the plan since."""
    if plan.version != version:
        raise Stale(
            "Somebody changed the plan since you read it. Both versions are below.",
            theirs={name: getattr(plan, name) for name in yours},
            yours=yours,
            version=plan.version,
        )


def checked_owner(owner: User) -> Team:
    """Their team. Raises InvalidInput at `owner` for whoever cannot answer for a plan."""
    if not owner.is_active or owner.is_system:
        raise InvalidInput(f"{owner} has left. Choose somebody else.", field="owner")
    if not can_manage_perpetrator(owner):
        raise InvalidInput(f"{owner}'s role does not keep management plans.", field="owner")
    if owner.team is None:
        raise InvalidInput(f"{owner} is in no team.", field="owner")
    return owner.team


def checked_review(review_on: date | None, at: datetime) -> date:
    """Raises InvalidInput at `review_on` for a day that is past or too far ahead."""
    today = local(at).date()
    if review_on is None:
        raise InvalidInput("When is it looked at again?", field="review_on")
    if review_on < today:
        raise InvalidInput("This day is past.", field="review_on")
    if review_on > today + FURTHEST_REVIEW:
        raise InvalidInput("A plan is looked at again within a year.", field="review_on")
    return review_on


def record(
    plan: ManagementPlan, verb: str, headline: str, *, actor: User, at: datetime, **detail: Any
) -> None:
    """In the person's history; no victim's, since it tells of others."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"management_plan.{verb}",
        headline=headline,
        subject=plan.person.reference,
        detail={"plan": plan.pk, **detail},
    )
