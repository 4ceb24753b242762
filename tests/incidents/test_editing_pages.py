"""Putting right what was taken down, with both versions after a stale save; news from a page."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from core import clock
from incidents import next_steps, versions
from incidents.models import CallDraft, FurtherCall, Incident
from incidents.pages import editing
from incidents.services.editing.correcting import correct
from incidents.services.editing.further_calls import add_further_call
from incidents.services.response import read_briefing
from tests.factories.incidents import NOW, call, incident
from tests.factories.response import sent
from tests.personas import person

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)


def page(row, name="edit"):
    return reverse(f"incidents:{name}", args=[row.reference])


INPUT = re.compile(r'<input type="(?:hidden|text)" name="(\w+)" value="([^"]*)"')
TEXT = re.compile(r'<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)</textarea>')


def fields(page_html):
    """What a browser would send of the page's form, without the choices made on it."""
    form = page_html.split('id="edit"')[1].split("</form>")[0]
    found = [*INPUT.findall(form), *TEXT.findall(form)]
    return {name: html.unescape(value) for name, value in found}


def theirs(row, who="handler_b", **changes):
    row.refresh_from_db()
    correct(incident_id=row.pk, actor=person(who), changes=changes, version=row.version, at=LATER)


def begun(client, row, **changes):
    """The form as it was opened, with what was typed since."""
    answer = client.get(page(row))
    form = answer.context["form"]
    return {
        **{name: form[name].value() or "" for name in form.fields if not name.endswith("_stays")},
        **changes,
    }


# --- Which version stays ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "mine", "theirs", "differs", "stays"),
    [
        ("a", "a", "a", False, None),
        ("a", "b", "b", False, None),
        ("a", "b", "a", True, versions.MINE),
        ("a", "a", "b", True, versions.THEIRS),
        ("a", "b", "c", True, ""),
        ("a", "", "c", True, ""),
        ("a", "", "a", True, versions.MINE),
        ("", "", "c", True, versions.THEIRS),
        (None, "b", "c", True, ""),
        # What is stored alike is alike: line ends and outer blanks are no change of anybody's.
        ("a\nb", " a\r\nb ", "a\nb", False, None),
        ("a\nb", "a\r\nb ", "c", True, versions.THEIRS),
    ],
)
def test_what_surely_stays(read, mine, theirs, differs, stays):
    found = versions.differing({"text": theirs}, {"text": mine})
    assert bool(found) == differs
    if differs:
        begun_with = "" if read is None else versions.fingerprint(read)
        assert versions.preselected(begun_with, mine, theirs) == stays


# --- The page -----------------------------------------------------------------------------------


def test_every_text_can_be_put_right(sign_in):
    row, client = incident(), sign_in("handler")
    new = {
        "narrative": "He is inside.",
        "verbatim": "I will finish it",
        "background": "a dog",
        "caller_name": "S. O'Neill",
        "source_detail": "the library's desk",
        "safe_callback": "after nine",
        "language": "Irish",
        "communication_needs": "lip-reads",
    }

    answer = client.post(page(row), begun(client, row, **new))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in new} == new
    shown = client.get(page(row, "detail")).content.decode()
    assert "Call corrected: narrative" in shown


def test_what_is_wrong_is_said_at_its_field_and_kept(sign_in):
    row, client = incident(), sign_in("handler")

    answer = client.post(page(row), begun(client, row, narrative=" ", background="x" * 501))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["narrative", "background"]
    assert "x" * 501 in answer.content.decode()
    row.refresh_from_db()
    assert row.version == 1


def test_a_stale_save_shows_both_versions_with_who_and_when(sign_in):
    row, client = incident(), sign_in("handler")
    mine = begun(client, row, narrative="He left by car.", caller_name="Siobhan O'Neill")
    theirs(row, narrative="He left on foot.", language="Irish")

    answer = client.post(page(row), mine)
    rows = {one.name: one for one in answer.context["versions"]}

    assert answer.status_code == 409
    assert list(rows) == ["narrative", "caller_name", "language"]
    assert (rows["narrative"].theirs, rows["narrative"].yours) == (
        "He left on foot.",
        "He left by car.",
    )
    assert (rows["narrative"].who, rows["narrative"].at) == ("M. Quill", LATER)
    assert (rows["narrative"].chosen, rows["caller_name"].chosen, rows["language"].chosen) == (
        "",
        "mine",
        "theirs",
    )
    shown = answer.content.decode()
    for words in ("What they wrote", "What you wrote", "He left on foot.", "He left by car."):
        assert words in shown
    row.refresh_from_db()
    assert row.narrative == "He left on foot."


