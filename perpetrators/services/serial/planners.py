"""Who is to plan how somebody is stopped: a team that may, and its leader by name."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Team

#: Whose work it is, the first that there is. Investigators before the referral unit: a plan is
#: about the person who harms, not about one victim.
KINDS = (Team.Kind.DAISU, Team.Kind.MARU, Team.Kind.NEIGHBOURHOOD, Team.Kind.RESPONSE)


@dataclass(frozen=True)
class Planner:
    """A team, and its leader while there is one who has not left."""

    team_id: int | None
    leader_id: int | None


NOBODY = Planner(None, None)


def planners_of(area_ids: Collection[int | None]) -> dict[int | None, Planner]:
    """For each area its team, else the one of the whole force; one query.

    Without any team the duty has no owner yet, and the head of public protection is told of it.
    """
    if not area_ids:
        return {}
    teams = list(Team.objects.filter(kind__in=KINDS).select_related("supervisor").order_by("pk"))
    teams.sort(key=lambda team: KINDS.index(Team.Kind(team.kind)))
    return {area_id: _planner(teams, area_id) for area_id in area_ids}


def _planner(teams: list[Team], area_id: int | None) -> Planner:
    """The kind counts before the area: the county's investigators before the area's response."""
    if not teams:
        return NOBODY
    first = [team for team in teams if team.kind == teams[0].kind]
    team = next((team for team in first if team.area_id == area_id), first[0])
    leader = team.supervisor
    return Planner(team.pk, leader.pk if leader and leader.is_active else None)
