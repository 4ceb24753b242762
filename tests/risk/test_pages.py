"""The pages of an assessment: who sees them, what they keep, what they refuse, what they cost."""

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
from guardian.shortcuts import assign_perm

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents import next_steps
from incidents.models import Incident
from incidents.services import dispatch
from risk import services
from risk.closure import each_victim_is_assessed
from risk.models import Assessment
from tests.factories import risk as make
from tests.factories.incidents import incident
from tests.personas import person

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


def url(name: str, row: Assessment) -> str:
    return reverse(f"risk:{name}", args=[row.reference])


def typed(row: Assessment, *yes: str, **others: str) -> dict[str, Any]:
    """Everything that the page posts."""
    fields = {code: given["answer"] for code, given in make.answers(*yes).items()}
    return fields | {"version": row.version, "judged_grade": "", "judged_reason": ""} | others


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


# --- Begun by hand --------------------------------------------------------------------------------


@pytest.fixture
def unattended(now: datetime) -> Incident:
    """Nobody was sent, for a reason: she came to the counter."""
    row = incident(at=now)
    dispatch.send_nobody(
        incident_id=row.pk, actor=person("handler"), reason="she is at the counter", at=now
    )
    return row


def test_where_nobody_went_an_officer_begins_it_on_the_page(
    unattended: Incident, now: datetime, sign_in: SignIn
) -> None:
    page = f"/incidents/{unattended.reference}/"
    (missing,) = each_victim_is_assessed(unattended, now)
    assert missing.url == f"{page}#assessments"
    handlers = sign_in("handler").get(page).content.decode()
    assert 'id="assessments"' in handlers
    assert f'action="{page}assessments/"' not in handlers
    client = sign_in("supervisor")
    shown = client.get(page).content.decode()
    assert f'action="{page}assessments/"' in shown
    (victim,) = re.findall(r'name="victim" value="([^"]+)"', shown)
    for _ in range(2):
        answer = client.post(f"{page}assessments/", {"victim": victim})
        begun = Assessment.objects.get(incident=unattended)
        assert answer.headers["Location"] == url("assess", begun)
    assert begun.officer == person("supervisor")
    assert "Not begun" not in client.get(page).content.decode()


def test_beginning_for_somebody_else_is_refused_with_words(
    unattended: Incident, draft: Assessment, sign_in: SignIn
) -> None:
    client, page = sign_in("officer"), f"/incidents/{unattended.reference}/"
    for victim in (draft.victim.reference, "VI-2026-999999", ""):
        answer = client.post(f"{page}assessments/", {"victim": victim}, follow=True)
        assert "victim of th" in text(answer)
    assert not Assessment.objects.filter(incident=unattended).exists()


