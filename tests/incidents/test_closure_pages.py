"""The closing page and the inspector's list, as people use them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from incidents.closing import QUESTIONS
from incidents.models import Closure, FirstResponse, Incident
from tests.factories import closure as gate
from tests.factories.response import attended
from tests.personas import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def row() -> Incident:
    return gate.ready(at=clock.now())


def page_of(row: Incident) -> str:
    return f"/incidents/{row.reference}/closure/"


def typed(**changes: str) -> dict[str, str]:
    """What a browser sends of the questions."""
    given = gate.answered()
    fields = {code: answer["answer"] for code, answer in given.items()}
    fields |= {f"{code}_words": answer.get("words", "") for code, answer in given.items()}
    return {"act": "ask", **fields, **changes}


def decision(waiting: Closure, **changes: str) -> dict[str, str]:
    incident = Incident.objects.get(pk=waiting.incident_id)
    read = {"closure": str(waiting.pk), "version": str(incident.version)}
    return {"act": "decide", **read, "decision": "signed_off", "words": "", **changes}


def test_the_officer_asks_and_sees_that_it_waits(sign_in: SignIn, row: Incident) -> None:
    officer = sign_in("officer")
    page = officer.get(page_of(row)).content.decode()
    assert all(question.text.replace("'", "&#x27;") in page for question in QUESTIONS)
    assert "Whose answers" not in page
    answer = officer.post(page_of(row), typed(), follow=True)
    assert answer.redirect_chain == [(page_of(row), 302)]
    assert "Waiting for an inspector" in answer.content.decode()
    again = officer.post(page_of(row), typed(), follow=True)
    assert again.status_code == 200
    assert Closure.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn, row: Incident) -> None:
    answer = sign_in("officer").post(
        page_of(row), typed(injuries="no", evidence="no", evidence_words="CCTV of the shop, by six")
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "CCTV of the shop, by six" in page
    assert 'href="#id_injuries_words"' in page
    assert not Closure.objects.exists()


def test_what_is_missing_stands_first_and_the_questions_wait(sign_in: SignIn) -> None:
    row = attended("officer", at=clock.now() - timedelta(hours=1))
    officer = sign_in("officer")
    page = officer.get(page_of(row)).content.decode()
    assert "The first response is not recorded" in page
    assert f'href="/incidents/{row.reference}/first-response/"' in page
    assert QUESTIONS[0].text not in page
    refused = officer.post(page_of(row), typed(non_crime_reason="Words only."))
    assert refused.status_code == 409
    assert "Her sister is with her." in refused.content.decode()


def test_the_control_room_names_the_officer(sign_in: SignIn, row: Incident) -> None:
    handler = sign_in("handler")
    assert "Whose answers these are" in handler.get(page_of(row)).content.decode()
    assert handler.post(page_of(row), typed()).status_code == 400
    handler.post(page_of(row), typed(answered_by=str(person("officer").pk)))
    asked = Closure.objects.get()
    assert (asked.requested_by, asked.answered_by) == (person("handler"), person("officer"))


def test_an_inspector_reads_everything_side_by_side_and_signs(
    sign_in: SignIn, row: Incident
) -> None:
    waiting = gate.requested(row, at=clock.now(), injuries=("no", "Her hand; she goes at eight."))
    inspector = sign_in("inspector")
    page = inspector.get(page_of(row)).content.decode()
    for words in (
        "Her hand; she goes at eight.",
        "Locks changed tonight; sister stays until Sunday.",
        "Door damaged. She was shaking and whispered.",
        "Risk assessment",
        "Words only, no threat.",
        "No earlier incident of the victim.",
    ):
        assert words in page
    answer = inspector.post(page_of(row), decision(waiting))
    assert (answer.status_code, answer["Location"]) == (302, "/closures/")
    row.refresh_from_db()
    assert row.state == "closed"
    shown = sign_in("officer").get(page_of(row)).content.decode()
    assert "Signed off" in shown
    assert "Ask for closure" not in shown


def test_a_refusal_without_words_keeps_the_page(sign_in: SignIn, row: Incident) -> None:
    waiting = gate.requested(row, at=clock.now())
    answer = sign_in("inspector").post(page_of(row), decision(waiting, decision="refused"))
    assert answer.status_code == 400
    assert "Say what is missing" in answer.content.decode()


def test_a_refusal_is_the_officers_next_step_with_the_earlier_answers(
    sign_in: SignIn, row: Incident
) -> None:
    now = clock.now()
    waiting = gate.requested(row, at=now, injuries=("no", "Her hand; she goes at eight."))
    sign_in("inspector").post(
        page_of(row), decision(waiting, decision="refused", words="Where is she now?")
    )
    officer = sign_in("officer")
    home = officer.get("/my-incidents/").content.decode()
    assert "Closure refused: Where is she now?" in home
    assert f'href="{page_of(row)}"' in home
    assert "Closure refused" not in sign_in("officer_b").get("/my-incidents/").content.decode()
    page = officer.get(page_of(row)).content.decode()
    assert "Her hand; she goes at eight." in page
    assert re.search(r'name="injuries" value="no"[^>]* checked', page)
    officer.post(page_of(row), typed())
    assert "Closure refused" not in officer.get("/my-incidents/").content.decode()


def test_a_stale_page_of_a_withdrawn_request_is_refused(sign_in: SignIn, row: Incident) -> None:
    first = gate.requested(row, at=clock.now())
    read = decision(first)
    sign_in("officer").post(page_of(row), {"act": "withdraw", "closure": str(first.pk)})
    gate.requested(row, at=clock.now(), injuries=("no", "Her hand."))
    inspector = sign_in("inspector")
    answer = inspector.post(page_of(row), {**read, "words": "My words."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "withdrew this request" in page
    assert "My words." in page
    assert "Her hand." in page
    row.refresh_from_db()
    assert row.state == "attended"


def test_a_page_read_before_the_incident_changed_signs_nothing(
    sign_in: SignIn, row: Incident
) -> None:
    waiting = gate.requested(row, at=clock.now())
    read = decision(waiting)
    Incident.objects.filter(pk=row.pk).update(version=row.version + 5)
    inspector = sign_in("inspector")
    answer = inspector.post(page_of(row), read)
    assert answer.status_code == 409
    assert "has changed since you opened" in answer.content.decode()
    assert f'name="version" value="{row.version + 5}"' in answer.content.decode()


def test_withdrawing_what_is_decided_says_so(sign_in: SignIn, row: Incident) -> None:
    waiting = gate.refused(gate.requested(row, at=clock.now()), at=clock.now())
    answer = sign_in("officer").post(
        page_of(row), {"act": "withdraw", "closure": str(waiting.pk)}, follow=True
    )
    assert "An inspector has decided this request already" in answer.content.decode()
    assert sign_in("officer").post(page_of(row), {"act": "withdraw"}).status_code == 404


def test_an_inspector_who_asked_may_only_withdraw(sign_in: SignIn, row: Incident) -> None:
    inspector = sign_in("inspector")
    inspector.post(page_of(row), typed(answered_by=str(person("officer").pk)))
    page = inspector.get(page_of(row)).content.decode()
    assert "another inspector decides" in page
    assert 'value="decide"' not in page
    waiting = Closure.objects.get()
    assert inspector.post(page_of(row), decision(waiting)).status_code == 403


@pytest.mark.parametrize("who", ["worker", "head", "auditor", "idva", "nobody"])
def test_others_neither_ask_nor_decide(sign_in: SignIn, row: Incident, who: str) -> None:
    client = sign_in(who)
    assert client.get(page_of(row)).status_code in {403, 404}
    assert client.post(page_of(row), typed()).status_code in {403, 404}
    assert client.get("/closures/").status_code == 403


# --- The inspector's list -----------------------------------------------------------------------


def test_the_list_is_oldest_first_with_what_matters(sign_in: SignIn) -> None:
    now = clock.now()
    rows = [gate.ready(at=now - timedelta(hours=hours)) for hours in (1, 6)]
    for row in rows:
        gate.requested(row, at=row.received_at + timedelta(hours=2))
    page = sign_in("inspector").get("/closures/").content.decode()
    assert page.index(rows[1].reference) < page.index(rows[0].reference)
    assert "Siobhán O&#x27;Neill" in page
    assert "Fenwick" in page
    assert 'data-refresh="/closures/"' in page
    assert "PC 2210 T. Hale" in page


def test_refused_ones_stay_in_sight_until_they_are_answered(sign_in: SignIn) -> None:
    now = clock.now()
    row = gate.ready(at=now)
    gate.refused(gate.requested(row, at=now), at=now, words="Where is she now?")
    inspector = sign_in("inspector")
    page = inspector.get("/closures/").content.decode()
    assert "Refused, not answered yet" in page
    assert "Where is she now?" in page
    gate.requested(row, at=clock.now())
    page = inspector.get("/closures/").content.decode()
    assert "Refused, not answered yet" not in page


def test_the_list_asks_the_same_few_questions_however_long(
    sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    inspector = sign_in("inspector")
    gate.requested(gate.ready(at=now), at=now)
    inspector.get("/closures/")
    with django_assert_num_queries(9) as few:
        inspector.get("/closures/")
    for _ in range(3):
        gate.requested(gate.ready(at=now), at=now)
        gate.refused(gate.requested(gate.ready(at=now), at=now), at=now)
    with django_assert_num_queries(len(few) + 1):
        # One more: the people of what was refused.
        inspector.get("/closures/")


def test_the_officers_home_does_not_grow_with_it(
    sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    officer = sign_in("officer")
    for _ in range(3):
        gate.requested(gate.ready(at=clock.now()), at=clock.now())
    assert FirstResponse.objects.count() == 3
    officer.get("/my-incidents/")
    with django_assert_max_num_queries(25) as some:
        officer.get("/my-incidents/")
    gate.ready(at=clock.now())
    with django_assert_max_num_queries(len(some)):
        officer.get("/my-incidents/")


def test_the_home_of_an_inspector_is_the_list(sign_in: SignIn) -> None:
    assert sign_in("inspector").get("/")["Location"] == "/closures/"
