"""Duties that are offered, answered and given; at no moment nobody has them."""

import itertools
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.cover import away_at
from accounts.models import Absence, User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from tests.factories import victims
from tests.marks import committed
from tests.personas import person
from victims import services
from victims.duties import named
from victims.models import Duty, Handover, Victim, VictimUpdate

People = Callable[[str], User]
State = Handover.State

with_database = pytest.mark.django_db


def _held(at: datetime, by: str = "officer") -> Victim:
    row = victims.victim(at=at)
    services.set_responsible(victim_id=row.pk, person=person(by), actor=person(by), at=at)
    row.refresh_from_db()
    return row


def _offered(row: Victim, at: datetime, *, to: str = "officer_b", duty: str = "risk") -> Handover:
    return services.hand_over(
        victim_id=row.pk,
        duty=duty,
        to=person(to),
        words="Court on Friday; she is afraid of his brother.",
        actor=person("officer"),
        at=at,
    )


@with_database
def test_until_it_is_taken_the_giver_has_it(people: People, at: datetime) -> None:
    row = _held(at)
    offer = _offered(row, at)
    row.refresh_from_db()
    assert row.risk_owner == people("officer")
    clock = Deadline.objects.get(kind="handover", subject_id=offer.pk)
    assert (clock.owner, clock.due_at) == (people("officer_b"), at + timedelta(hours=24))
    assert Notification.objects.filter(user=people("officer_b")).count() == 1

    services.answer_handover(
        handover_id=offer.pk, takes=True, actor=people("officer_b"), at=at + timedelta(hours=1)
    )
    row.refresh_from_db()
    offer.refresh_from_db()
    clock.refresh_from_db()
    assert row.risk_owner == people("officer_b")
    assert (row.contact_owner, row.plan_owner) == (people("officer"), people("officer"))
    assert (offer.state, clock.state) == (State.TAKEN, Deadline.State.MET)
    verbs = AuditEvent.objects.filter(victim_id=row.pk).values_list("verb", flat=True)
    assert {"handover.offered", "handover.taken", "victim.responsible_set"} <= set(verbs)


@with_database
def test_declined_with_words_it_stays(people: People, at: datetime) -> None:
    row = _held(at)
    offer = _offered(row, at)
    with pytest.raises(InvalidInput) as refused:
        services.answer_handover(
            handover_id=offer.pk, takes=False, actor=people("officer_b"), at=at
        )
    assert refused.value.field == "words"
    services.answer_handover(
        handover_id=offer.pk, takes=False, words="On leave.", actor=people("officer_b"), at=at
    )
    row.refresh_from_db()
    assert row.risk_owner == people("officer")
    with pytest.raises(DomainError, match="over: declined"):
        services.answer_handover(handover_id=offer.pk, takes=True, actor=people("officer_b"), at=at)


@with_database
@pytest.mark.parametrize("who", ["officer", "worker", "handler", "supervisor", "nobody"])
def test_only_whom_it_is_offered_to_answers(people: People, at: datetime, who: str) -> None:
    offer = _offered(_held(at), at)
    with pytest.raises(PermissionDenied):
        services.answer_handover(handover_id=offer.pk, takes=True, actor=people(who), at=at)


@with_database
@pytest.mark.parametrize("who", ["officer_b", "worker", "handler", "manager", "custody", "nobody"])
def test_nobody_gives_what_is_not_theirs(people: People, at: datetime, who: str) -> None:
    row = _held(at)
    people("supervisor")
    with pytest.raises(PermissionDenied):
        services.hand_over(
            victim_id=row.pk,
            duty="risk",
            to=people("worker_b"),
            words="x",
            actor=people(who),
            at=at,
        )
    seen = services.Held(row.pk, "risk", people("officer").pk)
    with pytest.raises(PermissionDenied):
        services.assign(rows=[seen], to=people("worker_b"), words="x", actor=people(who), at=at)


@with_database
@pytest.mark.parametrize("to", ["handler", "auditor", "custody", "nobody", "idva_b", "officer"])
def test_it_is_offered_only_to_who_can_have_it(people: People, at: datetime, to: str) -> None:
    row = _held(at)
    with pytest.raises(InvalidInput) as refused:
        _offered(row, at, to=to)
    assert refused.value.field == "to"
    left = people("worker")
    User.objects.filter(pk=left.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="no longer works here"):
        _offered(row, at, to="worker")


@with_database
def test_one_offer_at_a_time(people: People, at: datetime) -> None:
    row = _held(at)
    offer = _offered(row, at)
    with pytest.raises(DomainError, match=r"L\. Moss already"):
        _offered(row, at, to="worker")
    services.withdraw_handover(
        handover_id=offer.pk, reason="She is on leave.", actor=people("officer"), at=at
    )
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    assert Deadline.objects.get(kind="handover").state == Deadline.State.CANCELLED
    _offered(row, at, to="worker")


