"""Orders recorded, ended and breached; what follows for the victim; what a call is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from incidents.history import told
from incidents.history.told import Asked
from incidents.services.response import record_crime
from perpetrators.in_force import orders_and_notices
from perpetrators.models import Order, OrderBreach
from perpetrators.services import orders
from risk.models import Reassessment
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.orders import CONDITIONS, HOUR, MINUTE, asked, order, parties, served
from tests.marks import committed
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

People = Callable[[str], User]
DAY = timedelta(days=1)
db = pytest.mark.django_db


def reasons_of(victim: Victim) -> list[str]:
    """The triggers of the victim's one open reassessment."""
    rows = Reassessment.objects.get(victim=victim).reasons.order_by("pk")
    return list(rows.values_list("trigger", flat=True))


def breach(at: datetime, **changes: Any) -> OrderBreach:
    said = {
        "happened_at": at,
        "words": "He waited outside her work.",
        "actor": person("officer"),
        "at": at,
    }
    return orders.record_breach(**{**said, **changes})


# --- Orders ---------------------------------------------------------------------------------------


@db
def test_an_order_opens_a_reassessment_and_the_victim_is_told(at: datetime) -> None:
    row = order(at)
    assert reasons_of(row.victim) == ["order_made"]
    update = VictimUpdate.objects.get(victim=row.victim)
    assert (update.about, update.source_id) == ("order", row.pk)
    assert "Non-molestation order made against Darren Pike" in update.words
    assert not update.is_late
    assert AuditEvent.objects.filter(verb="order.made", victim_id=row.victim_id).count() == 1


@db
def test_recorded_late_it_is_marked(at: datetime) -> None:
    row = order(at, made_at=at - DAY)
    assert VictimUpdate.objects.get(victim=row.victim).is_late
    assert Reassessment.objects.get(victim=row.victim).reasons.get().is_late


@db
def test_recorded_twice_it_is_one(at: datetime) -> None:
    case = incident(at=at)
    assert order(at, of=case) == order(at, of=case)
    assert VictimUpdate.objects.count() == 1
    assert Reassessment.objects.get().reasons.count() == 1


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "curfew"}, "kind"),
        ({"court": " "}, "court"),
        ({"conditions": ()}, "conditions"),
        ({"until": date(2026, 11, 22)}, "until"),
        ({"made_at": datetime(2026, 11, 24, tzinfo=UTC)}, "made_at"),
        ({"kind": "protection", "until": None}, "until"),
        ({"kind": "protection", "until": date(2026, 12, 22)}, "until"),
    ],
)
def test_what_an_order_needs(at: datetime, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        order(at, **changes)
    assert refused.value.field == field
    assert not Order.objects.exists()


@db
def test_some_orders_have_no_last_day(at: datetime) -> None:
    assert order(at, kind="restraining", until=None).until is None


@db
def test_a_protection_order_binds_no_child(at: datetime) -> None:
    young = {**DARREN, "date_of_birth": date(2009, 6, 1)}
    case = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("perpetrator", **young)))
    with pytest.raises(DomainError, match="is 17"):
        order(at, of=case, kind="protection", until=date(2026, 12, 10))
    assert order(at, of=case).kind == "non_molestation"


@db
@pytest.mark.parametrize("who", ["handler", "inspector", "superintendent", "auditor", "nobody"])
def test_who_records_none(at: datetime, people: People, who: str) -> None:
    row = order(at)
    with pytest.raises(PermissionDenied):
        order(at, of=None, actor=people(who))
    with pytest.raises(PermissionDenied):
        breach(at, order_id=row.pk, actor=people(who))


