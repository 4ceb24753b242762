"""What is watched of somebody's release: that it is recorded when it was expected."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Countdown, Kind, register, role
from perpetrators.models import ReleaseWatch
from perpetrators.moments import moment

RELEASE = "release_expected"
SUBJECT = "perpetrators.releasewatch"


def _at_once(policy: ForcePolicy) -> Allowance:
    return Allowance()


def still_expected(watch_ids: Sequence[int]) -> set[int]:
    """Of these watches, those over a release that is neither recorded nor called off."""
    rows = ReleaseWatch.objects.filter(pk__in=watch_ids, release__state="expected")
    return set(rows.values_list("pk", flat=True))


def expected(watch_ids: Sequence[int]) -> dict[int, Countdown]:
    """What the reminders of these watches count down to: the release itself."""
    rows = ReleaseWatch.objects.filter(pk__in=watch_ids).select_related("release")
    return {
        row.pk: Countdown(
            "Release",
            row.release.expected_at,
            moment(row.release.expected_at, day_only=row.release.day_only),
        )
        for row in rows
    }


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
        counts_to=expected,
    )
)
