"""A plan is written, and written anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core.clock import local
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from deadlines import bulk
from deadlines import services as deadlines
from incidents.models import Involvement
from perpetrators.deadlines.management import PLAN_DUE, REVIEW, end_of
from perpetrators.models import ManagementPlan, SerialRecognition
from perpetrators.services.management.measures import Measure, stored
from perpetrators.services.management.rows import (
    LONGEST_AIMS,
    checked_owner,
    checked_review,
    lock_plan,
    needs_current,
    needs_planner,
    needs_version,
    record,
)
from victims.models import Person


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be achieved, what is done for it, and when it is looked at again."""

    aims: str
    measures: Sequence[Measure]
    review_on: date | None


@transaction.atomic
def write_plan(
    *, person_id: int, plan: Plan, owner: User, actor: User, at: datetime
) -> ManagementPlan:
    """Begin a plan for somebody who was complained of; its owner answers for it.

    The same plan by the same person again is the one that there is. Raises PermissionDenied;
    InvalidInput at `person`, `owner`, `aims`, `measures…` or `review_on`; AlreadyTaken while
    there is a current plan.
    """
    # Held until the end: of two who write at once, the second finds the first's.
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    needs_planner(actor)
    accused = Involvement.objects.filter(person=person, role=Involvement.Role.PERPETRATOR)
    if not accused.exists():
        raise InvalidInput("A plan is for somebody who was complained of.", field="person")
    team, said = checked_owner(owner), _checked(plan, at)
    there = ManagementPlan.objects.current().filter(person=person).select_related("owner").first()
    if there is not None:
        if there.written_by_id == actor.pk and _is(there, said) and there.owner_id == owner.pk:
            return there
        raise AlreadyTaken(f"There is a plan already; {there.owner} has it.")
    row = ManagementPlan.objects.create(
        person=person, team=team, owner=owner, written_at=at, written_by=actor, **said
    )
    record(
        row,
        "written",
        f"Management plan written; {owner} has it",
        actor=actor,
        at=at,
        aims=row.aims,
        measures=row.measures,
        review_on=row.review_on.isoformat(),
    )
    deadlines.start(
        kind=REVIEW,
        subject=row,
        reference=person.reference,
        victim_id=None,
        team=team,
        owner=owner,
        started_at=end_of(row.review_on),
        actor=actor,
        at=at,
    )
    _met(person, actor=actor, at=at)
    return row


@transaction.atomic
def edit_plan(
    *, plan_id: int, version: int, plan: Plan, actor: User, at: datetime
) -> ManagementPlan:
    """Write the plan anew, its measures done among them; the owner stays.

    `version` is the one that was read. Sent again it changes nothing. Raises PermissionDenied,
    InvalidInput at the field, DomainError for a plan that is over, Stale with both versions.
    """
    row = lock_plan(plan_id)
    needs_planner(actor)
    said = _checked(plan, at, review_stays=row.review_on)
    if row.is_current and _is(row, said):
        return row
    needs_current(row)
    needs_version(row, version, said)
    before = {name: getattr(row, name) for name in said}
    moved = row.review_on != said["review_on"]
    row.aims, row.measures, row.review_on = said["aims"], said["measures"], said["review_on"]
    row.version += 1
    row.save(update_fields=["aims", "measures", "review_on", "version"])
    record(
        row,
        "edited",
        "Management plan changed",
        actor=actor,
        at=at,
        before={**before, "review_on": before["review_on"].isoformat()},
        after={**said, "review_on": row.review_on.isoformat()},
    )
    if moved:
        due = end_of(row.review_on)
        deadlines.reschedule(kind=REVIEW, subject=row, started_at=due, actor=actor, at=at)
    return row


def _checked(plan: Plan, at: datetime, review_stays: date | None = None) -> dict[str, Any]:
    """A day of review that is over may stay as it is: other parts can be changed all the same."""
    kept = plan.review_on is not None and plan.review_on == review_stays
    return {
        "aims": clean(plan.aims, field="aims", longest=LONGEST_AIMS, required=True),
        "measures": stored(plan.measures, local(at).date()),
        "review_on": plan.review_on if kept else checked_review(plan.review_on, at),
    }


def _is(row: ManagementPlan, said: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in said.items())


def _met(person: Person, *, actor: User, at: datetime) -> None:
    """What was owed for the person, or for the record that they are told with, is done."""
    rows = SerialRecognition.objects.filter(person=person).values_list("pk", "told_with")
    ids = {pk for row in rows for pk in row if pk is not None}
    bulk.meet_many(kind=PLAN_DUE, subject_ids=ids, actor=actor, at=at)
