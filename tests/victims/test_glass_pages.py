"""The pages and the API of records opened in an emergency."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent, RecordRead
from core import clock
from tests.factories import victims as make
from tests.personas import PEOPLE, person
from tests.victims.helpers import own_queries
from tests.victims.test_api import api
from victims import services
from victims.models import Victim, VictimAccess
from victims.services.glass import NOT_OPENED

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db

WHY = "She is at the hospital and her own adviser cannot be reached"
GLASS = "/break-glass/"
API = "/api/v1/break-glass/"


@pytest.fixture
def victim(db: None) -> Victim:
    person("idva_manager")
    return make.victim()


def opened(row: Victim, by: str = "idva_b") -> VictimAccess:
    return services.break_glass(victim_id=row.pk, reason=WHY, actor=person(by), at=clock.now())


def withheld(row: Victim, from_: str = "idva_b") -> None:
    services.withhold(
        victim_id=row.pk,
        person_id=person(from_).pk,
        reason="His sister",
        actor=person("manager"),
        at=clock.now(),
    )


def page(victim: Victim) -> str:
    return reverse("victims:detail", args=[victim.reference])


def test_an_adviser_opens_a_record_and_gives_it_back(victim: Victim, sign_in: SignIn) -> None:
    adviser = sign_in("idva_b")
    assert adviser.get(page(victim)).status_code == 404
    said = {"reason": WHY, "reference": f" {victim.reference.lower()} "}
    answer = adviser.post(GLASS, said)
    assert (answer.status_code, answer["Location"]) == (302, page(victim))
    use = VictimAccess.objects.get()
    shown = adviser.get(page(victim)).content.decode()
    assert WHY in shown and f"{GLASS}{use.called}/" in shown
    assert adviser.post(GLASS, said).status_code == 302
    assert VictimAccess.objects.count() == 1
    for _ in range(2):
        assert adviser.post(f"{GLASS}{use.called}/close/").status_code == 302
    assert adviser.get(page(victim)).status_code == 404
    assert AuditEvent.objects.filter(verb="access.ended").count() == 1


@pytest.mark.parametrize(
    ("said", "status", "message"),
    [
        ({"reference": "V-2026-999999"}, 400, "Say why first"),
        ({"reason": WHY}, 400, "Give the reference, or both names and the birth date."),
        ({"reason": WHY, "given_name": "Siobhán"}, 400, "Give the reference, or both names"),
        ({"reason": WHY, "reference": "V-2026-999999"}, 409, NOT_OPENED),
        ({"reason": "x" * 1_001, "reference": "V-2026-999999"}, 400, "1,000"),
        ({"reason": WHY, "born": "31 June"}, 400, "Enter a valid date"),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    victim: Victim, sign_in: SignIn, said: dict[str, str], status: int, message: str
) -> None:
    answer = sign_in("idva_b").post(GLASS, said)
    shown = answer.content.decode()
    assert answer.status_code == status and message in shown
    for typed in said.values():
        assert typed in shown
    assert not VictimAccess.objects.exists()


def test_what_misses_is_on_record_and_says_the_same_whatever_it_missed(
    victim: Victim, sign_in: SignIn
) -> None:
    """Nobody, one withheld, two of one name and birth date: one answer, and every try is kept."""
    withheld(victim)
    twins = {"given_name": "Ann", "family_name": "Moss"}
    for _ in range(2):
        make.victim(given_name="Ann", family_name="Moss")
    born = {"born": "1991-03-14"}
    tries = {
        "nobody": {"reference": "V-2026-999999"},
        "withheld": {"reference": victim.reference},
        "several": {**twins, **born},
    }
    adviser = sign_in("idva_b")
    for said in tries.values():
        answer = adviser.post(GLASS, {"reason": WHY, **said})
        assert answer.status_code == 409 and NOT_OPENED in answer.content.decode()
    rows = AuditEvent.objects.filter(verb="access.sought").order_by("pk")
    assert [row.detail["because"] for row in rows] == list(tries)
    assert all(row.is_grave and row.victim_id is None for row in rows)
    assert [row.detail["words"] for row in rows] == [WHY] * 3
    assert rows[1].detail["asked"]["reference"] == victim.reference
    assert {(row.subject, row.headline) for row in rows} == {(rows[0].subject, rows[0].headline)}


def test_a_try_by_the_api_is_kept_with_a_key_and_without(victim: Victim) -> None:
    withheld(victim)
    client = api("idva_b")
    answers = []
    for reference in (victim.reference, "V-2026-999999"):
        for key in ({}, {"Idempotency-Key": f"one-{reference}"}):
            body = {"reason": WHY, "reference": reference}
            answer = client.post(API, body, format="json", headers=key)
            answers.append((answer.status_code, answer.json()))
    assert answers == [answers[0]] * 4
    assert (answers[0][0], answers[0][1]["code"]) == (409, "not_opened")
    assert AuditEvent.objects.filter(verb="access.sought").count() == 4


def test_who_may_open_and_who_may_list(victim: Victim, sign_in: SignIn) -> None:
    opened(victim)
    may_open = {"idva", "idva_b", "idva_manager"}
    for who in PEOPLE:
        client = sign_in(who)
        listed = client.get(GLASS).status_code == 200
        assert listed == (who in may_open | {"auditor", "head"}), who
        if who not in may_open:
            said = {"reason": WHY, "reference": victim.reference}
            assert client.post(GLASS, said).status_code == 403, who
    assert VictimAccess.objects.count() == 1


def test_leaders_see_their_peoples_uses_and_advisers_their_own(
    victim: Victim, sign_in: SignIn
) -> None:
    use = opened(victim)
    own = f"{GLASS}{use.called}/"
    seen = {
        "idva": False, "idva_b": True, "idva_manager": True, "auditor": True, "head": True
    }  # fmt: skip
    for who, is_seen in seen.items():
        client = sign_in(who)
        assert (use.called in client.get(GLASS).content.decode()) == is_seen, who
        assert client.get(own).status_code == (200 if is_seen else 404), who
        found = api(who).get(API).json()
        assert [one["reference"] for one in found] == ([use.called] if is_seen else []), who
    assert sign_in("idva_manager").get(f"{GLASS}BG-{'9' * 17}/").status_code == 404
    withheld(victim, "idva_manager")
    assert use.called not in sign_in("idva_manager").get(GLASS).content.decode()
    assert sign_in("idva_manager").get(own).status_code == 404


def test_whoever_leads_says_what_they_think_of_it(victim: Victim, sign_in: SignIn) -> None:
    use = opened(victim)
    own = f"{GLASS}{use.called}/"
    leader = sign_in("idva_manager")
    assert sign_in("idva_b").post(own, {"is_right": "yes", "words": "Mine"}).status_code == 403
    assert sign_in("auditor").post(own, {"is_right": "yes", "words": "Fine"}).status_code == 403
    for said, message in (
        ({"words": "I rang the ward."}, "Say whether it was right."),
        ({"is_right": "no", "words": " "}, "Say "),
        ({"is_right": "no", "words": "y" * 1_001}, "1,000"),
    ):
        answer = leader.post(own, said)
        shown = answer.content.decode()
        assert answer.status_code == 400 and message in shown and said["words"].strip() in shown
        assert ("checked" in shown) == ("is_right" in said)
    right = {"is_right": "no", "words": "The adviser on call was there."}
    assert leader.post(own, right).status_code == 302
    again = leader.post(own, {"is_right": "yes", "words": "On second thoughts"})
    assert again.status_code == 409 and "has said already" in again.content.decode()
    assert sign_in("idva_b").get(page(victim)).status_code == 404
    assert "The adviser on call was there." in sign_in("idva_b").get(own).content.decode()


def test_the_list_as_csv_is_for_those_who_audit_and_on_record(
    victim: Victim, sign_in: SignIn
) -> None:
    use = services.break_glass(
        victim_id=victim.pk,
        reason="=1+1 is what her sister said",
        actor=person("idva_b"),
        at=clock.now(),
    )
    opened(make.victim(given_name="Ada"), "idva")
    for who in ("idva_b", "idva_manager", "head"):
        assert sign_in(who).get(f"{GLASS}export/").status_code == 403, who
    answer = sign_in("auditor").get(f"{GLASS}export/?who=idva_b")
    lines = b"".join(cast("Iterable[bytes]", answer)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["Use"], row["By"], row["Victim"]) for row in rows] == [
        (use.called, "S. Lindqvist", victim.reference)
    ]
    assert not rows[0]["Reason"].startswith("=")
    taken = AuditEvent.objects.get(verb="access.exported")
    assert taken.actor == person("auditor") and taken.detail == {"uses": [use.called]}


def test_who_sees_a_record_besides_is_told_to_those_who_answer_for_it(
    victim: Victim, sign_in: SignIn
) -> None:
    use, path = opened(victim), f"/victims/{victim.reference}/access/"
    services.set_responsible(
        victim_id=victim.pk, person=person("officer"), actor=person("officer"), at=clock.now()
    )
    person("supervisor")
    for who in ("officer", "supervisor", "head", "auditor"):
        shown = sign_in(who).get(path)
        assert shown.status_code == 200 and WHY in shown.content.decode(), who
    for who in ("handler", "officer_b", "idva_b"):
        assert sign_in(who).get(path).status_code == 403, who
    assert RecordRead.objects.filter(path=path, user=person("auditor")).exists()
    body = api("officer").get(f"/api/v1{path}").json()
    assert [(one["person"], one["stands"]) for one in body] == [("idva_b", True)]
    services.close_glass(access_id=use.pk, actor=person("idva_b"), at=clock.now())
    assert "Given back" in sign_in("officer").get(path).content.decode()


def test_the_api_opens_looks_and_closes(victim: Victim) -> None:
    asked: dict[str, Any] = {"reason": WHY, "given_name": "siobhán", "family_name": "O'NEILL"}
    adviser = api("idva_b")
    assert adviser.post(API, asked, format="json").status_code == 400
    made = adviser.post(API, {**asked, "born": "1991-03-14"}, format="json")
    assert made.status_code == 201 and made.json()["told"] == "idva_manager"
    one = f"{API}{made.json()['reference']}/"
    said = {"is_right": True, "words": "I rang the ward."}
    assert adviser.post(f"{one}look/", said, format="json").status_code == 403
    assert api("idva_manager").post(f"{one}close/").status_code == 403
    looked = api("idva_manager").post(f"{one}look/", said, format="json").json()
    assert (looked["found_right"], looked["ended_at"]) == (True, None)
    assert adviser.post(f"{one}close/").json()["ended_at"]
    assert api("idva").post(f"{one}close/").status_code == 404
    assert api("officer").get(API).status_code == 403


@pytest.mark.parametrize("uses", [1, 4])
def test_a_list_asks_the_same_however_long_it_is(uses: int, sign_in: SignIn) -> None:
    person("idva_manager")
    for number in range(uses):
        opened(make.victim(given_name=f"Ada{'abcdef'[number]}"))
    auditor = sign_in("auditor")
    auditor.get(GLASS)
    with own_queries(2):
        auditor.get(GLASS)