@with_database
def test_a_stranger_withdraws_nothing(people: People, at: datetime) -> None:
    offer = _offered(_held(at), at)
    people("supervisor")
    with pytest.raises(PermissionDenied):
        services.withdraw_handover(
            handover_id=offer.pk, reason="No.", actor=people("worker"), at=at
        )


@with_database
def test_an_offer_is_over_when_the_duty_passes_otherwise(people: People, at: datetime) -> None:
    row = _held(at)
    offer = _offered(row, at)
    services.set_responsible(
        victim_id=row.pk, person=people("worker"), actor=people("worker"), at=at
    )
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    assert not Deadline.objects.open().filter(kind="handover").exists()


@with_database
def test_closing_ends_offers_and_a_closed_case_is_not_handed_over(
    people: People, at: datetime
) -> None:
    row = _held(at)
    offer = _offered(row, at)
    services.close_case(victim_id=row.pk, reason="Done.", actor=people("supervisor"), at=at)
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    with pytest.raises(DomainError, match="closed"):
        _offered(row, at)


@with_database
def test_what_must_be_told_goes_with_contact(people: People, at: datetime) -> None:
    row = _held(at)
    update = VictimUpdate.objects.create(
        victim=row,
        about="bail",
        words="Released on bail",
        happened_at=at,
        recorded_at=at,
        due_at=at + timedelta(hours=24),
        team=row.contact_team,
        owner=row.contact_owner,
        source_type="accounts.user",
        source_id=1,
    )
    services.set_responsible(
        victim_id=row.pk, person=people("worker"), duties=["risk"], actor=people("worker"), at=at
    )
    update.refresh_from_db()
    assert update.owner == people("officer")
    services.set_responsible(
        victim_id=row.pk, person=people("worker"), duties=["contact"], actor=people("worker"), at=at
    )
    update.refresh_from_db()
    assert (update.owner, update.team) == (people("worker"), people("worker").team)


@with_database
def test_a_leader_gives_exactly_the_rows_shown(people: People, at: datetime) -> None:
    row = _held(at)
    leader, officer = people("supervisor"), people("officer")
    rows = [services.Held(row.pk, duty, officer.pk) for duty in ("contact", "risk")]
    given = services.assign(
        rows=rows, to=people("officer_b"), words="He leaves today.", actor=leader, at=at
    )
    row.refresh_from_db()
    assert given == 2
    assert (row.contact_owner, row.risk_owner) == (people("officer_b"), people("officer_b"))
    assert row.plan_owner == officer
    with pytest.raises(DomainError, match="since you opened the list"):
        services.assign(
            rows=[services.Held(row.pk, "plan", officer.pk), rows[0]],
            to=people("worker"),
            words="Again.",
            actor=leader,
            at=at,
        )
    row.refresh_from_db()
    assert row.plan_owner == officer


@with_database
def test_every_leader_gives_what_somebody_left_behind(people: People, at: datetime) -> None:
    row = _held(at)
    left = people("officer")
    User.objects.filter(pk=left.pk).update(is_active=False)
    services.assign(
        rows=[services.Held(row.pk, "risk", left.pk)],
        to=people("worker"),
        words="He left.",
        actor=people("manager"),
        at=at,
    )
    row.refresh_from_db()
    assert row.risk_owner == people("worker")


@with_database
@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_somebody_is_named(people: People, at: datetime, seed: int) -> None:
    """Claims, handovers, people who leave or are away, closings: an open victim has a name."""
    chance = random.Random(seed)
    staff = [people(who) for who in ("officer", "officer_b", "supervisor", "worker", "manager")]
    head, row = people("head"), _held(at)
    for step in range(30):
        now, actor, other = at + timedelta(hours=step), chance.choice(staff), chance.choice(staff)
        with suppress(DomainError, PermissionDenied):
            _something(chance, row, actor, other, head, now)
        row = Victim.objects.get(pk=row.pk)
        for duty in Duty:
            who = named(row, duty, now)
            assert who.person is not None and who.person.is_active, (seed, step, who)
            assert who.team is not None
            if who.person != head:
                assert who.person.pk not in away_at([who.person.pk], now), (seed, step, who)
        _nobody_is_away_twice_or_relied_on_while_away()


def _nobody_is_away_twice_or_relied_on_while_away() -> None:
    """What the services promise, of all absences that there ever were."""
    rows = list(Absence.objects.all())
    for one, other in itertools.permutations(rows, 2):
        if one.person_id in {other.person_id, other.cover_id}:
            assert one.until_at <= other.from_at or other.until_at <= one.from_at, (one, other)


HAPPENINGS = [
    *("claim", "arrive", "release", "offer", "answer"),
    *("leave", "away", "back", "close", "give"),
]


