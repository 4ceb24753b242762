"""Duties that are offered, answered and given; at no moment nobody has them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from tests.victims.handing_over import held, offered
from victims import services
from victims.models import Handover, VictimUpdate

People = Callable[[str], User]
State = Handover.State

with_database = pytest.mark.django_db


@with_database
def test_until_it_is_taken_the_giver_has_it(people: People, at: datetime) -> None:
    row = held(at)
    offer = offered(row, at)
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
    row = held(at)
    offer = offered(row, at)
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
    offer = offered(held(at), at)
    with pytest.raises(PermissionDenied):
        services.answer_handover(handover_id=offer.pk, takes=True, actor=people(who), at=at)


@with_database
@pytest.mark.parametrize("who", ["officer_b", "worker", "handler", "manager", "custody", "nobody"])
def test_nobody_gives_what_is_not_theirs(people: People, at: datetime, who: str) -> None:
    row = held(at)
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
    row = held(at)
    with pytest.raises(InvalidInput) as refused:
        offered(row, at, to=to)
    assert refused.value.field == "to"
    left = people("worker")
    User.objects.filter(pk=left.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="no longer works here"):
        offered(row, at, to="worker")


@with_database
def test_one_offer_at_a_time(people: People, at: datetime) -> None:
    row = held(at)
    offer = offered(row, at)
    with pytest.raises(DomainError, match=r"L\. Moss already"):
        offered(row, at, to="worker")
    services.withdraw_handover(
        handover_id=offer.pk, reason="She is on leave.", actor=people("officer"), at=at
    )
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    assert Deadline.objects.get(kind="handover").state == Deadline.State.CANCELLED
    offered(row, at, to="worker")


@with_database
def test_a_stranger_withdraws_nothing(people: People, at: datetime) -> None:
    offer = offered(held(at), at)
    people("supervisor")
    with pytest.raises(PermissionDenied):
        services.withdraw_handover(
            handover_id=offer.pk, reason="No.", actor=people("worker"), at=at
        )


@with_database
def test_an_offer_is_over_when_the_duty_passes_otherwise(people: People, at: datetime) -> None:
    row = held(at)
    offer = offered(row, at)
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
    row = held(at)
    offer = offered(row, at)
    services.close_case(victim_id=row.pk, reason="Done.", actor=people("supervisor"), at=at)
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN
    with pytest.raises(DomainError, match="closed"):
        offered(row, at)


@with_database
def test_what_must_be_told_goes_with_contact(people: People, at: datetime) -> None:
    row = held(at)
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
    row = held(at)
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
    row = held(at)
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
