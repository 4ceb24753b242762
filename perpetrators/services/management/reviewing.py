"""A plan is looked at again, and comes to its end."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from core.text import clean
from deadlines import services as deadlines
from perpetrators.deadlines.management import REVIEW, end_of
from perpetrators.models import ManagementPlan
from perpetrators.services import serial
from perpetrators.services.management.rows import (
    LONGEST_WORDS,
    checked_review,
    lock_plan,
    needs_current,
    needs_planner,
    needs_version,
    record,
)


@transaction.atomic
def review_plan(
    *,
    plan_id: int,
    version: int,
    words: str,
    review_on: date | None,
    actor: User,
    at: datetime,
) -> ManagementPlan:
    """Somebody looked at the plan again and says what they found, and when the next look is.

    Raises PermissionDenied, InvalidInput at `words` or `review_on`, DomainError, Stale.
    """
    row = lock_plan(plan_id)
    needs_planner(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    review_on = checked_review(review_on, at)
    needs_current(row)
    needs_version(row, version, {"review_on": review_on})
    row.review_on, row.version = review_on, row.version + 1
    row.save(update_fields=["review_on", "version"])
    headline = "Management plan looked at again"
    said = {"words": words, "review_on": review_on.isoformat()}
    record(row, "reviewed", headline, actor=actor, at=at, **said)
    deadlines.meet(kind=REVIEW, subject=row, actor=actor, at=at)
    deadlines.start(
        kind=REVIEW,
        subject=row,
        reference=row.person.reference,
        victim_id=None,
        team=row.team,
        owner=row.owner,
        started_at=end_of(review_on),
        actor=actor,
        at=at,
    )
    return row


@transaction.atomic
def end_plan(
    *, plan_id: int, version: int, reason: str, actor: User, at: datetime
) -> ManagementPlan:
    """The plan is over, and why. Where the person is serial still, another is owed at once.

    Ended again it stays as it is. Raises PermissionDenied, InvalidInput at `reason`, Stale.
    """
    row = lock_plan(plan_id)
    needs_planner(actor)
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    if not row.is_current:
        return row
    needs_version(row, version, {})
    row.is_current, row.ended_at, row.ended_reason = False, at, reason
    row.version += 1
    row.save(update_fields=["is_current", "ended_at", "ended_reason", "version"])
    record(row, "ended", "Management plan ended", actor=actor, at=at, reason=reason)
    deadlines.cancel(kind=REVIEW, subject=row, actor=actor, at=at, reason="The plan is over.")
    serial.keep(person_ids=[row.person_id], actor=actor, at=at)
    return row
