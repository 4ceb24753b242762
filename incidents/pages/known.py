"""What is known, written for the page of a call without the template engine.

The panel is written anew with every word typed; answers, people and twenty incidents are some
hundreds of variables. Whatever comes from outside goes through `escape`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from html import escape
from typing import TypeVar
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.lodestar import exact_words, grade_badge, local_words
from incidents.history import History, KnownPerson, Match, SetAside
from incidents.history.answers import Answer, Line, answers
from incidents.history.facts import INCIDENT, PERSON
from incidents.pages.call import Offer

#: Shown at once; the others open on demand.
PEOPLE_SHOWN, INCIDENTS_SHOWN = 4, 5

#: Stands for a reference in an address.
_PLACE = "REFERENCE"

T = TypeVar("T")


def answered(known: History) -> SafeString:
    """The handler's questions with their answers, as the inside of a list."""
    return written(answers(known))


def written(some: Iterable[Answer]) -> SafeString:
    """Questions and answers as they are given, as the inside of a list."""
    return mark_safe("".join(map(_answer, some)))  # noqa: S308  (each part is escaped)


def _answer(one: Answer) -> str:
    look = " alarm" if one.is_alarming else " nothing" if one.is_nothing else ""
    lines = "".join(f"<p>{_line(line)}</p>" for line in one.lines)
    return (
        f'<div class="asked__one{look}" data-answer="{one.code}">'
        f"<dt>{one.question}</dt><dd>{lines}</dd></div>"
    )


def _line(line: Line) -> str:
    words = escape(line.words)
    if line.url:
        words = f'<a href="{escape(line.url)}">{words}</a>'
    tags = "".join(f' <span class="tag r">{escape(tag)}</span>' for tag in line.tags)
    after = f" <small>{escape(line.after)}</small>" if line.after else ""
    if line.is_note:
        return f'<span class="sm muted">{words}</span>'
    return f"<b>{words}</b>{tags}{after}"


def found(known: History, *, now: datetime) -> SafeString:
    """Who may be meant and the incidents before, each with why; then what was set aside."""
    parts = [
        _titled("People on record", known.people, Write(now).person, PEOPLE_SHOWN),
        _titled("Incidents", known.incidents, Write(now).incident, INCIDENTS_SHOWN),
        _set_aside(known.set_aside),
    ]
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped)


def offered(
    index: int, offers: Sequence[Offer], chosen: str, *, is_fragment: bool = False
) -> SafeString:
    """People on record who may be the one of a row of the call; a person decides.

    `chosen` is what was ticked, kept where nobody is offered any more. A fragment says where in the
    page it goes.
    """
    inside = ""
    if offers:
        inside = (
            '<fieldset class="plain match">'
            '<legend class="f">On record <em>the same person?</em></legend>'
            f"{''.join(_offer(index, at, one, chosen) for at, one in enumerate(offers))}"
            f"{_choice(index, 'new', 'new', chosen, 'Not the same person')}</fieldset>"
        )
    elif chosen:
        name = f"people-{index}-person"
        inside = f'<input type="hidden" name="{name}" value="{escape(chosen)}">'
    place = ' hx-swap-oob="true"' if is_fragment else ""
    return mark_safe(f'<div id="offers-{index}"{place}>{inside}</div>')  # noqa: S308  (escaped)


def _offer(index: int, at: int, one: Offer, chosen: str) -> str:
    record = ""
    if one.victim_reference:
        record = f'{_badge(one.grade)} <span class="ref">{escape(one.victim_reference)}</span> '
    words = f"<b>{escape(one.words)}</b> {record}" + (
        f'<span class="sm muted">{escape(one.why)}</span>'
    )
    return _choice(index, str(at), one.reference, chosen, words)


