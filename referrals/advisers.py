"""What whoever leads the IDVA service sees: what waits, and who has room for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.cover import away_at
from accounts.models import Absence, User
from accounts.roles import Role
from accounts.withheld import withheld_from
from core import policy
from deadlines.models import Deadline
from referrals.models import IdvaCase
from referrals.services.advising import serving
from referrals.services.advising.telling import ANSWER, FIRST_CONTACT


@dataclass(frozen=True)
class Adviser:
    """One adviser: how many clients they have, where, and whether they are here."""

    person: User
    clients: int
    not_reached: int
    full: int
    absence: Absence | None

    @property
    def has_room(self) -> bool:
        return self.clients < self.full

    @property
    def leads(self) -> bool:
        """Whether this is who leads the team: clients of theirs are the exception."""
        team = self.person.team
        return team is not None and team.supervisor_id == self.person.pk

    @property
    def percent(self) -> int:
        return 100 * self.clients // self.full

    @property
    def area(self) -> str:
        team = self.person.team
        return str(team.area) if team and team.area else ""


@dataclass(frozen=True)
class Offered:
    """An adviser to whom a case may go, with the reason for their place on the list."""

    adviser: Adviser
    why: str
    has_it: bool = False

    @property
    def person(self) -> User:
        return self.adviser.person

    @property
    def words(self) -> str:
        """As a choice in a form says it."""
        return f"{self.person}: {'has it now, ' if self.has_it else ''}{self.why}"


@dataclass(frozen=True)
class Waiting:
    """A case that waits for an answer, or for an adviser, with its clock."""

    case: IdvaCase
    clock: Deadline | None
    suggestion: Offered | None = None


def waiting(reader: User, team_ids: set[int]) -> list[Waiting]:
    """The cases of these teams that nobody answered, the longest waiting first. Two queries."""
    cases = IdvaCase.objects.visible_to(reader).to_answer().filter(team__in=team_ids)
    return _with_clocks(cases.order_by("referred_at", "pk"), ANSWER)


def unallocated(reader: User, team_ids: set[int]) -> list[Waiting]:
    """Accepted cases that whoever leads has, or somebody who has left. Two queries."""
    cases = IdvaCase.objects.visible_to(reader).supported().filter(team__in=team_ids)
    led = Q(owner__groups__name=Role.IDVA_MANAGER) | Q(owner__is_active=False)
    cases = cases.filter(led).distinct()
    return _with_clocks(cases.order_by("allocated_at", "pk"), FIRST_CONTACT)


def with_suggestions(rows: Sequence[Waiting], people: Sequence[Adviser]) -> list[Waiting]:
    """Each with the adviser who is suggested for it. One query for each."""
    return [replace(row, suggestion=suggested(offered(row.case, people))) for row in rows]


def all_advisers(team_ids: set[int], at: datetime) -> list[Adviser]:
    """Everybody of these teams with their load, by name. Four queries."""
    people = serving.advisers(team_ids)
    ids = [one.pk for one in people]
    unreached = Q(first_contact_at__isnull=True, gave_up_at__isnull=True)
    rows = (
        IdvaCase.objects.supported()
        .filter(owner__in=ids)
        .values("owner")
        .annotate(clients=Count("pk"), new=Count("pk", filter=unreached))
    )
    loads = {row["owner"]: (row["clients"], row["new"]) for row in rows}
    away, full = away_at(ids, at), policy.at(at).idva_clients
    return [
        Adviser(one, *loads.get(one.pk, (0, 0)), full=full, absence=away.get(one.pk))
        for one in people
    ]


def offered(case: IdvaCase, advisers: Sequence[Adviser]) -> list[Offered]:
    """To whom a case may go, suggested first: here, with room, in the victim's area, not leading
    the others, fewest clients; last who has it. Nobody from whom the victim is withheld.

    One query.
    """
    barred = withheld_from([one.person.pk for one in advisers], case.victim_id)
    area_id = case.victim.area_id
    has_it = case.owner_id if case.state == IdvaCase.State.ACCEPTED else None
    able = [
        Offered(one, _why(one, area_id), has_it=one.person.pk == has_it)
        for one in advisers
        if one.person.pk not in barred
    ]
    return sorted(able, key=lambda one: (one.has_it, *_rank(one.adviser, area_id)))


def suggested(choices: Sequence[Offered]) -> Offered | None:
    """The first, unless they are away, have no room or have it: then nobody is suggested."""
    first = next(iter(choices), None)
    if (
        first is None
        or first.has_it
        or first.adviser.absence is not None
        or not first.adviser.has_room
    ):
        return None
    return first


def _rank(one: Adviser, area_id: int | None) -> tuple[bool | int | str, ...]:
    return (
        one.absence is not None,
        not one.has_room,
        not _is_near(one, area_id),
        one.leads,
        one.clients,
        one.person.name,
        one.person.pk,
    )


def _is_near(one: Adviser, area_id: int | None) -> bool:
    team = one.person.team
    return team is not None and area_id is not None and team.area_id == area_id


def _why(one: Adviser, area_id: int | None) -> str:
    if one.absence is not None:
        return f"away, {one.absence.cover} stands in"
    load = f"{one.clients} of {one.full} clients"
    if not one.has_room:
        load = f"full, {load}"
    return f"{load}, their area" if _is_near(one, area_id) else load


def _with_clocks(cases: QuerySet[IdvaCase], kind: str) -> list[Waiting]:
    rows = list(cases.select_related("victim__person", "victim__area", "owner", "referred_by"))
    open_clocks = Deadline.objects.open().filter(
        kind=kind, subject_type="referrals.idvacase", subject_id__in=[row.pk for row in rows]
    )
    clocks = {clock.subject_id: clock for clock in open_clocks}
    return [Waiting(row, clocks.get(row.pk)) for row in rows]
