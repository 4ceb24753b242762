"""By when victims are told, and how what is owed ends: told, not reached, or no longer so."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.models import PolicyVersion
from core.policy import ForcePolicy
from core.working_time import LONDON
from deadlines.models import Deadline
from tests.factories import victims as make
from tests.personas import PEOPLE
from tests.personas import person as persona
from tests.victims.telling import BAILED, HOUR, known_victim, logged, news, owed, seen_by, tried
from victims import safe_way, services
from victims.models import Contact, Victim, VictimUpdate
from victims.services.telling import attempts_of, missing_attempts
from victims.services.updates import due_of

People = Callable[[str], User]
State = VictimUpdate.State
DAY = timedelta(days=1)


def wall(*parts: int) -> datetime:
    """A local time, as the force's clocks show it."""
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type, misc]


#: What happened when, and by when it is told: one working day (Victims' Code, enhanced rights).
END = (23, 59, 59, 999_999)
CLOCKS = [
    ("a Wednesday", wall(2026, 11, 25, 15, 0), wall(2026, 11, 26, 15, 0)),
    ("the small hours", wall(2026, 11, 25, 2, 0), wall(2026, 11, 26, 2, 0)),
    ("a Friday: over the weekend", wall(2026, 11, 20, 16, 10), wall(2026, 11, 23, 16, 10)),
    ("a Saturday: Monday is the day", wall(2026, 11, 21, 10, 0), wall(2026, 11, 23, *END)),
    ("a Sunday at two", wall(2026, 11, 22, 2, 0), wall(2026, 11, 23, *END)),
    ("before Good Friday", wall(2026, 4, 2, 12, 0), wall(2026, 4, 7, 12, 0)),
    ("Good Friday: Tuesday is the day", wall(2026, 4, 3, 12, 0), wall(2026, 4, 7, *END)),
    ("Christmas Eve", wall(2026, 12, 24, 9, 0), wall(2026, 12, 29, 9, 0)),
    ("Christmas Day", wall(2026, 12, 25, 9, 0), wall(2026, 12, 29, *END)),
    ("the May bank holiday", wall(2026, 5, 4, 9, 0), wall(2026, 5, 5, *END)),
    # Friday noon is GMT, Monday noon is summer time: an hour less of real time, the same o'clock.
    ("the clocks go forward", wall(2026, 3, 27, 12, 0), wall(2026, 3, 30, 12, 0)),
    ("the clocks go back", wall(2026, 10, 23, 12, 0), wall(2026, 10, 26, 12, 0)),
    ("the hour that is there twice", wall(2026, 10, 25, 1, 30), wall(2026, 10, 26, *END)),
]


@pytest.mark.parametrize(("what", "happened", "due"), CLOCKS, ids=[row[0] for row in CLOCKS])
def test_the_clock_of_the_victims_code(what: str, happened: datetime, due: datetime) -> None:
    at, basis = due_of(happened.astimezone(UTC), ForcePolicy())
    assert at == due
    assert basis.startswith("1 working day from the event, ")
    assert "Victims' Code" in basis


def test_real_time_shrinks_and_grows_with_the_clocks() -> None:
    spans = {what: due.astimezone(UTC) - at.astimezone(UTC) for what, at, due in CLOCKS}
    assert spans["the clocks go forward"] == timedelta(hours=71)
    assert spans["the clocks go back"] == timedelta(hours=73)


def test_what_lies_ahead_is_told_before_it() -> None:
    release = wall(2026, 11, 22, 2, 0)
    at, basis = due_of(release, ForcePolicy(), before=True)
    assert at == release
    assert "for what is to come" in basis


def test_a_force_may_give_more_days(people: People) -> None:
    happened = wall(2026, 11, 20, 16, 10)
    at, basis = due_of(happened, replace(ForcePolicy(), update_working_days=5))
    assert (at, basis[:15]) == (wall(2026, 11, 27, 16, 10), "5 working days ")


@pytest.fixture
def victim(people: People) -> Victim:
    return known_victim()


def give_up(row: VictimUpdate, **changes: object) -> VictimUpdate:
    row.refresh_from_db()
    said = {
        "words": "Her adviser writes to her.",
        "version": row.version,
        "actor": persona("officer"),
        "at": BAILED + 3 * HOUR,
    }
    return services.not_reached(update_id=row.pk, **{**said, **changes})  # type: ignore[arg-type]


