"""The disclosure scheme: recorded, checked, decided, told; and who never is."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Notification
from perpetrators.models import DisclosureApplication
from perpetrators.services import disclosure
from tests.factories.disclosure import checked, decided, recorded, visited
from tests.factories.incidents import incident
from tests.factories.orders import HOUR, MINUTE, parties
from tests.marks import committed
from tests.personas import person

People = Callable[[str], User]
DAY = timedelta(days=1)
db = pytest.mark.django_db


def check(row: DisclosureApplication, at: datetime, **changes: Any) -> DisclosureApplication:
    said = {"immediate_risk": False, "words": "Nothing recent.", "actor": person("worker")}
    return disclosure.check_application(application_id=row.pk, at=at, **{**said, **changes})


def decide(row: DisclosureApplication, at: datetime, **changes: Any) -> DisclosureApplication:
    said = {"outcome": "disclose", "words": "Necessary.", "actor": person("manager")}
    return disclosure.decide_application(application_id=row.pk, at=at, **{**said, **changes})


def visit(row: DisclosureApplication, at: datetime, **changes: Any) -> DisclosureApplication:
    said = {
        "told": "in_danger",
        "visited_at": at,
        "words": "Told of two convictions.",
        "actor": person("worker"),
    }
    return disclosure.record_visit(application_id=row.pk, at=at, **{**said, **changes})


# --- Recording ------------------------------------------------------------------------------------


@db
def test_whoever_records_it_has_it(at: datetime, people: People) -> None:
    row = recorded(at, received_at=at - HOUR)
    worker = people("worker")
    assert row.reference.startswith("DS-2026-")
    assert (row.state, row.owner, row.team) == ("received", worker, worker.team)
    event = AuditEvent.objects.get(verb="disclosure.recorded")
    assert (event.victim_id, event.subject) == (row.victim_id, row.reference)


@db
def test_the_same_again_is_the_same_and_one_is_open_at_a_time(at: datetime) -> None:
    case = incident(at=at)
    first = recorded(at, of=case)
    assert recorded(at, of=case) == first
    with pytest.raises(AlreadyTaken, match=first.reference):
        recorded(at, of=case, actor=person("investigator"))
    decide(check(first, at), at, outcome="nothing")
    assert recorded(at + DAY, of=case) != first


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scheme": "wish"}, "scheme"),
        ({"reasons": " "}, "reasons"),
        ({"person_id": 0}, "person"),
        ({"received_at": datetime(2026, 11, 24, tzinfo=UTC)}, "received_at"),
        ({"scheme": "know"}, "applicant"),
    ],
)
def test_what_an_application_needs(at: datetime, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        recorded(at, **changes)
    assert refused.value.field == field
    assert not DisclosureApplication.objects.exists()


@db
def test_nobody_is_asked_about_for_themselves(at: datetime) -> None:
    case = incident(at=at)
    victim, _ = parties(case)
    with pytest.raises(InvalidInput, match="asked about"):
        recorded(at, of=case, person_id=victim.person_id)


@db
@pytest.mark.parametrize("who", ["handler", "officer", "superintendent", "auditor", "idva"])
def test_nobody_else_works_on_it(at: datetime, people: People, who: str) -> None:
    row, other = recorded(at), people(who)
    with pytest.raises(PermissionDenied):
        recorded(at, actor=other)
    with pytest.raises(PermissionDenied):
        check(row, at, actor=other)
    with pytest.raises(PermissionDenied):
        disclosure.take_application(application_id=row.pk, actor=other, at=at)
    with pytest.raises(PermissionDenied):
        disclosure.withdraw_application(application_id=row.pk, words="No", actor=other, at=at)


@db
def test_a_colleague_takes_it_over(at: datetime, people: People) -> None:
    row, other = recorded(at), people("worker_b")
    for _ in range(2):
        taken = disclosure.take_application(application_id=row.pk, actor=other, at=at)
    assert (taken.owner, taken.version) == (other, 2)
    decide(check(row, at), at, outcome="refused")
    with pytest.raises(DomainError, match="at its end"):
        disclosure.take_application(application_id=row.pk, actor=people("worker"), at=at)


# --- The first check ------------------------------------------------------------------------------


@db
def test_the_check_says_yes_or_no_with_words(at: datetime) -> None:
    row = recorded(at)
    with pytest.raises(InvalidInput):
        check(row, at, words="")
    first = check(row, at)
    assert (first.state, first.immediate_risk, first.check_words) == (
        "checked",
        False,
        "Nothing recent.",
    )
    assert check(row, at + MINUTE).version == first.version
    with pytest.raises(AlreadyTaken, match="Castellanos"):
        check(row, at, actor=person("worker_b"))
    with pytest.raises(AlreadyTaken):
        check(row, at, immediate_risk=True)


@db
def test_an_immediate_risk_is_told_at_once_and_names_nobody(at: datetime, people: People) -> None:
    heard = {people("manager"), people("head")}
    row = recorded(at)
    Notification.objects.all().delete()
    check(row, at, immediate_risk=True, words="He has her keys.")
    told = Notification.objects.filter(reference=row.reference)
    assert heard <= {one.user for one in told}
    for one in told:
        assert one.headline.startswith("Immediate risk")
        assert "Pike" not in one.headline
        assert "O'Neill" not in one.headline
    event = AuditEvent.objects.get(verb="disclosure.checked")
    assert event.is_grave
    assert "decided and told by 24 Nov 2026, 10:00" in event.headline


# --- The decision ---------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("outcome", ["disclose", "nothing", "refused"])
def test_it_is_decided_with_words(at: datetime, people: People, outcome: str) -> None:
    row = checked(at)
    with pytest.raises(InvalidInput):
        decide(row, at, outcome=outcome, words="")
    with pytest.raises(InvalidInput):
        decide(row, at, outcome="perhaps")
    Notification.objects.all().delete()
    done = decide(row, at, outcome=outcome)
    assert (done.state, done.decided_by) == (outcome, people("manager"))
    assert Notification.objects.get().user == people("worker")
    assert decide(row, at + MINUTE, outcome=outcome).version == done.version
    with pytest.raises(AlreadyTaken, match="Fenn decided already"):
        decide(row, at, outcome=outcome, actor=people("head"))


@db
@pytest.mark.parametrize("who", ["worker", "investigator", "superintendent", "supervisor"])
def test_nobody_else_decides(at: datetime, people: People, who: str) -> None:
    with pytest.raises(PermissionDenied):
        decide(checked(at), at, actor=people(who))


@db
def test_nothing_is_decided_before_the_first_check(at: datetime) -> None:
    with pytest.raises(DomainError, match="first check to be made"):
        decide(recorded(at), at)


# --- The visit ------------------------------------------------------------------------------------


@db
def test_the_person_in_danger_is_told(at: datetime, people: People) -> None:
    row = decided(at)
    for _ in range(2):
        told = visit(row, at + HOUR, visited_at=at + HOUR)
    assert (told.state, told.told_whom) == ("disclosed", "Siobhán O'Neill")
    assert told.visited_by == people("worker")
    with pytest.raises(AlreadyTaken, match="Siobhán O'Neill"):
        visit(row, at + 2 * HOUR)


@db
def test_somebody_who_can_protect_them_is_told_with_words(at: datetime) -> None:
    row = decided(at)
    how = "her mother; she lives with her"
    told = visit(row, at, told="protects", name="Mary O'Neill", protects_how=how)
    assert told.told_whom == f"Mary O'Neill: {how}"


@db
def test_who_only_asked_is_not_told(at: datetime) -> None:
    row = decided(at)
    with pytest.raises(InvalidInput, match="asking alone is no reason") as refused:
        visit(row, at, told="protects", name="Aoife O'Neill")
    assert refused.value.field == "protects_how"
    with pytest.raises(InvalidInput):
        visit(row, at, told="applicant")
    assert DisclosureApplication.objects.get().state == "disclose"


@db
def test_the_one_asked_about_is_never_told(at: datetime) -> None:
    row = decided(at)
    with pytest.raises(InvalidInput, match="never told"):
        visit(row, at, told="protects", name="darren  PIKE", protects_how="He says he can")


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visited_at": datetime(2026, 11, 23, 9, tzinfo=UTC)}, "visited_at"),
        ({"visited_at": datetime(2026, 11, 24, 9, tzinfo=UTC)}, "visited_at"),
        ({"words": " "}, "words"),
        ({"told": "protects", "name": " "}, "name"),
    ],
)
def test_what_a_visit_needs(at: datetime, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        visit(decided(at), at, **changes)
    assert refused.value.field == field


@db
@pytest.mark.parametrize("outcome", ["nothing", "refused"])
def test_nobody_is_told_of_what_is_not_disclosed(at: datetime, outcome: str) -> None:
    with pytest.raises(DomainError, match="Nothing is to be disclosed"):
        visit(decided(at, outcome=outcome), at)


# --- Withdrawing ----------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("made", [recorded, checked, decided])
def test_an_open_one_is_withdrawn_with_words(
    at: datetime, people: People, made: Callable[[datetime], DisclosureApplication]
) -> None:
    row, worker = made(at), people("worker")
    for _ in range(2):
        gone = disclosure.withdraw_application(
            application_id=row.pk, words="She left him.", actor=worker, at=at
        )
    assert (gone.state, gone.visit_words) == ("withdrawn", "She left him.")
    assert AuditEvent.objects.filter(verb="disclosure.withdrawn").count() == 1


@db
def test_an_immediate_risk_is_not_withdrawn(at: datetime, people: People) -> None:
    row = checked(at, immediate_risk=True)
    with pytest.raises(DomainError, match="decided all the same"):
        disclosure.withdraw_application(
            application_id=row.pk, words="She left him.", actor=people("worker"), at=at
        )


@db
def test_what_is_over_is_not_withdrawn(at: datetime, people: People) -> None:
    row = visited(at)
    with pytest.raises(DomainError, match="disclosed"):
        disclosure.withdraw_application(
            application_id=row.pk, words="She left him.", actor=people("worker"), at=at
        )


# --- Two at once ----------------------------------------------------------------------------------


def at_once(*acts: Callable[[], DisclosureApplication]) -> list[str]:
    """What each got, on connections of their own."""
    gate = threading.Barrier(len(acts))

    def runs(act: Callable[[], DisclosureApplication]) -> str:
        try:
            gate.wait(10)
            return act().reference
        except AlreadyTaken as refused:
            return refused.message
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(runs, acts))


@committed
def test_two_decide_at_once() -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    row, manager, head = checked(at), person("manager"), person("head")
    said = at_once(
        lambda: decide(row, at, outcome="disclose", actor=manager),
        lambda: decide(row, at, outcome="refused", actor=head),
    )
    row.refresh_from_db()
    assert sorted(one == row.reference for one in said) == [False, True]
    assert any("decided already" in one for one in said)
    assert row.version == 3
    assert AuditEvent.objects.filter(verb="disclosure.decided").count() == 1


@committed
def test_two_record_at_once() -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    case, worker, other = incident(at=at), person("worker"), person("worker_b")
    said = at_once(
        lambda: recorded(at, of=case, actor=worker), lambda: recorded(at, of=case, actor=other)
    )
    assert DisclosureApplication.objects.count() == 1
    assert sum("One for the two is open" in one for one in said) == 1
