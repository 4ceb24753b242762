"""What an adviser owes a client between the first contact and the end."""

from collections.abc import Mapping, Sequence

from core.clock import local
from core.working_time import Allowance, Clock
from deadlines import kinds
from referrals.deadlines.advising import LADDER
from referrals.models import CourtSupport, IdvaCase
from referrals.services.advising.courts import COURT
from referrals.services.advising.reviewing import REVIEW


def still_to_be_reviewed(case_ids: Sequence[int]) -> set[int]:
    """Of these cases, those that are supported: a review ends the clock itself."""
    rows = IdvaCase.objects.supported().filter(pk__in=case_ids)
    return set(rows.values_list("pk", flat=True))


def still_planned(court_ids: Sequence[int]) -> set[int]:
    """Of these hearings, those of supported cases of which nobody said what came."""
    rows = CourtSupport.objects.filter(pk__in=court_ids, state="planned", case__state="accepted")
    return set(rows.values_list("pk", flat=True))


def hearings(court_ids: Sequence[int]) -> Mapping[int, kinds.Countdown]:
    """What the reminders of these count down to: the hearing, without where or what about."""
    found = {}
    for row in CourtSupport.objects.filter(pk__in=court_ids):
        there = local(row.hearing_at)
        words = f"{there.day} {there:%b %Y, %H:%M}"
        found[row.pk] = kinds.Countdown("Hearing of a client", row.hearing_at, words)
    return found


kinds.register(
    kinds.Kind(
        code=REVIEW,
        name="Adviser's review of the risk",
        subject_type="referrals.idvacase",
        url_name="referrals:idva_case",
        allowance=lambda policy: Allowance(days=policy.idva_review_by_weeks * 7),
        ladder=LADDER,
        source="force policy",
        still_owed=still_to_be_reviewed,
        runs_from="acceptance",
    )
)
kinds.register(
    kinds.Kind(
        code=COURT,
        name="Support at court",
        subject_type="referrals.courtsupport",
        url_name="referrals:idva_case",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(),
        ladder=LADDER[:2],
        source="the plan of support",
        still_owed=still_planned,
        runs_from="a day after the hearing",
        counts_to=hearings,
    )
)
