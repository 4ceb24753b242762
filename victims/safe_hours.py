"""When a victim may be reached, read from words that somebody typed: "09:30-14:30, not weekends".

What is understood is minded; what is not is left to the person who reads it, who sees it large.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time

from core.clock import local

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_RANGE = re.compile(rf"(?:from\s+|between\s+)?\b{_TIME}\s*(?:-|to|until|till|and)\s*{_TIME}\b")
_AFTER = re.compile(rf"\b(?:after|from)\s+{_TIME}\b")
_BEFORE = re.compile(rf"\b(?:before|until|till)\s+{_TIME}\b")
_WORKDAYS = re.compile(
    r"\b(?:not|never|no)\s+(?:at\s+|on\s+)?(?:the\s+)?weekends?\b|\bweekdays(?:\s+only)?\b"
    r"|\bmon(?:day)?s?\s*(?:-|to)\s*fri(?:day)?s?\b"
)
_WEEKENDS = re.compile(
    r"\b(?:not|never|no)\s+(?:on\s+)?weekdays\b|\b(?:only\s+)?(?:at\s+)?weekends(?:\s+only)?\b"
)
_ANY = re.compile(r"\b(?:any\s?time|always|any\s+hour|day\s+(?:and|or)\s+night)\b")
#: Words that turn what follows round: where one is left over, only a person can tell.
_TURNS = re.compile(r"\b(?:not|never|no|except|but|unless|without|avoid)\b")
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-"})
_NOTHING = re.compile(r"[\s,;.()]*|(?:[\s,;.()]*(?:and|or|only|hours?|local time)[\s,;.()]*)*")
_SATURDAY = 5
_Reader = Callable[[re.Match[str]], Iterator[tuple[time, time]]]
_NOON = time(12)


def allows(hours: str, instant: datetime) -> bool | None:
    """Whether these words allow an instant, on the force's clock; None where they do not tell.

    No words allow every hour. Several times of day allow any of them ("9-11 or 14-16"); each
    begins with its first minute and ends before its last. Words that are not understood and turn
    things round ("except when he is at work") make the answer None rather than yes.
    """
    words = hours.casefold().strip().translate(_DASHES)
    there = local(instant)
    days, words = _days(words, there)
    words, always = _ANY.subn(" ", words)
    times, words = _times(words)
    if days is False:
        return False
    is_open = any(_within(there.time(), first, last) for first, last in times)
    if _TURNS.search(words):
        return None
    if times and not is_open:
        return False
    is_understood = _NOTHING.fullmatch(words) is not None
    return True if is_understood or is_open or always or days else None


def _days(words: str, there: datetime) -> tuple[bool | None, str]:
    """Whether the day is allowed, None where no day is named, and the words that are left."""
    is_weekend = there.weekday() >= _SATURDAY
    words, workdays = _WORKDAYS.subn(" ", words)
    words, weekends = _WEEKENDS.subn(" ", words)
    if workdays and not weekends:
        return not is_weekend, words
    if weekends and not workdays:
        return is_weekend, words
    return None, words


def _times(words: str) -> tuple[list[tuple[time, time]], str]:
    """The times of day that are named, and the words that are left: no such time stays in them."""
    found: list[tuple[time, time]] = []
    for pattern, read in ((_RANGE, _both), (_AFTER, _from_then), (_BEFORE, _until_then)):

        def take(match: re.Match[str], read: _Reader = read) -> str:
            spans = list(read(match))
            found.extend(spans)
            return " " if spans else match[0]

        words = pattern.sub(take, words)
    return found, words


def _both(match: re.Match[str]) -> Iterator[tuple[time, time]]:
    groups = match.groups()
    is_rising = int(groups[0] or 0) < int(groups[3] or 0)
    # "2-4 pm": the half of the day is said once. "9-5" is until the afternoon, "20-6" over night.
    first = _clock(groups[0], groups[1], groups[2] or (groups[5] if is_rising else None))
    last = _clock(groups[3], groups[4], groups[5])
    is_bare = not any((groups[1], groups[2], groups[4], groups[5]))
    if is_bare and first is not None and last is not None and last <= first < _NOON:
        last = last.replace(hour=last.hour + 12)
    if first is not None and last is not None:
        yield first, last


def _from_then(match: re.Match[str]) -> Iterator[tuple[time, time]]:
    first = _clock(*match.groups())
    if first is not None:
        yield first, time.max


def _until_then(match: re.Match[str]) -> Iterator[tuple[time, time]]:
    last = _clock(*match.groups())
    if last is not None:
        yield time.min, last


def _clock(hour: str | None, minute: str | None, half: str | None) -> time | None:
    number = int(hour or 0)
    if half == "pm" and number < 12:
        number += 12
    if half == "am" and number == 12:
        number = 0
    if number == 24:
        return time.max
    if number > 24 or int(minute or 0) > 59:
        return None
    return time(number, int(minute or 0))


def _within(now: time, first: time, last: time) -> bool:
    """Also over midnight: 20:00 to 06:00."""
    if first <= last:
        return first <= now < last
    return now >= first or now < last
