"""The minutes of a meeting are out so many working days after it."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import Meeting, Minutes

MINUTES = "marac_minutes"


def still_to_be_sent(meeting_ids: Sequence[int]) -> set[int]:
    """Of these meetings, those that were held and whose minutes nobody sent."""
    rows = Meeting.objects.filter(pk__in=meeting_ids, state=Meeting.State.HELD)
    sent = Minutes.objects.filter(meeting__in=meeting_ids, sent_at__isnull=False)
    return set(rows.exclude(pk__in=sent.values("meeting")).values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=MINUTES,
        name="Minutes of a conference",
        subject_type="marac.meeting",
        url_name="marac:minutes",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.marac_minutes_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_to_be_sent,
        runs_from="the meeting",
    )
)
