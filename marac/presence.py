"""Who writes what on the page of a meeting at this moment. Nothing hangs on it: it only tells.

It is kept in the cache for a moment and nowhere else: who was at a meeting is for `Attendance`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from marac.models import HearingLine

#: Pages say so every few seconds; whoever misses three has stopped.
FORGOTTEN_AFTER = 15
SECTIONS = {**dict(HearingLine.Section.choices), "actions": "Actions"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who is writing, and in which part of the page."""

    name: str
    where: str


def note(*, hearing_id: int, person: User, section: str) -> None:
    """This person writes in a part of the case's page, or in none any more."""
    if section in SECTIONS:
        said = (str(person), SECTIONS[section])
        cache.set(_key(hearing_id, person.pk), said, FORGOTTEN_AFTER)
    else:
        cache.delete(_key(hearing_id, person.pk))


def writers(*, hearing_id: int, person_ids: Iterable[int], but: User) -> list[Writer]:
    """Who of these people writes on the case's page now, besides `but`. One query."""
    keys = [_key(hearing_id, one) for one in person_ids if one != but.pk]
    return sorted(
        (Writer(*said) for said in cache.get_many(keys).values()), key=lambda one: one.name
    )


def _key(hearing_id: int, person_id: int) -> str:
    return f"marac:writes:{hearing_id}:{person_id}"
