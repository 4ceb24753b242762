"""Somebody whom nobody knows is matched to a person on record, or to nobody, within its time."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.trigger_rules import Trigger
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, Kind, register, role
from perpetrators.models import CustodyEvent

MATCH = "custody_match"
#: Where the force counts every look at risk after a release in working days.
USUAL_HOURS = 4


def _allowance(policy: ForcePolicy) -> Allowance:
    """Whoever waits may be anybody's: as soon as the most pressing look at risk after a release."""
    hours = [
        rule.amount * (24 if rule.unit == "days" else 1)
        for rule in policy.trigger_rules
        if rule.trigger is Trigger.RELEASE and rule.clock is Clock.ELAPSED
    ]
    return Allowance(hours=min(hours, default=USUAL_HOURS))


def still_unmatched(event_ids: Sequence[int]) -> set[int]:
    """Of these messages, those of which nobody has said yet whom they are about."""
    rows = CustodyEvent.objects.unmatched().filter(pk__in=event_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=MATCH,
        name="Custody message to be matched",
        subject_type="perpetrators.custodyevent",
        url_name="perpetrators:match",
        allowance=_allowance,
        ladder=(
            (OWNER, role(Role.CUSTODY_OFFICER)),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="as soon as risk after a release; force policy",
        still_owed=still_unmatched,
        runs_from="the message's arrival",
    )
)
