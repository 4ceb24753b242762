"""The list of what is to be looked at again, the page of one, and the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from core.trigger_rules import Trigger
from risk.models import Reassessment
from risk.services.triggers import fire
from tests.factories import risk as make
from tests.personas import person
from tests.risk.test_triggers import fired, graded
from victims.models import Victim

SignIn = Callable[[str], Client]


@pytest.fixture
def now(people: Callable[[str], User]) -> datetime:
    for username in ("supervisor", "officer", "officer_b", "custody"):
        people(username)
    return clock.now()


def opened(now: datetime, owner: str = "officer", grade: str = "medium", **more: Any) -> Any:
    """A release an hour ago; `owner` has the risk."""
    victim = graded(grade, now, **more.pop("named", {}))
    Victim.objects.filter(pk=victim.pk).update(risk_owner=person(owner))
    one = fired(victim, **{"happened_at": now - timedelta(hours=1), "source_id": victim.pk, **more})
    [row] = fire(fired=[one], actor=person("custody"), at=now)
    return row


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_mine_by_time_left_with_reasons_in_words(now: datetime, sign_in: SignIn) -> None:
    opened(now, named={"given_name": "Ada"})
    pressing = opened(now, grade="high", is_late=True, named={"given_name": "Bea"})
    opened(now, owner="officer_b", named={"given_name": "Cara"})
    html = page(sign_in("officer"), "/reassessments/")
    assert html.index("Bea") < html.index("Ada")
    assert "Cara" not in html
    assert "Darren Pike left custody" in html
    assert html.count("reported late") == 1
    assert f"/reassessments/{pressing.reference}/" in html
    assert "Cara" in page(sign_in("officer"), "/reassessments/?whose=team")
    assert "Cara" in page(sign_in("worker"), "/reassessments/?whose=all")
    # Who leads finds their team's.
    assert "Cara" in page(sign_in("supervisor"), "/reassessments/")
    assert "Nothing is to be looked at" in page(sign_in("worker"), "/reassessments/")


def test_because_of_what(now: datetime, sign_in: SignIn) -> None:
    opened(now, named={"given_name": "Ada"})
    opened(now, trigger=Trigger.CHARGE, named={"given_name": "Bea"})
    html = page(sign_in("officer"), "/reassessments/?trigger=charge")
    assert "Bea" in html
    assert "Ada" not in html
    nothing = page(sign_in("officer"), "/reassessments/?trigger=moved")
    assert "None of these has that reason" in nothing
    assert "Ada" in page(sign_in("officer"), "/reassessments/?trigger=nonsense")


def test_only_those_who_look_again(now: datetime, sign_in: SignIn) -> None:
    for username in ("handler", "auditor", "analyst", "custody", "nobody"):
        assert sign_in(username).get("/reassessments/").status_code == 403
    row = opened(now)
    assert sign_in("idva").get(f"/reassessments/{row.reference}/").status_code == 404
    assert row.reference not in page(sign_in("idva"), "/reassessments/?whose=all")


def test_the_list_costs_the_same_for_one_and_for_many(now: datetime, sign_in: SignIn) -> None:
    client, costs = sign_in("officer"), []
    opened(now, named={"given_name": "Ada"})
    page(client, "/reassessments/")
    for names in ([], ["Bea", "Cara", "Dot", "Eve", "Fay"]):
        for name in names:
            row = opened(now, named={"given_name": name})
            again = fired(row.victim, Trigger.CHARGE, source_id=row.pk, happened_at=now)
            fire(fired=[again], actor=person("custody"), at=now)
        with CaptureQueriesContext(connection) as asked:
            page(client, "/reassessments/")
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 8


def test_the_page_says_why_and_what_is_known(now: datetime, sign_in: SignIn) -> None:
    row = opened(now, about="release")
    html = page(sign_in("officer"), f"/reassessments/{row.reference}/")
    assert "Darren Pike left custody" in html
    assert "24 hours from released from custody" in html
    assert "not told yet" in html
    assert "Conference criteria" in html
    assert "Nobody has assessed the risk yet" in html
    assert "Begin an assessment" in html
    with CaptureQueriesContext(connection) as asked:
        page(sign_in("officer"), f"/reassessments/{row.reference}/")
    assert len(asked) <= 50


def test_who_may_not_conclude_reads_only(now: datetime, sign_in: SignIn) -> None:
    row = opened(now)
    html = page(sign_in("handler"), f"/reassessments/{row.reference}/")
    assert "Conclude" not in html
    assert "Take it over" not in html
    html = page(sign_in("officer_b"), f"/reassessments/{row.reference}/")
    assert "Conclude" not in html
    assert "Take it over from PC 2210 T. Hale" in html


def said(row: Reassessment, **more: Any) -> dict[str, Any]:
    row.refresh_from_db()
    return {"outcome": "kept", "words": "She is safe.", "version": row.version, **more}


def test_concluded_raised_the_victim_s_page_shows_it(now: datetime, sign_in: SignIn) -> None:
    row, client = opened(now), sign_in("officer")
    address = f"/victims/{row.victim.reference}/"
    assert "Risk to be looked at again" in page(client, address)
    answer = client.post(
        f"/reassessments/{row.reference}/", said(row, outcome="raised", grade="high"), follow=True
    )
    html = answer.content.decode()
    assert answer.request["PATH_INFO"] == address
    assert "Done. The grade is raised." in html
    assert "professional judgement: She is safe." in html
    assert "Risk to be looked at again</h2>" not in html
    html = page(client, f"/reassessments/{row.reference}/")
    assert "Grade raised, with reasons" in html
    assert "data-primary>Conclude" not in html


def test_nothing_typed_is_lost(now: datetime, sign_in: SignIn) -> None:
    row, client = opened(now), sign_in("officer")
    answer = client.post(
        f"/reassessments/{row.reference}/",
        said(row, outcome="raised", grade="", words="He knows the refuge."),
    )
    assert answer.status_code == 400
    assert "He knows the refuge." in answer.content.decode()
    assert "Judge standard, medium or high." in answer.content.decode()
    stale = said(row, words="He knows the refuge.")
    again = fired(row.victim, Trigger.CHARGE, source_id=99, happened_at=now, words="Charged today")
    fire(fired=[again], actor=person("custody"), at=now)
    answer = client.post(f"/reassessments/{row.reference}/", stale)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Charged today" in html
    assert "He knows the refuge." in html
    row.refresh_from_db()
    assert f'name="version" value="{row.version}"' in html
    assert row.state == "open"


@pytest.mark.parametrize("code", ["a\x00b", "x" * 500, "none_such", ""])
def test_a_questionnaire_that_there_is_not_is_refused_in_words(
    now: datetime, sign_in: SignIn, code: str
) -> None:
    row = opened(now)
    make.an_incident(now - timedelta(days=3), row.victim)
    answer = sign_in("officer").post(
        f"/reassessments/{row.reference}/assess/", {"instrument": code}, follow=True
    )
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == f"/reassessments/{row.reference}/"
    assert not row.assessments.exists()


def test_take_over_and_assess(now: datetime, sign_in: SignIn) -> None:
    row, client = opened(now), sign_in("officer_b")
    make.an_incident(now - timedelta(days=3), row.victim)
    taken = {"seen_owner": row.owner_id}
    client.post(f"/reassessments/{row.reference}/take-over/", taken)
    row.refresh_from_db()
    assert row.owner == person("officer_b")
    answer = client.post(
        f"/reassessments/{row.reference}/assess/", {"instrument": "dash_police"}, follow=True
    )
    begun = row.assessments.get()
    assert answer.request["PATH_INFO"] == f"/assessments/{begun.reference}/"
    assert b"Submit" in answer.content
    html = page(client, f"/reassessments/{row.reference}/")
    assert f"/assessments/{begun.reference}/" in html
    # Somebody else had it when this page was opened.
    answer = sign_in("supervisor").post(
        f"/reassessments/{row.reference}/take-over/", taken, follow=True
    )
    assert "L. Moss has it now" in answer.content.decode()


def test_api(now: datetime, sign_in: SignIn) -> None:
    row, client = opened(now), sign_in("officer")
    listed = client.get("/api/v1/reassessments/?whose=mine").json()["results"]
    assert [one["reference"] for one in listed] == [row.reference]
    [reason] = listed[0]["reasons"]
    assert (reason["trigger"], reason["is_late"]) == ("release", False)
    assert client.get("/api/v1/reassessments/?trigger=nonsense").status_code == 400
    one = client.get(f"/api/v1/reassessments/{row.reference}/").json()
    assert (one["owner"], one["state"]) == ("officer", "open")
    address = f"/api/v1/reassessments/{row.reference}/conclude/"
    body = {"outcome": "kept", "words": "She is safe.", "version": one["version"] + 5}
    kind = "application/json"
    answer = client.post(address, body, content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    answer = client.post(address, body | {"version": one["version"]}, content_type=kind)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["done_by"]) == ("done", "officer")
