"""What the unit does where somebody must not know, has left, or what was told was taken back."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from deadlines.models import Notification
from referrals import services
from referrals.models import Referral, Sharing
from tests.factories import sharing, victims
from tests.factories.referrals import a_referral, claimed, completed, shared
from tests.personas import person
from victims.services import withhold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def at() -> datetime:
    person("head")
    return clock.now()


def barred(victim_id: int, name: str, at: datetime) -> None:
    withhold(
        victim_id=victim_id,
        person_id=person(name).pk,
        reason="His sister",
        actor=person("manager"),
        at=at,
    )


def test_who_must_not_know_claims_nothing_although_their_page_was_older(at: datetime) -> None:
    row = a_referral(at)
    old = person("worker")
    assert not old.withheld_victims  # as their page knew them
    barred(row.victim_id, "worker", at)
    with pytest.raises(PermissionDenied):
        services.claim(referral_id=row.pk, actor=old, at=at)
    with pytest.raises(PermissionDenied):
        services.claim_next(actor=old, at=at)
    [refused] = services.batch(
        act="claim",
        ticked=[services.Ticked(row.reference, row.version)],
        actor=old,
        at=at,
    )
    assert not refused.is_done
    assert Referral.objects.get().claimed_by is None
    claimed(row, at, by=person("worker_b"))


@pytest.mark.parametrize("gone", ["left", "withheld", "moved"])
def test_what_an_agency_asks_reaches_whoever_leads_where_the_sharer_is_gone(
    at: datetime, gone: str
) -> None:
    row = sharing.told(victims.victim(at=at), at)
    manager, sharer = person("manager"), person("worker")
    if gone == "left":
        User.objects.filter(pk=sharer.pk).update(is_active=False)
    elif gone == "withheld":
        barred(row.victim_id, "worker", at)
    else:
        sharer.groups.clear()
    services.answer_sharing(
        sharing_id=row.pk, answer="more_needed", words="Which flat?", actor=person("agency"), at=at
    )
    told = Notification.objects.get(reference=row.reference)
    assert told.user == manager


def test_what_an_agency_asks_reaches_whoever_shared(at: datetime) -> None:
    row = sharing.told(victims.victim(at=at), at)
    person("manager")
    services.answer_sharing(
        sharing_id=row.pk, answer="nothing", words="Not ours.", actor=person("agency"), at=at
    )
    assert Notification.objects.get(reference=row.reference).user == person("worker")


@pytest.mark.parametrize("opened", [False, True])
def test_what_was_withdrawn_unread_was_shared_with_nobody(at: datetime, opened: bool) -> None:
    """Shared with the wrong agency and taken back: the outcome says what came of it in truth."""
    referral = claimed(a_referral(at), at)
    row = shared(referral, at)
    if opened:
        Sharing.objects.filter(pk=row.pk).update(opened_at=at, opened_by=person("agency"))
    services.withdraw_sharing(
        sharing_id=row.pk, because="Another agency was meant", actor=person("worker"), at=at
    )
    referral.refresh_from_db()
    right, wrong = "nothing_to_share", "shared"
    if opened:
        right, wrong = wrong, right
    with pytest.raises(InvalidInput):
        completed(referral, at, outcome=wrong)
    assert completed(referral, at, outcome=right).outcome == right
