"""Cases of the IDVA service over the API: what the pages refuse is refused here too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from core import clock
from referrals.models import IdvaCase
from tests.factories import victims
from tests.factories.advising import accepted, referred
from tests.personas import person

Api = Callable[[str], APIClient]


@pytest.fixture
def api(db: None) -> Api:
    def as_person(username: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(person(username))
        return client

    return as_person


@pytest.fixture
def now() -> datetime:
    return clock.now()


def post(client: APIClient, case: IdvaCase, what: str, **said: Any) -> Any:
    return client.post(f"/api/v1/idva-cases/{case.reference}/{what}/", said, format="json")


def test_listed_for_those_who_see_the_victim(
    api: Api, now: datetime, django_assert_max_num_queries: Any
) -> None:
    mine = accepted(now)
    other = victims.victim(given_name="Ada", family_name="Birch", grade="high", at=now)
    waiting = referred(now + timedelta(minutes=1), victim=other)

    def listed(who: str, query: str = "") -> list[str]:
        answer = api(who).get(f"/api/v1/idva-cases/{query}")
        assert answer.status_code == 200
        return [row["reference"] for row in answer.json()["results"]]

    assert listed("worker") == [waiting.reference, mine.reference]
    assert listed("idva_manager") == [waiting.reference, mine.reference]
    assert listed("idva") == listed("idva", "?with=me") == [mine.reference]
    assert listed("idva_b") == listed("worker", "?state=closed") == []
    assert api("idva").get("/api/v1/idva-cases/?state=gone").status_code == 400
    assert api("agency").get("/api/v1/idva-cases/").status_code == 403
    client = api("worker")
    with django_assert_max_num_queries(3):
        client.get("/api/v1/idva-cases/")
    one = api("worker").get(f"/api/v1/idva-cases/{mine.reference}/").json()
    assert (one["owner"], one["state"], one["grade"]) == ("idva", "accepted", "high")
    for who in ("idva_b", "agency"):
        assert api(who).get(f"/api/v1/idva-cases/{mine.reference}/").status_code == 404


def test_answered_and_allocated(api: Api, now: datetime) -> None:
    case, lead = referred(now), api("idva_manager")
    assert post(lead, case, "answer").status_code == 400
    assert post(lead, case, "answer", accept=True, to="nobody-here", version=1).status_code == 400
    assert post(api("worker"), case, "answer", accept=True, version=1).status_code == 403
    assert post(api("idva"), case, "answer", accept=True, version=1).status_code == 404
    done = post(lead, case, "answer", accept=True, version=1)
    assert (done.status_code, done.json()["owner"]) == (200, "idva_manager")
    again = post(lead, case, "answer", accept=True, version=1)
    assert (again.status_code, again.json()["code"]) == (409, "already_taken")
    version = done.json()["version"]
    assert post(lead, case, "allocate", to="idva", version=version - 1).status_code == 409
    given = post(lead, case, "allocate", to="idva", version=version)
    assert given.json()["owner"] == "idva"
    assert api("idva").get(f"/api/v1/idva-cases/{case.reference}/").status_code == 200


def test_not_accepted(api: Api, now: datetime) -> None:
    case, lead = referred(now), api("idva_manager")
    refused = post(lead, case, "answer", accept=False, version=1)
    assert refused.status_code == 400
    assert "because" in refused.content.decode()
    done = post(lead, case, "answer", accept=False, because="no_room", words="Full", version=1)
    assert (done.status_code, done.json()["state"]) == (200, "refused")
    assert lead.get(f"/api/v1/idva-cases/{case.reference}/").status_code == 404


def test_sent_twice_with_one_key_is_answered_once(api: Api, now: datetime) -> None:
    case, lead = referred(now), api("idva_manager")
    where, said = f"/api/v1/idva-cases/{case.reference}/answer/", {"accept": True, "version": 1}
    answers = [
        lead.post(where, said, format="json", headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert IdvaCase.objects.get().version == 2
