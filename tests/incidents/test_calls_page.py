"""Logging a call by its page: one page, and nothing typed is lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from incidents.models import CallDraft, Incident
from tests.factories.incidents import incident
from tests.personas import person
from victims.models import Person

pytestmark = pytest.mark.django_db

APPOINTMENT = {"grade": "appointment", "grade_override_reason": "She asks for a visit."}

FORM = {
    "source": "999",
    "answered_at": "2026-11-23T02:41:07+00:00",
    "caller_number": "07700 900417",
    "caller_name": "Shevaun Oneil",
    "caller_is": "victim",
    "address_line": "Flat 4, 18 Tanglewood Court",
    "postcode": "PE1 9ZZ",
    "area": "",
    "safe_callback": "text only; 'library'",
    "language": "",
    "narrative": "He's back, he's outside banging on the door.",
    "grade": "",
    "grade_override_reason": "",
    "q_danger": "yes",
    "q_whereabouts": "here",
    "people-TOTAL_FORMS": "3",
    "people-INITIAL_FORMS": "0",
    "people-MIN_NUM_FORMS": "0",
    "people-MAX_NUM_FORMS": "20",
    "people-0-role": "victim",
    "people-0-given_name": "Siobhán",
    "people-0-family_name": "O'Neill",
    "people-0-date_of_birth": "14/3/1991",
    "people-0-lives_here": "on",
    "people-1-role": "perpetrator",
    "people-1-given_name": "Darren",
    "people-1-family_name": "Pike",
    "people-2-role": "child",
    "people-2-lives_here": "on",
}


def page(key=None):
    return f"{reverse('incidents:call')}?draft={key or uuid4()}"


def test_the_page_gives_a_new_call_its_key_and_shows_no_history(sign_in):
    client = sign_in("handler")

    first = client.get(reverse("incidents:call"))
    shown = client.get(first["Location"])

    assert first.status_code == 302
    assert "?draft=" in first["Location"]
    assert "History comes here" in shown.content.decode()
    assert CallDraft.objects.count() == 0


def test_logging_by_the_page_leads_to_the_incident(sign_in):
    answer = sign_in("handler").post(page(), {**FORM, "act": "log"})

    logged = Incident.objects.get()
    assert answer["Location"] == reverse("incidents:detail", args=[logged.reference])
    assert logged.answers == {"danger": "yes", "whereabouts": "here"}
    assert logged.involvements.count() == 2
    assert logged.involvements.get(role="victim").person.date_of_birth.isoformat() == "1991-03-14"


def test_log_only_leads_to_the_next_call(sign_in):
    client = sign_in("handler")

    answer = client.post(page(), {**FORM, "act": "log_only"}, follow=True)

    assert "is logged" in answer.content.decode()
    assert "data-autosave-clear" in answer.content.decode()
    assert "He's back" not in answer.content.decode()


def test_pressing_twice_gives_one_incident(sign_in):
    client, where = sign_in("handler"), page()

    answers = [client.post(where, {**FORM, "act": "log"}) for _ in range(2)]

    assert Incident.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    ("changes", "words", "target"),
    [
        (
            {"people-0-date_of_birth": "14/3/2031"},
            "The birth date is in the future",
            "id_people-0-date_of_birth",
        ),
        ({"people-0-date_of_birth": "31/2/1991"}, "Give a date as", "id_people-0-date_of_birth"),
        ({"postcode": "QQQ 1"}, "is not a postcode", "id_postcode"),
        ({"narrative": ""}, "This is needed", "id_narrative"),
        ({"narrative": "a\x07b"}, "cannot be typed", "id_narrative"),
        ({"narrative": "x" * 100_001}, "100,001 characters", "id_narrative"),
        ({"q_danger": "perhaps"}, "no such answer", "id_q_danger_0"),
        ({"caller_number": "1"}, "is not a telephone number", "id_caller_number"),
        ({"grade": "routine"}, "Say why you choose", "id_grade_override_reason"),
        ({"source": "patrol"}, "Say which officer", "id_source_detail"),
        ({"call_dropped": "on"}, "choose the grade yourself", "id_grade"),
        ({**APPOINTMENT, "appointment_at": "soon"}, "Give a day and a time", "id_appointment_at"),
        (
            {**APPOINTMENT, "appointment_at": "2020-01-01T10:00"},
            "this is past",
            "id_appointment_at",
        ),
        ({"area": "77777"}, "There is no such area", "id_area"),
        ({"people-1-age": "old"}, "Give whole years", "id_people-1-age"),
    ],
)
def test_errors_stand_at_their_field_and_everything_typed_stays(sign_in, changes, words, target):
    client, where = sign_in("handler"), page()

    answer = client.post(where, {**FORM, **changes, "act": "log"})

    html = answer.content.decode()
    assert answer.status_code == 400
    assert words in html
    assert f'href="#{target}"' in html
    assert f'id="{target}"' in html
    assert 'value="Shevaun Oneil"' in html
    assert Incident.objects.count() == Person.objects.count() == 0
    # And after a reload it is all still there.
    again = client.get(where).content.decode()
    assert 'value="Shevaun Oneil"' in again


def test_five_megabytes_are_refused_in_words(sign_in):
    client = sign_in("handler")
    body = {**FORM, "narrative": "x" * 5_000_000, "act": "log"}

    answer = client.post(page(), body)
    kept = client.post(reverse("incidents:draft"), body, headers={"accept": "application/json"})

    assert answer.status_code == kept.status_code == 413
    assert "a call holds at most 1 MB" in answer.content.decode()
    assert "a call holds at most 1 MB" in kept.json()["detail"]
    assert Incident.objects.count() == CallDraft.objects.count() == 0


def test_the_form_still_needs_its_token():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(person("handler"), backend="accounts.backends.RoleBackend")

    assert client.post(page(), {**FORM, "act": "log"}).status_code == 403
    assert client.post(reverse("incidents:draft"), FORM).status_code == 403
    assert Incident.objects.count() == 0


def test_who_was_recognised_is_not_recorded_again(sign_in):
    known = incident().involvements.get(role="victim").person

    sign_in("handler").post(page(), {**FORM, "people-0-person": known.reference, "act": "log"})

    newest = Incident.objects.latest("pk")
    assert newest.involvements.get(role="victim").person == known
    assert newest.involvements.get(role="victim").recognised_by


def test_somebody_alike_is_offered_and_never_merged(sign_in):
    known = incident().involvements.get(role="victim").person
    client, where = sign_in("handler"), page()

    fragment = client.post(reverse("incidents:history"), FORM).content.decode()
    client.post(where, {**FORM, "act": "log"})

    assert f'value="{known.reference}"' in fragment
    assert Incident.objects.latest("pk").involvements.get(role="victim").person != known


def test_the_fragment_shows_history_suggestion_and_takes_half_typed_fields(sign_in):
    earlier = incident()
    client = sign_in("handler")

    html = client.post(
        reverse("incidents:history"),
        {**FORM, "people-0-date_of_birth": "14/", "postcode": "PE1 9", "q_danger": "perhaps"},
    ).content.decode()

    assert earlier.reference in html
    assert "same number" in html
    assert 'id="known"' in html
    assert 'id="before" hx-swap-oob="true"' in html


def test_another_person_is_one_more_row_with_or_without_script(sign_in):
    client, where = sign_in("handler"), page()

    row = client.post(reverse("incidents:person_row"), FORM).content.decode()
    answer = client.post(where, {**FORM, "act": "add_person"}, follow=True)

    assert 'name="people-3-given_name"' in row
    assert 'value="4"' in row
    assert 'name="people-3-given_name"' in answer.content.decode()
    assert 'value="Shevaun Oneil"' in answer.content.decode()


def test_definitions_stand_beside_their_questions_without_a_click(sign_in):
    html = sign_in("handler").get(page()).content.decode()

    for words in ("Controlling behaviour: a range of acts", "Coercive behaviour: one act"):
        before = html[: html.index(words)]
        assert before.rfind("<details") < before.rfind("</details>")


def test_what_follows_an_answer_is_readable_without_script(sign_in):
    client, where = sign_in("handler"), page()

    client.post(where, {**FORM, "q_strangled": "yes", "act": "look_up"})
    html = client.get(where).content.decode()

    assert re.search(r'data-opens-when="q_strangled=yes">\s*<p[^>]*><b>Ask:</b> When\?', html)
    assert 'data-opens-when="q_weapon=yes" hidden' in html


def test_an_agencys_call_in_full_by_the_page(sign_in):
    agreed = clock.now() + timedelta(days=3)
    sent = {
        **FORM,
        **APPOINTMENT,
        "source": "agency",
        "source_detail": "Fenwick housing, Ms Lund",
        "verbatim": '"I am afraid."',
        "background": "shouting",
        "communication_needs": "Polish interpreter",
        "appointment_at": clock.local(agreed).strftime("%Y-%m-%dT%H:%M"),
        "set_aside": ["person:P-2025-000009", "incident:DA-2025-000003"],
        "act": "log",
    }

    sign_in("handler").post(page(), sent)

    logged = Incident.objects.get()
    assert (logged.source, logged.source_detail) == ("agency", "Fenwick housing, Ms Lund")
    assert (logged.verbatim, logged.background) == ('"I am afraid."', "shouting")
    assert logged.communication_needs == "Polish interpreter"
    assert logged.set_aside == ["person:P-2025-000009", "incident:DA-2025-000003"]
    assert logged.attend_by == agreed.replace(second=0, microsecond=0)


def test_a_dropped_call_is_graded_again(sign_in):
    client = sign_in("handler")
    quiet = {**FORM, "q_danger": "", "q_whereabouts": ""}

    before = client.post(reverse("incidents:history"), quiet).content.decode()
    after = client.post(
        reverse("incidents:history"), {**quiet, "call_dropped": "on"}
    ).content.decode()

    assert "Routine" in before
    assert "call dropped before danger was ruled out" in after


@pytest.mark.parametrize("who", ["officer", "supervisor", "worker", "idva", "auditor", "nobody"])
def test_the_page_is_for_the_control_room(sign_in, who):
    client = sign_in(who)

    assert client.get(page()).status_code == 403
    assert client.post(page(), FORM).status_code == 403
    assert client.post(reverse("incidents:draft"), FORM).status_code == 403
    assert client.post(reverse("incidents:history"), FORM).status_code == 403


def test_the_page_asks_few_queries(sign_in, django_assert_max_num_queries):
    incident()
    client, where = sign_in("handler"), page()
    client.post(where, {**FORM, "act": "look_up"})

    with django_assert_max_num_queries(24):
        client.get(where)
    with django_assert_max_num_queries(18):
        client.post(reverse("incidents:history"), FORM)
