"""A transaction's new rows in one message: on a busy machine each round trip waits for its turn.

Rows that point to one another need their numbers beforehand: `core.references.reserve` takes them.
"""
# ruff: noqa: S608 - only names of tables and columns are written into the SQL.

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection, models

#: Stored as they are, in any column but one of JSON; for a field to look at each takes long.
PLAIN = frozenset({str, int, bool, type(None)})


def write_together(rows: Iterable[models.Model]) -> None:
    """Insert new rows of any models in their order, in the caller's transaction.

    Rows of one model that stand together are one INSERT. A row without a number gets its table's
    next one and is not told it. What the database refuses raises as `save` would.
    """
    written = list(rows)
    statements, values = [], []
    # Columns of rows with a number and of rows without one are not the same.
    for (model, is_numbered), alike in groupby(written, lambda row: (type(row), bool(row.pk))):
        together = list(alike)
        head, fields = _columns(model, is_numbered)
        statements.append(head + ", ".join(_places(fields) for _ in together))
        values += [_value(field, row) for row in together for field in fields]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), values)
    for row in written:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _columns(
    model: type[models.Model], is_numbered: bool
) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    """The beginning of an INSERT, and the fields whose values it takes."""
    fields = tuple(
        field
        for field in model._meta.concrete_fields
        if not field.generated and (is_numbered or not field.primary_key)
    )
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ", fields


@cache
def _places(fields: Sequence[models.Field[Any, Any]]) -> str:
    """(%s, %s, ...); arrays name their type, for an empty one says nothing of what it holds."""
    places = (
        f"%s::{field.db_type(connection)}" if field.get_internal_type() == "ArrayField" else "%s"
        for field in fields
    )
    return f"({', '.join(places)})"


def _value(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = field.pre_save(row, add=True)
    if type(value) in PLAIN and not isinstance(field, models.JSONField):
        return value
    return field.get_db_prep_save(value, connection=connection)
