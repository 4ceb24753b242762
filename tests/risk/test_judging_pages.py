"""The pages of judgement: a victim's risk, judging, agreeing, what is to be found out."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from risk import services
from risk.models import Assessment, GradeJudgement
from tests.factories import risk as make
from tests.factories import victims as make_victims
from tests.personas import person
from tests.risk.test_unknowns import with_unknowns
from victims.models import Victim

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


@pytest.fixture
def now() -> datetime:
    """An hour ago: pages read the real clock."""
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def high(now: datetime) -> Victim:
    person("supervisor")
    return make_victims.victim(at=now - timedelta(days=5), grade="high")


def url(name: str, about: Victim | Assessment) -> str:
    return reverse(f"risk:{name}", args=[about.reference])


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


def put(victim: Victim, at: datetime, grade: str = "medium", by: str = "officer") -> GradeJudgement:
    return services.judge(
        victim_id=victim.pk, grade=grade, reason="He has moved away.", actor=person(by), at=at
    )


# --- Judging -------------------------------------------------------------------------------------


def test_judging_higher(sign_in: SignIn, now: datetime) -> None:
    victim = make_victims.victim(at=now, grade="standard")
    client = sign_in("worker")
    assert "The grade is Standard since" in text(client.get(url("judge", victim)))
    sent = {"grade": "high", "reason": "He waits at the school.", "seen": "standard"}
    done = client.post(url("judge", victim), sent, follow=True)
    assert "High counts from now on." in text(done)
    assert client.post(url("judge", victim), sent).status_code == 302
    assert GradeJudgement.objects.count() == 1
    page = client.get(url("of_victim", victim)).content.decode()
    assert 'r="5"' in page
    assert "professional judgement: He waits at the school." in page
    assert "Judged" in text(client.get(reverse("victims:detail", args=[victim.reference])))


@pytest.mark.parametrize(
    ("change", "words", "status"),
    [
        ({"grade": ""}, "Judge standard, medium or high", 400),
        ({"grade": "very_high"}, "very_high", 400),
        ({"reason": " "}, "Say why", 400),
        ({"reason": "x" * 10_001}, "the most is 10,000", 400),
        ({"grade": "high"}, "The grade is high already", 400),
        ({"seen": "standard"}, "changed by somebody else: it is high now", 409),
    ],
)
def test_a_refused_judgement_keeps_what_was_typed(
    high: Victim, sign_in: SignIn, change: dict[str, str], words: str, status: int
) -> None:
    sent = {"grade": "medium", "reason": "He has moved.", "seen": "high"} | change
    refused = sign_in("officer").post(url("judge", high), sent)
    assert refused.status_code == status
    assert words in text(refused)
    assert sent["reason"].strip()[:13] in text(refused)
    assert 'name="seen" value="high"' in refused.content.decode() or "seen" not in change
    assert not GradeJudgement.objects.exists()


def test_the_suggested_grade_is_chosen_beforehand(high: Victim, sign_in: SignIn) -> None:
    page = sign_in("officer").get(url("judge", high), {"grade": "medium"}).content.decode()
    assert re.search(r'value="medium"[^>]* checked', page)


# --- Agreeing ------------------------------------------------------------------------------------


def test_a_supervisor_finds_it_and_agrees(high: Victim, sign_in: SignIn, now: datetime) -> None:
    row = put(high, now)
    client = sign_in("supervisor")
    listed = client.get(reverse("risk:reviews"))
    assert "Lower grades waiting" in text(listed)
    assert url("agree", high) in listed.content.decode()
    page = text(client.get(url("agree", high)))
    assert "He has moved away." in page
    assert "Conference criteria" in page
    sent = {"judgement": row.pk, "agrees": "yes", "words": "Checked with the council."}
    done = client.post(url("agree", high), sent, follow=True)
    assert "Agreed: it counts now." in text(done)
    again = client.post(url("agree", high), sent)
    assert again.status_code == 409
    assert "has agreed to this already" in text(again)
    assert "Checked with the council." in text(again)
    assert Victim.objects.get(pk=high.pk).grade == "medium"
    assert "Lower grades waiting" not in text(client.get(reverse("risk:reviews")))


def test_not_agreeing(high: Victim, sign_in: SignIn, now: datetime) -> None:
    row = put(high, now)
    sent = {"judgement": row.pk, "agrees": "no", "words": "Too early."}
    done = sign_in("supervisor").post(url("agree", high), sent, follow=True)
    assert "Not agreed: it stays." in text(done)
    assert "Too early." in text(sign_in("officer").get(url("of_victim", high)))


def test_ones_own_is_for_another(high: Victim, sign_in: SignIn, now: datetime) -> None:
    row = put(high, now, by="supervisor")
    client = sign_in("supervisor")
    page = client.get(url("agree", high))
    assert "This is your own judgement" in text(page)
    assert b"<textarea" not in page.content
    sent = {"judgement": row.pk, "agrees": "yes", "words": "Mine."}
    assert client.post(url("agree", high), sent).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"agrees": ""}, "Agree, or do not agree"),
        ({"words": ""}, "Say why you agree"),
        ({"judgement": ""}, "Load the page again"),
        ({"judgement": "999999"}, "no judgement about this victim"),
    ],
)
def test_a_refused_decision(
    high: Victim, sign_in: SignIn, now: datetime, change: dict[str, str], words: str
) -> None:
    row = put(high, now)
    sent = {"judgement": str(row.pk), "agrees": "yes", "words": "As I said."} | change
    refused = sign_in("supervisor").post(url("agree", high), sent)
    assert refused.status_code in {400, 409}
    assert words in text(refused)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_others_read_that_it_waits(high: Victim, sign_in: SignIn, now: datetime) -> None:
    put(high, now)
    page = sign_in("handler").get(url("agree", high))
    assert "A lower grade waits for a supervisor" in text(page)
    assert b"<textarea" not in page.content


# --- To be found out -----------------------------------------------------------------------------


def test_finding_out(sign_in: SignIn, now: datetime) -> None:
    row = with_unknowns(now)
    client = sign_in("officer")
    risk = text(client.get(url("of_victim", row.victim)))
    assert "To be found out 2 answers of" in risk
    page = text(client.get(url("unknowns", row)))
    assert "18 Strangling, choking, suffocating, drowning" in page
    sent = {"topic": "q18", "q18-found": "yes", "q18-words": "Her sister saw the marks."}
    done = client.post(url("unknowns", row), sent, follow=True)
    assert "The answers now suggest at least high: judge the risk anew." in text(done)
    assert "Her sister saw the marks." in text(done)
    assert f"{url('judge', row.victim)}?grade=high" in done.content.decode()
    assert client.post(url("unknowns", row), sent).status_code == 302
    assert "With what was found out the answers suggest at least high" in text(
        client.get(url("of_victim", row.victim))
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"q18-found": ""}, "Say yes, no, or that it cannot be found out"),
        ({"q18-found": "cannot", "q18-words": ""}, "Say why it cannot be found out"),
        ({"q18-words": "x" * 1_001}, "the most is 1,000"),
        ({"topic": "q22"}, "Choose one of the answers"),
    ],
)
def test_a_refused_answer(
    sign_in: SignIn, now: datetime, change: dict[str, str], words: str
) -> None:
    row = with_unknowns(now)
    sent = {"topic": "q18", "q18-found": "no", "q18-words": "She says never."} | change
    refused = sign_in("officer").post(url("unknowns", row), sent)
    assert refused.status_code == 400
    assert words in text(refused)
    if change.get("topic") is None and sent["q18-words"]:
        assert sent["q18-words"] in text(refused)
    assert row.unknowns.filter(state="open").count() == 2


def test_settled_meanwhile_shows_what_was_typed(sign_in: SignIn, now: datetime) -> None:
    row = with_unknowns(now)
    one = row.unknowns.get(topic="q18")
    services.find_out(
        unknown_id=one.pk, found="no", words="She says.", actor=person("worker"), at=now
    )
    sent = {"topic": "q18", "q18-found": "yes", "q18-words": "His own words."}
    refused = sign_in("officer").post(url("unknowns", row), sent)
    assert refused.status_code == 409
    assert "has settled this already: no" in text(refused)
    assert "His own words." in text(refused)


# --- The page of a victim's risk -----------------------------------------------------------------


def test_grades_incidents_and_judgements_in_one_table(
    high: Victim, sign_in: SignIn, now: datetime
) -> None:
    make.an_incident(now - timedelta(days=2), high)
    put(high, now)
    page = text(sign_in("officer").get(url("of_victim", high)))
    assert page.index("Waits for a supervisor: He has moved away.") < page.index("Incident DA-")
    assert "1 incident in 12 months (the conference's from 3)" in page


def test_what_the_page_costs_does_not_grow(high: Victim, sign_in: SignIn, now: datetime) -> None:
    client = sign_in("officer")
    with_unknowns(now - timedelta(days=1), victim=high)
    counted = queries(client, high)
    for number in range(3):
        with_unknowns(now + timedelta(minutes=number), victim=high)
        make.an_incident(now - timedelta(days=number + 3), high)
    assert queries(client, high) == counted
    assert counted <= 30


def queries(client: Client, victim: Victim) -> int:
    client.get(url("of_victim", victim))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url("of_victim", victim)).status_code == 200
    return len(captured)
