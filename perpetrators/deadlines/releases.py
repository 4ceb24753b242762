"""What is watched of somebody's release: that it is recorded when it was expected."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from perpetrators.models import ReleaseWatch

RELEASE = "release_expected"
SUBJECT = "perpetrators.releasewatch"


def _at_once(policy: ForcePolicy) -> Allowance:
    return Allowance()


def still_expected(watch_ids: Sequence[int]) -> set[int]:
    """Of these watches, those over a release that is neither recorded nor called off."""
    rows = ReleaseWatch.objects.filter(pk__in=watch_ids, release__state="expected")
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=RELEASE,
        name="Release to be recorded",
        subject_type=SUBJECT,
        url_name="victims:detail",
        allowance=_at_once,
        ladder=(
            (OWNER, TEAM_SUPERVISOR, role(Role.CUSTODY_OFFICER)),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_expected,
        clock=Clock.FIXED,
        runs_from="the release",
    )
)
