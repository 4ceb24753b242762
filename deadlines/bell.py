"""What every page shows of deadlines: how many messages wait, and whether anybody watches."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from deadlines import heartbeat
from deadlines.models import Notification


class Bell(NamedTuple):
    """Unseen messages of a person, and the heartbeat of the sweep."""

    unseen: int
    watched: heartbeat.Heartbeat


def ring(user: User, at: datetime) -> Bell:
    """Both in one query: every page asks. The count stops at 100."""
    readable = Notification.objects.visible_to(user).unseen().order_by().values("pk")[:100]
    unseen_sql, params = readable.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT (SELECT count(*) FROM ({unseen_sql}) unseen),
                   (SELECT finished_at FROM deadlines_sweep WHERE finished_at <= %s
                        ORDER BY finished_at DESC LIMIT 1)
            """,  # noqa: S608  (our own statement, its values as parameters)
            [*params, at + heartbeat.LATE_AFTER],
        )
        unseen, finished = cursor.fetchone()
    return Bell(unseen, heartbeat.of(finished, at))
