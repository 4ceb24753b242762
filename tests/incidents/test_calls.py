"""Logging a call by its page: one page, nothing lost, nothing half written."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from audit.models import AuditEvent
from core import clock, events
from core.errors import InvalidInput, Stale
from deadlines.models import Deadline
from incidents.deadlines import ATTENDANCE
from incidents.events import IncidentLogged
from incidents.models import CallDraft, Incident
from incidents.services.calls import log_call
from incidents.services.editing.correcting import correct
from tests.factories.incidents import NOW, SIOBHAN, call, in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import Marker, Person, Victim

TOMORROW = NOW.date() + timedelta(days=1)

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


# --- The service ----------------------------------------------------------------------------------


def test_a_call_becomes_an_incident_with_people_victim_grade_and_audit(settings):
    logged = incident()

    assert logged.reference.startswith("DA-2026-")
    assert logged.grade == logged.suggested_grade == "immediate"
    assert "perpetrator present, danger now" in logged.suggested_reasons
    assert (logged.attend_by - logged.received_at).seconds == 15 * 60
    assert logged.caller_number == "+447700900417"
    victim = Victim.objects.get()
    assert victim.last_incident_at == logged.received_at
    assert [(one.role, one.victim_id) for one in logged.involvements.order_by("pk")] == [
        ("victim", victim.pk),
        ("perpetrator", None),
    ]
    event = AuditEvent.objects.get(verb="incident.logged")
    assert event.headline == "Call logged, immediate"
    assert event.incident_id == logged.pk


def test_logging_announces_the_incident_with_its_victims(monkeypatch):
    heard = []
    monkeypatch.setattr(events, "announce", heard.append)

    logged = incident()

    [fact] = [fact for fact in heard if isinstance(fact, IncidentLogged)]
    assert fact.incident_id == logged.pk
    assert fact.victim_ids == (Victim.objects.get().pk,)


def test_a_repeat_is_counted_and_raises_the_grade():
    first = incident(answers={})
    again = incident(
        answers={},
        people=(
            in_call("victim", person_id=first.involvements.get(role="victim").person_id),
            in_call("perpetrator", given_name="Lee", family_name="Marsh"),
        ),
        received_at=NOW.replace(hour=12),
    )

    assert (first.earlier_in_year, first.grade) == (0, "routine")
    assert (again.earlier_in_year, again.grade) == (1, "priority")
    assert again.suggested_reasons == ["second incident in 12 months"]
    assert Victim.objects.count() == 1


def test_both_may_accuse_each_other():
    first = incident()
    siobhan = first.involvements.get(role="victim").person_id
    darren = first.involvements.get(role="perpetrator").person_id

    both = incident(
        people=(
            in_call("victim", person_id=siobhan),
            in_call("perpetrator", person_id=siobhan),
            in_call("victim", person_id=darren),
            in_call("perpetrator", person_id=darren),
        )
    )

    assert both.involvements.count() == 4
    assert Victim.objects.count() == 2


def test_nobody_named_is_no_victim():
    logged = incident(people=())

    assert logged.involvements.count() == 0
    assert Victim.objects.count() == 0


def test_a_victim_without_a_name_has_an_age():
    logged = incident(people=(in_call("victim", age=35, sex="female"),))

    assert logged.involvements.get().person.birth_year == 1991
    assert Victim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": "  "}, "narrative"),
        ({"narrative": "x" * 100_001}, "narrative"),
        ({"narrative": "He \x07 said"}, "narrative"),
        ({"postcode": "NOT ONE"}, "postcode"),
        ({"address_line": "", "postcode": "PE1 9ZZ"}, "address_line"),
        ({"caller_number": "12"}, "caller_number"),
        ({"answers": {"colour": "yes"}}, "answers.colour"),
        ({"answers": {"danger": "perhaps"}}, "answers.danger"),
        ({"grade": "routine"}, "grade_override_reason"),
        ({"grade": "soon", "grade_override_reason": "x"}, "grade"),
        ({"source": "pigeon"}, "source"),
        ({"caller_is": "king"}, "caller_is"),
        ({"area_id": 999_999}, "area"),
        ({"received_at": NOW.replace(year=2027)}, "received_at"),
        ({"source": "agency"}, "source_detail"),
        ({"source": "patrol", "source_detail": " "}, "source_detail"),
        ({"verbatim": "x" * 20_001}, "verbatim"),
        ({"background": "x" * 501}, "background"),
        ({"communication_needs": "a\x07b"}, "communication_needs"),
        ({"call_dropped": True}, "grade"),
        ({"set_aside": ("person:7",)}, "set_aside"),
        ({"set_aside": ("victim:V-2026-000001",)}, "set_aside"),
        ({"set_aside": tuple(f"person:P-2026-{n:06d}" for n in range(51))}, "set_aside"),
        (
            {**APPOINTMENT, "appointment_at": NOW - timedelta(minutes=1)},
            "appointment_at",
        ),
        ({**APPOINTMENT, "appointment_at": NOW + timedelta(days=15)}, "appointment_at"),
        ({"people": (in_call("owner", given_name="A"),)}, "people.0.role"),
        ({"people": (in_call("victim", sex="female"),)}, "people.0.family_name"),
        ({"people": (in_call("victim", given_name="A", age=300),)}, "people.0.age"),
        (
            {"people": (in_call("victim", **{**SIOBHAN, "date_of_birth": TOMORROW}),)},
            "people.0.date_of_birth",
        ),
        ({"people": (in_call("victim", person_id=999_999),)}, "people.0.person"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_writes_nothing(changes, field):
    with pytest.raises(InvalidInput) as refused:
        incident(at=NOW, **changes)

    assert refused.value.field == field
    assert Incident.objects.count() == Person.objects.count() == AuditEvent.objects.count() == 0


def test_another_grade_needs_words_which_are_kept():
    logged = incident(grade="priority", grade_override_reason="Officers are already with her.")

    assert (logged.suggested_grade, logged.grade) == ("immediate", "priority")
    event = AuditEvent.objects.get(verb="incident.logged")
    assert event.headline == "Call logged, priority instead of immediate"
    assert event.detail["override"] == "Officers are already with her."


def test_everything_that_was_said_is_kept():
    logged = incident(
        source="agency",
        source_detail="Fenwick housing, Ms Lund",
        verbatim='"He said he would finish it."',
        background="A child cries",
        communication_needs="sign language",
        set_aside=("person:P-2025-000009", "incident:DA-2025-000003", "person:P-2025-000009"),
    )

    logged.refresh_from_db()
    assert logged.source_detail == "Fenwick housing, Ms Lund"
    assert logged.verbatim == '"He said he would finish it."'
    assert logged.background == "A child cries"
    assert logged.communication_needs == "sign language"
    assert logged.set_aside == ["person:P-2025-000009", "incident:DA-2025-000003"]
    event = AuditEvent.objects.get(verb="incident.logged")
    assert event.detail["set_aside"] == logged.set_aside
    assert event.detail["grounds"] == {"threat": ["perpetrator present, danger now"]}


def test_the_arrival_of_somebody_is_watched_from_logging_on():
    logged = incident()

    watched = Deadline.objects.get(kind=ATTENDANCE)
    assert (watched.subject_id, watched.subject_reference) == (logged.pk, logged.reference)
    assert watched.due_at == logged.attend_by
    assert watched.team == person("handler").team
    assert watched.owner is None
    assert watched.victim == Victim.objects.get()
    assert AuditEvent.objects.get(verb="deadline.started").detail["kind"] == ATTENDANCE


def test_a_dropped_call_is_logged_with_a_grade_of_somebodys_own():
    with pytest.raises(InvalidInput, match="choose the grade yourself"):
        incident(call_dropped=True)
    as_suggested = incident(call_dropped=True, grade="immediate")

    assert as_suggested.call_dropped
    assert as_suggested.grade_override_reason == ""


def test_an_appointment_is_the_time_to_be_there():
    agreed = NOW + timedelta(days=2)

    asked = incident(**APPOINTMENT)
    fixed = incident(**APPOINTMENT, appointment_at=agreed)
    urgent = incident(appointment_at=agreed)

    assert asked.attend_by == asked.received_at + timedelta(hours=24)
    assert fixed.attend_by == agreed
    assert urgent.attend_by == urgent.received_at + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("marked", "grade", "reason"),
    [
        ("emergency", "immediate", "emergency marker on the address"),
        ("weapons", "priority", "weapons marker"),
    ],
)
def test_a_marker_on_the_address_raises_the_grade_of_a_call(marked, grade, reason):
    Marker.objects.create(
        kind=marked,
        address=incident(people=(), at=NOW - timedelta(days=500)).address,
        until=TOMORROW,
        words="Known risk",
        set_by=person("inspector"),
        set_at=NOW,
    )

    logged = incident(answers={}, people=())

    assert (logged.grade, reason in logged.suggested_reasons) == (grade, True)


def test_whoever_was_set_aside_raises_nothing():
    earlier = incident(at=NOW - timedelta(days=30))
    siobhan = earlier.involvements.get(role="victim").person.reference
    darren = earlier.involvements.get(role="perpetrator").person.reference
    aside = (f"person:{siobhan}", f"person:{darren}", f"incident:{earlier.reference}")

    not_meant = incident(answers={}, set_aside=aside)
    meant = incident(answers={})

    assert (not_meant.grade, not_meant.suggested_reasons) == ("routine", ["no danger told yet"])
    assert meant.grade == "priority"


@pytest.mark.parametrize("who", ["officer", "worker", "idva", "administrator", "nobody"])
def test_only_the_control_room_logs_calls(who):
    with pytest.raises(PermissionDenied):
        incident(actor=person(who))

    assert Incident.objects.count() == 0


def test_the_same_draft_gives_the_same_incident():
    key = uuid4()
    first = log_call(actor=person("handler"), at=NOW, call=call(), draft_key=key)
    again = log_call(actor=person("handler"), at=NOW, call=call(), draft_key=key)

    assert again == first
    assert Incident.objects.count() == 1


def test_a_refused_call_leaves_no_trace_of_its_people():
    with pytest.raises(InvalidInput):
        incident(
            people=(in_call("victim", **SIOBHAN), in_call("perpetrator", given_name="D", age=-1)),
        )

    assert Person.objects.count() == 0


def test_one_person_stands_once_in_one_role():
    darren = incident().involvements.get(role="perpetrator").person_id

    with pytest.raises(InvalidInput) as refused:
        incident(people=(in_call("witness", person_id=darren),) * 2)

    assert refused.value.field == "people.1.person"


def test_a_correction_keeps_what_was_said_before():
    logged = incident()

    correct(
        incident_id=logged.pk,
        actor=person("handler_b"),
        changes={"safe_callback": "mornings"},
        version=1,
        at=NOW,
    )

    logged.refresh_from_db()
    assert (logged.safe_callback, logged.version) == ("mornings", 2)
    event = AuditEvent.objects.get(verb="incident.corrected")
    assert event.detail == {"before": {"safe_callback": ""}, "after": {"safe_callback": "mornings"}}
    with pytest.raises(Stale) as stale:
        correct(
            incident_id=logged.pk,
            actor=person("handler"),
            changes={"safe_callback": "never"},
            version=1,
            at=NOW,
        )
    assert stale.value.theirs == {"safe_callback": "mornings"}
    assert stale.value.version == 2


# --- The page -------------------------------------------------------------------------------------


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


# --- Races ----------------------------------------------------------------------------------------


@committed
def test_two_connections_logging_one_draft_get_one_incident():
    handler, key, start = person("handler"), uuid4(), Barrier(2)

    def log(_):
        start.wait()
        try:
            return log_call(actor=handler, at=NOW, call=call(), draft_key=key).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        references = set(pool.map(log, range(2)))

    assert len(references) == 1
    assert Incident.objects.count() == 1
    assert Person.objects.count() == 2
