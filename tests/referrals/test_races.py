"""Several people at once, on connections of their own: exactly one gets each referral."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError
from deadlines.models import Deadline
from referrals import services
from referrals.models import Referral, ReferralDay
from tests.factories.referrals import a_referral, an_agency, claimed, many, shared
from tests.marks import committed
from tests.personas import person

HOUR = timedelta(hours=1)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run the steps on a thread and connection each, started together; what each gave or raised."""
    gate = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        try:
            gate.wait(10)
            return step()
        except (DomainError, PermissionDenied) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def more_workers(count: int) -> list[User]:
    team, groups = person("worker").team, list(person("worker").groups.all())
    users = [User.objects.create_user(f"w{n}", name=f"W {n}", team=team) for n in range(count)]
    for user in users:
        user.groups.set(groups)
    return users


@committed
def test_two_claim_one_and_the_loser_is_told_who_has_it(at: datetime) -> None:
    referral = a_referral(at - HOUR)
    first, second = person("worker"), person("worker_b")
    results = at_once(
        *(
            lambda user=user: services.claim(referral_id=referral.pk, actor=user, at=at)  # type: ignore[misc]
            for user in (first, second)
        )
    )
    won = [one for one in results if isinstance(one, Referral)]
    lost = [one for one in results if isinstance(one, AlreadyTaken)]
    assert (len(won), len(lost)) == (1, 1)
    assert f"{won[0].claimed_by} has {referral.reference}" in lost[0].message
    assert AuditEvent.objects.filter(verb="referral.claimed").count() == 1
    assert Deadline.objects.get(kind="referral").owner == won[0].claimed_by


@committed
def test_the_second_waits_for_the_first_and_is_then_refused(at: datetime) -> None:
    """Not by luck of timing: the first holds its transaction open until the second has begun."""
    referral = a_referral(at - HOUR)
    first, second = person("worker"), person("worker_b")
    has_claimed, may_commit = threading.Event(), threading.Event()

    def claims_first() -> object:
        with transaction.atomic():
            given = services.claim(referral_id=referral.pk, actor=first, at=at)
            has_claimed.set()
            may_commit.wait(10)
        return given

    def claims_second() -> object:
        has_claimed.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        return services.claim(referral_id=referral.pk, actor=second, at=at)

    won, lost = at_once(claims_first, claims_second)
    assert isinstance(won, Referral)
    assert isinstance(lost, AlreadyTaken)
    assert "M. Castellanos has" in lost.message


@committed
def test_eight_who_claim_next_get_eight_different_ones(at: datetime) -> None:
    # Each has its own victim: the victim's record is part of what is locked.
    rows = [a_referral(at - timedelta(minutes=n + 1)) for n in range(8)]
    results = at_once(
        *(
            lambda user=user: services.claim_next(actor=user, at=at)  # type: ignore[misc]
            for user in more_workers(8)
        )
    )
    assert {one.pk for one in results if isinstance(one, Referral)} == {row.pk for row in rows}
    assert Referral.objects.filter(state="claimed").count() == 8
    assert Referral.objects.values("claimed_by").distinct().count() == 8


@committed
def test_claim_next_passes_over_what_somebody_is_just_taking(at: datetime) -> None:
    first, second = a_referral(at - 2 * HOUR), a_referral(at - HOUR)
    worker, other = person("worker"), person("worker_b")
    held, done = threading.Event(), threading.Event()

    def holds_the_first() -> object:
        with transaction.atomic():
            Referral.objects.select_for_update().get(pk=first.pk)
            held.set()
            done.wait(10)
        return None

    def takes_the_next() -> object:
        held.wait(10)
        try:
            return services.claim_next(actor=worker, at=at)
        finally:
            done.set()

    _, taken = at_once(holds_the_first, takes_the_next)
    assert isinstance(taken, Referral)
    assert taken.pk == second.pk
    assert services.claim_next(actor=other, at=at).pk == first.pk