def _choice(index: int, at: str, value: str, chosen: str, words: str) -> str:
    """One button of a row's offers. `words` are escaped already."""
    name = f"people-{index}-person"
    ticked = " checked" if chosen == value else ""
    return (
        f'<div class="choice"><input type="radio" name="{name}" value="{escape(value)}" '
        f'id="id_{name}_{at}"{ticked}><label for="id_{name}_{at}">{words}</label></div>'
    )


def _titled(title: str, rows: Sequence[T], write: Callable[[T], str], shown: int) -> str:
    if not rows:
        return ""
    first = "".join(map(write, rows[:shown]))
    rest = "".join(map(write, rows[shown:]))
    more = f'<details class="plain"><summary class="sm">{len(rows) - shown} more</summary>{rest}'
    return f"<h3>{title}</h3>{first}{more + '</details>' if rest else ''}"


class Write:
    """Writes people and incidents at one instant. Addresses are looked up once, not by row."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.to_victim = reverse("victims:detail", args=[_PLACE])
        self.to_incident = reverse("incidents:detail", args=[_PLACE])

    def person(self, one: KnownPerson) -> str:
        name = escape(one.name)
        if one.victim_reference:
            url = self.to_victim.replace(_PLACE, quote(one.victim_reference))
            name = f'<a href="{url}">{name}</a> {_badge(one.grade)}'
        aside = "" if one.is_chosen else _box(PERSON, one.reference, "Not them", one.name)
        return f'<div class="match"><b>{name}</b>{_born(one)}{_foot(one.why, aside)}</div>'

    def incident(self, one: Match) -> str:
        url = self.to_incident.replace(_PLACE, quote(one.reference))
        risk = _badge(one.risk) if one.risk else '<span class="tag">risk not assessed</span>'
        aside = _box(INCIDENT, one.reference, "Not this one", one.reference)
        return (
            f'<div class="match"><a class="ref" href="{url}"><b>{escape(one.reference)}</b></a> '
            f"{_time(one.received_at, self.now)} · {escape(one.what)} {risk}"
            f'<div class="sm">{_parts(one)}</div>{_foot(one.why, aside)}</div>'
        )


def _parts(one: Match) -> str:
    return ", ".join(
        f"{escape(part.name)} ({part.role})"
        if part.is_known
        else f"<i>{escape(part.name)}</i> ({part.role})"
        for part in one.parts
    )


def _foot(why: str, aside: str) -> str:
    return f'<div class="foot-of"><span class="why">{escape(why)}</span>{aside}</div>'


def _born(one: KnownPerson) -> str:
    if one.date_of_birth:
        return f" <small>born {one.date_of_birth.day} {one.date_of_birth:%b %Y}</small>"
    return f" <small>born about {one.birth_year}</small>" if one.birth_year else ""


def _set_aside(marks: Iterable[SetAside]) -> str:
    boxes = "".join(
        _box(one.kind, one.reference, f"{escape(_of(one))}", "", is_set=True) for one in marks
    )
    if not boxes:
        return ""
    return (
        '<fieldset class="plain set-aside"><legend class="f">Set aside for this call '
        f"<em>untick to bring back</em></legend>{boxes}</fieldset>"
    )


def _of(one: SetAside) -> str:
    return ", ".join(filter(None, [one.words, one.reference]))


def _box(kind: str, reference: str, words: str, of: str, *, is_set: bool = False) -> str:
    """A tick box of the call's form, wherever it stands. `words` are escaped already."""
    mark = escape(f"{kind}:{reference}")
    hidden = f'<span class="visually-hidden">: {escape(of)}</span>' if of else ""
    return (
        f'<label class="aside-box"><input type="checkbox" name="set_aside" value="{mark}" '
        f'form="call" id="aside-{mark}"{" checked" if is_set else ""}> {words}{hidden}</label>'
    )


@cache
def _badge(grade: str) -> str:
    return grade_badge(grade)


def _time(instant: datetime, now: datetime) -> str:
    return (
        f'<time datetime="{instant.isoformat(timespec="seconds")}" '
        f'title="{exact_words(instant)}">{local_words(instant, now)}</time>'
    )
