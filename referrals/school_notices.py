"""Children of whom schools are told, as pages show them: the list, and those of one incident."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import Area, User
from core.clock import local
from incidents.models import Incident
from referrals.models import SchoolNotice
from referrals.services.schools.ages import age_words

State = SchoolNotice.State
#: What the list shows, by its word in the address.
SHOWN: dict[str, str] = {"": State.OWED, "told": State.TOLD, "not-needed": State.NOT_NEEDED}
WORDS = {"": "To be told", "told": "Told", "not-needed": "Not needed"}


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it does not know is as if it were not there."""

    show: str = ""
    area: int | None = None

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        show, area = query.get("show", ""), query.get("area", "")
        known = area.isascii() and area.isdigit() and len(area) < 10
        return cls(show if show in SHOWN else "", int(area) if known else None)


@dataclass(frozen=True)
class Row:
    """One child."""

    notice: SchoolNotice
    #: "6"; "about 6"; blank where nobody asked yet.
    age: str


def listed(reader: User, filters: Filters) -> QuerySet[SchoolNotice]:
    """Owed by the least time left; settled the newest first."""
    rows = SchoolNotice.objects.visible_to(reader).filter(state=SHOWN[filters.show])
    if filters.area is not None:
        rows = rows.filter(incident__area=filters.area)
    rows = rows.select_related(
        "incident__area", "child", "agency", "victim__person", "settled_by", "sharing"
    )
    return rows.order_by("due_at", "pk") if not filters.show else rows.order_by("-due_at", "-pk")


def of_incident(incident: Incident, reader: User) -> list[Row]:
    """The children of one incident whom the reader may know of."""
    notices = SchoolNotice.objects.visible_to(reader).filter(incident=incident)
    found = notices.select_related("child", "agency", "settled_by", "sharing", "victim__person")
    return rows_of(found.order_by("pk"), local(incident.received_at).date())


def rows_of(notices: Iterable[SchoolNotice], day: date | None = None) -> list[Row]:
    """Each with the child's age on the day of the incident."""
    return [
        Row(one, age_words(one.child, day or local(one.incident.received_at).date()))
        for one in notices
    ]


def owed(rows: Sequence[Row]) -> list[SchoolNotice]:
    return [row.notice for row in rows if row.notice.state == State.OWED]


def areas() -> list[Area]:
    return list(Area.objects.order_by("name"))
