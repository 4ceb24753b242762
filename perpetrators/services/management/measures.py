"""What a plan holds, checked: what is done, by whom, by when, and whether it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import InvalidInput
from core.text import clean

MOST_MEASURES = 30
LONGEST_MEASURE = 300
LONGEST_WHO = 120


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is done. `done`: the day on which it was; None while it is open."""

    words: str
    who: str
    by: date | None
    done: date | None = None


def stored(measures: Sequence[Measure], today: date) -> list[dict[str, str]]:
    """As the plan keeps them, in their order.

    Raises InvalidInput at `measures.<row>.<field>` for what is missing or is yet to come, and at
    `measures` for none or too many.
    """
    if not measures:
        raise InvalidInput("Say at least one thing that is done.", field="measures")
    if len(measures) > MOST_MEASURES:
        raise InvalidInput(f"At most {MOST_MEASURES} measures.", field="measures")
    return [_stored(place, one, today) for place, one in enumerate(measures)]


def read(rows: Sequence[dict[str, Any]]) -> list[Measure]:
    """The measures of a plan as they were given."""
    return [
        Measure(
            words=str(row["words"]),
            who=str(row["who"]),
            by=date.fromisoformat(row["by"]),
            done=date.fromisoformat(row["done"]) if row.get("done") else None,
        )
        for row in rows
    ]


def _stored(place: int, one: Measure, today: date) -> dict[str, str]:
    at = f"measures.{place}"
    if one.by is None:
        raise InvalidInput("By when?", field=f"{at}.by")
    if one.done is not None and one.done > today:
        raise InvalidInput("That day is yet to come.", field=f"{at}.done")
    return {
        "words": clean(one.words, field=f"{at}.words", longest=LONGEST_MEASURE, required=True),
        "who": clean(one.who, field=f"{at}.who", longest=LONGEST_WHO, required=True),
        "by": one.by.isoformat(),
        "done": one.done.isoformat() if one.done else "",
    }
