"""A door that stands open to the world: whoever knocks in vain too often waits.

Counted in the cache that every web process shares; to about the number, which is all it is for.
"""

import hashlib

from django.core.cache import cache

#: Knocks in vain from one place, and for how many seconds after the last they count.
MOST = 30
SECONDS = 10 * 60


def must_wait(door: str, place: str) -> bool:
    """Whether somebody at this network address knocked in vain too often just now. One query."""
    return int(cache.get(_key(door, place), 0)) >= MOST


def in_vain(door: str, place: str) -> None:
    """Count one more knock that opened nothing; the address itself is not kept."""
    key = _key(door, place)
    cache.set(key, int(cache.get(key, 0)) + 1, SECONDS)


def _key(door: str, place: str) -> str:
    return f"knocks:{door}:{hashlib.sha256(place.encode()).hexdigest()}"
