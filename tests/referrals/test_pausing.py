"""The clock of a referral stands still and runs again; why a referral is late is said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from core.models import PolicyVersion
from deadlines.models import Deadline
from referrals import services
from referrals.models import Referral, ReferralPause
from tests.factories.referrals import a_referral, claimed, completed
from tests.personas import PEOPLE, person

HOUR = timedelta(hours=1)


@pytest.fixture
def mine(db: None, at: datetime) -> Referral:
    return claimed(a_referral(at), at)


@pytest.fixture
def late(db: None, at: datetime) -> Referral:
    return claimed(a_referral(at - 80 * HOUR), at - HOUR)


def paused(referral: Referral, at: datetime, **changes: Any) -> ReferralPause:
    said = {
        "reason": "other_force",
        "words": "Northmoor was asked for her history.",
        "actor": person("worker"),
        **changes,
    }
    return services.pause(referral_id=referral.pk, at=at, **said)


def clock_of(referral: Referral) -> Deadline:
    return Deadline.objects.get(kind="referral", subject_id=referral.pk)


def test_the_clock_stands_still_and_runs_on_by_as_much(mine: Referral, at: datetime) -> None:
    due = mine.due_at
    pause = paused(mine, at + HOUR)
    mine.refresh_from_db()
    clock = clock_of(mine)
    assert (mine.paused_at, clock.paused_at, clock.look_at) == (at + HOUR, at + HOUR, None)
    services.resume(referral_id=mine.pk, actor=person("worker"), at=at + 27 * HOUR)
    mine.refresh_from_db()
    pause.refresh_from_db()
    clock = clock_of(mine)
    assert (mine.paused_at, clock.paused_at) == (None, None)
    assert mine.due_at == clock.due_at == due + 26 * HOUR
    assert (pause.until_at, pause.until_by) == (at + 27 * HOUR, person("worker"))
    assert clock.basis.endswith("and 26 h 00 min of pauses")
    said = list(
        AuditEvent.objects.filter(subject=mine.reference, verb__startswith="referral.")
        .order_by("pk")
        .values_list("headline", flat=True)
    )
    assert said[-2:] == [
        "Clock stands still: another force was asked and has not answered",
        "Clock runs again after 26 h 00 min",
    ]


def test_while_it_stands_still_it_is_never_over(mine: Referral, at: datetime) -> None:
    paused(mine, at)
    later = mine.due_at + 100 * HOUR
    assert not Referral.objects.overdue(later).exists()
    with pytest.raises(DomainError, match="not over its time"):
        services.say_why_late(
            referral_id=mine.pk,
            late_because="partner",
            late_reason="They were slow.",
            actor=person("worker"),
            at=later,
        )


def test_finishing_runs_the_clock_first(mine: Referral, at: datetime) -> None:
    pause = paused(mine, at + HOUR)
    mine.refresh_from_db()
    done = completed(mine, at + 100 * HOUR, late_because="", late_reason="")
    pause.refresh_from_db()
    assert (done.paused_at, done.late_reason) == (None, "")
    assert done.due_at == at + (72 + 99) * HOUR
    assert (pause.until_at, clock_of(mine).state) == (at + 100 * HOUR, "met")


@pytest.mark.parametrize("who", PEOPLE)
def test_who_stops_and_starts_it(mine: Referral, at: datetime, who: str) -> None:
    if who in {"worker", "manager"}:
        paused(mine, at, actor=person(who))
        services.resume(referral_id=mine.pk, actor=person(who), at=at + HOUR)
        return
    with pytest.raises(PermissionDenied):
        paused(mine, at, actor=person(who))
    paused(mine, at)
    with pytest.raises(PermissionDenied):
        services.resume(referral_id=mine.pk, actor=person(who), at=at + HOUR)
    assert ReferralPause.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"reason": "abroad"}, "reason", "Another force .*; A partner .*; The victim is in hosp"),
        ({"reason": "holiday"}, "reason", "only for these"),
        ({"reason": ""}, "reason", "only for these"),
        ({"words": " "}, "words", "."),
        ({"words": "x" * 1_001}, "words", "."),
    ],
)
def test_a_reason_that_policy_does_not_allow_is_refused_naming_those(
    mine: Referral, at: datetime, changes: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        paused(mine, at, **changes)
    assert refusal.value.field == field
    assert not ReferralPause.objects.exists()
    assert clock_of(mine).paused_at is None


def test_what_policy_allows_is_read_at_the_instant(mine: Referral, at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at + HOUR,
        values={"pause_reasons": ["abroad"]},
        author=person("head"),
        reason="Agreed with partners.",
        recorded_at=at,
    )
    with pytest.raises(InvalidInput):
        paused(mine, at + 2 * HOUR)
    paused(mine, at + 2 * HOUR, reason="abroad")


def test_refusals_of_state(mine: Referral, at: datetime) -> None:
    worker = person("worker")
    with pytest.raises(DomainError, match="running already"):
        services.resume(referral_id=mine.pk, actor=worker, at=at)
    paused(mine, at)
    with pytest.raises(DomainError, match="stands still already"):
        paused(mine, at + HOUR)
    services.resume(referral_id=mine.pk, actor=worker, at=at)
    with pytest.raises(DomainError, match="time is over"):
        paused(mine, at + 73 * HOUR)
    mine.refresh_from_db()
    completed(mine, at)
    with pytest.raises(DomainError, match="was finished"):
        paused(mine, at)
    assert ReferralPause.objects.count() == 1


# Why it is late


def test_why_late_is_said_before_the_end_and_stands(late: Referral, at: datetime) -> None:
    services.say_why_late(
        referral_id=late.pk,
        late_because="partner",
        late_reason="Housing never rang back.",
        actor=person("worker"),
        at=at,
    )
    late.refresh_from_db()
    done = completed(late, at, late_because="", late_reason="")
    assert (done.late_because, done.late_reason) == ("partner", "Housing never rang back.")
    event = AuditEvent.objects.get(verb="referral.late_explained")
    assert event.headline == "Why it is late: another agency's answer was missing"


def test_what_is_said_at_the_end_replaces_it(late: Referral, at: datetime) -> None:
    said = {"late_because": "partner", "late_reason": "Housing.", "actor": person("worker")}
    for _ in range(2):
        services.say_why_late(referral_id=late.pk, at=at, **said)
    assert AuditEvent.objects.filter(verb="referral.late_explained").count() == 1
    late.refresh_from_db()
    done = completed(late, at)
    assert (done.late_because, done.late_reason) == ("too_many", "Nobody was on duty.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"late_because": ""}, "late_because"),
        ({"late_because": "rain"}, "late_because"),
        ({"late_reason": " "}, "late_reason"),
        ({"late_reason": "x" * 10_001}, "late_reason"),
    ],
)
def test_both_are_asked_for(
    late: Referral, at: datetime, changes: dict[str, str], field: str
) -> None:
    said = {"late_because": "partner", "late_reason": "Housing.", **changes}
    with pytest.raises(InvalidInput) as refusal:
        services.say_why_late(referral_id=late.pk, actor=person("worker"), at=at, **said)
    assert refusal.value.field == field
    with pytest.raises(InvalidInput) as refusal:
        completed(late, at, **said)
    assert refusal.value.field == field


@pytest.mark.parametrize("who", PEOPLE)
def test_who_says_why(late: Referral, at: datetime, who: str) -> None:
    said = {"late_because": "partner", "late_reason": "Housing.", "actor": person(who), "at": at}
    if who in {"worker", "manager"}:
        assert services.say_why_late(referral_id=late.pk, **said).late_because == "partner"
        return
    with pytest.raises(PermissionDenied):
        services.say_why_late(referral_id=late.pk, **said)


def test_in_time_nothing_is_said(mine: Referral, at: datetime) -> None:
    with pytest.raises(DomainError, match="not over its time"):
        services.say_why_late(
            referral_id=mine.pk,
            late_because="partner",
            late_reason="Housing.",
            actor=person("worker"),
            at=mine.due_at,
        )
