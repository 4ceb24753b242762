"""Somebody is away: what is due from them is due from whoever stands in, and both are told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Absence, User
from core import clock
from deadlines import services
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from tests.factories.deadlines import duty
from tests.personas import person

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def away(who: str, cover: str, at: datetime, hours: float = 24) -> Absence:
    return Absence.objects.create(
        person=person(who),
        cover=person(cover),
        from_at=at,
        until_at=at + hours * HOUR,
        recorded_by=person(who),
        recorded_at=at,
    )


def told() -> set[str]:
    return set(Notification.objects.values_list("user__username", flat=True))


def test_warnings_go_to_both(at: datetime) -> None:
    duty(started_at=at)
    away("officer", "officer_b", at)
    sweep(at=at + 5 * HOUR)
    assert told() == {"officer", "officer_b"}


def test_before_and_after_the_absence_to_one(at: datetime) -> None:
    duty(started_at=at)
    away("officer", "officer_b", at, hours=5)
    away("officer", "worker", at + 9 * HOUR)
    sweep(at=at + 5 * HOUR)
    assert told() == {"officer"}


def test_who_stands_in_and_has_left_or_is_away_is_not_told(at: datetime) -> None:
    duty(started_at=at)
    away("officer", "officer_b", at)
    away("officer_b", "worker", at)
    sweep(at=at + 5 * HOUR)
    assert told() == {"officer"}
    Absence.objects.filter(person=person("officer_b")).delete()
    User.objects.filter(pk=person("officer_b").pk).update(is_active=False)
    sweep(at=at + 8 * HOUR)
    assert told() == {"officer"}


def test_who_stands_in_for_the_leader_hears_of_the_ladder(at: datetime) -> None:
    person("supervisor")
    duty(started_at=at)
    away("supervisor", "worker", at)
    sweep(at=at + 14 * HOUR)
    assert told() >= {"supervisor", "worker"}


def test_messages_go_to_both(at: datetime) -> None:
    away("officer", "officer_b", at)
    services.notify(
        users=[person("officer")],
        level=Notification.Level.INFORMATION,
        headline="Something happened",
        reference="VR-2026-000001",
        path="/waiting/",
        victim_id=None,
        at=at,
    )
    assert told() == {"officer", "officer_b"}


def test_what_i_stand_in_for_waits_for_me(at: datetime, people: Callable[[str], User]) -> None:
    _, row = duty(started_at=at)
    waiting = Deadline.objects.waiting_for
    assert not waiting(people("worker"), at).filter(pk=row.pk).exists()
    absence = away("officer", "worker", at)
    assert waiting(people("worker"), at).filter(pk=row.pk).exists()
    assert waiting(people("officer"), at).filter(pk=row.pk).exists()
    assert not waiting(people("worker"), absence.until_at).filter(pk=row.pk).exists()
    away("worker", "worker_b", at)
    assert not waiting(people("worker"), at).filter(pk=row.pk).exists()


def test_the_page_says_for_whom(sign_in: Callable[[str], Client]) -> None:
    now = clock.now()
    duty(started_at=now)
    away("officer", "worker", now - HOUR)
    page = sign_in("worker").get("/waiting/").content.decode()
    assert "you, for PC 2210 T. Hale" in page
