"""Statements planned once a connection: for these, planning takes longer than running.

Each is prepared on the first use of a connection and executed after that. What is prepared is kept
by connection, so that a new one after a loss begins afresh. Where the settings say that a pooler
hands each transaction to another connection (Django's DISABLE_SERVER_SIDE_CURSORS), nothing is
prepared: the same SQL is sent each time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]

_PLACE = re.compile(r"%\((\w+)\)s")
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """SQL with places like %(number)s, each with its PostgreSQL type. `name` is unique."""

    name: str
    sql: str
    types: Mapping[str, str]

    def rows(self, values: Mapping[str, Any]) -> list[Row]:
        """Run it with a value for every place. One round trip, two on a connection's first use."""
        with connection.cursor() as cursor:
            if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
                cursor.execute(self._typed(), values)
            else:
                self._prepare(cursor)
                cursor.execute(self._execute(), values)
            return list(cursor.fetchall())

    def _prepare(self, cursor: CursorWrapper) -> None:
        done = _prepared.setdefault(connection.connection, set())
        if self.name not in done:
            order = list(self.types)
            sql = _PLACE.sub(lambda place: f"${order.index(place[1]) + 1}", self.sql)
            cursor.execute(f"PREPARE {self.name} ({', '.join(self.types.values())}) AS {sql}")
            done.add(self.name)

    def _execute(self) -> str:
        # One plan for all values: every scan is short and has its index, whatever is asked. Left to
        # itself PostgreSQL would plan again each time it guesses that to pay. LOCAL, and in the
        # same round trip, so that it holds for this statement (and this transaction's like).
        places = ", ".join(f"%({name})s" for name in self.types)
        return f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {self.name} ({places})"

    def _typed(self) -> str:
        return _PLACE.sub(lambda place: f"%({place[1]})s::{self.types[place[1]]}", self.sql)
