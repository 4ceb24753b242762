"""The victim's record by API: the same policy and services as the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from guardian.shortcuts import assign_perm
from rest_framework.test import APIClient

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent, RecordRead
from tests.factories import victims as make
from tests.personas import person as persona
from tests.victims.helpers import due
from victims import panels
from victims.models import SafeContact, Victim

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {
    "method": "text",
    "number": "07700 900417",
    "hours": "09:30-14:30",
    "code_word": "library",
    "version": 0,
}


def api(username: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=persona(username).pk))
    return client


def path(victim: Victim, rest: str = "") -> str:
    return f"/api/v1/victims/{victim.reference}/{rest}"


@pytest.fixture
def victim(db: None) -> Victim:
    return make.victim(address=make.address(), grade="high")


def test_the_record_at_a_glance(victim: Victim) -> None:
    make.safe_contact(victim)
    duty = due(victim, 5)
    body = api("worker").get(path(victim)).json()
    assert list(body) == [
        "reference",
        "name",
        "date_of_birth",
        "grade",
        "grade_since",
        "grade_reason",
        "responsible",
        "safe_contact",
        "home",
        "markers",
        "due",
    ]
    assert (body["reference"], body["name"]) == (victim.reference, "Siobhán O'Neill")
    assert body["date_of_birth"] == "1991-03-14"
    assert (body["grade"], body["grade_reason"]) == ("high", "Strangulation; threats to kill")
    assert body["responsible"] == {"person": None, "team": "Fenwick response"}
    assert body["safe_contact"]["number"] == "+447700900417"
    assert body["safe_contact"]["version"] == 1
    assert body["home"] == [
        {"address": "Flat 4, 18 Tanglewood Court", "postcode": "PE1 9ZZ", "uprn": ""}
    ]
    assert [row["basis"] for row in body["due"]] == [duty.basis]
    read = RecordRead.objects.get()
    assert (read.user_name, read.path, read.victim_id) == (
        "M. Castellanos",
        path(victim),
        victim.pk,
    )


def test_a_record_of_which_little_is_known(db: None) -> None:
    victim = make.victim(given_name="", family_name="", date_of_birth=None, birth_year=1980)
    body = api("worker").get(path(victim)).json()
    assert (body["name"], body["date_of_birth"], body["grade"]) == ("Name not known", None, "")
    assert (body["safe_contact"], body["home"], body["due"]) == (None, [], [])


@pytest.mark.parametrize("rest", ["", "timeline/"])
def test_unseen_is_404_and_nobody_is_401(victim: Victim, rest: str) -> None:
    for username in ("idva", "agency", "analyst", "administrator", "nobody"):
        answer = api(username).get(path(victim, rest))
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    assert APIClient().get(path(victim, rest)).status_code == 401
    assert not RecordRead.objects.exists()


def test_an_idva_reads_and_records_for_her_client_only(victim: Victim) -> None:
    other = make.victim(given_name="Amina", family_name="Khan")
    assign_perm("victims.view_victim", persona("idva"), victim)
    client = api("idva")
    assert client.get(path(victim)).status_code == 200
    assert client.get(path(other)).status_code == 404
    assert client.post(path(victim, "safe-contact/"), SAID, format="json").status_code == 201
    assert client.post(path(other, "safe-contact/"), SAID, format="json").status_code == 404


def test_the_timeline_pages_by_cursor(
    victim: Victim, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(panels.PARTS, "known", {})
    for number in range(30):
        audit.record(
            actor=persona("officer"),
            at=make.AT + timedelta(minutes=number // 3),
            verb="test.noted",
            headline=f"Note {number}",
            subject="RA-2026-000001",
            victim_id=victim.pk,
            detail={"rationale": "Because"},
        )
    client = api("worker")
    # Two for permissions, the victim, that they were opened, the incidents, the page.
    with django_assert_num_queries(5):
        page = client.get(path(victim, "timeline/"), {"page_size": 10}).json()
    headlines = [row["headline"] for row in page["results"]]
    while page["next"]:
        page = client.get(page["next"]).json()
        headlines += [row["headline"] for row in page["results"]]
    assert headlines[:30] == [f"Note {number}" for number in reversed(range(30))]
    assert len(headlines) == AuditEvent.objects.filter(victim_id=victim.pk).count()
    first = client.get(path(victim, "timeline/")).json()["results"][0]
    assert (first["detail"], first["by"], first["reference"], first["is_grave"]) == (
        "Because",
        "PC 2210 T. Hale",
        "RA-2026-000001",
        False,
    )


def test_a_safe_contact_sent_twice_is_recorded_once(victim: Victim) -> None:
    client = api("officer")
    answers = [
        client.post(
            path(victim, "safe-contact/"), SAID, format="json", headers={"Idempotency-Key": "k-1"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["version"] == 1
    assert SafeContact.objects.count() == 1


def test_a_stale_version_is_409_with_both(victim: Victim) -> None:
    make.safe_contact(victim, code_word="garden")
    answer = api("officer").post(path(victim, "safe-contact/"), SAID, format="json")
    body = answer.json()
    assert (answer.status_code, body["code"], body["version"]) == (409, "stale", 1)
    assert (body["theirs"]["code_word"], body["yours"]["code_word"]) == ("garden", "library")
    assert SafeContact.objects.count() == 1


def test_seen_but_not_allowed_is_403(victim: Victim) -> None:
    answer = api("auditor").post(path(victim, "safe-contact/"), SAID, format="json")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "withheld"}, "number"),
        ({"number": ""}, "number"),
        ({"method": "pigeon"}, "method"),
        ({"notes": "bell \x07"}, "notes"),
        ({"notes": "x" * 501}, "notes"),
        ({"notes": ["a"]}, "notes"),
        ({"may_leave_voicemail": "perhaps"}, "may_leave_voicemail"),
        ({"version": None}, "version"),
        ({"version": -1}, "version"),
        ({"codeword": "misspelt"}, "codeword"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    victim: Victim, change: dict[str, Any], field: str
) -> None:
    answer = api("officer").post(path(victim, "safe-contact/"), {**SAID, **change}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not SafeContact.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"null"])
def test_a_malformed_body_is_a_problem_not_a_crash(victim: Victim, body: bytes) -> None:
    answer = api("officer").post(
        path(victim, "safe-contact/"), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert not SafeContact.objects.exists()


def test_five_megabytes_are_refused(victim: Victim) -> None:
    answer = api("officer").post(
        path(victim, "safe-contact/"), {**SAID, "notes": "x" * 5_000_000}, format="json"
    )
    assert 400 <= answer.status_code < 500
    assert not SafeContact.objects.exists()


@pytest.mark.parametrize("reference", ["V-2026-999999", "V-2026-00%000", "x" * 300])
def test_an_unknown_reference_is_404(reference: str, people: Callable[[str], User]) -> None:
    assert api("worker").get(f"/api/v1/victims/{reference}/").status_code == 404
