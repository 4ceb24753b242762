"""Handovers that meet: two at once are one, and a list waits for what is just passing."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from core.errors import DomainError
from tests.marks import committed
from tests.victims.handing_over import held, offered
from victims import services
from victims.models import Handover

People = Callable[[str], User]
State = Handover.State


@committed
def test_two_answers_at_once_are_one(people: People, at: datetime) -> None:
    row = held(at)
    offer = offered(row, at)
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
    row = held(at)
    people("officer_b"), people("worker")

    def offer(to: str) -> str:
        try:
            offered(row, at, to=to)
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
    row = held(at)
    offer = offered(row, at)
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
    row = held(at)
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
