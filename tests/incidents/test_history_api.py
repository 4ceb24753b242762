"""History over the API: the handler's questions, and setting aside, as the page has them."""

import pytest

from core import clock
from tests.factories.incidents import NOW, incident

pytestmark = pytest.mark.django_db
URL = "/api/v1/history/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_answers_come_in_order_and_what_is_set_aside_is_left_out(sign_in):
    first = incident(at=NOW.replace(hour=8))
    second = incident(at=NOW.replace(hour=9))
    client = sign_in("handler")

    body = client.get(URL, {"phone": "07700 900417"}).json()
    assert {row["reference"] for row in body["incidents"]} == {first.reference, second.reference}
    assert body["open_incidents"]
    assert body["answers"][0]["lines"][0]["words"] == "2 incidents in 12 months"
    assert body["incidents_of_people_in_period"] == 2

    marks = [f"incident:{first.reference}", f"incident:{second.reference}"]
    without = client.get(URL, {"phone": "07700 900417", "set_aside": marks}).json()
    assert without["incidents"] == []
    assert without["incidents_in_period"] == 0
    assert [row["reference"] for row in without["set_aside"]] == [
        first.reference,
        second.reference,
    ]


def test_too_many_marks_are_refused_at_their_field(sign_in):
    marks = [f"incident:DA-2026-{n:06d}" for n in range(61)]
    answer = sign_in("handler").get(URL, {"phone": "07700 900417", "set_aside": marks})
    assert answer.status_code == 400
    assert "set_aside" in str(answer.json())
