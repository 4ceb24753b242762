"""Markers are looked at before their last day: renewed, let end, or ended."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from core import clock, policy
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from deadlines.sweep import sweep
from tests.factories import victims as make
from tests.personas import person
from victims import services
from victims.deadlines.markers import reference_of
from victims.models import Marker, Victim

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
LAST = date(2027, 2, 1)
pytestmark = pytest.mark.django_db


def a_marker(until: date = LAST, at: datetime = make.AT, **more: Any) -> Marker:
    on = more or {"address": make.address()}
    return services.set_marker(
        kind="weapons", words="Knives", until=until, actor=person("supervisor"), at=at, **on
    )


def watched(marker: Marker) -> Deadline:
    return Deadline.objects.filter(kind="marker_review", subject_id=marker.pk).latest("pk")


def renew(marker: Marker, until: date, seen: date = LAST, by: str = "worker") -> Marker:
    return services.renew_marker(
        marker_id=marker.pk,
        until=until,
        reason="Still there",
        seen_until=seen,
        actor=person(by),
        at=make.AT,
    )


def test_whoever_set_it_looks_at_it_a_fortnight_before(people: People) -> None:
    row = watched(a_marker())
    assert row.owner == people("supervisor")
    assert row.due_at.isoformat() == "2027-01-18T23:59:00+00:00"
    assert row.basis == "14 days before its last day, 1 Feb 2027 23:59 (force policy)"
    assert row.victim_id is None


def test_the_policy_says_how_long_before(people: People) -> None:
    policy.change(
        actor=people("head"),
        changes={"marker_review_days": 30},
        effective_from=make.AT,
        reason="Sooner",
        at=make.AT,
    )
    assert watched(a_marker()).due_at.date() == LAST - 30 * DAY


def test_a_short_marker_is_looked_at_by_its_last_day(people: People) -> None:
    row = watched(a_marker(until=date(2026, 11, 30)))
    assert row.due_at.isoformat() == "2026-11-30T23:59:00+00:00"


def test_a_marker_keeps_no_case_open(people: People, at: datetime) -> None:
    victim = make.victim()
    services.set_marker(
        kind="violent",
        words="Spits",
        until=LAST,
        person=victim.person,
        actor=people("supervisor"),
        at=make.AT,
    )
    services.close_case(
        victim_id=victim.pk, reason="Moved abroad", actor=people("supervisor"), at=make.AT
    )
    victim.refresh_from_db()
    assert victim.closed_at is not None


def test_renewed_it_goes_on_and_is_looked_at_again(people: People) -> None:
    marker = a_marker()
    first = watched(marker)
    for _ in range(2):  # twice is once
        renew(marker, date(2027, 6, 1))
    marker.refresh_from_db()
    first.refresh_from_db()
    assert (marker.until, first.state) == (date(2027, 6, 1), Deadline.State.MET)
    second = watched(marker)
    assert (second.state, second.owner) == (Deadline.State.RUNNING, people("worker"))
    assert second.due_at.date() == date(2027, 5, 18)
    assert AuditEvent.objects.filter(verb="marker.renewed").count() == 1


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (LAST - DAY, "Still there", "until"),
        (date(2029, 1, 1), "Still there", "until"),
        (date(2027, 6, 1), " ", "reason"),
    ],
)
def test_what_cannot_be_renewed(people: People, until: date, reason: str, field: str) -> None:
    marker = a_marker()
    with pytest.raises(InvalidInput) as refused:
        services.renew_marker(
            marker_id=marker.pk,
            until=until,
            reason=reason,
            seen_until=LAST,
            actor=people("worker"),
            at=make.AT,
        )
    assert refused.value.field == field


def test_two_who_renew_see_both(people: People) -> None:
    marker = a_marker()
    renew(marker, date(2027, 6, 1))
    with pytest.raises(Stale) as stale:
        renew(marker, date(2027, 4, 1), by="supervisor")
    assert (stale.value.theirs, stale.value.yours["until"]) == (
        {"until": "01 Jun 2027"},
        "01 Apr 2027",
    )


def test_let_end_it_is_in_force_until_its_last_day(people: People) -> None:
    marker = a_marker()
    for _ in range(2):
        services.let_marker_end(
            marker_id=marker.pk,
            reason="They moved away",
            seen_until=LAST,
            actor=people("worker"),
            at=make.AT,
        )
    assert watched(marker).state == Deadline.State.MET
    assert AuditEvent.objects.filter(verb="marker.let_end").count() == 1
    assert marker in Marker.objects.in_force(LAST)
    assert marker not in Marker.objects.in_force(LAST + DAY)


def test_ended_it_falls_away_at_once(people: People) -> None:
    marker = a_marker()
    services.end_marker(marker_id=marker.pk, reason="Handed in", actor=people("worker"), at=make.AT)
    assert watched(marker).state == Deadline.State.CANCELLED
    assert not Marker.objects.in_force(make.AT.date()).exists()
    with pytest.raises(DomainError, match="ended already"):
        renew(marker, date(2027, 6, 1))


def test_only_those_who_set_markers_review_them(people: People) -> None:
    marker = a_marker()
    with pytest.raises(PermissionDenied):
        renew(marker, date(2027, 6, 1), by="officer")
    with pytest.raises(PermissionDenied):
        services.let_marker_end(
            marker_id=marker.pk, reason="No", seen_until=LAST, actor=people("officer"), at=make.AT
        )


def test_one_that_nobody_looked_at_lapses_and_stays_to_be_looked_at(people: People) -> None:
    marker = a_marker()
    sweep(at=make.AT + 60 * DAY)
    assert watched(marker).state == Deadline.State.BREACHED
    late = make.AT + 80 * DAY
    sweep(at=late)
    assert not Marker.objects.in_force(late.date()).exists()
    assert watched(marker).is_open
    renewed = services.renew_marker(
        marker_id=marker.pk,
        until=late.date() + 30 * DAY,
        reason="Still there",
        seen_until=LAST,
        actor=people("worker"),
        at=late,
    )
    assert renewed in Marker.objects.in_force(late.date())
    services.let_marker_end(
        marker_id=marker.pk,
        reason="Moved away",
        seen_until=renewed.until,
        actor=people("worker"),
        at=late,
    )
    with pytest.raises(DomainError, match="ended already"):
        services.let_marker_end(
            marker_id=marker.pk,
            reason="Moved away",
            seen_until=renewed.until,
            actor=people("worker"),
            at=late + 40 * DAY,
        )


# --- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def near(db: None) -> Marker:
    """In force for ten days more: its review is due by the last of them."""
    return a_marker(until=clock.local(clock.now()).date() + 10 * DAY, at=clock.now())


def address(marker: Marker) -> str:
    return reverse("victims:review_marker", args=[reference_of(marker.pk)])


def sent(marker: Marker, decision: str, **more: Any) -> dict[str, Any]:
    said = {"decision": decision, "reason": "Still there", "seen_until": marker.until.isoformat()}
    return said | more


def test_the_list_shows_mine_then_everybodys(near: Marker, sign_in: SignIn) -> None:
    far = a_marker(until=clock.local(clock.now()).date() + 300 * DAY, at=clock.now())
    listed = reverse("victims:markers_to_review")
    assert address(near) in sign_in("supervisor").get(listed).content.decode()
    assert address(far) not in sign_in("supervisor").get(listed).content.decode()
    worker = sign_in("worker")
    assert address(near) not in worker.get(listed).content.decode()
    assert address(near) in worker.get(listed + "?whose=all").content.decode()
    assert sign_in("officer").get(listed).status_code == 403


def test_the_list_costs_the_same_however_long(
    near: Marker, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = sign_in("supervisor")
    listed = reverse("victims:markers_to_review") + "?whose=all"
    client.get(listed)
    with django_assert_num_queries(COST):
        client.get(listed)
    for _ in range(5):
        a_marker(until=near.until, at=clock.now())
    with django_assert_num_queries(COST):
        client.get(listed)


#: Session, reader, groups, permissions; the frame's own; clocks, markers.
COST = 7


def test_each_decision_from_the_page(near: Marker, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    assert "Knives" in client.get(address(near)).content.decode()
    later = (near.until + 30 * DAY).isoformat()
    assert client.post(address(near), sent(near, "renew", until=later)).status_code == 302
    near.refresh_from_db()
    assert near.until.isoformat() == later
    assert client.post(address(near), sent(near, "let_end")).status_code == 302
    assert client.post(address(near), sent(near, "end")).status_code == 302
    assert "This marker has ended" in client.get(address(near)).content.decode()


def test_refused_with_words_at_the_field(near: Marker, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    for said, words in (
        (sent(near, "renew"), "Say until when it is renewed"),
        (sent(near, "let_end", reason=""), "This is needed"),
        ({"seen_until": near.until.isoformat()}, "Renew it, let it end, or end it now"),
    ):
        answer = client.post(address(near), said)
        assert (answer.status_code, words in answer.content.decode()) == (400, True), words
    stale = sent(near, "let_end", seen_until="2026-01-01")
    answer = client.post(address(near), stale)
    page = answer.content.decode()
    assert (answer.status_code, "Both versions" in page) == (409, True)
    assert f'name="seen_until" value="{near.until.isoformat()}"' in page


def test_on_the_victims_page_it_is_gone_once_ended(sign_in: SignIn) -> None:
    victim: Victim = make.victim()
    marker = a_marker(until=LAST, at=clock.now(), person=victim.person)
    page = reverse("victims:detail", args=[victim.reference])
    client = sign_in("supervisor")
    assert "Knives" in client.get(page).content.decode()
    services.end_marker(
        marker_id=marker.pk, reason="Handed in", actor=person("worker"), at=clock.now()
    )
    assert f"/markers/{marker.pk}/end/" not in client.get(page).content.decode()
