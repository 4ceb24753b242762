"""A closure that was asked for is decided."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines.kinds import Kind, register, role
from incidents.models import Closure

CLOSURE_SIGN_OFF = "closure_sign_off"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.closure_hours)


def undecided(closure_ids: Sequence[int]) -> set[int]:
    """Of these requests, those that wait for an inspector."""
    rows = Closure.objects.waiting().filter(pk__in=closure_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=CLOSURE_SIGN_OFF,
        name="Closure sign-off",
        subject_type="incidents.closure",
        url_name="incidents:closure",
        allowance=_allowance,
        ladder=((role(Role.CONTROL_INSPECTOR),), (role(Role.SUPERINTENDENT),)),
        source="force policy",
        still_owed=undecided,
        runs_from="the request",
    )
)
