"""Who answers for what of a victim at this moment: a name, whatever happened to people and teams.

The columns of `Victim` say which team has each duty, always, and which person, once somebody has
it. Names follow from them: that person; whoever stands in for them while they are away; whoever
leads the team, while nobody has it or who had it has left; at last the head of public protection.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Absence, Team, User
from accounts.roles import Role
from victims.models import Duty, Victim


@dataclass(frozen=True)
class Named:
    """Who answers. `holder` has it by the record; `person` is whom to turn to now.

    `because` says in words why they are not the same ("" where they are).
    """

    person: User | None
    team: Team
    holder: User | None
    because: str = ""


def named(victim: Victim, duty: Duty, at: datetime) -> Named:
    """Who answers for a duty of one victim at an instant."""
    return named_for([victim], duty, at)[victim.pk]


def named_for(victims: Iterable[Victim], duty: Duty, at: datetime) -> Mapping[int, Named]:
    """The same for many, by the victim's number, in at most five queries."""
    rows = list(victims)
    holders = _people({_holder_id(row, duty) for row in rows})
    teams = Team.objects.select_related("supervisor").in_bulk({_team_id(row, duty) for row in rows})
    covers = covers_of({pk for pk, person in holders.items() if person.is_active}, at)
    needs_head = any(
        _needs_head(holders.get(_holder_id(row, duty)), teams[_team_id(row, duty)]) for row in rows
    )
    head = _head() if needs_head else None
    return {
        row.pk: _name(holders.get(_holder_id(row, duty)), teams[_team_id(row, duty)], covers, head)
        for row in rows
    }


def covers_of(person_ids: Iterable[int | None], at: datetime) -> dict[int, Absence]:
    """Who of these is away at an instant, with the absence that says who stands in.

    A stand-in who has left or is away too stands in for nobody: then the team's leader is named.
    """
    away = {
        absence.person_id: absence
        for absence in Absence.objects.filter(
            person__in={pk for pk in person_ids if pk is not None},
            from_at__lte=at,
            until_at__gt=at,
            cover__is_active=True,
        ).select_related("cover")
    }
    both_away = set(
        Absence.objects.filter(
            person__in={absence.cover_id for absence in away.values()},
            from_at__lte=at,
            until_at__gt=at,
        ).values_list("person_id", flat=True)
    )
    return {pk: absence for pk, absence in away.items() if absence.cover_id not in both_away}


def _name(
    holder: User | None, team: Team, covers: Mapping[int, Absence], head: User | None
) -> Named:
    if holder is not None and holder.is_active:
        absence = covers.get(holder.pk)
        if absence is None:
            return Named(holder, team, holder)
        return Named(absence.cover, team, holder, f"stands in for {holder}")
    why = f"{holder} has left" if holder is not None else "nobody has it yet"
    leader = team.supervisor
    if leader is not None and leader.is_active:
        return Named(leader, team, holder, f"leads {team}; {why}")
    return Named(head, team, holder, f"{team} has no leader; {why}")


def _needs_head(holder: User | None, team: Team) -> bool:
    has_leader = team.supervisor is not None and team.supervisor.is_active
    return not (has_leader or (holder is not None and holder.is_active))


def _head() -> User | None:
    return (
        User.objects.filter(
            groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True, is_system=False
        )
        .order_by("pk")
        .first()
    )


def _people(ids: set[int | None]) -> dict[int | None, User]:
    return dict(User.objects.in_bulk({pk for pk in ids if pk is not None}))


def _holder_id(victim: Victim, duty: Duty) -> int | None:
    pk: int | None = getattr(victim, f"{duty.value}_owner_id")
    return pk


def _team_id(victim: Victim, duty: Duty) -> int:
    pk: int = getattr(victim, f"{duty.value}_team_id")
    return pk
