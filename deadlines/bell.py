"""What every page shows of deadlines: how many messages wait, and whether anybody watches."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from deadlines import heartbeat


class Bell(NamedTuple):
    """Unseen messages of a person, and the heartbeat of the sweep."""

    unseen: int
    watched: heartbeat.Heartbeat


def ring(user: User, at: datetime) -> Bell:
    """Both in one query: every page asks. The count stops at 100."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM deadlines_notification
                        WHERE user_id = %s AND seen_at IS NULL LIMIT 100) unseen),
                   (SELECT finished_at FROM deadlines_sweep WHERE finished_at <= %s
                        ORDER BY finished_at DESC LIMIT 1)
            """,
            [user.pk, at + heartbeat.LATE_AFTER],
        )
        unseen, finished = cursor.fetchone()
    return Bell(unseen, heartbeat.of(finished, at))
