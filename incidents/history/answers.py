"""The handler's questions, in the order in which they are asked, each with its answer in words.

Every question is always answered once something was asked: that nothing is known is an answer, and
where this service keeps no register it says so, which is not the same as none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import local
from core.templatetags.lodestar import grade_words
from incidents.grading import HIGH_RISK
from incidents.history.facts import Dangerous, History, KnownPerson, SafeWay, counted
from incidents.history.told import Told
from victims import telephones
from victims.models import RiskGrade, SafeContact

#: Lines of one answer; what is more is said in a number.
MOST_LINES = 4
NO_ORDERS = "This service keeps no register of orders and bail: ask custody and the court."
NO_CONFERENCES = "This service keeps no register of conference actions: ask the coordinator."


@dataclass(frozen=True)
class Line:
    """One line of an answer: words, tags in red, and what stands small behind them."""

    words: str
    tags: tuple[str, ...] = ()
    after: str = ""
    url: str = ""
    #: Said by the way, and not what is known.
    is_note: bool = False


@dataclass(frozen=True)
class Answer:
    """A question and what is known; never without a line."""

    code: str
    question: str
    lines: tuple[Line, ...]
    is_alarming: bool = False
    #: Nothing is on record, or nobody can say.
    is_nothing: bool = False


def answers(known: History) -> tuple[Answer, ...]:
    """All eight, or none where nothing was asked yet."""
    if not known.is_asked:
        return ()
    return (
        _been_here(known),
        _who_lives_there(known),
        _children(known),
        _dangerous(known),
        _orders(known),
        _conferences(known),
        _last_grade(known),
        _code_word(known),
    )


def day(instant: datetime) -> str:
    """ "14 Sep 2026", on the force's clock."""
    there = local(instant)
    return f"{there.day} {there:%b %Y}"


