"""Closing a victim's case and opening it again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from tests.factories import victims
from tests.victims.helpers import due
from victims import services
from victims.models import Victim

People = Callable[[str], User]

pytestmark = pytest.mark.django_db


def _closed(at: datetime, people: People) -> Victim:
    row = victims.victim(at=at)
    return services.close_case(
        victim_id=row.pk, reason="She moved abroad; nothing since.", actor=people("manager"), at=at
    )


def test_a_leader_closes_a_case_with_words(people: People, at: datetime) -> None:
    row = _closed(at, people)
    row.refresh_from_db()
    assert row.closed_at == at
    assert row.closed_reason == "She moved abroad; nothing since."
    event = AuditEvent.objects.get(verb="victim.case_closed", victim_id=row.pk)
    assert event.detail["reason"] == row.closed_reason
    assert not Victim.objects.open().filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", ["officer", "worker", "handler", "idva", "auditor", "nobody"])
def test_only_leaders_close_and_open_again(people: People, at: datetime, who: str) -> None:
    row = victims.victim(at=at)
    with pytest.raises(PermissionDenied):
        services.close_case(victim_id=row.pk, reason="Done.", actor=people(who), at=at)
    with pytest.raises(PermissionDenied):
        services.open_again(victim_id=row.pk, reason="Again.", actor=people(who), at=at)


def test_nothing_is_closed_while_something_is_due(people: People, at: datetime) -> None:
    row = victims.victim(at=at)
    deadline = due(row, 5)
    with pytest.raises(DomainError, match="Processing of the referral"):
        services.close_case(victim_id=row.pk, reason="Done.", actor=people("supervisor"), at=at)
    deadline.state, deadline.settled_at = "met", at
    deadline.save(update_fields=["state", "settled_at"])
    services.close_case(victim_id=row.pk, reason="Done.", actor=people("supervisor"), at=at)


def test_a_reason_is_asked_for(people: People, at: datetime) -> None:
    row = victims.victim(at=at)
    with pytest.raises(InvalidInput) as refused:
        services.close_case(victim_id=row.pk, reason=" ", actor=people("supervisor"), at=at)
    assert refused.value.field == "reason"


def test_closed_twice_is_refused(people: People, at: datetime) -> None:
    row = _closed(at, people)
    with pytest.raises(DomainError, match="closed already"):
        services.close_case(victim_id=row.pk, reason="Again.", actor=people("manager"), at=at)


def test_a_closed_case_is_opened_again_with_words(people: People, at: datetime) -> None:
    row = _closed(at, people)
    later = at + timedelta(days=9)
    services.open_again(
        victim_id=row.pk, reason="She is back.", actor=people("supervisor"), at=later
    )
    row.refresh_from_db()
    assert row.closed_at is None
    assert row.closed_reason == ""
    event = AuditEvent.objects.get(verb="victim.case_reopened")
    assert event.detail["reason"] == "She is back."
    with pytest.raises(DomainError, match="is open"):
        services.open_again(victim_id=row.pk, reason="Again.", actor=people("manager"), at=later)


def test_many_are_opened_again_at_once_and_open_ones_stay(
    people: People, at: datetime, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    shut = [
        victims.victim(given_name=name, date_of_birth=None, at=at) for name in ("Ada", "Bea", "Cy")
    ]
    keys = [row.pk for row in shut]
    Victim.objects.filter(pk__in=keys).update(closed_at=at, closed_reason="Done.")
    still_open = victims.victim(given_name="Di", date_of_birth=None, at=at)
    ids = [row.pk for row in [*shut, still_open]]
    custody = people("custody")
    # One of them asks whose opinion was wanted at an end that was none.
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        opened = services.reopen_cases(victim_ids=ids, reason="A release.", actor=custody, at=at)
    assert opened == [row.pk for row in shut]
    assert Victim.objects.open().filter(pk__in=ids).count() == 4
    assert AuditEvent.objects.filter(verb="victim.case_reopened").count() == 3
    assert not services.reopen_case(
        victim_id=still_open.pk, reason="A release.", actor=people("custody"), at=at
    )
