"""The pages of the reviews of repeated incidents without a crime."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from deadlines.models import Deadline
from incidents.models import Incident
from tests.factories.incidents import in_call
from tests.incidents.helpers_non_crimes import non_crime, siobhan
from tests.personas import person
from victims.models import Person

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture
def three(db: None, at: datetime) -> list[Incident]:
    person("supervisor")
    return [non_crime(at - 3 * DAY), non_crime(at - 2 * DAY), non_crime(at - DAY)]


def test_the_incidents_stand_side_by_side(
    three: list[Incident], at: datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    client, address = sign_in("supervisor"), f"/non-crime-reviews/{siobhan().reference}/"
    assert address in client.get("/non-crime-reviews/").content.decode()
    assert address in client.get(f"/incidents/{three[0].reference}/").content.decode()
    page = client.get(address).content.decode()
    for row in three:
        assert row.reference in page
    assert page.count("Words only, no threat.") == 3
    assert page.count("Locks changed tonight") == 3
    refused = client.post(address, {"version": 1, "decision": "plan", "words": ""})
    assert refused.status_code == 400
    said = {"version": 1, "decision": "plan", "words": "Weekly visits."}
    assert client.post(address, said).status_code == 302
    assert "Weekly visits." in client.get(address).content.decode()
    assert "Siobhán" in client.get("/non-crime-reviews/?shown=settled").content.decode()
    assert "No review waits" in client.get("/non-crime-reviews/").content.decode()


def test_a_stale_decision_loses_nothing(
    three: list[Incident], at: datetime, sign_in: SignIn
) -> None:
    non_crime(at)
    answer = sign_in("supervisor").post(
        f"/non-crime-reviews/{siobhan().reference}/",
        {"version": 1, "decision": "plan", "words": "Weekly visits."},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Weekly visits." in page
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("worker", 403), ("idva", 404)])
def test_whose_page_it_is(three: list[Incident], sign_in: SignIn, who: str, status: int) -> None:
    client = sign_in(who)
    assert client.get(f"/non-crime-reviews/{siobhan().reference}/").status_code == status
    assert client.get("/non-crime-reviews/").status_code == 403


PAGE_QUERIES = 20


def test_the_pages_cost_the_same_however_many(
    three: list[Incident], at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("supervisor")
    for number in range(6):
        non_crime(at + number * timedelta(minutes=1))
    for address in ("/non-crime-reviews/", f"/non-crime-reviews/{siobhan().reference}/"):
        client.get(address)
        with django_assert_max_num_queries(PAGE_QUERIES):
            client.get(address)


def test_ones_own_team_stands_first(
    three: list[Incident], at: datetime, sign_in: SignIn, people: People
) -> None:
    """The review of another team's is due earlier, and still stands below."""
    Deadline.objects.filter(kind="non_crime_review").update(team=people("handler").team)
    people_ = (in_call("victim", given_name="Mina", family_name="Sand"),)
    for number in range(3):
        non_crime(
            at + number * timedelta(minutes=1),
            people=people_
            if not number
            else (in_call("victim", person_id=Person.objects.get(given_name="Mina").pk),),
        )
    page = sign_in("supervisor").get("/non-crime-reviews/").content.decode()
    assert page.index("Mina Sand") < page.index("Siobhán")
