"""Unknown people and their waiting messages; one of them with whom it may be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator

from accounts.models import User
from deadlines.models import Deadline
from perpetrators.deadlines.matching import MATCH
from perpetrators.forms import matching as forms
from perpetrators.models import CustodyEvent
from perpetrators.pages import said
from perpetrators.services import receiving
from perpetrators.services.concerned import victims_of
from perpetrators.services.receiving.waiting import Unknown, same_numbers, unknown_of
from victims.matching import Candidate

State = CustodyEvent.State
ON_A_PAGE = 25
DECIDED_SHOWN = 15
SUBJECT = "perpetrators.custodyevent"


@dataclass(frozen=True)
class Row:
    """One message as pages show it."""

    event: CustodyEvent
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Waiting:
    """One unknown person: as the first message calls them, and everything that waits."""

    first: CustodyEvent
    name: str
    born: date | None
    rows: list[Row]
    clock: Deadline | None


@dataclass(frozen=True)
class Possible:
    """Somebody on record whom it may be, and how many victims would be concerned."""

    candidate: Candidate
    victims: int


@dataclass(frozen=True)
class Step:
    """One decision about a message: in which state, through which service."""

    name: str
    state: str
    form: Callable[..., forms.DecisionForm]
    act: Callable[..., Any]
    done: str


STEPS = {
    one.name: one
    for one in (
        Step(
            "confirm",
            State.UNMATCHED,
            forms.ConfirmForm,
            receiving.confirm,
            "Matched: everything that waited for this person is applied.",
        ),
        Step(
            "set-aside",
            State.UNMATCHED,
            forms.SetAsideForm,
            receiving.set_aside,
            "Set aside: it stays on record and can be taken up again.",
        ),
        Step(
            "take-up",
            State.NOT_OURS,
            forms.DecisionForm,
            receiving.take_up,
            "Taken up again: it waits to be matched.",
        ),
        Step(
            "take-back",
            State.APPLIED,
            forms.TakeBackForm,
            receiving.take_back,
            "Taken back: the messages wait again, and what came of them fell away.",
        ),
    )
}


def waiting(reader: User, number: str | None) -> Page[Waiting]:
    """A page of unknown people, who waited longest first. Three queries whatever waits."""
    seen = CustodyEvent.objects.visible_to(reader).unmatched().order_by("received_at", "pk")
    light = seen.only("pk", "system", "message_id", "content")
    groups: dict[Unknown, list[int]] = {}
    for row in light.iterator():
        groups.setdefault(unknown_of(row), []).append(row.pk)
    page: Page[Any] = Paginator(list(groups.values()), ON_A_PAGE).get_page(number)
    ids = [pk for group in page.object_list for pk in group]
    rows = CustodyEvent.objects.in_bulk(ids)
    clocks = {row.subject_id: row for row in _clocks(ids)}
    page.object_list = [
        _waiting([rows[pk] for pk in group if pk in rows], clocks) for group in page.object_list
    ]
    return page


def of_event(event: CustodyEvent, reader: User) -> Waiting:
    """The unknown person of one message, with all that waits under the same numbers."""
    if event.state != State.UNMATCHED:
        return _waiting([event], {})
    alike = same_numbers(event.system, [event.content]) & CustodyEvent.objects.visible_to(reader)
    rows = sorted([event, *alike.exclude(pk=event.pk)], key=lambda one: (one.happened_at, one.pk))
    return _waiting(rows, {row.subject_id: row for row in _clocks([one.pk for one in rows])})


def possible(event: CustodyEvent, at: datetime) -> list[Possible]:
    """Whom it may be, strongest first."""
    found = receiving.candidates(event, at=at)
    concerned = victims_of([one.person_id for one in found])
    return [Possible(one, len(concerned[one.person_id])) for one in found]


def decided(reader: User) -> list[CustodyEvent]:
    """What was decided lately, the newest first and one message of each unknown person, so that a
    mistake is soon found."""
    rows = CustodyEvent.objects.visible_to(reader).filter(matched_at__isnull=False)
    found: dict[Any, CustodyEvent] = {}
    newest = rows.select_related("person", "matched_by").order_by("-matched_at")
    for row in newest[: 4 * DECIDED_SHOWN]:
        found.setdefault((unknown_of(row), row.matched_at), row)
    return list(found.values())[:DECIDED_SHOWN]


def open_forms(
    event: CustodyEvent, bound: Mapping[str, forms.DecisionForm]
) -> dict[str, forms.DecisionForm]:
    """The decisions that this message's state allows, by their names with low lines."""
    return {
        name.replace("-", "_"): bound.get(name) or step.form()
        for name, step in STEPS.items()
        if step.state == event.state
    }


def _clocks(ids: Sequence[int]) -> list[Deadline]:
    rows = Deadline.objects.open().filter(kind=MATCH, subject_type=SUBJECT, subject_id__in=ids)
    return list(rows.order_by("-due_at"))


def _waiting(rows: Sequence[CustodyEvent], clocks: Mapping[int, Deadline]) -> Waiting:
    running = [clocks[row.pk] for row in rows if row.pk in clocks]
    named = next((row for row in rows if row.content.get("family_name")), rows[0])
    return Waiting(
        first=rows[0],
        name=said.called(named.content),
        born=next((day for row in rows if (day := said.born(row.content))), None),
        rows=[Row(row, said.facts(row.content)) for row in rows],
        clock=min(running, key=lambda one: one.due_at, default=None),
    )