@pytest.mark.parametrize(
    ("stays", "anew", "narrative"),
    [
        ("mine", "", "He left by car."),
        ("theirs", "", "He left on foot."),
        ("anew", "On foot, then by car.", "On foot, then by car."),
    ],
)
def test_saving_from_there_answers_the_new_version(sign_in, stays, anew, narrative):
    row, client = incident(), sign_in("handler")
    mine = begun(client, row, narrative="He left by car.", caller_name="Siobhan O'Neill")
    theirs(row, narrative="He left on foot.", language="Irish")
    shown = fields(client.post(page(row), mine).content.decode())
    chosen = {
        "narrative_stays": stays,
        "narrative_anew": anew,
        "caller_name_stays": "mine",
        "language_stays": "theirs",
    }

    answer = client.post(page(row), {**shown, **chosen})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.narrative, row.caller_name, row.language) == (
        narrative,
        "Siobhan O'Neill",
        "Irish",
    )


def test_without_a_choice_it_asks_again_and_nothing_typed_is_lost(sign_in):
    row, client = incident(), sign_in("handler")
    mine = begun(client, row, narrative="He left by car.")
    theirs(row, narrative="He left on foot.")
    shown = fields(client.post(page(row), mine).content.decode())

    answer = client.post(page(row), shown)

    assert answer.status_code == 400
    assert "Choose which of the two stays." in answer.content.decode()
    assert "He left by car." in answer.content.decode()


def test_changed_once_more_meanwhile_it_is_refused_once_more(sign_in):
    row, client = incident(), sign_in("handler")
    mine = begun(client, row, narrative="He left by car.")
    theirs(row, narrative="He left on foot.")
    shown = fields(client.post(page(row), mine).content.decode())
    theirs(row, who="inspector", narrative="He is in custody.")
    choice = {"narrative_stays": "anew", "narrative_anew": "Foot, then car."}

    answer = client.post(page(row), {**shown, **choice})
    [shown_now] = answer.context["versions"]

    assert answer.status_code == 409
    assert (shown_now.theirs, shown_now.yours) == ("He is in custody.", "He left by car.")
    assert (shown_now.chosen, shown_now.anew) == ("anew", "Foot, then car.")
    assert shown_now.who == "Insp V. Castle"


def test_who_wrote_the_same_is_told_so(sign_in):
    row, client = incident(), sign_in("handler")
    mine = begun(client, row, narrative="He left by car.")
    theirs(row, narrative="He left by car.")

    answer = client.post(page(row), mine, follow=True)

    assert "Somebody wrote the same before you." in answer.content.decode()


def test_the_api_answers_409_with_both_versions():
    row = incident()
    theirs(row, narrative="He left on foot.")
    api = APIClient()
    api.force_authenticate(person("handler"))

    answer = api.patch(
        f"/api/v1/incidents/{row.reference}/",
        {"version": 1, "narrative": "By car."},
        format="json",
    )

    assert answer.status_code == 409
    assert answer.json()["theirs"] == {"narrative": "He left on foot."}
    assert answer.json()["yours"] == {"narrative": "By car."}


# --- News ---------------------------------------------------------------------------------------

NEWS = {
    "source": "999",
    "caller_is": "neighbour",
    "narrative": "Screams, and glass.",
    "answered_at": LATER.isoformat(),
    "q_danger": "yes",
    "q_whereabouts": "here",
}


def test_news_is_added_from_its_page_and_shown_in_full(sign_in):
    row, client = incident(answers={}), sign_in("handler")
    where = client.get(page(row, "news"))["Location"]

    for _ in range(2):
        answer = client.post(where, {**NEWS, "verbatim": "Help us"}, follow=True)

    shown = answer.content.decode()
    assert "Its grade is now immediate." in shown
    for words in ("Screams, and glass.", "Help us", "a neighbour", "raised to immediate"):
        assert words in shown
    assert FurtherCall.objects.count() == 1


def test_refused_news_shows_again_with_what_was_typed(sign_in):
    row, client = incident(), sign_in("handler")

    answer = client.post(
        f"{page(row, 'news')}?draft={uuid4()}",
        {**NEWS, "narrative": "", "verbatim": "Help us", "caller_number": "0770"},
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"narrative"}
    assert "Help us" in answer.content.decode()
    assert 'value="0770"' in answer.content.decode()


