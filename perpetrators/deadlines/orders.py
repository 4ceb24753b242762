"""A notice that is asked for is decided on in time, and one that is served is heard by a court."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from perpetrators.models import ProtectionNotice

NOTICE_DECISION, NOTICE_TO_COURT = "notice_decision", "notice_to_court"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.notice_court_hours)


def _decision_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.notice_decision_hours)


def undecided(notice_ids: Sequence[int]) -> set[int]:
    """Of these notices, those that still wait for a superintendent."""
    rows = ProtectionNotice.objects.filter(pk__in=notice_ids, state=ProtectionNotice.State.ASKED)
    return set(rows.values_list("pk", flat=True))


def unheard(notice_ids: Sequence[int]) -> set[int]:
    """Of these notices, those that bind somebody and that no court has heard yet."""
    rows = ProtectionNotice.objects.filter(
        pk__in=notice_ids, state=ProtectionNotice.State.SERVED, heard_at__isnull=True
    )
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=NOTICE_TO_COURT,
        name="Protection notice before a court",
        subject_type="perpetrators.protectionnotice",
        url_name="perpetrators:notice",
        allowance=_allowance,
        clock=Clock.COURT,
        ladder=((OWNER, TEAM_SUPERVISOR), (role(Role.SUPERINTENDENT),)),
        source="Domestic Abuse Act 2021, section 29",
        still_owed=unheard,
        runs_from="service of the notice",
    )
)

register(
    Kind(
        code=NOTICE_DECISION,
        name="Decision on a protection notice",
        subject_type="perpetrators.protectionnotice",
        url_name="perpetrators:notice",
        allowance=_decision_allowance,
        # Whichever superintendent is there decides: all of them are told.
        ladder=((role(Role.SUPERINTENDENT),), (role(Role.HEAD_OF_PUBLIC_PROTECTION),)),
        source="force policy",
        still_owed=undecided,
        runs_from="its asking",
    )
)
