"""Contacts, updates, statements and changes by API: the same services as the pages."""

from datetime import timedelta
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from core import clock
from tests.factories import victims as make
from tests.personas import person as persona
from tests.victims.telling import HOUR, known_victim, owed, tried
from tests.victims.test_api import api, path
from victims.models import Circumstance, Contact, PersonalStatement, Victim, VictimUpdate

pytestmark = pytest.mark.django_db


CURSORS = ["cD1ub3RhZGF0ZQ==", "cD05OTk5LTEzLTAx", "x"]


@pytest.fixture
def victim() -> Victim:
    return known_victim(hours="")


@pytest.fixture
def row(victim: Victim) -> VictimUpdate:
    now = clock.now()
    return owed(victim, at=now - HOUR, happened_at=now - HOUR)


def said(*about: VictimUpdate, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "way": "text",
        "outcome": "reached",
        "words": "She knows.",
        "about": [{"number": one.pk, "version": one.version} for one in about],
        "safe_contact_version": 1,
    }
    return {**body, **changes}


def test_what_must_be_told_and_telling_it(victim: Victim, row: VictimUpdate) -> None:
    client = api("worker")
    body = client.get(path(victim, "updates/")).json()
    [item] = body["owed"]
    assert (item["what"]["number"], item["what"]["state"]) == (row.pk, "owed")
    assert (item["attempts"], item["attempts_needed"]) == (0, 3)
    assert "1 working day from the event" in item["basis"]
    answer = client.post(path(victim, "contacts/"), said(row), format="json")
    assert answer.status_code == 201
    assert answer.json()["about"] == [row.pk]
    assert answer.json()["safe_contact_version"] == 1
    body = client.get(path(victim, "updates/")).json()
    assert body["owed"] == []
    [ended] = body["ended"]
    assert (ended["what"]["state"], ended["told_in"]) == ("told", answer.json()["number"])
    log = client.get(path(victim, "contacts/")).json()
    assert [one["words"] for one in log["results"]] == ["She knows."]


def test_a_key_logs_once(victim: Victim, row: VictimUpdate) -> None:
    client = api("officer")
    for _ in range(2):
        answer = client.post(
            path(victim, "contacts/"), said(row), format="json", HTTP_IDEMPOTENCY_KEY="k-1"
        )
        assert answer.status_code == 201
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"way": "pigeon"}, 400, "way"),
        ({"outcome": "gone"}, 400, "outcome"),
        ({"way": "call"}, 400, "other_way_reason"),
        ({"about": [{"number": 999_999, "version": 1}]}, 400, "updates"),
        ({"about": [{"number": 1}]}, 400, "about"),
        ({"contacted_at": "2099-01-01T10:00:00Z"}, 400, "contacted_at"),
        ({"nonsense": 1}, 400, "nonsense"),
        ({"safe_contact_version": 7}, 409, "version"),
    ],
)
def test_refusals_name_the_field(
    victim: Victim, changes: dict[str, Any], status: int, field: str
) -> None:
    answer = api("officer").post(path(victim, "contacts/"), said(**changes), format="json")
    assert answer.status_code == status
    assert field in answer.json()["errors"]
    assert not Contact.objects.exists()


def test_a_stale_safe_contact_comes_with_both(victim: Victim) -> None:
    make.safe_contact(victim, method="call", number="07700 900555", version=1)
    body = api("officer").post(path(victim, "contacts/"), said(), format="json").json()
    assert (body["theirs"]["number"], body["yours"]["number"]) == ("07700 900555", "07700 900417")
    assert body["version"] == 2


def test_not_reached_after_enough_attempts(victim: Victim, row: VictimUpdate) -> None:
    client = api("officer")
    address = path(victim, f"updates/{row.pk}/not-reached/")
    body = {"words": "Her adviser writes.", "version": row.version}
    refused = client.post(address, body, format="json")
    assert refused.status_code == 409
    assert "3 more attempts" in refused.json()["detail"]
    tried(victim, row, times=3, at=clock.now() - HOUR / 2)
    answer = client.post(address, body, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "not_reached")
    other = make.victim(make.person(family_name="Marsh"))
    elsewhere = path(other, f"updates/{row.pk}/not-reached/")
    assert client.post(elsewhere, body, format="json").status_code == 404


def test_a_statement_from_offer_to_correction(victim: Victim) -> None:
    client = api("officer")
    number = client.post(path(victim, "statements/"), {}, format="json").json()["number"]
    base = path(victim, f"statements/{number}/")
    body = {"answer": "later", "words": "After the trial.", "version": 1}
    assert client.post(f"{base}answer/", body, format="json").json()["answer"] == "later"
    text = {"text": "I do not sleep.", "wants_read_aloud": True, "version": 2}
    assert client.post(f"{base}text/", text, format="json").json()["version"] == 3
    stale = client.post(f"{base}text/", {**text, "text": "Other."}, format="json")
    assert stale.status_code == 409 and stale.json()["theirs"]["text"] == "I do not sleep."
    [shown] = client.get(path(victim, "statements/")).json()
    assert shown["text"] == "I do not sleep."
    assert PersonalStatement.objects.count() == 1


def test_a_change_is_recorded_and_listed(victim: Victim) -> None:
    client, when = api("officer"), clock.now() - timedelta(days=2)
    body = {"kind": "moved", "happened_at": when.isoformat(), "words": "To her sister."}
    assert client.post(path(victim, "circumstances/"), body, format="json").status_code == 201
    [shown] = client.get(path(victim, "circumstances/")).json()
    assert (shown["kind"], shown["words"]) == ("moved", "To her sister.")
    assert Circumstance.objects.get().happened_at == when


def test_who_reads_does_not_write_and_who_was_granted_does(
    victim: Victim, row: VictimUpdate
) -> None:
    assert api("head").get(path(victim, "updates/")).status_code == 200
    assert api("head").post(path(victim, "contacts/"), said(), format="json").status_code == 403
    assert api("idva").get(path(victim, "updates/")).status_code == 404
    assign_perm("victims.view_victim", persona("idva"), victim)
    assert api("idva").post(path(victim, "contacts/"), said(row), format="json").status_code == 201


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_no_page_gave_is_not_found(victim: Victim, cursor: str) -> None:
    """Among them two whose place is a word, and a day that there is not."""
    answer = api("worker").get(path(victim, f"contacts/?cursor={cursor}"))
    assert answer.status_code == 404


def test_what_fell_away_is_listed_without_a_contact(victim: Victim, row: VictimUpdate) -> None:
    VictimUpdate.objects.filter(pk=row.pk).update(
        state="fallen_away", outcome="He was not released.", settled_at=clock.now()
    )
    body = api("worker").get(path(victim, "updates/")).json()
    [ended] = body["ended"]
    assert (ended["told_in"], ended["what"]["settled_by"]) == (None, None)