def test_after_enough_attempts_it_ends_as_not_reached(victim: Victim, people: People) -> None:
    row = owed(victim)
    tried(victim, row, times=3)
    give_up(row)
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.NOT_REACHED, "Her adviser writes to her.")
    assert (row.settled_by, row.settled_at) == (people("officer"), BAILED + 3 * HOUR)
    clock = Deadline.objects.filter(kind="victim_told").of(row).get()
    assert (clock.state, clock.settled_at) == ("cancelled", BAILED + 3 * HOUR)
    event = AuditEvent.objects.get(verb="victim.update_not_reached")
    assert event.is_grave and "Her adviser writes to her." in event.detail["words"]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (0, "3 more attempts by a safe way are needed .* 0 of 3"),
        (1, "2 more attempts by a safe way are needed .* 1 of 3"),
        (2, "1 more attempt by a safe way is needed .* 2 of 3"),
    ],
)
def test_before_that_it_says_how_many_are_missing(victim: Victim, made: int, words: str) -> None:
    row = owed(victim)
    tried(victim, row, times=made)
    with pytest.raises(DomainError, match=words):
        give_up(row)
    row.refresh_from_db()
    assert row.state == State.OWED


def test_attempts_by_another_way_do_not_count(victim: Victim) -> None:
    row = owed(victim)
    tried(victim, row, times=2)
    third = BAILED + timedelta(days=3)
    tried(victim, row, way="call", other_way_reason="It was urgent.", at=third)
    with pytest.raises(DomainError, match="1 more attempt"):
        give_up(row)


def test_attempts_close_together_are_one(victim: Victim) -> None:
    """Rung three times within the hour, somebody was tried once: policy says how far apart."""
    row = owed(victim)
    for minutes in (0, 5, 59, 3 * 60 - 1):
        tried(victim, row, at=BAILED + timedelta(minutes=minutes))
    with pytest.raises(DomainError, match=r"2 more .* 1 of 3 so far, each at least 4 hours"):
        give_up(row)
    # Four hours after the first that counts, not after the last.
    tried(victim, row, at=BAILED + 4 * HOUR)
    tried(victim, row, at=BAILED + timedelta(days=1))
    assert give_up(row).state == State.NOT_REACHED


def test_attempts_about_something_else_do_not_count(victim: Victim) -> None:
    row = owed(victim)
    tried(victim, times=3)
    with pytest.raises(DomainError, match="3 more attempts"):
        give_up(row)


def test_attempts_begin_anew_when_what_must_be_told_changes(victim: Victim) -> None:
    release = BAILED + timedelta(days=5)
    row = owed(victim, about="release_ahead", happened_at=release, before=True)
    tried(victim, row, times=3)
    later = release + timedelta(days=1)
    owed(victim, about="release_ahead", happened_at=later, before=True, at=BAILED + 3 * DAY)
    with pytest.raises(DomainError, match="3 more attempts"):
        give_up(row)


def test_where_no_safe_way_is_known_attempts_with_a_reason_count(people: People) -> None:
    victim = make.victim(at=BAILED - HOUR)
    row = owed(victim)
    tried(victim, row, times=3, way="visit", seen=0, other_way_reason="No number is known.")
    assert give_up(row).state == State.NOT_REACHED


def _policy(name: str, value: int) -> None:
    PolicyVersion.objects.create(
        effective_from=BAILED - HOUR,
        values={name: value},
        author=persona("head"),
        reason="A trial",
        recorded_at=BAILED - HOUR,
    )


def test_the_force_says_how_many(victim: Victim) -> None:
    _policy("update_attempts", 1)
    row = owed(victim)
    tried(victim, row)
    assert missing_attempts(attempts_of(row), policy.at(BAILED)) == 0
    assert give_up(row).state == State.NOT_REACHED


