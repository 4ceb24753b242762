"""A flag reaches its end: the coordinator looks at it before."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.clock import local
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import MaracFlag

FLAG = "marac_flag"
_RULE = "twelve months without a repeat; force policy"
#: Told again so long before, after the first time that the policy names.
_AGAIN = timedelta(days=7)


def standing(flag_ids: Sequence[int]) -> set[int]:
    """Of these flags, those that nobody ended."""
    rows = MaracFlag.objects.standing().filter(pk__in=flag_ids)
    return set(rows.values_list("pk", flat=True))


def terms_of(until_at: datetime, rules: ForcePolicy) -> kinds.Terms:
    """It ends at its own last instant; reminded of when agendas begin to show it, and a week on."""
    shown = timedelta(days=rules.marac_flag_shown_days)
    return kinds.Terms(
        clock=Clock.FIXED,
        allowance=Allowance(),
        runs_from="its last day",
        source=_RULE,
        reminders=(until_at - shown, until_at - _AGAIN),
    )


def ends(flag_ids: Sequence[int]) -> Mapping[int, kinds.Countdown]:
    """What the reminders of these count down to: the end of the flag."""
    found = {}
    for row in MaracFlag.objects.filter(pk__in=flag_ids):
        there = local(row.until_at)
        words = f"on {there.day} {there:%B at %H:%M}"
        found[row.pk] = kinds.Countdown("End of a flag", row.until_at, words)
    return found


kinds.register(
    kinds.Kind(
        code=FLAG,
        name="End of a conference's flag",
        subject_type="marac.maracflag",
        url_name="marac:case",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(),
        ladder=((kinds.OWNER,),),
        source=_RULE,
        still_owed=standing,
        runs_from="its last day",
        counts_to=ends,
    )
)