@db
def test_a_court_ends_it_before_its_day(at: datetime, people: People) -> None:
    row = order(at)

    def ended(**changes: Any) -> Order:
        said = {"ended_at": at + DAY, "reason": "Discharged", "version": 1, "at": at + 2 * DAY}
        return orders.end_order(order_id=row.pk, actor=people("officer"), **{**said, **changes})

    for wrong in ({"ended_at": at - DAY}, {"ended_at": at + 3 * DAY}, {"reason": ""}):
        with pytest.raises(InvalidInput):
            ended(**wrong)
    with pytest.raises(Stale):
        ended(version=7)
    assert ended().ended_at == at + DAY
    assert ended().version == 2
    with pytest.raises(AlreadyTaken, match="Discharged"):
        ended(reason="Something else")
    newest = VictimUpdate.objects.filter(victim=row.victim, state="owed").latest("happened_at")
    assert "ended on 24 Nov 2026" in newest.words


# --- Breaches -------------------------------------------------------------------------------------


@db
def test_a_breach_opens_a_reassessment_and_the_victim_is_told(at: datetime) -> None:
    row = order(at)
    for _ in range(2):
        breach(at + HOUR, order_id=row.pk)
    assert OrderBreach.objects.count() == 1
    assert reasons_of(row.victim) == ["order_made", "order_breached"]
    update = VictimUpdate.objects.get(victim=row.victim, about="order_breach")
    assert update.happened_at == at + HOUR


@db
def test_a_notice_is_breached_while_it_is_in_force(at: datetime) -> None:
    notice = served(at)
    assert breach(at + HOUR, notice_id=notice.pk).notice == notice
    assert reasons_of(notice.victim) == ["order_breached"]
    with pytest.raises(DomainError, match="not in force"):
        breach(at + HOUR, happened_at=at - MINUTE, notice_id=notice.pk)
    other = asked(at, of=incident(at=at, people=_others()))
    with pytest.raises(DomainError, match="not in force"):
        breach(at + HOUR, notice_id=other.pk)


def _others() -> tuple[Any, ...]:
    return (
        in_call("victim", given_name="Mina", family_name="Sand", date_of_birth=date(1990, 1, 1)),
        in_call("perpetrator", given_name="Kai", family_name="Roe", date_of_birth=date(1980, 1, 1)),
    )


@db
@pytest.mark.parametrize(
    ("when", "is_in_force"),
    [(timedelta(minutes=-1), False), (HOUR, True), (DAY, False), (2 * DAY, False)],
)
def test_only_what_was_in_force_is_breached(
    at: datetime, people: People, when: timedelta, is_in_force: bool
) -> None:
    row = order(at)
    orders.end_order(
        order_id=row.pk,
        ended_at=at + DAY,
        reason="Discharged",
        version=1,
        actor=people("officer"),
        at=at + DAY,
    )
    if is_in_force:
        assert breach(at + 3 * DAY, happened_at=at + when, order_id=row.pk).order == row
        return
    with pytest.raises(DomainError, match="not in force"):
        breach(at + 3 * DAY, happened_at=at + when, order_id=row.pk)


@db
def test_the_last_day_counts_to_its_midnight(at: datetime) -> None:
    row = order(at, until=date(2026, 11, 24))
    last = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    assert breach(at + 9 * DAY, happened_at=last, order_id=row.pk)
    with pytest.raises(DomainError, match="not in force"):
        breach(at + 9 * DAY, happened_at=last + MINUTE, order_id=row.pk)


@db
def test_an_incident_of_somebody_else_is_no_breach_of_this(at: datetime) -> None:
    row = order(at)
    other = incident(at=at, people=_others())
    with pytest.raises(InvalidInput) as refused:
        breach(at, order_id=row.pk, incident_id=other.pk)
    assert refused.value.field == "incident"


@db
def test_a_breach_is_of_one_thing(at: datetime) -> None:
    row = order(at)
    with pytest.raises(ValueError, match="an order or of a notice"):
        breach(at)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderBreach.objects.create(
            victim=row.victim,
            happened_at=at,
            words="Of nothing",
            recorded_by=person("officer"),
            recorded_at=at,
        )


# --- A crime of breaching an order ----------------------------------------------------------------


def crime_of(case: Any, at: datetime, category: str = "breach_of_order") -> None:
    record_crime(
        incident_id=case.pk, category=category, number="42FW/9", actor=person("officer"), at=at
    )


