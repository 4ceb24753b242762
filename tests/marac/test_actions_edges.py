"""Actions at their edges: days without work, clocks that change, cases that end before them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from audit.models import AuditEvent
from core.clock import local
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from incidents.history.told import Asked
from marac.deadlines.actions import end_of
from marac.models import MaracAction, MaracCase
from marac.services import close_case
from marac.told import flags_and_actions
from tests.marac.action_scene import DAY, agreed, day, one, opened_again, settled
from tests.marac.live_scene import under_way
from tests.personas import person

pytestmark = pytest.mark.django_db
State = MaracAction.State


@pytest.mark.parametrize(
    "due_on",
    [
        pytest.param(date(2026, 12, 25), id="Christmas Day"),
        pytest.param(date(2026, 11, 29), id="a Sunday"),
        pytest.param(date(2027, 3, 28), id="the clocks go on"),
        pytest.param(date(2027, 10, 31), id="the clocks go back"),
    ],
)
def test_a_day_is_the_day_that_was_agreed(due_on: date, at: datetime) -> None:
    """Whoever says Christmas Day means it: nobody's clock moves it to a working day."""
    action = one(at, due_on=due_on)
    clock = Deadline.objects.of(action).get()
    assert (action.due_on, clock.due_at) == (due_on, action.due_at)
    assert local(action.due_at).replace(tzinfo=None) == datetime(
        due_on.year, due_on.month, due_on.day, 23, 59
    )
    on_it = settled(action, action.due_at - timedelta(minutes=1))
    assert Deadline.objects.of(on_it).get().state == Deadline.State.MET


@pytest.mark.parametrize(
    ("days", "is_refused"), [(-1, True), (0, False), (366, False), (367, True)]
)
def test_from_today_to_a_year_ahead(days: int, is_refused: bool, at: datetime) -> None:
    scene = under_way(at, state="actions")
    if not is_refused:
        assert agreed(scene.first, at, due_on=day(at, days)).due_on == day(at, days)
        return
    with pytest.raises(InvalidInput) as refused:
        agreed(scene.first, at, due_on=day(at, days))
    assert refused.value.field == "due_on"


def test_today_is_the_wall_clocks_day(at: datetime) -> None:
    """Half past midnight in summer time is the day before in UTC."""
    night = datetime.fromisoformat("2026-07-01T00:30:00+01:00")
    scene = under_way(night, state="actions")
    with pytest.raises(InvalidInput):
        agreed(scene.first, night, due_on=date(2026, 6, 30))
    assert agreed(scene.first, night, due_on=date(2026, 7, 1)).due_at == end_of(date(2026, 7, 1))


def closed(action: MaracAction, because: str, at: datetime) -> MaracCase:
    """Its case is closed so: the meeting concluded it before."""
    action.case.hearings.update(state="concluded", ended_at=at)
    case = MaracCase.objects.get(pk=action.case_id)
    return close_case(
        case_id=case.pk,
        because=because,
        words="She moved to her sister.",
        version=case.version,
        actor=person("chair"),
        at=at + DAY,
    )


@pytest.mark.parametrize("because", ["moved", "died", "error"])
def test_the_case_ends_before_its_action(because: str, at: datetime) -> None:
    action = one(at, is_for_officers=True)
    done = settled(agreed(action.hearing, at, words="Ring the school."), at + DAY)
    Notification.objects.all().delete()
    closed(action, because, at)
    action.refresh_from_db()
    assert (action.state, Deadline.objects.of(action).get().state) == ("open", "running")
    told = Notification.objects.filter(user=person("agency"))
    (headline,) = told.values_list("headline", flat=True)
    label = MaracCase.ClosedBecause(because).label.lower()
    assert headline == (
        f"The case of {action.reference} is closed: {label}. Say what becomes of it"
    )
    events = AuditEvent.objects.filter(verb="marac.action_case_closed")
    assert [row.subject for row in events] == [action.reference] != [done.reference]
    # What nobody did is said by whoever had it, and is told at calls until then.
    assert len(told_at_calls(action, at + 2 * DAY)) == 1
    settled(action, at + 2 * DAY, state="overtaken", evidence="She lives elsewhere now.")
    assert told_at_calls(action, at + 2 * DAY) == []


def told_at_calls(action: MaracAction, at: datetime) -> list[str]:
    asked = Asked((action.victim.person_id,), (), None, at, person("officer"))
    said = [row.words for row in flags_and_actions(asked)]
    return [words for words in said if words.startswith("Action for")]


@pytest.mark.parametrize("because", ["done", "lapsed"])
def test_what_was_heard_is_not_over_while_an_action_waits(because: str, at: datetime) -> None:
    action = one(at)
    with pytest.raises(DomainError, match="1 action agreed for it wait"):
        closed(action, because, at)
    settled(action, at + DAY, state="not_done", evidence="No camera was left.")
    assert closed(action, because, at).state == "closed"


def test_settled_in_each_way_and_opened_again_it_runs_anew(at: datetime) -> None:
    """Done, open, not done, open, overtaken: each time with its words, and a clock of its own."""
    action = one(at)
    for number, state in enumerate(("done", "not_done", "overtaken"), start=1):
        then = at + number * timedelta(hours=2)
        action = settled(action, then, state=state, evidence=f"Because of {number}.")
        assert (action.state, action.evidence) == (state, f"Because of {number}.")
        assert not Deadline.objects.of(action).filter(state="running").exists()
        action = opened_again(action, then + timedelta(hours=1))
        assert (action.state, action.evidence) == ("open", "")
        assert Deadline.objects.of(action).filter(state="running").count() == 1
    said: list[Any] = list(AuditEvent.objects.filter(verb="marac.action_reopened").order_by("pk"))
    assert [row.detail["before"]["evidence"] for row in said] == [
        "Because of 1.",
        "Because of 2.",
        "Because of 3.",
    ]
