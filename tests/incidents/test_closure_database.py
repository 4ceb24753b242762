"""Nothing is finalised without an inspector: the database itself refuses, by whatever way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction

from incidents.models import Closure, Incident
from tests.factories import closure as gate
from tests.factories.response import attended
from tests.marks import committed
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


def refused(*sql: str) -> None:
    """Each statement alone is refused by the database."""
    for statement in sql:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def refused_call(step: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        step()


def a_closure(row: Incident, at: datetime, **changes: Any) -> Closure:
    return Closure(
        **{
            "incident": row,
            "kind": "non_crime",
            "non_crime_reason": "Words only.",
            "answered_by": person("officer"),
            "requested_by": person("officer"),
            "requested_at": at,
            **changes,
        }
    )


SIGNED = {"decision": "signed_off", "words": "So."}


def test_no_sql_closes_an_incident_that_nobody_signed(at: datetime, row: Incident) -> None:
    close = "state = 'closed', closed_at = now()"
    refused(f"UPDATE incidents_incident SET {close} WHERE id = {row.pk}")
    gate.requested(row, at=at)
    refused(f"UPDATE incidents_incident SET {close} WHERE id = {row.pk}")
    gate.refused(Closure.objects.get(), at=at)
    refused(f"UPDATE incidents_incident SET {close} WHERE id = {row.pk}")
    columns = [str(field.column) for field in Incident._meta.concrete_fields if field.name != "id"]
    copied = [
        {"reference": "'DA-2026-999999'", "state": "'closed'", "closed_at": "now()"}.get(name, name)
        for name in columns
        if name != "draft_id"
    ]
    names = [name for name in columns if name != "draft_id"]
    refused(
        f"INSERT INTO incidents_incident ({', '.join(names)}) "
        f"SELECT {', '.join(copied)} FROM incidents_incident WHERE id = {row.pk}"
    )
    assert Incident.objects.get(pk=row.pk).state == "attended"


def test_no_queryset_closes_one(at: datetime, row: Incident) -> None:
    closed: dict[str, Any] = {"state": "closed", "closed_at": at}
    refused_call(lambda: Incident.objects.filter(pk=row.pk).update(**closed))
    row.state, row.closed_at = "closed", at
    refused_call(lambda: Incident.objects.bulk_update([row], ["state", "closed_at"]))
    refused_call(lambda: row.save())
    copy = Incident.objects.get(pk=row.pk)
    copy.pk, copy.reference, copy.draft = None, "DA-2026-999999", None
    copy.state, copy.closed_at = "closed", at
    refused_call(lambda: Incident.objects.bulk_create([copy]))
    assert not Incident.objects.filter(state="closed").exists()


def test_one_signature_does_not_close_the_others_of_a_statement(at: datetime) -> None:
    gate.closed(at=at)
    other = attended(at=at - timedelta(hours=1), people=())
    refused_call(lambda: Incident.objects.filter(pk=other.pk).update(state="closed", closed_at=at))
    refused_call(lambda: Incident.objects.update(state="closed", closed_at=at))


@pytest.mark.parametrize("who", ["officer_b", "handler", "supervisor", "head", "administrator"])
def test_nobody_but_an_inspector_signs_by_sql(at: datetime, row: Incident, who: str) -> None:
    waiting = gate.requested(row, at=at)
    user = person(who)
    for decision in ("signed_off", "refused"):
        refused(
            f"UPDATE incidents_closure SET decision = '{decision}', words = 'So.', "
            f"decided_by_id = {user.pk}, decided_at = now() WHERE id = {waiting.pk}"
        )
        decided: dict[str, Any] = {
            "decision": decision,
            "words": "So.",
            "decided_by": user,
            "decided_at": at,
        }
        refused_call(lambda decided=decided: Closure.objects.update(**decided))  # type: ignore[misc]
        made = a_closure(row, at, **decided)
        refused_call(lambda made=made: Closure.objects.bulk_create([made]))  # type: ignore[misc]
    waiting.refresh_from_db()
    assert waiting.decision == ""


def test_an_inspector_does_not_sign_their_own_by_sql(at: datetime, row: Incident) -> None:
    inspector = person("inspector")
    for own in ({"requested_by": inspector}, {"answered_by": inspector}):
        made = a_closure(row, at, **own, decided_by=inspector, decided_at=at, **SIGNED)
        refused_call(made.save)


def test_an_inspector_who_lost_the_role_signs_no_more(at: datetime, row: Incident) -> None:
    waiting = gate.requested(row, at=at)
    person("inspector").groups.clear()
    refused_call(
        lambda: Closure.objects.filter(pk=waiting.pk).update(
            decided_by=person("inspector"), decided_at=at, **SIGNED
        )
    )


def test_what_is_decided_is_neither_changed_nor_removed(at: datetime, row: Incident) -> None:
    decided = gate.refused(gate.requested(row, at=at), at=at)
    refused(
        f"UPDATE incidents_closure SET words = 'Fine.' WHERE id = {decided.pk}",
        f"UPDATE incidents_closure SET decision = '' WHERE id = {decided.pk}",
        f"UPDATE incidents_closure SET decision = 'signed_off' WHERE id = {decided.pk}",
        f"UPDATE incidents_closure SET answers = '{{}}' WHERE id = {decided.pk}",
        f"DELETE FROM incidents_closure WHERE id = {decided.pk}",
    )
    refused_call(lambda: Closure.objects.update(words="Fine."))
    refused_call(lambda: Closure.objects.all().delete())
    decided.words = "Fine."
    refused_call(lambda: Closure.objects.bulk_update([decided], ["words"]))
    decided.refresh_from_db()
    assert decided.words == "Where is she now?"


def test_nor_is_a_request_that_waits_removed(at: datetime, row: Incident) -> None:
    gate.requested(row, at=at)
    refused("DELETE FROM incidents_closure")


def test_a_refusal_has_words_and_a_non_crime_its_reason(at: datetime, row: Incident) -> None:
    by = {"decided_by": person("inspector"), "decided_at": at}
    refused_call(a_closure(row, at, decision="refused", words="", **by).save)
    refused_call(a_closure(row, at, non_crime_reason="").save)
    refused_call(a_closure(row, at, kind="crime").save)
    refused_call(a_closure(row, at, decision="signed_off").save)


def test_what_is_closed_stays_closed(at: datetime) -> None:
    row = gate.closed(at=at)
    refused(
        f"UPDATE incidents_incident SET state = 'attended', closed_at = NULL WHERE id = {row.pk}",
        f"UPDATE incidents_incident SET closed_at = closed_at + interval '1 hour' "
        f"WHERE id = {row.pk}",
        # A key that points here is looked at when the transaction ends, or at once if told so.
        f"SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM incidents_incident WHERE id = {row.pk}",
    )
    refused_call(
        lambda: Incident.objects.filter(pk=row.pk).update(state="attended", closed_at=None)
    )
    Incident.objects.filter(pk=row.pk).update(supervised_at=at)
    assert Incident.objects.get(pk=row.pk).state == "closed"


@committed
def test_closures_are_not_truncated(at: datetime) -> None:
    """Other tests empty their tables that way, so the trigger sleeps but in this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'incidents_closure'::regclass "
            "AND tgname LIKE 'pgtrigger_no_truncate%%'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE incidents_closure ENABLE TRIGGER "{name}"')
        try:
            refused("TRUNCATE incidents_closure", "TRUNCATE incidents_incident CASCADE")
        finally:
            cursor.execute(f'ALTER TABLE incidents_closure DISABLE TRIGGER "{name}"')


def test_the_administration_reaches_neither(at: datetime) -> None:
    assert not {Incident, Closure} & set(admin.site._registry)
    routes = [str(url.pattern) for url in admin.site.get_urls()]
    assert "accounts/user/" in routes
    closed_to_it = ("incidents/incident/", "incidents/closure/")
    assert not [route for route in routes if route.startswith(closed_to_it)]


@pytest.mark.parametrize("state", ["done", "Closed", "closed ", ""])
def test_no_sql_takes_an_incident_out_of_every_list(row: Incident, state: str) -> None:
    refused(f"UPDATE incidents_incident SET state = '{state}' WHERE id = {row.pk}")


@pytest.mark.parametrize("decision", ["approved", "SIGNED_OFF"])
def test_a_closure_is_decided_in_no_other_way(at: datetime, row: Incident, decision: str) -> None:
    inspector = person("inspector")
    refused_call(a_closure(row, at, decision=decision, decided_by=inspector, decided_at=at).save)
