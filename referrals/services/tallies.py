"""Daily counts of referrals: kept as they happen, and made anew from the referrals when needed."""

from datetime import datetime

from django.db import connection, transaction

from core.clock import LOCAL, local
from referrals.models import Referral, ReferralDay

_DAYS = ReferralDay._meta.db_table
_REFERRALS = Referral._meta.db_table

# Names of our own tables are all that is put into these statements; values are parameters.
_ADD = f"""
INSERT INTO {_DAYS} AS kept (day, arrived, done, done_in_time) VALUES (%s, %s, %s, %s)
ON CONFLICT (day) DO UPDATE SET
    arrived = kept.arrived + EXCLUDED.arrived,
    done = kept.done + EXCLUDED.done,
    done_in_time = kept.done_in_time + EXCLUDED.done_in_time
"""  # noqa: S608

_REBUILD = f"""
WITH happened AS (
    SELECT (submitted_at AT TIME ZONE %(zone)s)::date AS day,
           1 AS arrived, 0 AS done, 0 AS in_time
    FROM {_REFERRALS}
    UNION ALL
    SELECT (completed_at AT TIME ZONE %(zone)s)::date,
           0, 1, (completed_at <= due_at)::int
    FROM {_REFERRALS} WHERE state = 'completed'
), counted AS (
    SELECT day, sum(arrived) AS arrived, sum(done) AS done, sum(in_time) AS in_time
    FROM happened GROUP BY day
)
INSERT INTO {_DAYS} (day, arrived, done, done_in_time)
SELECT day, coalesce(counted.arrived, 0), coalesce(counted.done, 0), coalesce(counted.in_time, 0)
FROM counted FULL JOIN {_DAYS} AS kept USING (day)
ON CONFLICT (day) DO UPDATE SET
    arrived = EXCLUDED.arrived, done = EXCLUDED.done, done_in_time = EXCLUDED.done_in_time
"""  # noqa: S608


def count_arrival(submitted_at: datetime) -> None:
    """Add one to the day on which the allowance began."""
    _add(submitted_at, arrived=1)


def count_completion(completed_at: datetime, *, in_time: bool) -> None:
    """Add one to the day on which the referral was finished."""
    _add(completed_at, done=1, done_in_time=int(in_time))


def _add(instant: datetime, *, arrived: int = 0, done: int = 0, done_in_time: int = 0) -> None:
    # The day's row stays locked until the caller's transaction ends: callers count last.
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [local(instant).date(), arrived, done, done_in_time])


@transaction.atomic
def rebuild_tallies() -> None:
    """Make every day's counts from the referrals themselves, in one statement.

    For loading in bulk. Nobody can open or finish a referral meanwhile, so that none is missed.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {_REFERRALS} IN SHARE MODE")
        cursor.execute(_REBUILD, {"zone": LOCAL.key})
