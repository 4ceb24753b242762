"""What the IDVA service must do by when: answer a referral, and reach its client first."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from referrals.models import IdvaCase
from referrals.services.advising.telling import ANSWER, FIRST_CONTACT

LADDER = (
    (kinds.OWNER,),
    (kinds.TEAM_SUPERVISOR,),
    (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
)


def still_unanswered(case_ids: Sequence[int]) -> set[int]:
    """Of these cases, those that nobody answered."""
    rows = IdvaCase.objects.to_answer().filter(pk__in=case_ids)
    return set(rows.values_list("pk", flat=True))


def still_not_reached(case_ids: Sequence[int]) -> set[int]:
    """Of these cases, those whose client nobody reached and nobody gave up."""
    rows = IdvaCase.objects.supported().filter(
        pk__in=case_ids, first_contact_at__isnull=True, gave_up_at__isnull=True
    )
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=ANSWER,
        name="Answer of the IDVA service",
        subject_type="referrals.idvacase",
        url_name="referrals:idva_case",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.idva_answer_working_days),
        ladder=LADDER,
        source="force policy",
        still_owed=still_unanswered,
        runs_from="the referral",
    )
)
kinds.register(
    kinds.Kind(
        code=FIRST_CONTACT,
        name="First contact of the adviser",
        subject_type="referrals.idvacase",
        url_name="referrals:idva_case",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.idva_contact_working_days),
        ladder=LADDER,
        source="force policy",
        still_owed=still_not_reached,
        runs_from="acceptance",
    )
)
