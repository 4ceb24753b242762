"""Custody events over the API: one or a list, once each, and what became of them."""

import json

import pytest

from core import clock
from perpetrators.models import CustodyEpisode, CustodyEvent
from tests.factories.custody import couple, saying

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/custody-events/"


@pytest.fixture
def send(sign_in):
    def sending(body, who="custody_system", **headers):
        return sign_in(who).post(
            ADDRESS, json.dumps(body), content_type="application/json", headers=headers
        )

    return sending


def now_saying(kind, **changes):
    return saying(kind, at=clock.now(), **changes)


def test_one_event_is_applied(send):
    darren, _ = couple()
    answered = send(now_saying("bail", message_id="m-7"))
    assert answered.status_code == 201
    assert answered.json() == {
        "system": "custody",
        "message_id": "m-7",
        "status": "applied",
        "detail": "Recorded.",
        "person": darren.reference,
        "episode": CustodyEpisode.objects.get().reference,
    }


def test_sent_again_it_says_so_and_changes_nothing(send):
    couple()
    body = now_saying("bail")
    send(body)
    again = send(body)
    assert (again.status_code, again.json()["status"]) == (200, "repeated")
    assert CustodyEvent.objects.count() == 1


def test_the_same_number_with_other_content_is_a_conflict(send):
    couple()
    body = now_saying("bail")
    send(body)
    refused = send({**body, "where": "Elsewhere"})
    assert (refused.status_code, refused.json()["code"]) == (409, "message_id_reused")
    assert "message_id" in refused.json()["errors"]


def test_whom_nobody_knows_is_accepted_and_waits(send):
    answered = send(now_saying("bail"))
    assert (answered.status_code, answered.json()["status"]) == (202, "unmatched")
    assert answered.json()["person"] == ""


def test_a_list_says_what_became_of_each(send):
    couple()
    first = now_saying("arrest")
    answered = send([first, first, now_saying("arrest", person_number="N/1", custody_number="C/1")])
    assert answered.status_code == 200
    assert [one["status"] for one in answered.json()["results"]] == [
        "applied",
        "repeated",
        "unmatched",
    ]


def test_a_list_with_a_message_that_cannot_be_read_changes_nothing(send):
    couple()
    refused = send([now_saying("arrest"), now_saying("escape")])
    assert refused.status_code == 400
    assert "1.kind" in refused.json()["errors"]
    assert not CustodyEvent.objects.exists()


@pytest.mark.parametrize("body", ["text", 7, None, [7], [[]], {}, [{}]])
def test_what_is_no_event(send, body):
    assert send(body).status_code == 400


def test_too_many(send):
    assert send([{}] * 1_001).status_code == 400


def test_an_idempotency_key_may_be_given_and_need_not(send):
    couple()
    body = now_saying("bail")
    first = send(body, **{"Idempotency-Key": "k"})
    again = send(body, **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


@pytest.mark.parametrize("who", ["handler", "investigator", "idva", "auditor", "administrator"])
def test_who_may_not_send(send, who):
    couple()
    assert send(now_saying("bail"), who).status_code == 403
    assert not CustodyEvent.objects.exists()
