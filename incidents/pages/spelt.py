"""Names as they are typed: which keys they may have on record, and who bears one of them."""

from collections.abc import Collection

from django.db.models import Q

from core.prepared import Statement
from victims import names

#: Of a name; more are said of nobody.
MOST_WORDS = 5

#: Of these victims, by their keys, those who bear or bore one of the names: a pair of keys each, of
#: which one may be anything. Asked of the victims one by one, so that it costs the same among any
#: number of other people's names.
_CALLED = Statement(
    "incidents_called",
    """
    SELECT DISTINCT s.victim_id
      FROM unnest(%(victims)s) AS s (victim_id)
      JOIN victims_victim v ON v.id = s.victim_id
      JOIN victims_personname n ON n.person_id = v.person_id
      JOIN unnest(%(given)s, %(family)s) AS k (given, family)
        ON (k.given IS NULL OR n.given_key = k.given)
       AND (k.family IS NULL OR n.family_key = k.family)
    """,
    {"victims": "bigint[]", "given": "text[]", "family": "text[]"},
)


def ways(words: str) -> list[tuple[str | None, tuple[str, ...] | None]]:
    """The key of a given name and those of a family name, in every way that the words may be meant:
    wherever the given name ends, the family name first too. None is any name."""
    parts = words.replace(",", " ").split()[:MOST_WORDS]
    if len(parts) == 1:
        given, family = names.given_key(words), names.family_keys(words)
        return [*([(given, None)] if given else []), *([(None, family)] if family else [])]
    found: list[tuple[str | None, tuple[str, ...] | None]] = []
    for end in range(1, len(parts)):
        first, last = " ".join(parts[:end]), " ".join(parts[end:])
        for given_name, family_name in ((first, last), (last, first)):
            if key := names.given_key(given_name):
                found.append((key, names.family_keys(family_name)))
    return found


def name_question(words: str) -> Q:
    """The same as a condition on a PersonName."""
    question = Q(pk__in=[])
    for given, family in ways(words):
        way = Q() if given is None else Q(given_key=given)
        question |= way if family is None else way & Q(family_key__in=family)
    return question


def called(words: str, victim_ids: Collection[int]) -> set[int]:
    """Of these victims' keys, those who bear or bore such a name. One query."""
    pairs: list[tuple[str | None, str | None]] = []
    for given, family in ways(words):
        pairs += [(given, one) for one in ((None,) if family is None else family)]
    if not pairs or not victim_ids:
        return set()
    rows = _CALLED.rows(
        {
            "victims": sorted(victim_ids),
            "given": [given for given, _ in pairs],
            "family": [family for _, family in pairs],
        }
    )
    return {pk for (pk,) in rows}