@committed
def test_eight_claims_of_one_victims_referrals_never_share_one(at: datetime) -> None:
    many(8, at - HOUR)
    users = more_workers(8)
    for _ in range(8):
        at_once(
            *(
                lambda user=user: services.claim_next(actor=user, at=at)  # type: ignore[misc]
                for user in users
            )
        )
    assert not Referral.objects.filter(state="waiting").exists()
    assert AuditEvent.objects.filter(verb="referral.claimed").count() == 8


@committed
def test_finishing_and_handing_over_at_once(at: datetime) -> None:
    """Whichever comes first, the other is refused and nothing is half done."""
    for _ in range(4):
        referral = claimed(a_referral(at - HOUR), at)
        worker, other = person("worker"), person("worker_b")
        finished, handed = at_once(
            lambda referral=referral, worker=worker: services.complete(  # type: ignore[misc]
                referral_id=referral.pk,
                outcome="owner_named",
                words="Named.",
                version=referral.version,
                actor=worker,
                at=at,
            ),
            lambda referral=referral, worker=worker, other=other: services.hand_over(  # type: ignore[misc]
                referral_id=referral.pk, to=other, actor=worker, at=at
            ),
        )
        referral.refresh_from_db()
        deadline = Deadline.objects.get(kind="referral", subject_id=referral.pk)
        if isinstance(finished, Referral):
            assert isinstance(handed, DomainError)
            assert (referral.state, referral.claimed_by) == ("completed", worker)
            assert deadline.state == Deadline.State.MET
        else:
            assert isinstance(finished, PermissionDenied)
            assert (referral.state, referral.claimed_by) == ("claimed", other)
            assert (deadline.state, deadline.owner) == (Deadline.State.RUNNING, other)
    services.rebuild_tallies()
    done = Referral.objects.filter(state="completed").count()
    assert sum(ReferralDay.objects.values_list("done", flat=True)) == done


@committed
def test_two_sharings_with_one_agency_leave_one(at: datetime) -> None:
    referral = claimed(a_referral(at - HOUR), at)
    an_agency()
    results = at_once(*[lambda: shared(referral, at)] * 2)
    assert [type(one).__name__ for one in results if isinstance(one, Exception)] == ["AlreadyTaken"]
    assert referral.sharings.count() == 1


@committed
def test_tallies_of_many_at_once_lose_nothing(at: datetime) -> None:
    rows = [a_referral(at - timedelta(minutes=n + 1)) for n in range(8)]
    for row in rows:
        claimed(row, at)
    worker = person("worker")
    at_once(
        *(
            lambda row=row: services.complete(  # type: ignore[misc]
                referral_id=row.pk,
                outcome="owner_named",
                words="Named.",
                version=2,
                actor=worker,
                at=at,
            )
            for row in rows
        )
    )
    day = ReferralDay.objects.get(day=at.date())
    assert (day.arrived, day.done, day.done_in_time) == (8, 8, 8)


@committed
def test_a_batch_against_claims_of_the_same_rows(at: datetime) -> None:
    """Each row has one worker, and the batch says of each lost one who has it."""
    rows = many(6, at - HOUR)
    ticked = [services.Ticked(row.reference, row.version) for row in rows]
    first, *others = more_workers(4)
    results, *claims = at_once(
        lambda: services.batch(act="claim", ticked=ticked, actor=first, at=at),
        *(
            lambda user=user, row=row: services.claim(  # type: ignore[misc]
                referral_id=row.pk, actor=user, at=at
            )
            for user, row in zip(others, rows[::-1], strict=False)
        ),
    )
    assert isinstance(results, list)
    has = dict(Referral.objects.values_list("reference", "claimed_by__name"))
    assert None not in has.values()
    for one in results:
        assert one.is_done == (has[one.reference] == first.name)
        assert one.is_done or f"{has[one.reference]} has {one.reference}" in one.words
    won = [one for one in claims if isinstance(one, Referral)]
    assert len(won) + sum(one.is_done for one in results) == len(rows)
    assert AuditEvent.objects.filter(verb="referral.claimed").count() == len(rows)
