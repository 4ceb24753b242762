"""Force policy: defaults, effective dates, types, who may change it, and what is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import policy
from core.errors import InvalidInput
from core.models import PolicyVersion


@pytest.fixture
def head(people: Callable[[str], User]) -> User:
    return people("head")


def test_defaults_are_those_of_the_design(db: None, at: datetime) -> None:
    now = policy.at(at)
    assert (now.referral_hours, now.assessment_hours, now.review_hours) == (72, 8, 24)
    assert (now.medium_from_yes, now.high_from_yes, now.warn_percent) == (10, 14, (50, 80))


def test_a_change_holds_from_its_instant_on_and_not_before(head: User, at: datetime) -> None:
    later = at + timedelta(days=2)
    policy.change(
        actor=head, changes={"referral_hours": 48}, effective_from=later, reason="Pilot", at=at
    )
    assert policy.at(later - timedelta(microseconds=1)).referral_hours == 72
    assert policy.at(later).referral_hours == 48


def test_a_second_change_keeps_the_first(head: User, at: datetime) -> None:
    for changes in ({"referral_hours": 48}, {"review_hours": 12}):
        policy.change(actor=head, changes=changes, effective_from=at, reason="Pilot", at=at)
    assert (policy.at(at).referral_hours, policy.at(at).review_hours) == (48, 12)


def test_the_change_is_audited_with_both_values(head: User, at: datetime) -> None:
    policy.change(
        actor=head, changes={"referral_hours": 48}, effective_from=at, reason="Pilot", at=at
    )
    event = AuditEvent.objects.get(verb="policy.changed")
    assert event.detail["before"] == {"referral_hours": 72}
    assert event.detail["after"] == {"referral_hours": 48}
    assert event.detail["reason"] == "Pilot"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"referal_hours": 48}, "referal_hours"),
        ({"referral_hours": "48"}, "referral_hours"),
        ({"referral_hours": 0}, "referral_hours"),
        ({"referral_hours": 10**9}, "referral_hours"),
        ({"referral_hours": True}, "referral_hours"),
        ({"assess_every_incident": 1}, "assess_every_incident"),
        ({"warn_percent": [50, "80"]}, "warn_percent"),
        ({"extra_closed_days": ["24.12.2026"]}, "extra_closed_days"),
        ({"school_breaks": ["2026-10-30/2026-10-26"]}, "school_breaks"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_name(
    head: User, at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        policy.change(actor=head, changes=changes, effective_from=at, reason="Pilot", at=at)
    assert refusal.value.field == field
    assert not PolicyVersion.objects.exists()


def test_the_past_cannot_change(head: User, at: datetime) -> None:
    with pytest.raises(InvalidInput, match="past"):
        policy.change(
            actor=head, changes={}, effective_from=at - timedelta(hours=1), reason="x", at=at
        )


@pytest.mark.parametrize("username", ["handler", "manager", "administrator", "nobody"])
def test_only_who_keeps_the_policy_may_change_it(
    people: Callable[[str], User], at: datetime, username: str
) -> None:
    with pytest.raises(PermissionDenied):
        policy.change(actor=people(username), changes={}, effective_from=at, reason="x", at=at)
