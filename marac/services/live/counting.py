"""The meeting's count of changes: what a reader asks for is whatever is newer than theirs."""

from django.db import connection


def next_number(meeting_id: int) -> int:
    """The next number of a meeting, in the caller's transaction.

    The row stays locked until that ends, so that numbers become visible in their order: a reader
    who has seen 7 never meets a 6 afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE marac_meeting SET changes = changes + 1 WHERE id = %s RETURNING changes",
            [meeting_id],
        )
        [number] = cursor.fetchone()
    return int(number)
