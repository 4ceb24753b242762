"""The supervisor's pages of reviews, and what other pages say of an assessment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core import clock
from incidents import next_steps
from risk import services
from risk.models import Assessment
from tests.factories import risk as make
from tests.risk.helpers_pages import text, url

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
People = Callable[[str], User]


@pytest.fixture
def now() -> datetime:
    """An hour ago: pages read the real clock."""
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def draft(now: datetime) -> Assessment:
    return make.draft(now)


# --- The supervisor's pages ----------------------------------------------------------------------


def test_the_queue_by_time_left(now: datetime, sign_in: SignIn, people: People) -> None:
    people("supervisor")
    newer = make.submitted(now, victim=make.a_victim(now, given_name="Newer"))
    older = make.submitted(
        now - timedelta(hours=3),
        "q18",
        judged="medium",
        victim=make.a_victim(now, given_name="Older"),
    )
    client = sign_in("supervisor")
    words = text(client.get(reverse("risk:reviews")))
    assert words.index("Older") < words.index("Newer")
    assert "judged medium: needs your agreement" in words
    assert "2 assessments" in words
    high = text(client.get(reverse("risk:reviews"), {"grade": "high"}))
    assert older.reference in high
    assert newer.reference not in high
    assert client.get(reverse("risk:reviews"), {"grade": "x", "whose": "y"}).status_code == 200


def test_my_teams_only(now: datetime, sign_in: SignIn, people: People) -> None:
    people("supervisor")
    mine = make.submitted(now, victim=make.a_victim(now, given_name="Mine"))
    stranger = make.colleague("stranger", of=people("handler").team)
    other = make.submitted(now, officer=stranger, victim=make.a_victim(now, given_name="Other"))
    words = text(sign_in("supervisor").get(reverse("risk:reviews"), {"whose": "team"}))
    assert mine.reference in words
    assert other.reference not in words


@pytest.mark.parametrize("name", ["officer", "worker", "handler", "auditor", "nobody"])
def test_the_queue_is_the_supervisors(sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get(reverse("risk:reviews")).status_code == 403


def test_queries_of_the_queue_do_not_grow(now: datetime, sign_in: SignIn, people: People) -> None:
    people("supervisor")
    client = sign_in("supervisor")
    for number in range(3):
        make.submitted(now, "q18", victim=make.a_victim(now, given_name=f"A{number}"))
    client.get(reverse("risk:reviews"))
    counted = queries(client)
    for number in range(5):
        make.submitted(now, "q18", victim=make.a_victim(now, given_name=f"B{number}"))
    assert queries(client) == counted
    assert counted <= 12


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("risk:reviews"))
    return len(captured)


def test_a_review_stands_beside_the_history(now: datetime, sign_in: SignIn) -> None:
    victim = make.a_victim(now)
    make.reviewed(make.submitted(now - timedelta(days=60), "q22", victim=victim), now)
    row = make.submitted(now, "q18", victim=victim)
    words = text(sign_in("supervisor").get(url("review", row)))
    assert "18 Strangling, choking, suffocating, drowning No Yes" in words
    assert "22 Has harmed an animal Yes No" in words
    assert "Incidents 2 in all" in words
    assert "Not recorded yet." in words


def decide(row: Assessment, **more: Any) -> dict[str, Any]:
    return {"decision": "accept", "grade": "", "rationale": "", "version": row.version, **more}


def test_deciding(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    client = sign_in("supervisor")
    done = client.post(url("review", row), decide(row), follow=True)
    assert f"{row.reference}: accepted." in text(done)
    row.refresh_from_db()
    assert row.state == "reviewed"
    late = client.post(url("review", row), decide(row))
    assert late.status_code == 409
    assert "N. Obi has accepted this assessment already" in text(late)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": ""}, "Accept, return or regrade"),
        ({"decision": "shrug"}, "shrug"),
        ({"decision": "return"}, "Say what the officer must do"),
        ({"decision": "regrade", "rationale": "Why."}, "Say which grade"),
        ({"decision": "return", "rationale": "a\x00b"}, "Null characters"),
        ({"version": 1}, "changed in another window"),
        ({"version": "x"}, "whole number"),
    ],
)
def test_a_bad_decision_changes_nothing(
    now: datetime, sign_in: SignIn, change: dict[str, Any], words: str
) -> None:
    row = make.submitted(now, "q18")
    refused = sign_in("supervisor").post(url("review", row), decide(row, **change))
    assert refused.status_code in {400, 409}
    assert words in text(refused)
    row.refresh_from_db()
    assert row.state == "submitted"


def test_the_officer_sees_why_it_came_back(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    make.reviewed(row, clock.now(), decision="return", rationale="Who else lives there?")
    words = text(sign_in("officer").get(url("assess", row)))
    assert "Returned by Sgt 1120 N. Obi" in words
    assert "Who else lives there?" in words
    assert "High counts until you submit again" in words


# --- Parts of other pages ------------------------------------------------------------------------


def test_the_victims_page_shows_why_and_when(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    client = sign_in("worker")
    page = client.get(reverse("victims:detail", args=[row.victim.reference]))
    words = text(page)
    assert "Risk over time" in words
    assert "Why high strangulation" in words
    assert 'aria-label="Since' in page.content.decode()
    tab = text(client.get(reverse("risk:of_victim", args=[row.victim.reference])))
    assert row.incident.reference in tab


def test_the_incidents_page_shows_how_far_it_is(draft: Assessment, sign_in: SignIn) -> None:
    page = sign_in("handler").get(reverse("incidents:detail", args=[draft.incident.reference]))
    assert "Being made · due because: every domestic incident" in text(page)


def test_the_officers_next_step(draft: Assessment, people: People, now: datetime) -> None:
    incident = draft.incident
    steps = next_steps.steps_for(people("officer"), [incident], now)[incident.pk]
    mine = [step for step in steps if step.words.startswith("Assess the risk")]
    assert [step.url for step in mine] == [url("assess", draft)]
    assert mine[0].due_at == now + timedelta(hours=8)
    others = next_steps.steps_for(people("officer_b"), [incident], now)[incident.pk]
    assert not [step for step in others if "risk" in step.words]


def test_the_step_after_a_return(now: datetime, people: People) -> None:
    row = make.submitted(now)
    make.reviewed(row, now, decision="return", rationale="More words.")
    steps = next_steps.steps_for(people("officer"), [row.incident], now)[row.incident_id]
    assert any(step.words.startswith("Returned: put") for step in steps)


def test_a_victim_without_anything(now: datetime, sign_in: SignIn) -> None:
    victim = make.a_victim(now)
    client = sign_in("worker")
    assert client.get(reverse("victims:detail", args=[victim.reference])).status_code == 200
    page = client.get(reverse("risk:of_victim", args=[victim.reference]))
    assert "Nobody has assessed the risk yet." in text(page)


def test_opening_is_idempotent_for_the_page(draft: Assessment) -> None:
    again = services.open_assessment(
        incident_id=draft.incident_id,
        victim_id=draft.victim_id,
        actor=draft.officer,
        at=draft.started_at,
    )
    assert again.pk == draft.pk
