"""Who reads a digest: whoever is here, for themselves and for those whom they stand in for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.cover import away_at, effective
from accounts.models import User
from deadlines.models import Deadline


@dataclass(frozen=True)
class Readers:
    """Everybody who works here, and who is away."""

    #: Each person's team.
    teams: Mapping[int, int | None]
    away: frozenset[int] = frozenset()
    #: Who stands in, by whom they stand in for.
    covers: Mapping[int, int] = field(default_factory=dict)

    def of(self, person_id: int | None) -> int | None:
        """Who reads what is this person's: they, or who stands in; None where nobody does."""
        if person_id is None or person_id not in self.teams:
            return None
        return self.covers.get(person_id) if person_id in self.away else person_id


def readers(at: datetime) -> Readers:
    """Everybody at an instant. Three queries."""
    people = User.objects.filter(is_active=True, is_system=False)
    teams = dict(people.values_list("pk", "team_id"))
    away = away_at(teams, at)
    covers = {pk: row.cover_id for pk, row in effective(away, at).items()}
    return Readers(teams, frozenset(away), covers)


@dataclass(frozen=True)
class Unseen:
    """What one person may not be told of: victims whose record they do not see."""

    victims: frozenset[int] = frozenset()
    #: Of those, the ones of whom nothing at all may reach them.
    withheld: frozenset[int] = frozenset()

    def hides(self, victim_id: int | None, *, for_partners: bool = False) -> bool:
        """Whether they are not told. `for_partners`: of their own duty they are all the same."""
        return victim_id in (self.withheld if for_partners else self.victims)


def hidden(wanted: Mapping[int, Iterable[int]]) -> dict[int, Unseen]:
    """Of the victims wanted for each person, those that this person may not see.

    Whoever may see every victim, with none withheld, is not asked about: one query for all of
    them, and two for each of the others.
    """
    asked = {pk: set(keys) for pk, keys in wanted.items() if keys}
    unlimited = _unlimited(asked)
    found: dict[int, Unseen] = defaultdict(Unseen)
    for user in User.objects.filter(pk__in=asked.keys() - unlimited):
        found[user.pk] = unseen_by(user, asked[user.pk])
    return found


def unseen_by(user: User, victim_ids: Iterable[int]) -> Unseen:
    """Of these victims, those that this person may not see now. A query where there are any."""
    asked = frozenset(victim_ids)
    victims = asked - seen(user, asked) if asked else asked
    if user.has_perm("victims.view_all_victims"):
        return Unseen(victims, victims)  # no partner: the record is all that they are told by
    return Unseen(victims, victims & user.withheld_victims)


def seen(user: User, victim_ids: Iterable[int]) -> set[int]:
    """Of these victims, those that this person may see now: the root's own policy."""
    field: Any = Deadline._meta.get_field("victim")
    victims = field.related_model._default_manager.all().visible_to(user)
    return set(victims.filter(pk__in=list(victim_ids)).values_list("pk", flat=True))


def _unlimited(person_ids: Iterable[int]) -> set[int]:
    holders = User.objects.filter(
        pk__in=list(person_ids),
        is_active=True,
        groups__permissions__codename="view_all_victims",
        groups__permissions__content_type__app_label="victims",
    )
    withheld = Q(withholdings__isnull=False, withholdings__ended_at__isnull=True) | Q(
        team__agency__withholdings__isnull=False,
        team__agency__withholdings__ended_at__isnull=True,
    )
    kept = User.objects.filter(withheld).values("pk")
    return set(holders.exclude(pk__in=kept).values_list("pk", flat=True))
