"""Statements planned once a connection: for these, planning takes longer than running.

Each is prepared on the first use of a connection, in the same message, and executed after that.
What is prepared is kept by connection, so that a new one after a loss begins afresh. Where the
settings say that a pooler hands each transaction to another connection (Django's
DISABLE_SERVER_SIDE_CURSORS), nothing is prepared: the same SQL is sent each time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

Row = tuple[Any, ...]

_PLACE = re.compile(r"%\((\w+)\)s")
#: By connection: the name that each statement was prepared by.
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_tries = count(1)


@dataclass(frozen=True)
class Statement:
    """SQL with places like %(number)s, each with its PostgreSQL type. `name` is unique.

    A column of JSON is asked for as `::json`: then it comes as values and not as text.
    """

    name: str
    sql: str
    types: Mapping[str, str]

    def rows(self, values: Mapping[str, Any]) -> list[Row]:
        """Run it with a value for every place. One round trip."""
        with connection.cursor() as cursor:
            if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
                cursor.execute(self._typed(), values)
                return list(cursor.fetchall())
            names = _prepared.setdefault(connection.connection, {})
            if known := names.get(self.name):
                cursor.execute(self._execute(known), values)
            else:
                # A try that fails may leave its name prepared or not; the next has another.
                name = f"{self.name}_{next(_tries)}"
                cursor.execute(f"{self._prepare(name)}; {self._execute(name)}", values)
                names[self.name] = name
            return list(cursor.fetchall())

    def _prepare(self, name: str) -> str:
        order = list(self.types)
        sql = _PLACE.sub(lambda place: f"${order.index(place[1]) + 1}", self.sql)
        return f"PREPARE {name} ({', '.join(self.types.values())}) AS {sql}"

    def _execute(self, name: str) -> str:
        # One plan for all values: every scan is short and has its index, whatever is asked. Left to
        # itself PostgreSQL would plan again each time it guesses that to pay. LOCAL, and in the
        # same round trip, so that it holds for this statement (and this transaction's like).
        places = ", ".join(f"%({name})s" for name in self.types)
        return f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {name} ({places})"

    def _typed(self) -> str:
        return _PLACE.sub(lambda place: f"%({place[1]})s::{self.types[place[1]]}", self.sql)