def test_unfinished_news_is_there_again(sign_in):
    row, client, key = incident(), sign_in("handler"), uuid4()
    client.post(
        reverse("incidents:draft"),
        {**NEWS, "narrative": "Half a sen", "draft": str(key), "version": "0"},
    )

    again = client.get(f"{page(row, 'news')}?draft={key}").content.decode()

    assert "Half a sen" in again
    assert sign_in("handler_b").get(f"{page(row, 'news')}?draft={key}").status_code == 404


def whole_call(**changes):
    return {
        **NEWS,
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-role": "child",
        "people-0-given_name": "Ella",
        **changes,
    }


def test_the_page_of_a_call_is_added_to_an_open_incident(sign_in):
    row, client, key = incident(answers={}), sign_in("handler"), uuid4()
    where = f"{page(row, 'further_call')}?draft={key}"

    for _ in range(2):
        answer = client.post(where, whole_call())
        assert answer["Location"] == page(row, "detail")

    assert FurtherCall.objects.count() == 1
    assert Incident.objects.count() == 1
    assert row.involvements.filter(role="child").count() == 1
    assert not CallDraft.objects.unfinished().exists()


def test_refused_it_shows_the_page_of_the_call_again(sign_in):
    row, client, key = incident(), sign_in("handler"), uuid4()

    answer = client.post(
        f"{page(row, 'further_call')}?draft={key}",
        whole_call(narrative="", caller_number="0770"),
    )

    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "Log a call" in shown
    assert 'value="Ella"' in shown
    assert "narrative" in answer.context["form"].errors
    assert CallDraft.objects.get(key=key).fields["caller_number"] == ["0770"]


# --- Officers on the way -------------------------------------------------------------------------


def steps(row, at=LATER):
    found = next_steps.steps_for(person("officer"), [row], at)
    return [one.words for one in found[row.pk]]


def test_news_since_the_briefing_is_a_step_until_it_is_read_again(sign_in, monkeypatch):
    row = sent("officer", at=NOW)
    words = "News since you read the briefing"

    def tell(minutes):
        add_further_call(
            incident_id=row.pk,
            actor=person("handler"),
            at=NOW + timedelta(minutes=minutes),
            call=call(people=(), received_at=NOW),
        )

    tell(1)
    assert words not in steps(row)
    read_briefing(incident_id=row.pk, actor=person("officer"), at=NOW + timedelta(minutes=2))
    assert words not in steps(row)
    tell(3)
    assert steps(row)[0] == words
    assert words in sign_in("officer").get(reverse("incidents:mine")).content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=4))
    sign_in("officer").get(page(row, "briefing"))
    assert words not in steps(row)
    tell(5)
    assert words in steps(row)
    row.deployments.update(arrived_at=LATER)
    assert words not in steps(row)


# --- The API -------------------------------------------------------------------------------------


def api(who="handler"):
    client = APIClient()
    client.force_authenticate(person(who))
    return client


def test_the_api_adds_a_further_call_once():
    row = incident(answers={})
    body = {
        "source": "999",
        "received_at": LATER.isoformat(),
        "narrative": "Screams.",
        "caller_is": "neighbour",
        "answers": {"danger": "yes", "whereabouts": "here"},
    }
    where = f"/api/v1/incidents/{row.reference}/further-calls/"

    answers = [
        api().post(where, body, format="json", headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["grade_after"] == "immediate"
    assert FurtherCall.objects.count() == 1
    assert [one["narrative"] for one in api("worker").get(where).json()] == ["Screams."]
    assert api().post(where, {**body, "narrative": ""}, format="json").status_code == 400
    assert api("officer").post(where, body, format="json").status_code == 403
    assert api("agency").get(where).status_code == 404


def test_the_api_links_two_incidents():
    one, other = incident(), incident()
    where = f"/api/v1/incidents/{one.reference}/links/"

    answer = api().post(where, {"reference": other.reference, "words": "Same"}, format="json")

    assert answer.status_code == 201
    assert [row["reference"] for row in answer.json()] == [other.reference]
    wrong = api().post(where, {"reference": "DA-2026-999999", "words": "Same"}, format="json")
    assert wrong.status_code == 400
    assert wrong.json()["errors"] == {"reference": ["There is no incident of this reference."]}


def test_the_parts_of_the_page_cost_a_fixed_number_of_queries(sign_in, django_assert_num_queries):
    row = incident()
    for _ in range(3):
        add_further_call(
            incident_id=row.pk, actor=person("handler"), at=LATER, call=call(people=())
        )
    reader = person("handler")
    assert reader.has_perm("incidents.log_call")
    for part in (editing.calls_panel, editing.links_panel, editing.presence_panel):
        with django_assert_num_queries(1):
            part(row, reader, LATER)
