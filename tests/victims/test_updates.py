"""What victims must be told: owed once, by a time, by a named person; moved and fallen away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import AuditEvent
from core.errors import InvalidInput
from deadlines.models import Deadline
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import person as persona
from tests.personas import team
from tests.victims.test_services import at_once
from victims import services
from victims.models import Victim, VictimUpdate
from victims.services import News, owe_updates, withdraw_updates

People = Callable[[str], User]
State = VictimUpdate.State
#: A Friday: one working day later is Monday.
BAILED = datetime(2026, 11, 20, 16, 10, tzinfo=UTC)


def news(victim: Victim, **changes: object) -> News:
    one = News(
        victim_id=victim.pk,
        about="bail",
        words="Released on bail on 20 Nov at 16:10",
        happened_at=BAILED,
        source_type="perpetrators.custodyevent",
        source_id=7,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def owe(*all_news: News, at: datetime = BAILED) -> list[VictimUpdate]:
    return owe_updates(news=all_news, actor=persona("custody_system"), at=at)


def clock_of(row: VictimUpdate) -> Deadline:
    return Deadline.objects.filter(kind="victim_told").of(row).latest("pk")


@pytest.fixture
def victim(people: People) -> Victim:
    row = make.victim(at=BAILED - timedelta(days=30))
    return services.set_responsible(
        victim_id=row.pk,
        person=people("officer"),
        actor=people("supervisor"),
        at=BAILED - timedelta(days=29),
    )


def test_what_happened_is_told_within_one_working_day_by_who_answers_for_contact(
    victim: Victim, people: People
) -> None:
    [row] = owe(news(victim))
    assert (row.state, row.owner, row.team) == (State.OWED, people("officer"), team("response"))
    monday = BAILED + timedelta(days=3)
    assert row.due_at == monday
    clock = clock_of(row)
    assert (clock.due_at, clock.owner, clock.team) == (monday, row.owner, row.team)
    assert clock.subject_reference == victim.reference
    assert "1 working day from the event, 20 Nov 2026 16:10" in clock.basis
    event = AuditEvent.objects.get(verb="victim.update_owed")
    assert event.headline == "To be told: released on bail, 20 Nov 2026, 16:10"


def test_while_nobody_has_the_duty_the_leader_of_the_team_is_named(people: People) -> None:
    people("supervisor")
    [row] = owe(news(make.victim(at=BAILED)))
    assert row.owner == people("supervisor")


def test_what_is_to_come_is_told_before_it(victim: Victim) -> None:
    release = BAILED + timedelta(days=5)
    [row] = owe(news(victim, about="release_ahead", happened_at=release, before=True))
    assert row.due_at == clock_of(row).due_at == release
    assert clock_of(row).started_at == BAILED


def test_announced_twice_it_is_owed_once(victim: Victim) -> None:
    [row] = owe(news(victim))
    assert owe(news(victim), news(victim), at=BAILED + timedelta(hours=1)) == [row]
    assert VictimUpdate.objects.count() == Deadline.objects.count() == 1
    assert VictimUpdate.objects.get().version == 1
    assert AuditEvent.objects.filter(verb__startswith="victim.update").count() == 1


def test_what_moves_while_it_is_owed_takes_its_clock_along(victim: Victim) -> None:
    release = BAILED + timedelta(days=5)
    ahead = news(victim, about="release_ahead", happened_at=release, before=True)
    [row] = owe(ahead)
    later = release + timedelta(days=2)
    assert owe(replace(ahead, happened_at=later, words="Moved to Friday")) == [row]
    row.refresh_from_db()
    assert (row.happened_at, row.due_at, row.words) == (later, later, "Moved to Friday")
    assert (clock_of(row).due_at, clock_of(row).round) == (later, 2)
    assert VictimUpdate.objects.count() == 1


def settle(row: VictimUpdate, at: datetime) -> None:
    VictimUpdate.objects.filter(pk=row.pk).update(
        state=State.TOLD, settled_at=at, settled_by=persona("officer")
    )


def test_what_moves_after_it_was_told_is_told_again_and_so_is_what_moves_back(
    victim: Victim,
) -> None:
    release = BAILED + timedelta(days=5)
    ahead = news(victim, about="release_ahead", happened_at=release, before=True)
    [first] = owe(ahead)
    settle(first, BAILED)
    assert owe(ahead) == []
    later = replace(ahead, happened_at=release + timedelta(days=1))
    [second] = owe(later, at=BAILED + timedelta(hours=1))
    assert second.pk != first.pk
    settle(second, BAILED + timedelta(hours=2))
    assert owe(ahead, at=BAILED + timedelta(hours=3)) == [first]
    first.refresh_from_db()
    assert (first.state, first.settled_at) == (State.OWED, None)


def test_moved_back_before_anybody_was_told_of_it_nothing_more_is_owed(victim: Victim) -> None:
    release = BAILED + timedelta(days=5)
    ahead = news(victim, about="release_ahead", happened_at=release, before=True)
    [first] = owe(ahead)
    settle(first, BAILED)
    later = replace(ahead, happened_at=release + timedelta(days=1))
    [second] = owe(later, at=BAILED + timedelta(hours=1))
    assert owe(ahead, at=BAILED + timedelta(hours=2)) == []
    second.refresh_from_db()
    assert (second.state, second.outcome) == (
        State.FALLEN_AWAY,
        "It is again as it was before.",
    )
    assert second.settled_by == persona("custody_system")
    assert clock_of(second).state == "cancelled"


def test_what_is_no_longer_so_falls_away_with_its_clock_and_may_come_back(victim: Victim) -> None:
    [row] = owe(news(victim))
    gone = partial(
        withdraw_updates,
        source_type="perpetrators.custodyevent",
        source_ids=[7],
        because="Recorded in error",
        actor=persona("custody"),
        at=BAILED + timedelta(hours=1),
    )
    assert gone(abouts=["charge"]) == 0
    assert (gone(), gone()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.FALLEN_AWAY, "Recorded in error")
    assert (clock_of(row).state, Deadline.objects.open().count()) == ("cancelled", 0)
    [again] = owe(news(victim), at=BAILED + timedelta(hours=2))
    assert again == row
    assert (clock_of(row).state, Deadline.objects.open().count()) == ("running", 1)


def test_what_was_told_stays_told(victim: Victim) -> None:
    [row] = owe(news(victim))
    settle(row, BAILED)
    told = withdraw_updates(
        source_type="perpetrators.custodyevent",
        source_ids=[7],
        because="Recorded in error",
        actor=persona("custody"),
        at=BAILED,
    )
    assert told == 0
    assert VictimUpdate.objects.get().state == State.TOLD


def test_an_event_reported_late_is_owed_as_late(victim: Victim) -> None:
    at = BAILED + timedelta(days=10)
    [row] = owe(news(victim, is_late=True), at=at)
    assert row.is_late
    assert clock_of(row).due_at == row.due_at < at


@pytest.mark.parametrize(
    ("changes", "field"), [({"about": "weather"}, "about"), ({"words": " "}, "words")]
)
def test_news_that_cannot_be_told_is_refused(
    victim: Victim, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        owe(news(victim, **changes))
    assert refused.value.field == field
    assert not VictimUpdate.objects.exists()


def test_news_of_nobody_is_refused(victim: Victim) -> None:
    with pytest.raises(Victim.DoesNotExist):
        owe(news(victim, victim_id=victim.pk + 1))


def test_a_hundred_pieces_of_news_take_as_many_statements_as_one(people: People) -> None:
    people("supervisor")
    persona("custody_system")
    victims = [make.victim(make.person(family_name=f"Marsh{n}"), at=BAILED) for n in range(12)]
    with CaptureQueriesContext(connection) as one:
        owe(news(victims[0]))
    with CaptureQueriesContext(connection) as many:
        owe(*(news(row, source_id=8 + n) for n, row in enumerate(victims) for _ in range(2)))
    assert VictimUpdate.objects.count() == 13
    assert len(many) == len(one)


@committed
def test_two_that_bring_the_same_news_at_once_owe_it_once(people: People) -> None:
    row = make.victim(at=BAILED)
    people("custody_system")
    results = at_once(*[partial(owe, news(row))] * 2)
    assert [len(result) for result in results] == [1, 1], results
    assert VictimUpdate.objects.count() == Deadline.objects.count() == 1
