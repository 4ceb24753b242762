"""Whether an attempt keeps to the safe contact: hours in words, ways, messages."""

from datetime import UTC, datetime, timedelta

import pytest

from core.working_time import LONDON
from victims import safe_hours, safe_way
from victims.models import Contact, SafeContact

#: A Wednesday and a Saturday.
WEDNESDAY, SATURDAY = datetime(2026, 11, 25, tzinfo=LONDON), datetime(2026, 11, 28, tzinfo=LONDON)


def on(day: datetime, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return day + timedelta(hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("hours", "day", "clock", "allowed"),
    [
        ("", WEDNESDAY, "03:00", True),
        ("09:30-14:30", WEDNESDAY, "09:30", True),
        ("09:30-14:30", WEDNESDAY, "09:29", False),
        ("09:30-14:30", WEDNESDAY, "14:30", False),
        ("09.30 to 14.30", WEDNESDAY, "10:00", True),
        ("09:30\u201314:30", WEDNESDAY, "15:00", False),
        ("between 10 and 12", WEDNESDAY, "12:00", False),
        ("9-5", WEDNESDAY, "16:59", True),
        ("9-5", WEDNESDAY, "17:00", False),
        ("2-4 pm", WEDNESDAY, "14:30", True),
        ("2-4 pm", WEDNESDAY, "02:30", False),
        ("9am - 1pm", WEDNESDAY, "12:59", True),
        ("20:00-06:00", WEDNESDAY, "23:00", True),
        ("20:00-06:00", WEDNESDAY, "06:00", False),
        ("9-11 or 14-16", WEDNESDAY, "15:00", True),
        ("9-11 or 14-16", WEDNESDAY, "12:00", False),
        ("after 18:00", WEDNESDAY, "18:00", True),
        ("after 18:00", WEDNESDAY, "17:59", False),
        ("before 15:00", WEDNESDAY, "14:59", True),
        ("until 15:00", WEDNESDAY, "15:00", False),
        ("09:30-14:30, not weekends", WEDNESDAY, "10:00", True),
        ("09:30-14:30, not weekends", SATURDAY, "10:00", False),
        ("Mon-Fri 9-5", SATURDAY, "10:00", False),
        ("Monday to Friday", WEDNESDAY, "22:00", True),
        ("weekends only", WEDNESDAY, "10:00", False),
        ("weekends only", SATURDAY, "10:00", True),
        ("any time", WEDNESDAY, "03:00", True),
        # What is not understood is left to whoever reads it.
        ("when the children are at school", WEDNESDAY, "10:00", None),
        ("not 12:00-13:00", WEDNESDAY, "12:30", None),
        ("any time except when he is at home", WEDNESDAY, "10:00", None),
        ("09:30-14:30, but not Tuesdays", WEDNESDAY, "10:00", None),
        ("09:30-14:30, text first", WEDNESDAY, "10:00", True),
        ("09:30-14:30, text first", WEDNESDAY, "20:00", False),
        ("99:99-77:77", WEDNESDAY, "10:00", None),
    ],
)
def test_hours_in_words(hours: str, day: datetime, clock: str, allowed: bool | None) -> None:
    assert safe_hours.allows(hours, on(day, clock)) is allowed


def test_hours_are_those_of_the_wall_clock() -> None:
    """On the Monday after the clocks went forward 09:30 is 08:30 UTC."""
    assert safe_hours.allows("09:30-14:30", datetime(2026, 3, 30, 8, 30, tzinfo=UTC)) is True
    assert safe_hours.allows("09:30-14:30", datetime(2026, 3, 27, 8, 30, tzinfo=UTC)) is False


def contact(method: str, **more: object) -> SafeContact:
    return SafeContact(method=method, number="07700900417", **more)


@pytest.mark.parametrize(
    ("safe", "way", "outcome", "words"),
    [
        (contact("text"), "text", "reached", ""),
        (contact("text"), "call", "reached", "The safe way is another: text message."),
        (contact("text"), "visit", "no_answer", "The safe way is another: text message."),
        (contact("call"), "call", "no_answer", ""),
        (contact("call"), "call", "message_left", "No message may be left."),
        (contact("call", may_leave_voicemail=True), "call", "message_left", ""),
        (contact("text"), "text", "message_left", ""),
        (contact("call", hours="12:00-13:00"), "call", "reached", "That was outside the safe"),
        (contact("call", hours="when alone"), "call", "reached", ""),
        (contact("none"), "call", "reached", "No safe way to reach them was known."),
        (None, "visit", "reached", "No safe way to reach them was known."),
        (None, "they_came", "reached", ""),
        (contact("text", hours="12:00-13:00"), "they_came", "reached", ""),
    ],
)
def test_what_departs_from_the_safe_contact(
    safe: SafeContact | None, way: str, outcome: str, words: str
) -> None:
    said = safe_way.departs(way, outcome, on(WEDNESDAY, "10:00"), safe)
    assert said.startswith(words) and bool(said) == bool(words)


@pytest.mark.parametrize(
    ("method", "never"),
    [
        ("call", "Do not text, e-mail or visit"),
        ("text", "Do not telephone, e-mail or visit"),
        ("email", "Do not telephone, text or visit"),
        ("third_party", "Do not reach them directly"),
        ("none", "Do not telephone, text, e-mail or visit"),
    ],
)
def test_what_must_never_be_done_is_said(method: str, never: str) -> None:
    rules = safe_way.rules_of(contact(method, hours="12:00-13:00"), on(WEDNESDAY, "10:00"))
    assert (rules.never, rules.hours_now) == (never, False)
    assert rules.is_known is (method != "none")


def test_nothing_on_record_forbids_everything() -> None:
    rules = safe_way.rules_of(None, on(WEDNESDAY, "10:00"))
    assert "before somebody has asked how" in rules.never
    assert not rules.may_leave_message and not rules.is_known


def test_which_attempts_count() -> None:
    """By the safe way; with a reason where none was known; never past one that was."""
    at = on(WEDNESDAY, "10:00")

    def attempt(safe: SafeContact | None, way: str, reason: str = "") -> Contact:
        return Contact(
            at=at, way=way, outcome="no_answer", safe_contact=safe, other_way_reason=reason
        )

    text = contact("text")
    rows = [
        attempt(text, "text"),
        attempt(text, "call", "It was urgent."),
        attempt(None, "visit", "Nobody has a number."),
        attempt(contact("none"), "visit", "Nobody has a number."),
    ]
    assert [safe_way.counts(row) for row in rows] == [True, False, True, True]
    assert safe_way.how_many(rows, 0) == 3
