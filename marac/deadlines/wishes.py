"""The victim is heard before the meeting and told after it, through their adviser."""

from collections.abc import Sequence
from datetime import datetime

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import Hearing

WISHES = "marac_wishes"
TOLD = "marac_told"
_LADDER = (
    (kinds.OWNER,),
    (kinds.TEAM_SUPERVISOR,),
    (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
)


def still_to_be_asked(hearing_ids: Sequence[int]) -> set[int]:
    """Of these hearings, those that lie ahead and of which nobody said what the victim wants."""
    rows = Hearing.objects.filter(
        pk__in=hearing_ids, state__in=Hearing.OPEN, wanted="", not_asked_because=""
    )
    return set(rows.values_list("pk", flat=True))


def still_to_be_told(hearing_ids: Sequence[int]) -> set[int]:
    """Of these hearings, those that are over and whose victim was not told."""
    rows = Hearing.objects.heard().filter(pk__in=hearing_ids, told_at__isnull=True)
    return set(rows.values_list("pk", flat=True))


def terms_of(starts_at: datetime, rules: ForcePolicy, at: datetime) -> kinds.Terms:
    """So many working days before the meeting; of a case listed later than that, by its start."""
    before = Allowance(working_days=rules.marac_wishes_days)
    terms = kinds.Terms(
        clock=Clock.FIXED, allowance=before, runs_from="the meeting", source="force policy"
    )
    if KIND.under(terms).due(starts_at, rules) > at:
        return terms
    return kinds.Terms(
        clock=Clock.FIXED,
        allowance=Allowance(),
        runs_from="for the meeting",
        source="listed late; force policy",
    )


KIND = kinds.register(
    kinds.Kind(
        code=WISHES,
        name="What the victim wants of the meeting",
        subject_type="marac.hearing",
        url_name="marac:wishes_of",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(working_days=policy.marac_wishes_days),
        ladder=_LADDER,
        source="force policy",
        still_owed=still_to_be_asked,
        runs_from="the meeting",
    )
)
kinds.register(
    kinds.Kind(
        code=TOLD,
        name="Victim told of the meeting",
        subject_type="marac.hearing",
        url_name="marac:told_of",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.marac_told_days),
        ladder=_LADDER,
        source="force policy",
        still_owed=still_to_be_told,
        runs_from="the hearing",
    )
)
