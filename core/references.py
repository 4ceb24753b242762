"""References that people read out on the telephone: DA-2026-000123.

The number comes from a database sequence per kind, so two call handlers never wait for one another
and never get the same one. A call that is rolled back leaves a gap; gaps mean nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, models

from core.clock import local
from core.prepared import Statement


class Kind(StrEnum):
    """The prefixes in use; each has a sequence `reference_<prefix>`."""

    INCIDENT = "DA"
    ASSESSMENT = "RA"
    REFERRAL = "RF"
    VICTIM = "V"
    PERSON = "P"
    NOTICE = "LN"
    REASSESSMENT = "RS"
    CUSTODY = "CU"
    PROTECTION_NOTICE = "PN"
    DISCLOSURE = "DS"
    SHARING = "SH"
    IDVA_CASE = "IC"
    MARAC_CASE = "MC"
    MARAC_MEETING = "MM"
    MARAC_ACTION = "MA"
    MARAC_TRANSFER = "MT"


def written(kind: Kind, number: int, at: datetime) -> str:
    """The reference as shown: prefix, year on the wall clock, six digits or more."""
    return f"{kind.value}-{local(at).year}-{number:06d}"


def take(kind: Kind, at: datetime) -> str:
    """Take the next reference of a kind."""
    return take_many(kind, [at])[0]


def take_many(kind: Kind, instants: list[datetime]) -> list[str]:
    """Take as many references as there are instants, in one round trip."""
    numbers = _numbers([kind] * len(instants))
    return [written(kind, number, at) for number, at in zip(numbers, instants, strict=True)]


def take_each(kinds: list[Kind], at: datetime) -> list[str]:
    """Take one reference for each kind named, in that order, in one round trip."""
    return [written(kind, number, at) for kind, number in zip(kinds, _numbers(kinds), strict=True)]


@dataclass(frozen=True)
class Place:
    """What a row that is not written yet will be known by: to people, and to other rows."""

    reference: str
    pk: int


_RESERVED = Statement(
    "core_reserved",
    """
    SELECT nextval(said::regclass), nextval(pg_get_serial_sequence(own, 'id'))
    FROM unnest(%(said)s, %(own)s) AS wanted (said, own)
    """,
    {"said": "text[]", "own": "text[]"},
)


def reserve(wanted: Sequence[tuple[Kind, type[models.Model]]], at: datetime) -> list[Place]:
    """A reference and the row's number for each, in that order, in one round trip."""
    if not wanted:
        return []
    numbers = _RESERVED.rows(
        {
            "said": [_sequence(kind) for kind, _ in wanted],
            "own": [model._meta.db_table for _, model in wanted],
        }
    )
    return [
        Place(written(kind, said, at), pk)
        for (kind, _), (said, pk) in zip(wanted, numbers, strict=True)
    ]


def _numbers(kinds: list[Kind]) -> list[int]:
    if not kinds:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(one::regclass) FROM unnest(%s) one",
            [[_sequence(kind) for kind in kinds]],
        )
        return [row[0] for row in cursor.fetchall()]


def _sequence(kind: Kind) -> str:
    return f"reference_{kind.value.lower()}"
