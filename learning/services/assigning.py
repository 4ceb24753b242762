"""Assignments and their deadlines, kept in step with who is asked.

Who is asked is always worked out (`learning.owed`). This makes the rows follow: it compares the two
and does what is missing, so that it can be run at any time, late, twice, or after an outage, with
the same end. Nothing else has to remember to call it when somebody joins, moves or leaves.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.urls import reverse

import deadlines.services
from accounts.models import User
from core import policy
from deadlines.models import Deadline, Notification
from learning.deadlines import TEST
from learning.due import due_at
from learning.models import Assignment, Notice
from learning.owed import OWED, Owed, parameters, rows

#: Only one process at a time does this; the number is this app's own.
_LOCK = 7_204_501

#: NOT IN, so that what is owed is worked out once and not for each assignment.
_NO_LONGER = """
SELECT s.id FROM learning_assignment s
 WHERE s.ended_at IS NULL
   AND s.id NOT IN (SELECT o.assignment_id FROM ({owed}) o WHERE o.assignment_id IS NOT NULL)
"""
_UNWATCHED = """
SELECT o.assignment_id FROM ({owed}) o
 WHERE o.assignment_id IS NOT NULL AND o.passed_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM deadlines_deadline d
                    WHERE d.subject_type = 'learning.assignment' AND d.subject_id = o.assignment_id
                      AND d.kind = 'learning' AND d.state IN ('running', 'breached'))
"""
_WATCHED = """
FROM ({owed}) o
JOIN deadlines_deadline d ON d.subject_type = 'learning.assignment'
 AND d.subject_id = o.assignment_id AND d.kind = 'learning' AND d.state IN ('running', 'breached')
"""
_MOVED = "SELECT o.assignment_id " + _WATCHED + " WHERE d.team_id IS DISTINCT FROM o.team_id"  # noqa: S608
_PASSED = "SELECT o.assignment_id " + _WATCHED + " WHERE o.passed_at IS NOT NULL"


def ask(notice: Notice, people: Sequence[User], *, since: datetime, due_at: datetime) -> None:
    """Ask these people to pass the notice's test, and tell them so."""
    Assignment.objects.bulk_create(
        [
            Assignment(notice=notice, user=one, owed_since=since, due_at=due_at, ended_at=None)
            for one in people
        ],
        update_conflicts=True,
        unique_fields=["user", "notice"],
        update_fields=["owed_since", "due_at", "ended_at"],
    )
    deadlines.services.notify(
        users=people,
        level=Notification.Level.INFORMATION,
        headline=f"To read, with a short test: {notice.name}",
        reference=notice.reference,
        path=reverse("learning:notice", args=[notice.reference]),
        victim_id=None,
        at=since,
    )


@transaction.atomic
def keep_in_step(*, actor: User, at: datetime) -> int:
    """Bring assignments and deadlines to what is owed at `at`; how many rows had to change.

    Nothing when another process is doing it. `actor` is the system's own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    return (
        _ask_newcomers(at)
        + _let_go(actor, at)
        + _settle_passed(actor, at)
        + _watch(actor, at)
        + _follow_moves(actor, at)
    )


def _ask_newcomers(at: datetime) -> int:
    given = parameters(at)
    new: dict[int, list[Owed]] = {}
    for row in rows("assignment_id IS NULL AND passed_at IS NULL", "notice_id, user_id", given):
        new.setdefault(row.notice_id, []).append(row)
    days = policy.at(at).learning_days
    for notice in Notice.objects.filter(pk__in=new):
        assert notice.pass_by is not None and notice.published_at is not None
        until = due_at(
            pass_by=notice.pass_by, owed_since=at, published_at=notice.published_at, days=days
        )
        people = User.objects.filter(pk__in=[row.user_id for row in new[notice.pk]])
        ask(notice, list(people), since=at, due_at=until)
    return sum(map(len, new.values()))


def _let_go(actor: User, at: datetime) -> int:
    """Who is asked no longer: their deadline falls away. What was breached stays on record."""
    found = _assignments(_NO_LONGER, at)
    for one in found:
        deadlines.services.cancel(
            kind=TEST,
            subject=one,
            actor=actor,
            at=at,
            reason="Not asked of this person any more: they left, changed role or team, or the "
            "notice was withdrawn or replaced.",
        )
    Assignment.objects.filter(pk__in=[one.pk for one in found]).update(ended_at=at)
    return len(found)


def _settle_passed(actor: User, at: datetime) -> int:
    """Passed at the very moment at which the deadline began: it is met at that moment."""
    found = _assignments(_PASSED, at)
    for one in found:
        passed = one.notice.attempts.get(user=one.user_id, passed=True)
        deadlines.services.meet(kind=TEST, subject=one, actor=actor, at=passed.at)
    return len(found)


def _watch(actor: User, at: datetime) -> int:
    found = _assignments(_UNWATCHED, at)
    for one in found:
        deadlines.services.start(
            kind=TEST,
            subject=one,
            reference=one.notice.reference,
            victim_id=None,
            team=one.user.team,
            owner=one.user,
            started_at=one.due_at,
            actor=actor,
            at=max(one.owed_since, min(at, one.due_at)),
        )
    return len(found)


def _follow_moves(actor: User, at: datetime) -> int:
    """Somebody works in another team now: its supervisor is the one to hear."""
    found = _assignments(_MOVED, at)
    for one in found:
        # By hand, since `assign` keeps the team where there is none.
        Deadline.objects.open().of(one).filter(kind=TEST).update(team=one.user.team)
    return len(found)


def _assignments(sql: str, at: datetime) -> list[Assignment]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(owed=OWED), parameters(at))
        ids = [row[0] for row in cursor.fetchall()]
    return _by_id(ids)


def _by_id(ids: Iterable[int]) -> list[Assignment]:
    found = Assignment.objects.filter(pk__in=ids).select_related("notice", "user__team")
    return list(found.order_by("pk"))
