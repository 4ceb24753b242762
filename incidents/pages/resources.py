"""The resource board: who is on duty where, and who of them can be sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Area
from incidents.models import Unit
from incidents.officers import Officer, on_duty

NO_AREA = "Without an area"


@dataclass(frozen=True)
class UnitOnDuty:
    """A car with its crew, or one officer without a car."""

    unit: Unit | None
    crew: list[Officer]


@dataclass(frozen=True)
class AreaOnDuty:
    """One area's units, then its officers without one."""

    area: Area | None
    units: list[UnitOnDuty]

    @property
    def name(self) -> str:
        return self.area.name if self.area else NO_AREA

    @property
    def officers(self) -> list[Officer]:
        return [one for unit in self.units for one in unit.crew]

    @property
    def available(self) -> int:
        """Officers who can be sent at once."""
        return sum(one.is_available for one in self.officers)


@dataclass(frozen=True)
class Resources:
    """The board: `counts` are of every area, `shown` those that the address asks for."""

    counts: list[AreaOnDuty]
    shown: list[AreaOnDuty]
    chosen: str

    @property
    def available(self) -> int:
        return sum(row.available for row in self.counts)

    @property
    def query(self) -> str:
        return f"?area={self.chosen}" if self.chosen else ""


def resources(asked: str, at: datetime) -> Resources:
    """Everybody on duty by area; three queries, however many they are.

    `asked` is an area's number from the address; what is no area's shows them all.
    """
    areas = list(Area.objects.all())
    by_area: dict[int | None, list[Officer]] = {area.pk: [] for area in areas}
    for one in on_duty(at):
        by_area.setdefault(one.area.pk if one.area else None, []).append(one)
    counts = [AreaOnDuty(area, _units(by_area[area.pk])) for area in areas]
    if without := by_area.get(None):
        counts.append(AreaOnDuty(None, _units(without)))
    shown = [row for row in counts if row.area and str(row.area.pk) == asked]
    return Resources(counts=counts, shown=shown or counts, chosen=asked if shown else "")


def _units(officers: Iterable[Officer]) -> list[UnitOnDuty]:
    """In the order given: call signs, then officers on their own."""
    rows: dict[object, UnitOnDuty] = {}
    for one in officers:
        key = one.unit.pk if one.unit else f"officer {one.person.pk}"
        rows.setdefault(key, UnitOnDuty(one.unit, [])).crew.append(one)
    return list(rows.values())