def _answer(
    code: str, question: str, lines: Sequence[Line], *, nothing: str, is_alarming: bool = False
) -> Answer:
    if not lines:
        return Answer(code, question, (Line(nothing),), is_nothing=True)
    shown = tuple(lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        shown = (*shown, Line(f"and {len(lines) - MOST_LINES} more", is_note=True))
    return Answer(code, question, shown, is_alarming=is_alarming)


def _been_here(known: History) -> Answer:
    counts, newest = known.counts, known.newest
    lines = []
    if counts.in_year:
        ways = [
            f"{counted(number)} {words}"
            for number, words in (
                (counts.address, "at this address"),
                (counts.number, "from this number"),
                (counts.people, "of these people"),
            )
            if number
        ]
        words = "incident" if counts.in_year == 1 else "incidents"
        total = f"{known.in_year_shown} {words} in {known.months} months"
        lines.append(Line(total, after=", ".join(ways)))
    elif newest:
        lines.append(Line(f"Nothing in {known.months} months that is surely about them."))
    if newest:
        words = f"Newest: {newest.reference}, {day(newest.received_at)}, {newest.what}"
        lines.append(Line(words, is_note=True))
    return _answer(
        "been_here",
        "Have we been here?",
        lines,
        nothing="Not known: no earlier incident has this number, address or these names.",
        is_alarming=bool(counts.in_year),
    )


def _who_lives_there(known: History) -> Answer:
    nothing = "Nobody on record at this address."
    lines = [Line(_with_age(one), after=_grade_of(one)) for one in known.residents]
    if not known.has_address:
        nothing = "No address is given yet."
        lines = [Line(f"{_and(home.names)}: {home.address}") for home in known.homes]
    elif not known.address_is_known:
        nothing = "Not known: this address is not on record."
    return _answer("lives_there", "Who lives there?", lines, nothing=nothing)


def _grade_of(one: KnownPerson) -> str:
    return f"risk {grade_words(one.grade).lower()}" if one.grade else ""


def _with_age(one: KnownPerson) -> str:
    return f"{one.name}, {one.age}" if one.age is not None else one.name


def _children(known: History) -> Answer:
    named = [
        f"{child.name}, {child.age}" if child.age is not None else f"{child.name}, age not known"
        for child in known.children
    ]
    return _answer(
        "children",
        "Are there children?",
        [Line("; ".join(named))] if named else [],
        nothing="None on record. Ask.",
    )


def _dangerous(known: History) -> Answer:
    return _answer(
        "dangerous",
        "Who is dangerous, and how?",
        [_of_dangerous(one, known.serial_years) for one in known.dangerous],
        nothing="Nobody was complained of on record.",
        is_alarming=any(one.tags or one.markers or one.victims > 1 for one in known.dangerous),
    )


def _of_dangerous(one: Dangerous, years: int) -> Line:
    serial = (f"{one.victims} victims in {years} years",) if one.victims > 1 else ()
    markers = tuple(f"marker: {label.lower()}" for label in one.markers)
    after = f"complained of {day(one.last_at)}"
    return Line(one.name, tags=(*markers, *serial, *one.tags), after=after)


def _orders(known: History) -> Answer:
    told = [_told(one) for one in known.orders]
    said = [
        Line(words[0].upper() + words[1:], after=f"{day(shown.received_at)}, {shown.reference}")
        for shown in known.incidents
        for words in shown.orders
    ]
    # What was said then is no proof of what is in force now.
    lines = [*told, *said[: max(1, MOST_LINES - 1 - len(told))]]
    if not known.orders_are_kept:
        lines.append(Line(NO_ORDERS, is_note=True))
    return _answer(
        "orders",
        "Orders and bail in force?",
        lines,
        nothing="None on record.",
        is_alarming=bool(told or said),
    )


def _conferences(known: History) -> Answer:
    lines = [_told(one) for one in known.conferences]
    if not known.conferences_are_kept:
        lines += _conference_cases(known)
        lines.append(Line(NO_CONFERENCES, is_note=True))
    return _answer(
        "conferences",
        "Open MARAC actions?",
        lines,
        nothing="None open in the register.",
        is_alarming=len(lines) > (not known.conferences_are_kept),
    )


def _conference_cases(known: History) -> Iterator[Line]:
    """Very high is the grade of cases that the conference hears."""
    for one in known.people:
        if one.is_sure and one.grade == RiskGrade.VERY_HIGH:
            since = f"since {day(one.grade_since)}" if one.grade_since else ""
            yield Line(f"{one.name} is graded very high: a conference case.", after=since)


def _told(one: Told) -> Line:
    return Line(one.words, after=one.reference, url=one.url)


def _last_grade(known: History) -> Answer:
    lines = []
    if known.last_grade:
        since = f" since {day(known.last_grade_since)}" if known.last_grade_since else ""
        words = f"{grade_words(known.last_grade)}: {known.last_grade_of}{since}"
        lines.append(Line(words, after=known.last_grade_reason))
    return _answer(
        "last_grade",
        "Last grade?",
        lines,
        nothing="Nobody here is graded.",
        is_alarming=known.last_grade in HIGH_RISK,
    )


def _code_word(known: History) -> Answer:
    sure = any(one.is_sure for one in known.people)
    return _answer(
        "code_word",
        "Code word, safe contact?",
        [_of_safe_way(one) for one in known.safe_ways],
        nothing="None on record." if sure else "Nobody is surely recognised yet.",
    )


def _of_safe_way(one: SafeWay) -> Line:
    code = f'code word "{one.code_word}"' if one.code_word else "no code word"
    dialled = one.method in {SafeContact.Method.CALL, SafeContact.Method.TEXT}
    number = telephones.shown(one.number) if dialled else one.number
    voicemail = "voicemail is safe" if one.may_leave_voicemail else "never voicemail"
    method = SafeContact.Method(one.method).label.lower()
    reached = " ".join(filter(None, [method, number]))
    after = ", ".join(filter(None, [reached, one.hours, voicemail]))
    return Line(f"{one.name}: {code}", after=after)


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
