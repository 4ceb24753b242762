"""Grading an incident again: what is suggested, what needs words, and where the target goes."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from rest_framework.test import APIClient

from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from incidents.deadlines import ATTENDANCE
from incidents.events import IncidentRegraded
from incidents.models import Deployment, Incident
from incidents.services.regrading import regrade, suggestion_for
from tests.factories.closure import closed
from tests.factories.incidents import NOW, incident
from tests.personas import person
from victims.models import Marker

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=10)


def again(one, grade, reason="", **changes):
    given = {"version": one.version, "at": LATER, "actor": person("handler_b"), **changes}
    return regrade(incident_id=one.pk, grade=grade, reason=reason, **given)


def routine(**changes):
    return incident(answers={"separation": "yes"}, **changes)


def deadline():
    return Deadline.objects.get(kind=ATTENDANCE)


def test_a_raised_grade_has_its_time_from_now_and_the_deadline_follows():
    one = routine()

    done = again(one, "immediate", "He is back and has a knife.")

    assert done.attend_by == LATER + timedelta(minutes=15) == deadline().due_at
    assert (done.grade, done.suggested_grade, done.version) == ("immediate", "routine", 2)
    assert done.grade_override_reason == "He is back and has a knife."
    event = AuditEvent.objects.get(verb="incident.regraded")
    assert event.headline == "Graded again: immediate, was routine"
    assert event.detail["reason"] == "He is back and has a knife."
    assert event.is_grave


def test_a_raised_grade_never_moves_the_target_later():
    one = routine()
    late = one.attend_by - timedelta(minutes=5)

    done = again(one, "priority", "It goes on.", at=late)

    assert done.attend_by == one.attend_by == deadline().due_at


def test_a_lowered_grade_has_its_time_from_receipt():
    one = incident()

    done = again(one, "priority", "Officers nearby say that it is calm.")

    assert done.attend_by == one.received_at + timedelta(minutes=60) == deadline().due_at


def test_the_target_stays_once_somebody_was_there():
    one = routine()
    Incident.objects.update(state=Incident.State.ATTENDED)

    assert again(one, "immediate", "He is back.").attend_by == one.attend_by


def test_a_dropped_call_is_suggested_anew_and_the_grade_is_chosen():
    one = routine()

    done = again(one, "immediate", call_dropped=True)

    assert done.call_dropped
    assert done.suggested_grade == "immediate"
    assert "call dropped before danger was ruled out" in done.suggested_reasons
    assert done.grade_override_reason == ""
    with pytest.raises(InvalidInput) as refused:
        again(done, "", call_dropped=True)
    assert refused.value.field == "grade"


@pytest.mark.parametrize(
    ("before", "grade", "words"),
    [
        ({"answers": {"separation": "yes"}}, "immediate", "The suggestion is routine."),
        (
            {
                "answers": {"separation": "yes"},
                "grade": "immediate",
                "grade_override_reason": "I hear him.",
            },
            "routine",
            "This is lower than immediate.",
        ),
    ],
)
def test_words_are_needed_for_another_grade_and_for_a_lower_one(before, grade, words):
    one = incident(**before)

    with pytest.raises(InvalidInput, match=words) as refused:
        again(one, grade, "  ")

    assert refused.value.field == "reason"
    one.refresh_from_db()
    assert one.version == 1


def test_what_became_known_since_counts():
    one = routine()
    Marker.objects.create(
        kind="emergency",
        address=one.address,
        until=NOW.date() + timedelta(days=30),
        words="Known risk to life",
        set_by=person("inspector"),
        set_at=NOW,
    )

    suggestion = suggestion_for(one, at=LATER, reader=person("handler"))

    assert suggestion.grade == "immediate"
    assert "emergency marker on the address" in suggestion.reasons


def test_an_incident_is_not_its_own_history():
    one = routine()

    suggestion = suggestion_for(one, at=LATER, reader=person("handler"))

    assert (suggestion.grade, suggestion.reasons) == ("routine", tuple(one.suggested_reasons))


def test_a_repeat_is_still_one_where_nobody_is_named():
    incident(at=NOW - timedelta(days=30))
    one = incident(answers={}, people=(), caller_name="")

    suggestion = suggestion_for(one, at=LATER, reader=person("handler"))

    assert one.suggested_reasons == ["second incident in 12 months"]
    assert suggestion.reasons == ("second incident in 12 months",)


def test_whoever_is_not_meant_stays_out_of_the_suggestion():
    known = incident(at=NOW - timedelta(days=30))
    one = incident(
        answers={},
        people=(),
        caller_name="",
        set_aside=(f"incident:{known.reference}",),
    )

    assert one.set_aside == [f"incident:{known.reference}"]
    assert suggestion_for(one, at=LATER, reader=person("handler")).grade == one.suggested_grade


def test_an_appointment_is_agreed_later():
    one = routine()
    agreed = LATER + timedelta(days=2)

    done = again(one, "appointment", "She asks for a visit.", appointment_at=agreed)

    assert done.attend_by == agreed == deadline().due_at
    moved = again(done, "appointment", "Moved.", appointment_at=agreed + timedelta(hours=1))
    assert moved.attend_by == agreed + timedelta(hours=1)


def test_the_change_is_announced_once_and_officers_on_the_way_are_told(monkeypatch):
    one, heard = routine(), []
    Deployment.objects.create(
        incident=one, officer=person("officer"), sent_at=NOW, sent_by=person("handler")
    )
    monkeypatch.setattr(events, "announce", heard.append)

    done = again(one, "immediate", "He is back.")
    again(done, "immediate", "Still there.")

    [fact] = [fact for fact in heard if isinstance(fact, IncidentRegraded)]
    assert (fact.before, fact.after) == ("routine", "immediate")
    [told] = Notification.objects.filter(user=person("officer"))
    assert told.headline == f"{one.reference} is now graded immediate"


def test_a_reason_for_sending_nobody_counts_no_longer_once_the_grade_rises():
    one = routine()
    Incident.objects.update(not_sent_reason="She wants nobody.")

    assert again(one, "priority", "He is back.").not_sent_reason == ""


def test_somebody_else_was_quicker():
    one = routine()
    again(one, "priority", "It goes on.")

    with pytest.raises(Stale) as stale:
        again(one, "immediate", "He is back.", version=1)

    assert stale.value.theirs["grade"] == "priority"
    assert stale.value.yours == {
        "grade": "immediate",
        "reason": "He is back.",
        "call_dropped": False,
    }


@pytest.mark.parametrize("who", ["officer", "supervisor", "worker", "idva"])
def test_only_the_control_room_grades(who):
    with pytest.raises(PermissionDenied):
        again(routine(), "priority", "x", actor=person(who))


def test_a_closed_incident_keeps_its_grade():
    one = closed(at=NOW)

    with pytest.raises(DomainError, match="closed"):
        again(one, "priority", "x")


# --- The page and the API -------------------------------------------------------------------------


def where(one):
    return reverse("incidents:regrade", args=[one.reference])


def test_the_page_shows_what_would_be_suggested_if_the_call_dropped(sign_in):
    one, client = routine(), sign_in("handler")

    as_it_was = client.get(where(one)).content.decode()
    dropped = client.get(where(one) + "?dropped").content.decode()

    assert "call dropped before" not in as_it_was
    assert "call dropped before danger was ruled out" in dropped
    assert re.search(r'<input[^>]*name="call_dropped"[^>]* checked', dropped)
    one.refresh_from_db()
    assert not one.call_dropped


def test_grading_again_by_the_page(sign_in):
    one, client = routine(), sign_in("handler")

    answer = client.post(
        where(one), {"version": "1", "grade": "immediate", "call_dropped": "on", "reason": ""}
    )
    shown = client.get(answer["Location"]).content.decode()

    one.refresh_from_db()
    assert (one.grade, one.call_dropped) == ("immediate", True)
    assert "is graded again" in shown


def test_a_refused_form_keeps_its_words_and_a_stale_one_shows_both(sign_in):
    one, client = routine(), sign_in("handler")

    without = client.post(where(one), {"version": "1", "reason": "Because."})
    again(one, "priority", "It goes on.")
    stale = client.post(where(one), {"version": "1", "grade": "immediate", "reason": "He's back."})

    assert without.status_code == 400
    assert "Choose a grade." in without.content.decode()
    assert "Because.</textarea>" in without.content.decode()
    html = stale.content.decode()
    assert stale.status_code == 409
    assert "Both versions" in html
    assert 'id="version_grade"' in html
    assert 'name="grade_stays"' not in html, "the form below is where it is chosen"
    assert 'name="version" value="2"' in html
    assert "He&#x27;s back.</textarea>" in html


def test_the_incidents_page_offers_it_to_the_control_room_alone(sign_in):
    one = routine(verbatim='"He said he would finish it."', background="A child cries")
    page = reverse("incidents:detail", args=[one.reference])

    handler = sign_in("handler").get(page).content.decode()
    officer = sign_in("officer").get(page).content.decode()

    assert where(one) in handler
    assert where(one) not in officer
    assert "<dt>Risk</dt>" in officer.replace("risk", "Risk")
    for html in (handler, officer):
        assert "He said he would finish it." in html
        assert "A child cries" in html


def test_grading_again_through_the_api():
    one, api = routine(), APIClient()
    api.force_authenticate(person("handler"))
    address = f"/api/v1/incidents/{one.reference}/regrade/"

    suggested = api.get(address).json()
    without = api.post(address, {"version": 1, "grade": "immediate"}, format="json")
    body = {"version": 1, "grade": "immediate", "reason": "He is back."}
    done = api.post(address, body, format="json")
    stale = api.post(address, body, format="json")

    assert suggested["grade"] == "routine"
    assert suggested["grounds"] == [
        {"aspect": "risk", "reasons": ["pregnancy, new baby or separation"]}
    ]
    assert without.status_code == 400
    assert "reason" in without.json()["errors"]
    assert (done.json()["grade"], done.json()["version"]) == ("immediate", 2)
    assert stale.status_code == 409
    assert stale.json()["theirs"]["grade"] == "immediate"
    api.force_authenticate(person("officer"))
    assert api.get(address).status_code == 403
