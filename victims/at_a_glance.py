"""What the first look at a victim must answer, read once for the page and for the API."""

from dataclasses import dataclass
from datetime import date, datetime

from core.clock import local
from deadlines import kinds
from deadlines.models import Deadline
from victims.models import Address, Marker, Person, SafeContact, Victim

#: Deadlines shown; nobody has more open at once.
MOST_DUE = 20


@dataclass(frozen=True)
class Due:
    """One open deadline in the words of its kind."""

    deadline: Deadline
    what: str
    url: str
    who: str


@dataclass(frozen=True)
class Glance:
    """Grade and responsibility are the victim's own fields; this is what hangs around them."""

    victim: Victim
    age: int | None
    safe_contact: SafeContact | None
    homes: list[Address]
    markers: list[Marker]
    due: list[Due]


def glance(victim: Victim, at: datetime) -> Glance:
    """Read a victim for somebody who may see them (the caller asked `visible_to`)."""
    today = local(at).date()
    homes = list(
        Address.objects.filter(
            residences__person=victim.person_id, residences__until_at__isnull=True
        )
    )
    markers = (
        Marker.objects.in_force(today)
        .concerning(address_ids=[home.pk for home in homes], person_ids=[victim.person_id])
        .order_by("pk")
    )
    return Glance(
        victim=victim,
        age=age_on(today, victim.person),
        safe_contact=SafeContact.objects.select_related("checked_by")
        .filter(victim=victim, is_current=True)
        .first(),
        homes=homes,
        markers=list(markers),
        due=due_for(victim),
    )


def due_for(victim: Victim) -> list[Due]:
    """The victim's open deadlines, the most urgent first."""
    rows = (
        Deadline.objects.open()
        .filter(victim=victim)
        .select_related("owner", "team")
        .order_by("due_at", "pk")[:MOST_DUE]
    )
    return [_due(row) for row in rows]


def _due(row: Deadline) -> Due:
    kind = kinds.get(row.kind)
    return Due(
        deadline=row,
        what=kind.name,
        url=kind.path(row.subject_reference),
        who=str(row.owner or row.team or ""),
    )


def age_on(day: date, person: Person) -> int | None:
    """Years of age on a day; None where the birth date is not known."""
    born = person.date_of_birth
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
