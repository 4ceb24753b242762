"""What somebody has: duties of victims, what is due from them, and steps of safety plans."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.cover import away_at, effective
from accounts.models import Absence, User
from deadlines.models import Deadline
from deadlines.shown import Shown, all_shown
from victims.models import Duty, Handover, PlanStep, Victim
from victims.people import led_by

#: Lines of a list; how many lie beyond is said there.
MOST = 200


@dataclass(frozen=True)
class Line:
    """A victim with the duties that one person has, and what is due for them next."""

    victim: Victim
    holder: User
    duties: list[Duty]
    next_due: datetime | None


@dataclass(frozen=True)
class Here:
    """Somebody with how much they have."""

    person: User
    duties: int
    due: int
    absence: Absence | None
    is_uncovered: bool

    @property
    def is_urgent(self) -> bool:
        """They are not here, nobody stands in, and they have something."""
        return (not self.person.is_active or self.is_uncovered) and bool(self.duties or self.due)


@dataclass(frozen=True)
class Holdings:
    """Everything that one person has."""

    lines: list[Line]
    victim_count: int
    due: list[tuple[str, list[Shown]]]
    steps: list[PlanStep] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.due or self.steps)


def lines_of(people: Collection[User], reader: User) -> list[Line]:
    """The open victims of these people as far as a reader sees them, the gravest first."""
    by_id = {one.pk: one for one in people}
    rows = list(_seen(_victims_of(by_id), reader).select_related("person")[:MOST])
    due = _next_due(rows)
    found = [
        Line(row, by_id[holder_id], duties, due.get(row.pk))
        for row in rows
        for holder_id, duties in _held_by(row, by_id).items()
    ]
    return sorted(found, key=lambda line: (-_rank(line.victim), line.victim.reference))


def holdings_of(person: User, reader: User) -> Holdings:
    """What somebody still has, as far as whoever leads may see it; five queries."""
    lines = lines_of([person], reader)
    due = Deadline.objects.visible_to(reader).open().filter(owner=person)
    due = due.select_related("owner", "team")
    groups: dict[str, list[Shown]] = {}
    for one in all_shown(due.order_by("due_at", "pk")[:MOST]):
        groups.setdefault(one.what, []).append(one)
    steps = PlanStep.objects.filter(
        owner=person,
        done_at__isnull=True,
        plan__is_current=True,
        plan__victim__in=_visible(reader),
    )
    return Holdings(
        lines=lines,
        victim_count=_seen(_victims_of([person.pk]), reader).count(),
        due=sorted(groups.items()),
        steps=list(steps.select_related("plan__victim").order_by("due_on", "pk")[:MOST]),
    )


def people_of(leader: User, at: datetime) -> list[Here]:
    """The people somebody leads who have anything or are away; seven queries.

    Those first who are not here, with nobody in their place.
    """
    people = list(led_by(leader))
    ids = [one.pk for one in people]
    duties = _duty_counts(ids, leader)
    due = dict(
        Deadline.objects.visible_to(leader)
        .open()
        .filter(owner__in=ids)
        .values_list("owner")
        .annotate(number=Count("pk"))
        .order_by()
    )
    away = away_at(ids, at)
    covered = effective(away, at)
    found = [
        Here(
            person=one,
            duties=duties[one.pk],
            due=due.get(one.pk, 0),
            absence=away.get(one.pk),
            is_uncovered=one.pk in away and one.pk not in covered,
        )
        for one in people
    ]
    shown = [one for one in found if one.duties or one.due or one.absence]
    return sorted(shown, key=lambda one: (not one.is_urgent, str(one.person.team), str(one.person)))


def offered_to(people: Iterable[int], reader: User) -> QuerySet[Handover]:
    """Duties offered to these people that nobody answered, the oldest first."""
    rows = Handover.objects.visible_to(reader).open().filter(to_person__in=list(people))
    return rows.select_related("victim__person", "from_person", "from_team", "to_person").order_by(
        "offered_at", "pk"
    )


def offered_by(person: User) -> QuerySet[Handover]:
    """What somebody offered and waits to be answered."""
    rows = Handover.objects.visible_to(person).open().filter(offered_by=person)
    return rows.select_related("victim__person", "to_person").order_by("offered_at", "pk")


def _victims_of(people: Collection[int]) -> QuerySet[Victim]:
    theirs = Q()
    for duty in Duty:
        theirs |= Q(**{f"{duty.value}_owner__in": list(people)})
    return Victim.objects.open().filter(theirs).order_by("-last_incident_at", "pk")


def _visible(reader: User) -> QuerySet[Victim]:
    return Victim.objects.visible_to(reader).only("pk")


def _seen(victims: QuerySet[Victim], reader: User) -> QuerySet[Victim]:
    limit = Victim.objects.all().seen_by(reader)
    return victims if limit is None else victims.filter(limit)


def _held_by(victim: Victim, people: Collection[int]) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    for duty in Duty:
        holder_id = getattr(victim, f"{duty.value}_owner_id")
        if holder_id in people:
            found.setdefault(holder_id, []).append(duty)
    return found


def _next_due(victims: Collection[Victim]) -> dict[int | None, datetime]:
    rows = Deadline.objects.open().filter(victim__in=[one.pk for one in victims])
    return dict(rows.values_list("victim").annotate(first=Min("due_at")).order_by())


def _duty_counts(ids: Collection[int], reader: User) -> Counter[int]:
    counts: Counter[int] = Counter()
    for duty in Duty:
        owner = f"{duty.value}_owner"
        held = _seen(Victim.objects.open(), reader).filter(**{f"{owner}__in": ids})
        rows = held.values_list(owner).annotate(number=Count("pk")).order_by()
        counts.update(dict(rows))
    return counts


def _rank(victim: Victim) -> int:
    order = ("", "standard", "medium", "high", "very_high")
    return order.index(victim.grade) if victim.grade in order else 0
