"""Rows on their way into the database as COPY text: column lists, escaping, buffers."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

NULL = "\\N"

#: What a batch of lines is handed to: the table and its COPY text, newline at the end included.
Sink = Callable[["Table", bytes], None]

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Table:
    """A model's table with the order of columns in which the generator writes its lines.

    Raises ImproperlyConfigured when the columns are not exactly the model's own: whoever changes a
    model learns from the demo, not from a wrong column, what must be generated.
    """

    def __init__(self, model: type[Model], *columns: str) -> None:
        self.model = model
        self.columns = columns
        own = {field.attname for field in model._meta.concrete_fields}
        if own != set(columns) or len(own) != len(columns):
            raise ImproperlyConfigured(
                f"The demo writes {model._meta.label} without {sorted(own - set(columns))} "
                f"and with the unknown {sorted(set(columns) - own)}."
            )

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def copy_sql(self) -> str:
        columns = ", ".join(
            f'"{self.model._meta.get_field(name).column}"'  # type: ignore[union-attr]
            if not name.endswith("_id")
            else f'"{name}"'
            for name in self.columns
        )
        return f'COPY "{self.name}" ({columns}) FROM STDIN'

    def __repr__(self) -> str:
        return f"<Table {self.name}>"


class Lines:
    """Lines collected per table and handed to the sink in batches, in the order of the tables."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.counts: dict[Table, int] = {}
        self._waiting: dict[Table, list[str]] = {}

    def to(self, table: Table) -> Callable[[str], None]:
        """The function that adds a line (without newline) to the table."""
        return self._waiting.setdefault(table, []).append

    def flush(self) -> None:
        for table, lines in self._waiting.items():
            if lines:
                lines.append("")
                self.sink(table, "\n".join(lines).encode())
                self.counts[table] = self.counts.get(table, 0) + len(lines) - 1
                lines.clear()


class DigestSink:
    """Forgets the rows and keeps their fingerprint: the same seed must give the same one."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def __call__(self, table: Table, data: bytes) -> None:
        self._hash.update(table.name.encode())
        self._hash.update(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def escaped(text: str) -> str:
    """Text as one COPY field."""
    return text.translate(_ESCAPES)


def nullable(value: Any) -> Any:
    """The value, or COPY's null for None."""
    return NULL if value is None else value


# --- Instants are whole seconds since 1970 while rows are made; writing them is a look-up ---------

_CLOCK = [f"{h:02}:{m:02}:{s:02}Z" for h in range(24) for m in range(60) for s in range(60)]


#: The days from 1970 to 2099.
_DAYS = [date.fromordinal(719_163 + number).isoformat() + "T" for number in range(47_482)]


def stamp(moment: int) -> str:
    """Seconds since 1970 as the database reads them: 2026-11-23T02:41:07Z."""
    return _DAYS[moment // 86_400] + _CLOCK[moment % 86_400]


def fine_stamp(microseconds: int) -> str:
    """Microseconds since 1970 as the database reads them; parts of a second only where any."""
    whole, part = divmod(microseconds, 1_000_000)
    return f"{stamp(whole)[:-1]}.{part:06}Z" if part else stamp(whole)


def seconds(instant: datetime) -> int:
    """An aware instant as whole seconds since 1970."""
    return int(instant.timestamp())


def instant(moment: int) -> datetime:
    """Seconds since 1970 as an aware instant in UTC."""
    return datetime.fromtimestamp(moment, UTC)


def counting(start: int) -> Iterator[int]:
    """Identifiers from `start` on."""
    while True:
        yield start
        start += 1