# --- Who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200),
        ("officer_b", 200),
        ("supervisor", 200),
        ("worker", 200),
        ("handler", 200),
        ("auditor", 200),
        ("idva", 404),
        ("agency", 404),
        ("analyst", 404),
        ("administrator", 404),
        ("nobody", 404),
    ],
)
def test_who_sees_an_assessment(draft: Assessment, sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(name).get(url("assess", draft)).status_code == status


def test_an_idva_with_a_grant_reads_and_cannot_write(
    draft: Assessment, sign_in: SignIn, people: People
) -> None:
    assign_perm("victims.view_victim", people("idva"), draft.victim)
    client = sign_in("idva")
    page = client.get(url("assess", draft))
    assert page.status_code == 200
    assert b"<textarea" not in page.content
    for name in ("assess", "keep", "submit"):
        assert client.post(url(name, draft), typed(draft)).status_code == 403
    assert client.get(url("review", draft)).status_code == 403
    assert client.get(reverse("risk:reviews")).status_code == 403
    assert client.get(reverse("risk:of_victim", args=[draft.victim.reference])).status_code == 200
    assert sign_in("idva_b").post(url("keep", draft), typed(draft)).status_code == 404
    draft.refresh_from_db()
    assert draft.version == 1


def test_reading_is_kept(draft: Assessment, sign_in: SignIn, people: People) -> None:
    sign_in("worker").get(url("assess", draft))
    sign_in("supervisor").get(url("review", draft))
    reads = RecordRead.objects.filter(subject=draft.reference, victim_id=draft.victim_id)
    assert [row.user for row in reads.order_by("pk")] == [people("worker"), people("supervisor")]


def test_nobody_without_a_session(draft: Assessment) -> None:
    assert Client().get(url("assess", draft)).status_code == 302
    refused = Client().post(url("keep", draft), headers={"Accept": "application/json"})
    assert refused.status_code == 401


# --- The officer's page --------------------------------------------------------------------------


def test_the_page_says_why_and_how_long(draft: Assessment, sign_in: SignIn) -> None:
    words = text(sign_in("officer").get(url("assess", draft)))
    assert "Due because: every domestic incident. 6 h 59 min left" in words
    assert "0 of 27" in words
    assert "not the official wording" in words
    for title in ("1-5 Now", "16-20 Violence and threats", "Stalking and harassment"):
        assert title in words


def test_without_script_everything_is_there(draft: Assessment, sign_in: SignIn) -> None:
    page = sign_in("officer").get(url("assess", draft)).content.decode()
    assert page.count('type="radio"') == 4 * (27 + 11 + 10 + 6) + 3
    assert 'data-opens-when="q04=yes,q20=yes"' in page
    assert 'data-opens-when="q18=yes"' in page
    assert "Offer medical help even with no marks." in page
    assert "hidden>" not in page.split("<form id")[1].split("</form>")[0]


def test_what_was_yes_last_time_is_marked(now: datetime, sign_in: SignIn) -> None:
    victim = make.a_victim(now)
    then = now - timedelta(days=70)
    make.submitted(then, "q18", victim=victim)
    row = make.draft(now, victim=victim)
    page = sign_in("officer").get(url("assess", row)).content.decode()
    assert page.count(f"yes in {clock.local(then):%B}") == 1


def test_saving_without_script(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    answer = client.post(
        url("assess", draft), typed(draft, "q18", q18_words="Both hands.", judged_grade="high")
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.answers["q18"]["words"]) == ("draft", "Both hands.")
    words = text(client.get(url("assess", draft)))
    assert "1 yes so far. Suggests at least High because of strangulation" in words
    assert "27 of 27" in words


def test_submitting(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    sent = typed(draft, "q17", judged_grade="high", judged_reason="She believes him.")
    done = client.post(url("submit", draft), sent, follow=True)
    draft.refresh_from_db()
    assert (draft.state, draft.grade) == ("submitted", "high")
    words = text(done)
    assert "Submitted: High counts from now on." in words
    assert "<textarea" not in done.content.decode()
    again = client.post(url("submit", draft), sent, follow=True)
    assert "waits for review" in text(again)


def test_a_refused_submission_keeps_what_was_typed(draft: Assessment, sign_in: SignIn) -> None:
    sent = typed(draft, "q17", q17_words="I'll finish it", judged_reason="")
    sent.pop("q09")
    refused = sign_in("officer").post(url("submit", draft), sent)
    assert refused.status_code == 400
    words = text(refused)
    assert "3 things need putting right" in words
    assert "9 Pregnant, or a baby under 18 months: Not answered yet" in words
    assert "I'll finish it" in words
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert draft.answers["q17"]["words"] == "I'll finish it"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"q01": "perhaps"}, "Answer with one of"),
        ({"q01_words": "a\x08b"}, "cannot be typed"),
        ({"q01_words": "x" * 5_000}, "the most is 4,000"),
        ({"q01_source": "rumour"}, "The source is one of"),
        ({"q99": "yes"}, "no topic of this code"),
        ({"judged_grade": "very_high"}, "Judge standard, medium or high"),
        ({"judged_reason": "x" * 10_001}, "the most is 10,000"),
        ({"version": "many"}, "changed in another window"),
        ({"version": ""}, "changed in another window"),
    ],
)
@pytest.mark.parametrize("name", ["assess", "submit", "keep"])
def test_bad_input_is_refused_with_words(
    draft: Assessment, sign_in: SignIn, name: str, change: dict[str, str], words: str
) -> None:
    sent = typed(draft, q02_words="Kept as typed.") | change
    refused = sign_in("officer").post(url(name, draft), sent)
    assert refused.status_code in {400, 409}
    if name == "keep":
        assert words in refused.json()["detail"]
    else:
        assert words in text(refused)
        assert "Kept as typed." in text(refused)
    draft.refresh_from_db()
    assert (draft.answers, draft.version) == ({}, 1)


def test_a_stale_page_shows_both_versions(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    client.post(f"{url('keep', draft)}?page=one", typed(draft, "q22"))
    refused = client.post(f"{url('assess', draft)}?page=two", typed(draft, "q23"))
    assert refused.status_code == 409
    words = text(refused)
    assert "22 Has harmed an animal Yes No" in words
    assert 'name="version" value="2"' in refused.content.decode()


# --- Autosave ------------------------------------------------------------------------------------


def test_autosave_answers_with_what_follows(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    answer = client.post(
        f"{url('keep', draft)}?page=one",
        {"version": 1, "q18": "yes", "q18_words": "", "q04": "dont_know"},
        headers={"Accept": "application/json"},
    )
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"kept_at", "version", "fragments"}
    assert body["version"] == 2
    assert datetime.fromisoformat(body["kept_at"]).tzinfo is not None
    assert "strangulation" in body["fragments"]["#suggestion"]
    assert "find out: 4" in body["fragments"]["#suggestion"]
    assert "2 of 27" in body["fragments"]["#answered"]


def test_the_same_page_may_try_again_and_another_may_not(
    draft: Assessment, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    for page, status in (("one", 200), ("one", 200), ("two", 409), ("one", 200)):
        answer = client.post(f"{url('keep', draft)}?page={page}", {"version": 1, "q01": "yes"})
        assert answer.status_code == status
    draft.refresh_from_db()
    assert draft.version == 4


def test_autosave_after_submission_is_told(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    before = row.answers
    answer = sign_in("officer").post(url("keep", row), {"version": row.version, "q18": "no"})
    assert answer.status_code == 409
    assert "waits for review" in answer.json()["detail"]
    row.refresh_from_db()
    assert row.answers == before


def test_autosave_by_somebody_else_is_refused(draft: Assessment, sign_in: SignIn) -> None:
    answer = sign_in("officer_b").post(url("keep", draft), {"version": 1, "q18": "no"})
    assert answer.status_code == 403
    assert "were there" in answer.json()["detail"]


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
