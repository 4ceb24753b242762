"""The look ahead against what moves the release it looks at, and against calls: two connections."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from deadlines.models import Deadline
from perpetrators.models import ExpectedRelease, ReleaseWatch
from perpetrators.services import releases
from perpetrators.services.receiving import receive
from perpetrators.services.releases import join_releases, look_ahead
from risk.models import ReassessmentReason
from tests.factories.custody import AT, couple, custody_event, message
from tests.factories.incidents import in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate
from victims.services import set_responsible

pytestmark = committed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Each on a connection of its own, let go together; what each gave or raised."""
    gate, given = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            given[place] = job()
        except Exception as error:
            given[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return given


@pytest.mark.parametrize("round_", range(3))
def test_the_look_ahead_and_a_message_that_moves_the_release(round_: int) -> None:
    """Whoever is first, in the end everything stands at the new day, once."""
    couple()
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + 20 * DAY)
    now, new = AT + 7 * DAY, AT + 30 * DAY
    actor = person("custody_system")
    moved = message("prison-release-planned", at=now, happened_at=now, release_at=new)
    looked, received = at_once(
        lambda: look_ahead(at=now), lambda: receive(messages=[moved], actor=actor, at=now)
    )
    assert not isinstance(looked, Exception), looked
    assert not isinstance(received, Exception), received
    look_ahead(at=now)
    release = ExpectedRelease.objects.get()
    assert release.expected_at == new
    assert ReleaseWatch.objects.count() == 1
    assert Deadline.objects.get(kind="release_expected").due_at == new + HOUR
    why = ReassessmentReason.objects.filter(trigger="release_planned", fallen_away_at__isnull=True)
    owed = VictimUpdate.objects.filter(about="release_ahead", state="owed")
    # Raised by the look before it moved, or not yet since it is far off again.
    raised = 1 if release.raise_at is None else 0
    assert [one.happened_at for one in why] == [new] * raised
    assert [one.happened_at for one in owed] == [new] * raised


def test_the_look_ahead_and_a_message_that_cancels_it() -> None:
    couple()
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + 20 * DAY)
    now, actor = AT + 7 * DAY, person("custody_system")
    off = message("prison-release-cancelled", at=now, happened_at=now)
    given = at_once(
        lambda: look_ahead(at=now), lambda: receive(messages=[off], actor=actor, at=now)
    )
    assert not [one for one in given if isinstance(one, Exception)]
    look_ahead(at=now + 20 * DAY)
    assert ExpectedRelease.objects.get().state == "cancelled"
    assert not ReassessmentReason.objects.filter(
        trigger__startswith="release", fallen_away_at__isnull=True
    ).exists()
    assert not VictimUpdate.objects.filter(about="release_ahead", state="owed").exists()


def test_two_looks_ahead_at_once_raise_once() -> None:
    couple()
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + 20 * DAY)
    given = at_once(*[lambda: look_ahead(at=AT + 6 * DAY)] * 2)
    assert sum(one.raised for one in given) == 1
    assert ReassessmentReason.objects.filter(trigger="release_planned").count() == 1
    assert VictimUpdate.objects.filter(about="release_ahead").count() == 1


def test_joining_does_not_wait_for_custody_and_is_made_up_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a message about the same person is applied, a call holds victims that it may need."""
    darren, _ = couple()
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + 5 * DAY)
    monkeypatch.setattr(releases, "join_releases", lambda **_: 0)
    row = incident(
        at=AT + DAY,
        people=(
            in_call("victim", given_name="Ella", family_name="Whitcombe"),
            in_call("perpetrator", person_id=darren.pk),
        ),
    )
    ella = row.involvements.get(role="victim").victim
    held, done = threading.Event(), threading.Event()

    def custody_works() -> None:
        try:
            with transaction.atomic():
                Person.objects.select_for_update(no_key=True).get(pk=darren.pk)
                held.set()
                done.wait(60)
        finally:
            connection.close()

    custody = threading.Thread(target=custody_works)
    custody.start()
    assert held.wait(10)
    try:
        assert join_releases(incident_id=row.pk, actor=person("handler"), at=AT + DAY) == 0
    finally:
        done.set()
        custody.join(60)
    assert not ReleaseWatch.objects.filter(victim=ella).exists()
    assert look_ahead(at=AT + DAY + HOUR).joined == 1
    assert ReleaseWatch.objects.filter(victim=ella).exists()


def test_a_risk_passes_on_while_a_message_moves_the_release() -> None:
    """The victim is held before the clocks on both sides: neither waits for the other for ever."""
    leader, officer, sender = person("supervisor"), person("officer_b"), person("custody_system")
    _, victim = couple()
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + 3 * DAY)
    moved = message("prison-release-planned", happened_at=AT, release_at=AT + 4 * DAY)
    given: list[Any] = []

    def receives() -> None:
        try:
            given.extend(receive(messages=[moved], actor=sender, at=AT))
        except Exception as error:
            given.append(error)
        finally:
            connection.close()

    receiving = threading.Thread(target=receives)
    with transaction.atomic():
        Victim.objects.select_for_update(no_key=True).get(pk=victim.pk)
        receiving.start()
        wait_until_blocked()
        set_responsible(victim_id=victim.pk, person=officer, duties=["risk"], actor=leader, at=AT)
    receiving.join(30)
    assert not [one for one in given if isinstance(one, Exception)], given
    row = Deadline.objects.get(kind="release_expected")
    assert (row.owner, row.due_at) == (officer, AT + 4 * DAY + HOUR)


def wait_until_blocked() -> None:
    """Until somebody waits for what this connection holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