def _something(
    chance: random.Random, row: Victim, actor: User, other: User, head: User, at: datetime
) -> None:
    duty = chance.choice(list(Duty)).value
    offer = Handover.objects.open().filter(victim=row).first()
    match chance.choice(HAPPENINGS):
        case "claim":
            services.set_responsible(victim_id=row.pk, person=actor, actor=actor, at=at)
        case "release":
            services.set_responsible(
                victim_id=row.pk, person=None, team=actor.team, actor=actor, at=at
            )
        case "offer":
            services.hand_over(victim_id=row.pk, duty=duty, to=other, words="x", actor=actor, at=at)
        case "answer" if offer:
            takes = chance.random() < 0.6
            services.answer_handover(
                handover_id=offer.pk, takes=takes, words="x", actor=offer.to_person, at=at
            )
        case "leave":
            User.objects.filter(pk=actor.pk).update(is_active=not actor.is_active)
            actor.is_active = not actor.is_active
        case "away":
            services.arrange_absence(
                person=actor,
                cover=other,
                from_at=at + timedelta(hours=chance.choice([-1, 0, 1])),
                until_at=at + timedelta(hours=chance.choice([2, 5, 9])),
                actor=chance.choice([actor, head]),
                at=at,
            )
        case "back":
            absence = Absence.objects.filter(until_at__gt=at).order_by("pk").first()
            if absence is not None:
                services.end_absence(absence_id=absence.pk, actor=head, at=at)
        case "arrive":
            services.set_responsible(
                victim_id=row.pk,
                person=actor,
                duties=["contact"],
                and_unheld=True,
                actor=actor,
                at=at,
            )
        case "close" if row.closed_at is None:
            services.close_case(victim_id=row.pk, reason="x", actor=head, at=at)
        case "close":
            services.reopen_case(victim_id=row.pk, reason="x", actor=head, at=at)
        case "give":
            holder = getattr(row, f"{duty}_owner_id")
            services.assign(
                rows=[services.Held(row.pk, duty, holder)], to=other, words="x", actor=head, at=at
            )


@committed
def test_two_answers_at_once_are_one(people: People, at: datetime) -> None:
    row = _held(at)
    offer = _offered(row, at)
    taker = people("officer_b")

    def answer(takes: bool) -> str:
        try:
            services.answer_handover(
                handover_id=offer.pk, takes=takes, words="Yes or no.", actor=taker, at=at
            )
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, [True, False])) == ["done", "refused"]
    row.refresh_from_db()
    offer.refresh_from_db()
    assert (row.risk_owner_id == taker.pk) == (offer.state == State.TAKEN)


@committed
def test_two_offers_at_once_are_one(people: People, at: datetime) -> None:
    row = _held(at)
    people("officer_b"), people("worker")

    def offer(to: str) -> str:
        try:
            _offered(row, at, to=to)
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(offer, ["officer_b", "worker"])) == ["done", "refused"]
    assert Handover.objects.open().count() == 1


@committed
def test_a_handover_waits_for_somebody_who_is_just_leaving(people: People, at: datetime) -> None:
    """Who has left takes nothing, even where their answer was on its way."""
    row = _held(at)
    offer = _offered(row, at)
    taker = people("officer_b")
    leaving, answering = threading.Event(), threading.Event()

    def leave() -> None:
        with transaction.atomic():
            User.objects.filter(pk=taker.pk).update(is_active=False)
            leaving.set()
            answering.wait(10)
            time.sleep(0.5)
        connection.close()

    def answer() -> str:
        leaving.wait(10)
        answering.set()
        try:
            services.answer_handover(handover_id=offer.pk, takes=True, actor=taker, at=at)
        except DomainError as refused:
            return refused.message
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        gone, answered = pool.submit(leave), pool.submit(answer)
        gone.result()
        assert answered.result() == f"{taker} no longer works here. Choose somebody else."
    row.refresh_from_db()
    offer.refresh_from_db()
    assert row.risk_owner == people("officer")
    assert offer.state == State.OFFERED


@committed
def test_a_list_waits_for_a_duty_that_is_just_passing_to_another_team(
    people: People, at: datetime
) -> None:
    """What changed while it was waited for is refused in words, not lost from sight."""
    row = _held(at)
    worker, leader, officer = people("worker"), people("supervisor"), people("officer")
    people("officer_b")
    passing, asking = threading.Event(), threading.Event()

    def claim() -> None:
        with transaction.atomic():
            services.set_responsible(victim_id=row.pk, person=worker, actor=worker, at=at)
            passing.set()
            asking.wait(10)
            time.sleep(0.5)
        connection.close()

    def give() -> str:
        passing.wait(10)
        asking.set()
        try:
            seen = services.Held(row.pk, "risk", officer.pk)
            services.assign(
                rows=[seen], to=people("officer_b"), words="He leaves.", actor=leader, at=at
            )
        except (DomainError, PermissionDenied) as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(2) as pool:
        claimed, given = pool.submit(claim), pool.submit(give)
        claimed.result()
        assert given.result() == "PermissionDenied"
    row.refresh_from_db()
    assert row.risk_owner == worker
