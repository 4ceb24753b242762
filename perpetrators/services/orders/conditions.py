"""What notices, orders and bail forbid or ask, as it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InvalidInput
from core.text import clean
from perpetrators.models import Conditions

MOST_CONDITIONS = 20
LONGEST_CONDITION = 300


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is forbidden or asked: `kind` of Conditions, `words` whom and where."""

    kind: str
    words: str


def stored(conditions: Sequence[Condition]) -> list[dict[str, str]]:
    """Conditions as rows keep them, each once, in order.

    Raises InvalidInput at `conditions` for none, too many, an unknown kind, or one without words.
    """
    if not conditions:
        raise InvalidInput("Give at least one condition.", field="conditions")
    if len(conditions) > MOST_CONDITIONS:
        raise InvalidInput(f"Give {MOST_CONDITIONS} conditions at most.", field="conditions")
    rows: list[dict[str, str]] = []
    for one in conditions:
        if one.kind not in Conditions.values:
            raise InvalidInput("There is no such kind of condition.", field="conditions")
        words = clean(one.words, field="conditions", longest=LONGEST_CONDITION, required=True)
        row = {"kind": str(one.kind), "words": words}
        if row not in rows:
            rows.append(row)
    return rows
