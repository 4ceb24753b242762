"""Who has read, who has passed, who has not: by team, and by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Team, User
from core.errors import InvalidInput
from learning import owed
from learning.models import Notice
from learning.owed import OWED, Owed
from learning.permissions import sees_all_teams

#: What of the names is shown, and the condition that says so.
STATES: Mapping[str, tuple[str, str]] = {
    "": ("Everybody", "true"),
    "overdue": ("Overdue", "passed_at IS NULL AND due_at < %(at)s"),
    "not_passed": ("Not passed yet", "passed_at IS NULL"),
    "not_read": ("Not read yet", "passed_at IS NULL AND read_at IS NULL"),
    "passed": ("Passed", "passed_at IS NOT NULL"),
}
#: Stands for those who are in no team.
NO_TEAM = 0


@dataclass(frozen=True)
class Filters:
    """What was chosen in the address: one notice or all in force, one team or all, a state."""

    notice: Notice | None = None
    state: str = ""
    team: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "Filters":
        """Raises InvalidInput for what is no choice."""
        reference, state = str(query.get("notice", "")), str(query.get("show", ""))
        team = str(query.get("team", ""))
        notice = Notice.objects.in_force().filter(reference=reference).first()
        if reference and notice is None:
            raise InvalidInput("This notice is not in force.", field="notice")
        if state not in STATES:
            raise InvalidInput("Choose one of the states shown.", field="show")
        if team and not (team.isascii() and team.isdigit() and len(team) < 10):
            raise InvalidInput("There is no such team.", field="team")
        return cls(notice, state, int(team) if team else None)


@dataclass(frozen=True)
class TeamResult:
    """How far one team is. `asked` counts each person once for each notice."""

    team_id: int
    team: str
    people: int
    asked: int
    read: int
    passed: int
    overdue: int
    oldest_due: datetime | None

    @property
    def not_passed(self) -> int:
        return self.asked - self.passed

    @property
    def percent(self) -> int:
        """Passed, in whole per cent, rounded down: 100 means everybody."""
        return self.passed * 100 // self.asked if self.asked else 0


def overdue_words(count: int, oldest_due: datetime | None, at: datetime) -> str:
    """ "3 overdue, the oldest by 5 days"; nothing when nobody is."""
    if not count or oldest_due is None:
        return ""
    days = (at - oldest_due).days
    since = "less than a day" if not days else f"{days} day{'' if days == 1 else 's'}"
    return f"{count} overdue, by {since}" if count == 1 else f"{count} overdue, up to {since}"


def teams_of(user: User) -> list[int] | None:
    """Teams whose results this person sees: their own and those that they lead; None for all."""
    if sees_all_teams(user):
        return None
    led = set(Team.objects.filter(supervisor=user).values_list("pk", flat=True))
    return sorted(led | ({user.team_id} if user.team_id else set()))


def by_team(filters: Filters, *, teams: list[int] | None, at: datetime) -> list[TeamResult]:
    """One row a team, in one query, however many people there are."""
    where, given = _where(Filters(filters.notice, "", filters.team), teams, at)
    late = STATES["overdue"][1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce(team_id, {NO_TEAM}), coalesce(team, 'In no team'),
                   count(DISTINCT user_id), count(*),
                   count(*) FILTER (WHERE read_at IS NOT NULL), count(passed_at),
                   count(*) FILTER (WHERE {late}), min(due_at) FILTER (WHERE {late})
              FROM ({OWED}) o WHERE {where}
             GROUP BY team_id, team ORDER BY team NULLS LAST
            """,  # noqa: S608 - conditions written in this module
            given,
        )
        return [TeamResult(*row) for row in cursor.fetchall()]


def by_name(filters: Filters, *, teams: list[int] | None, at: datetime) -> list[Owed]:
    """One row for each person and notice: what is overdue first, then by name."""
    where, given = _where(filters, teams, at)
    return owed.rows(
        where, "(passed_at IS NULL AND due_at < %(at)s) DESC, name, published_at, user_id", given
    )


def _where(filters: Filters, teams: list[int] | None, at: datetime) -> tuple[str, dict[str, Any]]:
    conditions = [STATES[filters.state][1]]
    given = owed.parameters(at)
    if filters.notice is not None:
        conditions.append("notice_id = %(notice)s")
        given["notice"] = filters.notice.pk
    if filters.team is not None:
        conditions.append("coalesce(team_id, 0) = %(team)s")
        given["team"] = filters.team
    if teams is not None:
        conditions.append("team_id = ANY(%(teams)s)")
        given["teams"] = teams
    return " AND ".join(conditions), given
