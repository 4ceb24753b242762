"""Open victims for whom the person by the record is not here: what must be passed on.

Somebody is named for every duty all the same (victims.duties): the leader of the team, or the head
of public protection. That is for the first hours; what lasts is found here, set-based: few people
have left or are away with nobody in their place, and what they have is read by index.
"""

# ruff: noqa: S608 - only the names of duties are written into the SQL.

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.roles import Role
from victims.models import Duty

_OF_PERSON = """
    SELECT v.id AS victim_id, v.reference, '{duty}' AS duty, g.why, v.{duty}_owner_id AS holder_id,
           v.{duty}_team_id AS team_id
      FROM gone g JOIN victims_victim v ON v.{duty}_owner_id = g.id
     WHERE v.closed_at IS NULL"""
_OF_TEAM = """
    SELECT v.id, v.reference, '{duty}', 'nobody', NULL, v.{duty}_team_id
      FROM leaderless t JOIN victims_victim v ON v.{duty}_team_id = t.id
     WHERE v.closed_at IS NULL AND v.{duty}_owner_id IS NULL"""

#: Parameters: at, head. Who is away with nobody in their place counts as gone.
_FOUND = """
WITH absent AS (
    SELECT a.person_id, a.cover_id FROM accounts_absence a
     WHERE a.from_at <= %(at)s AND a.until_at > %(at)s
), uncovered AS (
    SELECT a.person_id AS id FROM absent a
      JOIN accounts_user u ON u.id = a.cover_id
     WHERE NOT u.is_active OR a.cover_id IN (SELECT person_id FROM absent)
), gone AS (
    SELECT id, 'left' AS why FROM accounts_user WHERE NOT is_active
    UNION ALL
    SELECT u.id, 'away' FROM uncovered u JOIN accounts_user p ON p.id = u.id AND p.is_active
), leaderless AS (
    SELECT t.id FROM accounts_team t
     WHERE t.supervisor_id IS NULL OR t.supervisor_id IN (SELECT id FROM gone)
), found AS (
""" + "\n    UNION ALL".join(
    part.format(duty=duty.value) for part in (_OF_PERSON, _OF_TEAM) for duty in Duty
)

_ROWS = (
    _FOUND
    + """
)
SELECT f.reference, f.duty, f.why, coalesce(u.name, ''), t.name
  FROM found f
  JOIN accounts_team t ON t.id = f.team_id
  LEFT JOIN accounts_user u ON u.id = f.holder_id
 ORDER BY t.name, f.reference, f.duty
 LIMIT %(most)s
"""
)

_TALLY = (
    _FOUND
    + """
), head AS (
    SELECT count(*) AS here FROM accounts_user u
      JOIN accounts_user_groups m ON m.user_id = u.id
      JOIN auth_group g ON g.id = m.group_id AND g.name = %(head)s
     WHERE u.is_active AND NOT u.is_system
), counted AS (
    SELECT f.why, f.team_id IN (SELECT id FROM leaderless) AS is_leaderless
      FROM found f LIMIT %(most)s
)
SELECT count(*), count(*) FILTER (WHERE is_leaderless AND (SELECT here FROM head) = 0) FROM counted
"""
)

_BY_TEAM = (
    _FOUND
    + """
)
SELECT team_id, count(DISTINCT victim_id) FROM found GROUP BY team_id ORDER BY team_id
"""
)

_WHY = {
    "left": "{holder} has left",
    "away": "{holder} is away and nobody stands in",
    "nobody": "nobody has it, and the team has no leader who is here",
}


@dataclass(frozen=True)
class Unanswered:
    """One duty that must be passed on."""

    reference: str
    duty: Duty
    why: str
    team: str


@dataclass(frozen=True)
class Tally:
    """How many duties must be passed on, and for how many of them nobody at all is named."""

    to_pass_on: int
    with_nobody: int


def found(at: datetime, most: int | None = None) -> list[Unanswered]:
    """The duties of open victims whose person is not here, by team; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"at": at, "most": most})
        return [
            Unanswered(reference, Duty(duty), _WHY[why].format(holder=holder), team)
            for reference, duty, why, holder, team in cursor.fetchall()
        ]


def tally(at: datetime, most: int = 10_000) -> Tally:
    """How many there are, counted no further than `most`; one statement."""
    head = Role.HEAD_OF_PUBLIC_PROTECTION.value
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"at": at, "most": most, "head": head})
        return Tally(*cursor.fetchone())


def by_team(at: datetime) -> dict[int, int]:
    """Victims with such a duty, by the team that has it; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_TEAM, {"at": at})
        return dict(cursor.fetchall())
