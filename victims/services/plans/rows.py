"""What every write to a plan begins and ends with.

The victim's row is the lock of everything about their plan: two writers at once wait, and the
second is told what the first one wrote.
"""

from datetime import datetime
from typing import Any

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, Stale
from victims.models import SafetyPlan, Victim


def locked(victim_id: int) -> Victim:
    """The victim with whoever has the plan, held until the transaction ends.

    Locked first, read with owner and team then: a row that changed while it was waited for is lost
    from a join with what it pointed to before.
    """
    Victim.objects.select_for_update(no_key=True).only("pk").get(pk=victim_id)
    return Victim.objects.select_related("plan_owner", "plan_team").get(pk=victim_id)


def current(victim_id: int, version: int, yours: str) -> tuple[Victim, SafetyPlan]:
    """The victim, locked, and the plan that counts, if it is the one that was read."""
    victim = locked(victim_id)
    plan = victim.plans.current().select_related("written_by").first()
    if plan is None:
        raise DomainError("There is no safety plan yet. Write one first.")
    if plan.version != version:
        raise Stale(
            f"{plan.written_by} wrote version {plan.version} after you opened this. Look at it, "
            "then say it again.",
            theirs={"version": plan.version, "reason": plan.reason},
            yours={"version": version, "said": yours},
            version=plan.version,
        )
    return victim, plan


def require_open_case(victim: Victim) -> None:
    if victim.closed_at is not None:
        raise DomainError("The case is closed. Open it again first.")


def record(
    victim: Victim, verb: str, headline: str, actor: User, at: datetime, **detail: Any
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"victim.plan_{verb}",
        headline=headline,
        subject=victim.reference,
        victim_id=victim.pk,
        detail=detail,
    )
