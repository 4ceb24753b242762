"""Several referrals at once: exactly those ticked, each by itself, told row by row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.models import AuditEvent
from core.errors import InvalidInput
from referrals import services
from referrals.models import Referral
from referrals.services import Result, Ticked
from tests.factories.referrals import a_referral, claimed, completed, many
from tests.personas import PEOPLE, person

HOUR = timedelta(hours=1)


@pytest.fixture
def three(db: None, at: datetime) -> list[Referral]:
    return many(3, at - HOUR)


def did(act: str, rows: list[Referral], at: datetime, **changes: Any) -> list[Result]:
    ticked = [Ticked(row.reference, row.version) for row in rows]
    said = {"actor": person("worker"), "ticked": ticked, **changes}
    return services.batch(act=act, at=at, **said)


def fresh(rows: list[Referral]) -> list[Referral]:
    return list(Referral.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def test_exactly_the_ticked_are_claimed(three: list[Referral], at: datetime) -> None:
    results = did("claim", three[:2], at)
    assert results == [
        Result(row.reference, True, f"{row.reference} is yours now.") for row in three[:2]
    ]
    assert [row.claimed_by for row in fresh(three)] == [person("worker")] * 2 + [None]
    assert AuditEvent.objects.filter(verb="referral.claimed").count() == 2


def test_one_that_changed_is_refused_by_name_and_the_others_go_on(
    three: list[Referral], at: datetime
) -> None:
    claimed(three[0], at, by=person("worker_b"))
    regraded, gone = three[1], a_referral(at)
    Referral.objects.filter(pk=regraded.pk).update(version=2)
    done = completed(claimed(gone, at, by=person("worker_b")), at)
    first, second, third, fourth = did("claim", [*three, done], at)
    assert (first.is_done, second.is_done, third.is_done, fourth.is_done) == (
        False,
        False,
        True,
        False,
    )
    assert first.words == (
        f"It changed since it was shown: D. Marsh has {first.reference} since 10:00."
    )
    assert second.words == f"{second.reference} changed since it was shown: nobody has it now."
    assert "was finished by D. Marsh" in fourth.words
    assert fresh(three)[1].claimed_by is None


def test_asked_twice_nothing_changes_twice(three: list[Referral], at: datetime) -> None:
    did("claim", three, at)
    again = did("claim", three, at + HOUR)
    assert not any(one.is_done for one in again)
    assert AuditEvent.objects.filter(verb="referral.claimed").count() == 3
    assert all(row.claimed_at == at for row in fresh(three))


def test_ticked_twice_is_done_once(three: list[Referral], at: datetime) -> None:
    assert len(did("claim", [three[0], three[0]], at)) == 1


def test_handing_over_and_giving_back(three: list[Referral], at: datetime) -> None:
    did("claim", three, at)
    claimed_now = fresh(three)
    to = person("worker_b")
    results = did("hand_over", claimed_now[:2], at, to=to, reason="Leave")
    assert [one.words for one in results] == [
        f"D. Marsh has {row.reference} now." for row in three[:2]
    ]
    results = did("release", fresh(three), at)
    assert [one.is_done for one in results] == [False, False, True]
    assert "They or the unit's manager can hand it over" in results[0].words
    assert [row.claimed_by for row in fresh(three)] == [to, to, None]


def test_unseen_is_not_in_the_queue(three: list[Referral], at: datetime) -> None:
    [result] = did("claim", [], at, ticked=[Ticked("RF-2026-999999", 1)])
    assert result == Result("RF-2026-999999", False, "RF-2026-999999 is not in your queue.")


@pytest.mark.parametrize(
    ("act", "changes", "field"),
    [
        ("claim", {"ticked": []}, "row"),
        ("claim", {"ticked": [Ticked(f"RF-X-{n:06d}", 1) for n in range(51)]}, "row"),
        ("burn", {}, "act"),
        ("hand_over", {}, "to"),
        ("hand_over", {"to": "officer"}, "to"),
    ],
)
def test_refused_with_the_field(
    three: list[Referral], at: datetime, act: str, changes: dict[str, Any], field: str
) -> None:
    if isinstance(changes.get("to"), str):
        changes = {"to": person(changes["to"])}
    with pytest.raises(InvalidInput) as refusal:
        did(act, three, at, **changes)
    assert refusal.value.field == field
    assert not AuditEvent.objects.filter(verb="referral.claimed").exists()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("act", ["claim", "hand_over", "release"])
def test_only_the_unit(three: list[Referral], at: datetime, who: str, act: str) -> None:
    if who in {"worker", "worker_b", "manager"}:
        assert len(did(act, three[:1], at, actor=person(who), to=person("worker_b"))) == 1
        return
    with pytest.raises(PermissionDenied):
        did(act, three[:1], at, actor=person(who), to=person("worker_b"))


def test_by_the_api(sign_in: Callable[[str], Client], three: list[Referral]) -> None:
    rows = [{"reference": row.reference, "version": row.version} for row in three[:2]]
    client, address = sign_in("worker"), "/api/v1/referrals/batch/"
    given = {"act": "claim", "rows": [*rows, {"reference": "RF-2026-999999", "version": 1}]}
    answer = client.post(address, given, content_type="application/json")
    assert [one["is_done"] for one in answer.json()] == [True, True, False]
    for wrong in ({"act": "claim", "rows": []}, {"act": "hand_over", "rows": rows, "to": 999999}):
        assert client.post(address, wrong, content_type="application/json").status_code == 400
