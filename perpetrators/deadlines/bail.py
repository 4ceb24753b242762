"""Before police bail ends somebody decides: charge, more time, or no further action."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Countdown, Kind, Terms, register, role
from perpetrators.models import CustodyEpisode
from perpetrators.moments import moment

BAIL_ENDS = "bail_ends"
SUBJECT = CustodyEpisode._meta.label_lower


def decided_by(since: datetime, until: datetime, rules: ForcePolicy) -> datetime:
    """When it must be decided what comes after bail that runs from `since` to `until`.

    So many days before the end (force policy), so that there is time to charge or to ask for more;
    of bail that is shorter than twice that, at its half.
    """
    return max(until - timedelta(days=rules.bail_decided_days), since + (until - since) / 2)


def terms(due_at: datetime, until: datetime, rules: ForcePolicy) -> Terms:
    """The clock of one bail in its own words: how long before its end it is decided."""
    days = rules.bail_decided_days
    amount = "a day" if days == 1 else f"{days} days"
    is_full = due_at == until - timedelta(days=days)
    return Terms(
        clock=Clock.FIXED,
        allowance=Allowance(),
        runs_from=f"{amount} before its end" if is_full else "half-way to its end",
        source="force policy",
    )


def _none(policy: ForcePolicy) -> Allowance:
    return Allowance()


def still_to_decide(episode_ids: Sequence[int]) -> set[int]:
    """Of these runs, those on police bail that has an end."""
    rows = CustodyEpisode.objects.filter(
        pk__in=episode_ids,
        state=CustodyEpisode.State.ON_BAIL,
        bail_until__isnull=False,
        bail_by_court=False,
    )
    return set(rows.values_list("pk", flat=True))


def ends(episode_ids: Sequence[int]) -> dict[int, Countdown]:
    """What the reminders count down to: the end of bail."""
    rows = CustodyEpisode.objects.filter(pk__in=episode_ids, bail_until__isnull=False)
    return {
        row.pk: Countdown("Bail ends", row.bail_until, moment(row.bail_until))
        for row in rows
        if row.bail_until is not None
    }


register(
    Kind(
        code=BAIL_ENDS,
        name="Bail ends: charge, more time or no further action",
        subject_type=SUBJECT,
        url_name="perpetrators:person",
        allowance=_none,
        ladder=(
            (OWNER, TEAM_SUPERVISOR),
            (role(Role.CUSTODY_OFFICER),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_to_decide,
        clock=Clock.FIXED,
        runs_from="before its end",
        counts_to=ends,
    )
)