def test_not_reached_without_words_or_twice_or_stale_is_refused(victim: Victim) -> None:
    row = owed(victim)
    tried(victim, row, times=3)
    with pytest.raises(InvalidInput) as refused:
        give_up(row, words=" ")
    assert refused.value.field == "words"
    with pytest.raises(Stale):
        give_up(row, version=99)
    give_up(row)
    with pytest.raises(AlreadyTaken, match=r"not reached, PC 2210 T\. Hale, 20 Nov 2026, 13:10"):
        give_up(row)
    with pytest.raises(AlreadyTaken):
        logged(victim, row)


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_who_may_say_that_somebody_was_not_reached(
    victim: Victim, people: People, who: str
) -> None:
    row = owed(victim)
    tried(victim, row, times=3)
    if people(who).has_perm("victims.record_contact"):
        seen_by(victim, who)
        assert give_up(row, actor=people(who)).settled_by == people(who)
        return
    with pytest.raises(PermissionDenied):
        give_up(row, actor=people(who))


def test_contact_that_passes_takes_what_is_owed_along(victim: Victim, people: People) -> None:
    row = owed(victim)
    services.set_responsible(
        victim_id=victim.pk,
        person=people("worker"),
        duties=["contact"],
        actor=people("manager"),
        at=BAILED + HOUR,
    )
    row.refresh_from_db()
    clock = Deadline.objects.filter(kind="victim_told").of(row).get()
    worker = people("worker")
    assert (row.owner, row.team) == (clock.owner, clock.team) == (worker, worker.team)
    logged(victim, row, actor=people("officer"))
    assert VictimUpdate.objects.get().state == State.TOLD


# --- Whatever happens ---------------------------------------------------------------------------


def _check(victim: Victim, seed: int) -> None:
    """Owed with an open clock of the same owner, or ended once, with words, and no clock."""
    for row in VictimUpdate.objects.filter(victim=victim):
        clocks = list(Deadline.objects.open().filter(kind="victim_told").of(row))
        if row.state == State.OWED:
            assert [clock.owner_id for clock in clocks] == [row.owner_id], seed
            assert (row.settled_at, row.settled_by, row.outcome) == (None, None, ""), seed
            continue
        assert clocks == [] and row.settled_by and row.outcome, seed
        tries = attempts_of(row)
        if row.state == State.TOLD:
            assert any(one.outcome == "reached" for one in tries), seed
        if row.state == State.NOT_REACHED:
            assert safe_way.how_many(tries, 1) >= 3, seed
            assert not any(one.outcome == "reached" for one in tries), seed
    keys = [
        (row.about, row.source_id)
        for row in VictimUpdate.objects.filter(victim=victim, state=State.OWED)
    ]
    assert len(keys) == len(set(keys)), seed


def _something(chance: random.Random, victim: Victim, at: datetime) -> None:
    source, day = chance.randint(1, 2), timedelta(days=chance.randint(1, 3))
    rows = list(VictimUpdate.objects.filter(victim=victim))
    row = chance.choice(rows) if rows else None
    others = [one for one in rows if chance.random() < 0.5]
    safe = {"way": "they_came"} if chance.random() < 0.3 else {}
    match chance.choice(["owe", "owe", "tell", "try", "try", "try", "give up", "gone", "pass"]):
        case "owe":
            ahead = {"about": "release_ahead", "before": True, "happened_at": BAILED + day}
            owed(victim, at=at, source_id=source, **(ahead if chance.random() < 0.6 else {}))
        case "tell" if others:
            logged(victim, *others, at=at, **safe)
        case "try" if row:
            tried(victim, row, at=at)
        case "give up" if row:
            give_up(row, at=at)
        case "gone":
            services.withdraw_updates(
                source_type=news(victim).source_type,
                source_ids=[source],
                because="Recorded in error",
                actor=persona("custody"),
                at=at,
            )
        case "pass":
            who = persona(chance.choice(["officer", "worker", "officer_b"]))
            services.set_responsible(victim_id=victim.pk, person=who, actor=who, at=at)


@pytest.mark.parametrize("seed", range(15))
def test_whatever_happens_each_ends_once_and_with_words(people: People, seed: int) -> None:
    chance, victim = random.Random(seed), known_victim(hours="")
    _policy("attempt_hours_apart", 1)
    for step in range(40):
        with suppress(DomainError, IndexError):
            _something(chance, victim, BAILED + HOUR + step * HOUR)
        _check(victim, seed)
    assert Contact.objects.exists()
