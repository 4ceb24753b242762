"""Who answers for what of a victim at this moment: a name, whatever happened to people and teams.

The columns of `Victim` say which team has each duty, always, and which person, once somebody has
it. Names follow from them: that person; whoever stands in for them while they are away; whoever
leads the team, while nobody has it, or who had it has left or is away with nobody in their place;
at last the head of public protection.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.cover import away_at, covers_of, effective
from accounts.models import Absence, Team, User
from accounts.roles import Role
from core.clock import local
from victims.models import Duty, Victim

__all__ = ["Named", "all_named", "covers_of", "named", "named_for"]


@dataclass(frozen=True)
class Named:
    """Who answers. `holder` has it by the record; `person` is whom to turn to now.

    `because` says in words why they are not the same ("" where they are).
    """

    person: User | None
    team: Team
    holder: User | None
    because: str = ""


@dataclass(frozen=True)
class _Here:
    """Who is away among those concerned, and who stands in for them."""

    away: Mapping[int, Absence]
    covers: Mapping[int, Absence]


def named(victim: Victim, duty: Duty, at: datetime) -> Named:
    """Who answers for a duty of one victim at an instant."""
    return named_for([victim], duty, at)[victim.pk]


def named_for(victims: Iterable[Victim], duty: Duty, at: datetime) -> Mapping[int, Named]:
    """The same for many, by the victim's number, in at most five queries."""
    rows = list(victims)
    return {pk: found[duty] for pk, found in all_named(rows, at, duties=[duty]).items()}


def all_named(
    victims: Iterable[Victim], at: datetime, *, duties: Collection[Duty] = tuple(Duty)
) -> dict[int, dict[Duty, Named]]:
    """Who answers for each duty of each victim, by the victim's number; at most five queries."""
    rows = list(victims)
    pairs = [(row, duty) for row in rows for duty in duties]
    holders = _holders(pairs)
    team_ids = {_team_id(row, duty) for row, duty in pairs}
    teams = Team.objects.select_related("supervisor").in_bulk(team_ids)
    leaders = {team.supervisor_id for team in teams.values()}
    away = away_at({*holders, *leaders}, at)
    here = _Here(away, effective(away, at))
    found: dict[int, dict[Duty, Named]] = {row.pk: {} for row in rows}
    for row, duty in pairs:
        holder, team = holders.get(_holder_id(row, duty)), teams[_team_id(row, duty)]
        found[row.pk][duty] = _name(holder, team, here)
    if any(who.person is None for names in found.values() for who in names.values()):
        _name_the_head(found, _head(at))
    return found


def _name_the_head(found: dict[int, dict[Duty, Named]], head: User | None) -> None:
    for names in found.values():
        for duty, who in names.items():
            if who.person is None:
                names[duty] = replace(who, person=head)


def _name(holder: User | None, team: Team, here: _Here) -> Named:
    person, stands_in = _present(holder, here)
    if person is not None:
        return Named(person, team, holder, stands_in)
    why = _why_not(holder)
    leader, stands_in = _present(team.supervisor, here)
    if leader is not None:
        leads = f"{stands_in}, who leads {team}" if stands_in else f"leads {team}"
        return Named(leader, team, holder, f"{leads}; {why}")
    return Named(None, team, holder, f"{team} has no leader who is here; {why}")


def _present(person: User | None, here: _Here) -> tuple[User | None, str]:
    """Them, or whoever stands in for them with these words, or nobody."""
    if person is None or not person.is_active:
        return None, ""
    if person.pk not in here.away:
        return person, ""
    absence = here.covers.get(person.pk)
    if absence is None:
        return None, ""
    until = local(absence.until_at)
    return absence.cover, f"stands in for {person} until {until.day} {until:%b, %H:%M}"


def _why_not(holder: User | None) -> str:
    if holder is None:
        return "nobody has it yet"
    return f"{holder} is away" if holder.is_active else f"{holder} has left"


def _head(at: datetime) -> User | None:
    """Of several the first who is here; one who is away before nobody at all."""
    heads = list(
        User.objects.filter(
            groups__name=Role.HEAD_OF_PUBLIC_PROTECTION, is_active=True, is_system=False
        ).order_by("pk")
    )
    away = away_at([head.pk for head in heads], at) if len(heads) > 1 else {}
    return next((head for head in heads if head.pk not in away), next(iter(heads), None))


def _holders(pairs: Iterable[tuple[Victim, Duty]]) -> dict[int | None, User]:
    """Who has these by the record; what was read with the victims is not asked for again."""
    known: dict[int | None, User] = {}
    wanted = set()
    for victim, duty in pairs:
        name, pk = f"{duty.value}_owner", _holder_id(victim, duty)
        if pk is not None and Victim._meta.get_field(name).is_cached(victim):  # type: ignore[union-attr]
            known[pk] = getattr(victim, name)
        elif pk is not None:
            wanted.add(pk)
    if missing := wanted - known.keys():
        known |= User.objects.in_bulk(missing)
    return known


def _holder_id(victim: Victim, duty: Duty) -> int | None:
    pk: int | None = getattr(victim, f"{duty.value}_owner_id")
    return pk


def _team_id(victim: Victim, duty: Duty) -> int:
    pk: int = getattr(victim, f"{duty.value}_team_id")
    return pk
