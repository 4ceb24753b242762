"""Who is asked to pass what, worked out from roles and teams at the moment of asking.

One statement says it; the pages, the results, the reminders and the sweep all read it, so that a
newcomer is asked and who left is not, whatever else has or has not run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from core import policy

#: One row for each person and notice in force. Parameter: fresh, the due time of who has no
#: assignment yet; it lies ahead, for nobody is late before being told.
OWED = """
SELECT n.id AS notice_id, n.reference, n.title, n.kind, n.published_at, u.id AS user_id, u.name,
       u.team_id, t.name AS team, r.read_at, a.passed_at, coalesce(a.attempts, 0) AS attempts,
       coalesce(s.due_at, %(fresh)s) AS due_at, s.id AS assignment_id
  FROM learning_notice n
  JOIN accounts_user u ON u.is_active AND NOT u.is_system
  LEFT JOIN accounts_team t ON t.id = u.team_id
  LEFT JOIN learning_reading r ON r.notice_id = n.id AND r.user_id = u.id
  LEFT JOIN (SELECT notice_id, user_id, count(*) AS attempts,
                    min(at) FILTER (WHERE passed) AS passed_at
               FROM learning_attempt GROUP BY notice_id, user_id) a
    ON a.notice_id = n.id AND a.user_id = u.id
  LEFT JOIN learning_assignment s
    ON s.notice_id = n.id AND s.user_id = u.id AND s.ended_at IS NULL
 WHERE n.published_at IS NOT NULL AND n.withdrawn_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM learning_notice later
                    WHERE later.supersedes_id = n.id AND later.published_at IS NOT NULL)
   AND EXISTS (SELECT 1 FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
                WHERE m.user_id = u.id AND g.name = ANY(n.roles))
   AND (NOT EXISTS (SELECT 1 FROM learning_noticeteam x WHERE x.notice_id = n.id)
        OR EXISTS (SELECT 1 FROM learning_noticeteam x
                    WHERE x.notice_id = n.id AND x.team_id = u.team_id))
"""


@dataclass(frozen=True)
class Owed:
    """One person and one notice in force that they are asked to pass."""

    notice_id: int
    reference: str
    title: str
    kind: str
    published_at: datetime
    user_id: int
    name: str
    team_id: int | None
    team: str | None
    read_at: datetime | None
    passed_at: datetime | None
    attempts: int
    due_at: datetime
    assignment_id: int | None

    def is_overdue(self, at: datetime) -> bool:
        return self.passed_at is None and self.due_at < at


COLUMNS = ", ".join(field.name for field in fields(Owed))


def parameters(at: datetime) -> dict[str, Any]:
    return {"fresh": at + timedelta(days=policy.at(at).learning_days), "at": at}


def rows(where: str, order: str, given: dict[str, Any], limit: str = "") -> list[Owed]:
    """The rows of OWED that fulfil a condition written here, never by a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM ({OWED}) o WHERE {where} ORDER BY {order} {limit}",  # noqa: S608
            given,
        )
        return [Owed(*row) for row in cursor.fetchall()]


def of_user(user_id: int, at: datetime) -> list[Owed]:
    """What one person is asked: to be done by time, then passed, newest first."""
    return rows(
        "user_id = %(user)s",
        "passed_at IS NOT NULL, passed_at DESC, due_at, notice_id",
        {**parameters(at), "user": user_id},
    )


def of_user_and_notice(user_id: int, notice_id: int, at: datetime) -> Owed | None:
    """What one person is asked about one notice; None when they are not asked."""
    found = rows(
        "user_id = %(user)s AND notice_id = %(notice)s",
        "notice_id",
        {**parameters(at), "user": user_id, "notice": notice_id},
    )
    return found[0] if found else None


def audience(*, roles: Sequence[str], teams: Sequence[int]) -> list[User]:
    """Who would be asked now: whoever is here and holds one of the roles, in one of the teams.

    The same rule as OWED's, for a notice that is not published yet; no teams means all of them.
    """
    people = User.objects.filter(is_active=True, is_system=False, groups__name__in=roles)
    if teams:
        people = people.filter(team__in=teams)
    return list(people.distinct().order_by("name", "pk"))


def still_owed(assignment_ids: Sequence[int]) -> set[int]:
    """Of these assignments, those whose person is still asked and has not passed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT assignment_id FROM ({OWED}) o "  # noqa: S608
            "WHERE assignment_id = ANY(%(ids)s) AND passed_at IS NULL",
            {"fresh": None, "ids": list(assignment_ids)},
        )
        return {row[0] for row in cursor.fetchall()}
