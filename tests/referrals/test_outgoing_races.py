"""Two workers, a worker that dies, and a withdrawal while a message is on its way."""

import json
import socket
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from core import clock
from referrals.models import Outgoing, OutgoingAttempt
from referrals.services.outgoing import owe
from referrals.services.outgoing.calling import Limits
from referrals.services.outgoing.sending import UNDER_WAY, deliver
from tests.deadlines.test_worker import PATIENCE, environment, kill
from tests.factories.outgoing import a_system, answers, hangs, owed
from tests.marks import committed
from tests.personas import person
from tests.referrals.test_races import at_once

SHORT = Limits(connect=1, silence=1, total=2)


@committed
def test_two_workers_never_send_one_message_twice(at: datetime) -> None:
    with a_system(answers(200)) as system:
        for _ in range(6):
            owed(at, url=system.url)
        at_once(*[lambda: deliver(at=at, limits=SHORT)] * 2)
    keys = [asked.key for asked in system.received]
    assert len(keys) == len(set(keys)) == 6
    assert Outgoing.objects.filter(state="sent", attempts=1).count() == 6


@committed
def test_while_one_worker_waits_for_an_answer_the_other_passes_it_over(at: datetime) -> None:
    """And the row is free: the call is made outside any transaction."""
    free: list[bool] = []

    def look(line: socket.socket, over: threading.Event) -> None:
        try:
            with transaction.atomic():
                row = Outgoing.objects.select_for_update(nowait=True).get()
                free.append(row.try_at is not None and row.try_at > at)
            deliver(at=at, limits=SHORT)
        finally:
            connection.close()
        answers(200)(line, over)

    with a_system(look) as system:
        owed(at, url=system.url)
        deliver(at=at, limits=SHORT)
    assert free == [True]
    assert len(system.received) == 1
    assert Outgoing.objects.get().state == "sent"


@committed
def test_withdrawn_while_it_is_on_its_way(at: datetime) -> None:
    """It stays dropped though it arrived, and what takes it back follows."""

    def withdraw(line: socket.socket, over: threading.Event) -> None:
        try:
            sharing = Outgoing.objects.get().sharing
            sharing.withdrawn_at, sharing.withdrawn_by = at, person("worker")
            sharing.withdrawn_because = "Wrong agency"
            with transaction.atomic():
                sharing.save()
                owe(sharing=sharing, about="withdrawn", at=at)
        finally:
            connection.close()
        answers(200)(line, over)

    with a_system(withdraw, answers(200)) as system:
        message = owed(at, url=system.url)
        deliver(at=at, limits=SHORT)
        message.refresh_from_db()
        assert message.state == "dropped"
        assert OutgoingAttempt.objects.get(message=message).status == 200
        deliver(at=at + timedelta(minutes=1), limits=SHORT)
    types = [json.loads(asked.body)["type"] for asked in system.received]
    assert types == ["sharing.shared", "sharing.withdrawn"]


#: What a worker runs; it is killed while the other side keeps it waiting.
A_WORKER = (
    "import django; django.setup(); from core import clock; "
    "from referrals.services.outgoing.sending import deliver; deliver(at=clock.now())"
)


@pytest.mark.worker
@committed
def test_a_worker_that_dies_in_mid_send_loses_nothing_and_nothing_is_sent_in_a_loop() -> None:
    now = clock.now()
    with a_system(hangs, answers(200)) as system:
        message = owed(now, url=system.url)
        process = subprocess.Popen(
            [sys.executable, "-c", A_WORKER],
            env=environment(),
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )
        try:
            assert system.called.wait(PATIENCE)
        finally:
            kill(process)
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("waiting", 1)
        assert OutgoingAttempt.objects.get().words == UNDER_WAY
        assert message.try_at is not None
        assert message.try_at - now > timedelta(seconds=60)
        deliver(at=message.try_at - timedelta(seconds=1))
        assert len(system.received) == 1, "not before its next instant"
        deliver(at=message.try_at)
    assert [asked.key for asked in system.received] == [message.key] * 2
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


@pytest.mark.django_db
def test_a_worker_that_dies_at_the_last_attempt_leaves_it_in_the_open(at: datetime) -> None:
    message = owed(at)
    Outgoing.objects.update(attempts=8)
    deliver(at=at)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 8)
    assert "nobody knows whether it arrived" in message.last_words
