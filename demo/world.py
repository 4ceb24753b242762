"""What every part of the generator shares: the random numbers, identifiers, time, people, lines."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random

from audit.models import AuditEvent, RecordRead
from core.clock import LOCAL, local
from core.policy import ForcePolicy
from core.references import Kind
from demo.tables import NULL, Lines, Table, instant, seconds, stamp

MINUTE, HOUR, DAY = 60, 3_600, 86_400

AUDIT = Table(
    AuditEvent, "id", "at", "recorded_at", "actor_id", "actor_name", "verb", "headline", "detail",
    "is_grave", "subject", "victim_id", "incident_id",
)  # fmt: skip
READ = Table(
    RecordRead, "id", "at", "user_id", "user_name", "path", "subject", "victim_id", "incident_id"
)


@dataclass
class Worker:
    """Somebody of the force, as rows name them."""

    id: int
    name: str
    username: str
    team: int
    #: Of the car they drive in; 0 for none.
    unit: int = 0
    call_sign: str = ""

    def __post_init__(self) -> None:
        self.as_actor = f"{self.id}\t{self.name}"
        #: As exhibits are numbered: "PC 2210 T. Hale" is TH.
        words = self.name.upper().split()[-2:]
        self.initials = "".join(word[0] for word in words if word[0].isalpha())


@dataclass
class Crew:
    """A response team: who leads it and who drives out."""

    id: int
    supervisor: Worker
    officers: list[Worker]


@dataclass
class Cast:
    """The force as the generator needs it."""

    handlers: list[Worker]
    maru: list[Worker]
    maru_team: int
    control_room: int
    crews: list[list[Crew]]
    area_ids: list[int]
    sweep: Worker
    members: dict[int, list[Worker]]
    leaders: dict[int, Worker]
    holders: dict[str, list[Worker]]
    agencies: dict[str, list[int]]
    agency_names: dict[int, str]
    named: dict[str, Worker]


@dataclass
class Starts:
    """The first free identifier of each table and the first free number of each reference."""

    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[Kind, int] = field(default_factory=dict)


class World:
    """One run of the generator. `at` is the instant up to which everything has happened."""

    def __init__(
        self,
        *,
        seed: int,
        at: datetime,
        policy: ForcePolicy,
        cast: Cast,
        lines: Lines,
        starts: Starts,
    ) -> None:
        self.random = Random(seed)  # noqa: S311 - invented people need no secrecy
        self.at = seconds(at)
        self.policy = policy
        self.cast = cast
        self.lines = lines
        self.starts = starts
        self._ids: dict[Table, Callable[[], int]] = {}
        self._numbers: dict[Kind, Callable[[], int]] = {}
        self._year = (0, 0, 0)
        self._offsets: dict[int, int] = {}
        self._local_days: dict[int, str] = {}
        self._audit, self._read = lines.to(AUDIT), lines.to(READ)
        self._audit_id, self._read_id = self.ids(AUDIT), self.ids(READ)

    def ids(self, table: Table) -> Callable[[], int]:
        """The function that gives the table's next identifier."""
        if table not in self._ids:
            self._ids[table] = count(self.starts.ids.get(table.name, 1)).__next__
        return self._ids[table]

    def last_ids(self) -> dict[Table, int]:
        """The last identifier given of each table. Ends the run: it takes one more of each."""
        return {table: following() - 1 for table, following in self._ids.items()}

    def last_numbers(self) -> dict[Kind, int]:
        return {kind: following() - 1 for kind, following in self._numbers.items()}

    def reference(self, kind: Kind, at: int) -> str:
        following = self._numbers.get(kind)
        if following is None:
            following = count(self.starts.numbers.get(kind, 1)).__next__
            self._numbers[kind] = following
        begin, end, prefix = self._year
        if not begin <= at < end:
            self._year = begin, end, prefix = self._year_of(at)
        return f"{kind.value}-{prefix}-{following():06}"

    def _year_of(self, at: int) -> tuple[int, int, int]:
        """(beginning, end, year) of the wall clock's year."""
        year = local(instant(at)).year
        begin, end = (seconds(datetime(each, 1, 1, tzinfo=LOCAL)) for each in (year, year + 1))
        return begin, end, year

    def audit(
        self,
        at: int,
        actor: Worker,
        verb: str,
        headline: str,
        subject: str,
        victim_id: int | str = NULL,
        incident_id: int | str = NULL,
        detail: str = "{}",
        grave: bool = False,
    ) -> None:
        """One line of the audit; `detail` is JSON fit for COPY."""
        when = stamp(at)
        self._audit(
            f"{self._audit_id()}\t{when}\t{when}\t{actor.as_actor}\t{verb}\t{headline}\t{detail}\t"
            f"{'t' if grave else 'f'}\t{subject}\t{victim_id}\t{incident_id}"
        )

    def read(
        self,
        at: int,
        user: Worker,
        path: str,
        subject: str,
        victim_id: int | str = NULL,
        incident_id: int | str = NULL,
    ) -> None:
        self._read(
            f"{self._read_id()}\t{stamp(at)}\t{user.as_actor}\t{path}\t{subject}\t{victim_id}\t"
            f"{incident_id}"
        )

    def local_words(self, at: int) -> str:
        """The wall clock in words: "21 Nov 2026 02:10"."""
        day, rest = divmod(at + self.offset(at), DAY)
        words = self._local_days.get(day)
        if words is None:
            date = datetime.fromtimestamp(day * DAY, UTC)
            words = self._local_days[day] = f"{date.day} {date:%b %Y}"
        return f"{words} {rest // HOUR:02}:{rest % HOUR // MINUTE:02}"

    def offset(self, at: int) -> int:
        """Seconds by which the wall clock is ahead of UTC."""
        offset = self._offsets.get(at // DAY)
        return self._offset_of_day(at) if offset is None else offset

    def _offset_of_day(self, at: int) -> int:
        """Seconds by which the wall clock is ahead; remembered for days on which it stays."""
        day = at // DAY
        offset = _shift(day * DAY)
        if offset != _shift((day + 1) * DAY):
            return _shift(at)
        self._offsets[day] = offset
        return offset


def _shift(at: int) -> int:
    shift = local(instant(at)).utcoffset()
    return int(shift.total_seconds()) if shift else 0
