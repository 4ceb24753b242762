"""What no record can hold is refused in words, whoever sends it and however."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from incidents.models import CallDraft, Incident
from tests.factories.incidents import incident

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
CALLS = "/api/v1/incidents/"
CALL = {"source": "999", "received_at": "2026-01-05T10:00:00Z", "narrative": "He is outside."}


def sent(client: Client, body: str) -> tuple[int, str]:
    client.raise_request_exception = False
    answer = client.post(CALLS, body, content_type="application/json")
    assert answer["Content-Type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "\ud800"},
        {"grade": "\udfff"},
        {"narrative": "a\ud83d"},
        {"answers": {"\ud800": "yes"}},
        {"\ud800": 1},
        {"people": [{"role": "\ud800"}]},
    ],
)
def test_half_of_a_character_is_refused(sign_in: SignIn, wrong: dict[str, object]) -> None:
    status, words = sent(sign_in("handler"), json.dumps(CALL | wrong))
    assert (status, "half of a character" in words) == (400, True)
    assert not Incident.objects.exists()


def test_a_whole_emoji_is_no_half_character(sign_in: SignIn) -> None:
    body = json.dumps(CALL | {"narrative": "She sent \U0001f622."})
    assert "\\ud83d" in body
    answer = sign_in("handler").post(CALLS, body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["incident"]["narrative"] == "She sent \U0001f622."


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_what_is_nested_without_end_is_refused(sign_in: SignIn, opening: str) -> None:
    status, words = sent(sign_in("handler"), opening * 50_000)
    assert (status, words) == (400, "This is nested too deeply.")


def test_too_much_at_once_is_a_problem_document(sign_in: SignIn) -> None:
    body = json.dumps(CALL | {"narrative": "x" * 1_000_000})
    status, words = sent(sign_in("handler"), body)
    assert (status, words) == (413, "At most 1 MB can be sent at once.")


def test_a_page_that_sends_too_much_is_told_so(sign_in: SignIn) -> None:
    row = incident()
    answer = sign_in("handler").post(
        f"/incidents/{row.reference}/regrade/", {"version": "1", "reason": "x" * 1_000_001}
    )
    assert answer.status_code == 400
    assert "Go back, where what you typed still stands" in answer.content.decode()


def test_grading_again_is_done_once_however_often_it_is_repeated(sign_in: SignIn) -> None:
    row = incident()
    body = json.dumps({"version": row.version, "grade": "routine", "reason": "He has left."})
    answers = [
        sign_in("handler").post(
            f"{CALLS}{row.reference}/regrade/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("version", ["9" * 5_000, "\u00b2", "1" * 30, "-1", ""])
def test_a_version_that_is_no_number_keeps_what_is_typed(sign_in: SignIn, version: str) -> None:
    key = str(uuid4())
    typed = {"draft": key, "version": version, "narrative": "He is outside."}
    assert sign_in("handler").post("/calls/draft/", typed).status_code == 200
    assert CallDraft.objects.get(key=key).fields["narrative"] == ["He is outside."]


ROWS = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-role": "victim"}


@pytest.mark.parametrize("address", ["/calls/draft/", "/calls/history/", "/calls/new/?draft={key}"])
def test_a_reference_that_none_can_be_is_nobody(sign_in: SignIn, address: str) -> None:
    key = str(uuid4())
    typed = ROWS | {"draft": key, "people-0-person": "\x00", "narrative": "He is outside."}
    client = sign_in("handler")
    assert client.post(address.format(key=key), typed).status_code < 500
    assert not Incident.objects.exists()


@pytest.mark.parametrize("wrong", [{"received_at": "0001-01-02T00:00:00Z"}, {"set_aside": ["x"]}])
@pytest.mark.parametrize("further", [True, False])
def test_a_call_of_no_known_time_or_with_nonsense_set_aside_is_refused(
    sign_in: SignIn, further: bool, wrong: dict[str, object]
) -> None:
    where = f"{CALLS}{incident().reference}/further-calls/" if further else CALLS
    answer = sign_in("handler").post(
        where, json.dumps(CALL | wrong), content_type="application/json"
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(wrong))


@pytest.mark.parametrize("page", ["/calls/new/", "/incidents/{}/further-call/"])
def test_a_page_whose_time_lies_before_all_calendars_is_shown_again(
    sign_in: SignIn, page: str
) -> None:
    typed = ROWS | {"narrative": "He is outside.", "answered_at": "0001-01-01T00:00:00+14:00"}
    address = f"{page.format(incident().reference)}?draft={uuid4()}"
    answer = sign_in("handler").post(address, typed | {"source": "999", "caller_is": "victim"})
    assert answer.status_code == 400
    assert "The time of the call was lost" in answer.content.decode()