@db
def test_a_crime_of_breach_does_the_same(at: datetime) -> None:
    case = incident(at=at)
    crime_of(case, at + 2 * HOUR)
    victim, _ = parties(case)
    assert "order_breached" in reasons_of(victim)
    update = VictimUpdate.objects.get(victim=victim, about="order_breach")
    assert (update.happened_at, update.is_late) == (at, True)


@db
def test_another_crime_does_not(at: datetime) -> None:
    crime_of(incident(at=at), at, "stalking")
    assert not VictimUpdate.objects.exists()
    assert not Reassessment.objects.exists()


@db
@pytest.mark.parametrize("crime_first", [True, False])
def test_the_breach_and_its_crime_are_told_once(at: datetime, crime_first: bool) -> None:
    case = incident(at=at)
    row = order(at, of=case)
    if crime_first:
        crime_of(case, at + HOUR)
    breach(at + HOUR, order_id=row.pk, incident_id=case.pk)
    if not crime_first:
        crime_of(case, at + HOUR)
    assert VictimUpdate.objects.filter(victim=row.victim, about="order_breach").count() == 1


# --- What a call is told --------------------------------------------------------------------------


def told_about(person_id: int, at: datetime) -> list[str]:
    whom = Asked((person_id,), (), None, at, person("handler"))
    return [one.words for one in orders_and_notices(whom)]


@db
def test_what_is_in_force_is_told_in_one_query(
    at: datetime, django_assert_num_queries: Any
) -> None:
    assert told.is_kept(told.ORDERS)
    case = incident(at=at)
    row = order(at, of=case)
    notice = served(at, of=case)
    person("handler")
    # What is in force, and what the reader's roles allow: once a request.
    with django_assert_num_queries(2):
        first, second = told_about_(row.person_id, at)
    assert first.startswith("Non-molestation order for Siobhán O'Neill, made 23 Nov 2026")
    assert CONDITIONS[0].words in first
    assert second.startswith("Protection notice for Siobhán O'Neill, served 23 Nov 2026")
    assert notice.person_id == row.person_id
    victim, _ = parties(case)
    assert told_about(victim.person_id, at) == []


def told_about_(person_id: int, at: datetime) -> list[str]:
    reader = User(username="handler")
    return [one.words for one in orders_and_notices(Asked((), (person_id,), None, at, reader))]


@db
def test_what_is_over_is_not_told(at: datetime, people: People) -> None:
    case = incident(at=at)
    row = order(at, of=case, until=date(2026, 11, 30))
    asked(at, of=case)
    assert len(told_about(row.person_id, datetime(2026, 11, 30, 23, 30, tzinfo=UTC))) == 1
    assert told_about(row.person_id, datetime(2026, 12, 1, 0, 30, tzinfo=UTC)) == []
    orders.end_order(
        order_id=row.pk,
        ended_at=at + HOUR,
        reason="Discharged",
        version=1,
        actor=people("officer"),
        at=at + HOUR,
    )
    assert told_about(row.person_id, at + 2 * HOUR) == []


# --- Two at once ----------------------------------------------------------------------------------


@committed
def test_the_same_order_recorded_twice_at_once() -> None:
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    case = incident(at=at)
    actors = [person("officer"), person("worker")]
    gate = threading.Barrier(2)

    def records(actor: User) -> Order:
        try:
            gate.wait(10)
            return order(at, of=case, actor=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(records, actors)
    assert first == second
    assert Order.objects.count() == 1
    assert VictimUpdate.objects.count() == 1


@db
def test_how_the_age_is_known_is_on_record(at: datetime) -> None:
    case = incident(at=at)
    _, bound = parties(case)
    Person.objects.filter(pk=bound.pk).update(date_of_birth=None)
    until = at.date() + timedelta(days=20)
    order(at, of=case, kind="protection", until=until, age_words="He says he is 40.")
    made = AuditEvent.objects.get(verb="order.made")
    assert made.detail["age"] == "no birth date on record: He says he is 40."
