"""Who is of the IDVA service, and who leads it: asked before a case is given to anybody."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.cover import stood_in_for
from accounts.models import Team, User
from accounts.roles import Role
from accounts.withheld import withheld_from
from referrals.models import IdvaCase
from referrals.permissions import can_allocate, can_support
from victims.models import Victim


def asked_for(victim: Victim) -> tuple[Team, User] | None:
    """The team that is asked to support a victim, and who leads it; None where there is nobody.

    The team of the victim's own area, else one without an area, else the first. Nobody is asked
    from whom the victim is withheld.
    """
    for team in _by_area(victim.area_id):
        leader = leader_of(team, victim.pk)
        if leader is not None:
            return team, leader
    return None


def leader_of(team: Team, victim_id: int) -> User | None:
    """Who leads a team of advisers: its supervisor, else the first manager in it who may know."""
    managers = User.objects.filter(team=team, groups__name=Role.IDVA_MANAGER).order_by("pk")
    leaders = [one for one in (team.supervisor, *managers) if one is not None]
    barred = withheld_from([one.pk for one in leaders], victim_id)
    able = (one for one in leaders if one.pk not in barred and not one.is_system)
    return next((one for one in able if can_allocate(one)), None)


def advisers(team_ids: Iterable[int]) -> list[User]:
    """Those of these teams who may be given a case, by name."""
    rows = User.objects.filter(
        team__in=list(team_ids),
        team__kind=Team.Kind.IDVA,
        is_active=True,
        is_system=False,
        groups__name__in=[Role.IDVA, Role.IDVA_MANAGER],
    )
    return list(rows.distinct().select_related("team__area").order_by("name", "pk"))


def teams_of(case: IdvaCase) -> list[Team]:
    """The teams of advisers of the service that has a case."""
    teams = Team.objects.filter(kind=Team.Kind.IDVA, agency=case.team.agency_id)
    return list(teams.order_by("name", "pk"))


def led_by(actor: User, at: datetime) -> set[int]:
    """The teams of advisers that somebody leads: theirs, and of a manager whom they stand in for.

    Two queries for a manager, three where somebody stands in.
    """
    if not can_support(actor):
        return set()
    leaders = [actor, *(row.person for row in stood_in_for(actor.pk, at))]
    able = [one for one in leaders if can_allocate(one)]
    if not able:
        return set()
    teams = Team.objects.filter(
        Q(pk__in=[one.team_id for one in able if one.team_id])
        | Q(supervisor__in=[one.pk for one in able]),
        kind=Team.Kind.IDVA,
    )
    return set(teams.values_list("pk", flat=True))


def leads(actor: User, case: IdvaCase, at: datetime) -> bool:
    """Whether somebody answers, allocates and passes on this case for the service."""
    if case.team_id not in led_by(actor, at):
        return False
    return actor.pk not in withheld_from([actor.pk], case.victim_id)


def works_on(actor: User, case: IdvaCase, at: datetime) -> bool:
    """Whether the case is somebody's to work on: theirs, of whom they stand in for, or led."""
    if not can_support(actor):
        return False
    people = {actor.pk, *(row.person_id for row in stood_in_for(actor.pk, at))}
    if case.owner_id in people:
        return actor.pk not in withheld_from([actor.pk], case.victim_id)
    return leads(actor, case, at)


def _by_area(area_id: int | None) -> list[Team]:
    teams = list(Team.objects.filter(kind=Team.Kind.IDVA).select_related("supervisor"))

    def distance(team: Team) -> tuple[int, int]:
        if team.area_id == area_id:
            return 0, team.pk
        return 1 if team.area_id is None else 2, team.pk

    return sorted(teams, key=distance)
