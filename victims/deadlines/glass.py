"""Whoever leads says in time whether it was right to open a record in an emergency."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance
from deadlines import kinds
from victims.models import VictimAccess

BROKEN_GLASS = "broken_glass"


def not_looked_at(access_ids: Sequence[int]) -> set[int]:
    """Of these, the ones of which nobody said whether they were right."""
    rows = VictimAccess.objects.filter(pk__in=access_ids, looked_at__isnull=True)
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=BROKEN_GLASS,
        name="Say whether it was right to open a record",
        subject_type="victims.victimaccess",
        url_name="victims:broken_glass",
        allowance=lambda policy: Allowance(hours=policy.break_glass_review_hours),
        ladder=(
            (kinds.OWNER,),
            (kinds.OWNER, kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION)),
        ),
        source="force policy",
        still_owed=not_looked_at,
        runs_from="the opening",
    )
)
