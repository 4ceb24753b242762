"""Worlds that many tests begin with, built by their services once and put back as rows after that.

A factory that is marked `@remembered` does its work the first two times that a test begins so; the
rows that it left are then kept, and from the third time on they are written back in one message
instead of being made by a few hundred queries. What a test sees is the same: the same rows, and
objects of its own (copies). Nothing is kept of what a test itself does.

"Begins so" is meant strictly. A test's beginning is the path of remembered steps that it has taken
since its transaction opened: `person("officer")`, then `incident(at=NOON)`, each with its
arguments. The first write of any other kind ends the beginning, and from there on every factory
works as if this module were not there. So rows are put back only where the database holds exactly
what it held when they were made.

Not remembered at all: tests with commits of their own; tests that replace parts of the product
(`monkeypatch`, `settings`) or look at what happens on commit; worlds of a module; and everything,
where REMEMBER=0 is set.
"""

import copy
import functools
import os
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from tests import rows

P = ParamSpec("P")
R = TypeVar("R")

#: A test that asks for one of these makes its world itself.
OWN_MAKING = {
    "monkeypatch",
    "settings",
    "django_capture_on_commit_callbacks",
}
#: What is kept, in characters of SQL, before it is all let go and learned anew.
MOST_KEPT = 100_000_000
_READS = re.compile(
    r"\s*(SELECT|SAVEPOINT|RELEASE|SHOW|EXPLAIN|SET CONSTRAINTS|SET LOCAL plan_cache_mode = \w+; "
    r"EXECUTE (accounts_roles|accounts_area|core_|history_|incidents_called|incidents_granted))"
)


@dataclass
class _Step:
    """One remembered call at one place of a path, and the paths that go on from there."""

    seen: int = 0
    sql: str | None = None
    arguments: Any = None
    result: Any = None
    refused: bool = False
    after: dict[Hashable, "_Step"] = field(default_factory=dict)


class _NotKnownAgain(Exception):
    """An argument that cannot be told from another of its kind."""


class _Memory:
    """Where the running test is on its path; None once it has written something of its own."""

    def __init__(self) -> None:
        self.root = _Step()
        self.here: _Step | None = None
        self.busy = False
        self.kept = 0
        self.migrated: rows.Rows | None = None

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Every statement of the tests comes by: a write that is no step ends the beginning."""
        if self.here is not None and not self.busy and not _READS.match(sql):
            self.here = None
        return execute(sql, params, many, context)


_memory = _Memory()


def ready(migrated: rows.Rows) -> None:
    """Once a process, when the test database holds only what migrations made: this."""
    if os.environ.get("REMEMBER") != "0":
        _memory.migrated = migrated
        connection.execute_wrappers.append(_memory.watch)


@contextmanager
def beginning(fixtures: set[str]) -> Iterator[None]:
    """For the time of one test, which asked for these fixtures and has its transaction open."""
    # No commits of its own, and no world of a module around it.
    alone = [vars(block)["_from_testcase"] for block in connection.atomic_blocks] == [True]
    if alone and _memory.migrated is not None and not OWN_MAKING & fixtures:
        _memory.here = _memory.root
    try:
        yield
    finally:
        _memory.here = None


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """Mark a factory whose work may be put back as rows. It must work by the database alone."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _memory.here
        if _memory.busy or before is None or not connection.in_atomic_block:
            return make(*args, **kwargs)
        try:
            key = (make, _known((args, kwargs)))
        except _NotKnownAgain:
            return make(*args, **kwargs)
        step = before.after.setdefault(key, _Step())
        step.seen += 1
        if step.sql is not None:
            result: R = _put_back(step, (args, kwargs))
        elif step.seen == 1 or step.refused:
            result = _make(functools.partial(make, *args, **kwargs))
        else:
            result = _make_and_keep(step, functools.partial(make, *args, **kwargs), (args, kwargs))
        _memory.here = None if step.refused else step
        return result

    return made


def beside(name: Hashable, act: Callable[[], R]) -> R:
    """Do something whose rows later steps do not refer to (signing in), as a step of its own."""
    before = _memory.here
    if _memory.busy or before is None:
        return act()
    result = _make(act)
    _memory.here = before.after.setdefault(("beside", name), _Step())
    return result


def _make(act: Callable[[], R]) -> R:
    _memory.busy = True
    try:
        return act()
    except BaseException:
        _memory.here = None
        raise
    finally:
        _memory.busy = False


def _make_and_keep(step: _Step, make: Callable[[], R], arguments: Any) -> R:
    said = _known(arguments)
    before = _make(lambda: rows.of(rows.touched()))
    result = _make(make)
    if _known(arguments) != said:
        step.refused = True  # it changes what it is given, which rows do not tell
        return result
    after = _make(lambda: rows.of(rows.touched()))
    step.sql = _make(lambda: rows.way({**(_memory.migrated or {}), **before}, after))
    step.arguments, step.result = copy.deepcopy((arguments, result))
    _memory.kept += len(step.sql)
    if _memory.kept > MOST_KEPT:
        _memory.root, _memory.kept = _Step(), 0
    return result


def _put_back(step: _Step, arguments: Any) -> Any:
    """Write the rows; the copy refers to the arguments of this call where the first one did."""
    if step.sql:
        sql = step.sql

        def write() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql)

        _make(write)
    same: dict[int, Any] = {}
    _pair(step.arguments, arguments, same)
    return copy.deepcopy(step.result, same)


def _pair(kept: Any, given: Any, same: dict[int, Any]) -> None:
    """Which row that was given then is which row now."""
    if isinstance(kept, Model):
        same[id(kept)] = given
    elif isinstance(kept, (list, tuple)):
        for one, other in zip(kept, given, strict=True):
            _pair(one, other, same)
    elif isinstance(kept, dict):
        for key in kept:
            _pair(kept[key], given[key], same)


def _known(value: Any) -> tuple[Any, ...]:
    """What a value is known by; a row by its table and its fields as they are in memory."""
    if value is None or isinstance(value, (str, int, float, bool, date, time, timedelta, UUID)):
        return (type(value), value)  # a datetime is a date
    if isinstance(value, (Decimal, bytes)):
        return (type(value), value)
    if isinstance(value, Model):
        own = value.__dict__
        names = [one.attname for one in value._meta.concrete_fields]
        return (type(value), *(_known(own.get(name)) for name in names))
    if isinstance(value, (list, tuple)):
        return (type(value), *(_known(one) for one in value))
    if isinstance(value, (set, frozenset)):
        return (type(value), frozenset(_known(one) for one in value))
    if isinstance(value, Mapping):
        return (dict, *((key, _known(one)) for key, one in value.items()))
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), *(_known(getattr(value, one.name)) for one in fields(value)))
    raise _NotKnownAgain
