"""The officers' pages: who sees them, what is kept, what is said at which field."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents import next_steps
from incidents.models import FirstResponse, FirstResponseDraft, Incident
from incidents.next_steps import NextStep
from incidents.services import response
from incidents.services.response import CrimeNamed
from tests.factories.incidents import incident
from tests.factories.response import as_posted, attended, findings, responded, sent

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    """Pages are opened half an hour after the call."""
    instant = at + HALF_AN_HOUR
    monkeypatch.setattr(clock, "now", lambda: instant)
    return instant


def typed(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return as_posted(**changes)


def url(row: Incident, page: str) -> str:
    return f"/incidents/{row.reference}/{page}/"


# --- My incidents -------------------------------------------------------------------------------


def test_each_incident_says_what_is_next(at: datetime, people: People, sign_in: SignIn) -> None:
    row = sent(at=at)
    client = sign_in("officer")
    assert "Read the briefing" in client.get("/my-incidents/").content.decode()
    client.get(url(row, "briefing"))
    page = client.get("/my-incidents/").content.decode()
    assert "Read the briefing" not in page
    assert "I have arrived" in page
    client.post(url(row, "arrived"))
    assert "Record the first response" in client.get("/my-incidents/").content.decode()
    crimes = (CrimeNamed(category="stalking"),)
    response.record_first_response(
        incident_id=row.pk,
        actor=people("officer"),
        version=0,
        at=clock.now(),
        findings=findings(crime_committed="yes", crimes=crimes),
    )
    assert "Give the crime its number" in client.get("/my-incidents/").content.decode()
    response.record_crime(
        incident_id=row.pk,
        category="stalking",
        number="A1",
        actor=people("officer"),
        at=clock.now(),
    )
    page = client.get("/my-incidents/").content.decode()
    assert "Give the crime its number" not in page


def test_higher_apps_add_their_steps(
    at: datetime, people: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sent(at=at)
    monkeypatch.setattr(next_steps, "_providers", dict(next_steps._providers))
    next_steps.register(
        5, lambda officer, incidents, at: [NextStep(row.pk, "Weigh the parcel", "/parcels/7/")]
    )
    page = sign_in("officer").get("/my-incidents/").content.decode()
    assert page.index("Weigh the parcel") < page.index("Read the briefing")


def test_only_my_own_incidents(at: datetime, people: People, sign_in: SignIn) -> None:
    row = sent("officer_b", at=at)
    page = sign_in("officer").get("/my-incidents/").content.decode()
    assert row.reference not in page
    assert "You were not sent anywhere yet" in page


@pytest.mark.parametrize("who", ["handler", "worker", "idva", "analyst", "nobody"])
def test_my_incidents_are_for_officers(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/my-incidents/").status_code == 403


@pytest.mark.parametrize("number", [1, 12])
def test_my_incidents_cost_the_same_however_many(
    at: datetime,
    people: People,
    sign_in: SignIn,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for minutes in range(number):
        sent(at=at + timedelta(minutes=minutes))
    client = sign_in("officer")
    client.get("/my-incidents/")
    with django_assert_max_num_queries(MINE_QUERIES):
        client.get("/my-incidents/")


#: Session, person, groups and permissions, page (2), steps (3), people, risk's steps, the bell.
MINE_QUERIES = 16


# --- Arrival ------------------------------------------------------------------------------------


def test_pressing_arrived_twice(at: datetime, people: People, sign_in: SignIn) -> None:
    row = sent(at=at)
    client = sign_in("officer")
    for _ in range(2):
        answer = client.post(url(row, "arrived"))
        assert answer.status_code == 302
        assert answer.headers["Location"] == url(row, "first-response")
    assert row.deployments.get(officer=people("officer")).arrived_at == clock.now()
    assert client.get(url(row, "arrived")).status_code == 405


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("handler", 403),
        ("worker", 403),
        ("auditor", 403),
        ("idva", 404),
        ("analyst", 404),
        ("agency", 404),
        ("nobody", 404),
    ],
)
@pytest.mark.parametrize("page", ["arrived", "first-response", "first-response/draft"])
def test_who_may_not_act_and_who_may_not_see(
    at: datetime, people: People, sign_in: SignIn, who: str, status: int, page: str
) -> None:
    row = sent(at=at)
    assert sign_in(who).post(url(row, page), typed()).status_code == status
    assert not FirstResponse.objects.exists()
    assert not FirstResponseDraft.objects.exists()


# --- First response -----------------------------------------------------------------------------


def test_recording_leads_to_the_incident(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    client = sign_in("officer")
    answer = client.post(url(row, "first-response"), typed(), follow=True)
    page = answer.content.decode()
    assert "The first response is recorded." in page
    assert "Locks changed tonight" in page
    assert f'data-autosave-clear="first-response:{people("officer").pk}:{row.reference}"' in page
    again = client.post(url(row, "first-response"), typed())
    assert again.status_code == 302
    assert FirstResponse.objects.get().version == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"positive_action": "none", "positive_action_reason": ""},
            "positive_action_reason",
            "positive action is expected",
        ),
        ({"spoken_apart": "no"}, "spoken_apart_reason", "spoken to apart"),
        ({"body_worn_video": "no"}, "body_worn_video_reason", "no body-worn video"),
        ({"supports_prosecution": "no"}, "evidence_led_plan", "without the victim"),
        ({"safety_plan": ""}, "safety_plan", "This is needed."),
        ({"account": "a\x07b"}, "account", "cannot be typed"),
        ({"account": "x" * 100_001}, "account", "100,001 characters"),
        ({"crime_committed": "yes"}, "crime_1_category", "which crime it was"),
        ({"crime_committed": "yes", "crime_2_number": "A1"}, "crime_2_category", "which crime"),
        (
            {"crime_committed": "yes", "crime_1_category": "other", "crime_1_number": "A?"},
            "crime_1_number",
            "letters, figures",
        ),
        ({"crime_committed": "yes", "crime_1_category": "murder"}, "crime_1_category", "murder"),
        ({"positive_action": ""}, "positive_action", "Choose an answer."),
        ({"record_version": "x"}, "record_version", "whole number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    at: datetime, people: People, sign_in: SignIn, changes: dict[str, str], field: str, words: str
) -> None:
    row = attended(at=at)
    said = typed(child_1_words="Hid behind the sofa", **changes)
    answer = sign_in("officer").post(url(row, "first-response"), said)
    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    assert "Hid behind the sofa" in answer.content.decode()
    assert not FirstResponse.objects.exists()


def test_two_things_wrong_are_said_at_once(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    answer = sign_in("officer").post(
        url(row, "first-response"), typed(spoken_apart="no", safety_plan="")
    )
    assert set(answer.context["form"].errors) == {"spoken_apart_reason", "safety_plan"}
    assert "2 things need putting right" in answer.content.decode()


def test_a_number_in_use_is_said_at_its_row(at: datetime, people: People, sign_in: SignIn) -> None:
    other = incident(at=at)
    response.record_crime(
        incident_id=other.pk, category="other", number="A1", actor=people("officer"), at=at
    )
    row = attended(at=at)
    answer = sign_in("officer").post(
        url(row, "first-response"),
        typed(
            crime_committed="yes",
            crime_2_category="stalking",
            crime_2_number="A1",
        ),
    )
    assert answer.status_code == 400
    assert other.reference in " ".join(answer.context["form"].errors["crime_2_number"])
    assert not FirstResponse.objects.exists()


def test_not_yet_arrived_is_said_and_the_words_stay(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = sent(at=at)
    answer = sign_in("officer").post(url(row, "first-response"), typed())
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Say first that you have arrived" in page
    assert "Locks changed tonight" in page


def test_a_stale_edit_shows_both_and_the_next_press_answers_it(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = responded(at=at).incident
    response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=clock.now())
    client = sign_in("officer_b")
    said = typed(safety_plan="Taken to her mother's.")
    answer = client.post(url(row, "first-response"), said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Locks changed tonight" in page
    assert page.count("Taken to her mother&#x27;s.") == 2
    assert page.count('id="version_safety_plan"') == 1
    assert 'name="record_version" value="1"' in page
    assert FirstResponse.objects.get().safety_plan.startswith("Locks changed")
    answer = client.post(url(row, "first-response"), {**said, "record_version": "1"})
    assert answer.status_code == 302
    assert FirstResponse.objects.get().safety_plan == "Taken to her mother's."


def test_changing_a_record_keeps_its_crimes(at: datetime, people: People, sign_in: SignIn) -> None:
    row = responded(
        at=at,
        crime_committed="yes",
        non_crime_reason="",
        crimes=(CrimeNamed(category="stalking", number="A1"), CrimeNamed(category="other")),
    ).incident
    client = sign_in("officer")
    form = client.get(url(row, "first-response")).context["form"]
    shown = [(line["category"].value(), line["number"].value()) for line in form.crimes.shown()]
    assert shown[0] == ("other", None)
    assert form["known_crimes"].value() == "A1"
    said = typed(
        record_version="1",
        crime_committed="yes",
        non_crime_reason="",
        account="More.",
        crime_1_category="other",
        crime_1_number="A2",
        known_crimes="A1",
    )
    assert client.post(url(row, "first-response"), said).status_code == 302
    record = FirstResponse.objects.get()
    assert record.crimes_committed == ["stalking", "other"]
    assert sorted(row.crimes.values_list("number", flat=True)) == ["A1", "A2"]


def test_a_number_given_meanwhile_by_the_control_room_is_not_owed_again(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = attended(at=at)
    response.record_crime(
        incident_id=row.pk, category="stalking", number="A1", actor=people("handler"), at=at
    )
    said = typed(
        crime_committed="yes",
        non_crime_reason="",
        crime_1_category="stalking",
        crime_2_category="other",
        known_crimes="",
    )
    assert sign_in("officer").post(url(row, "first-response"), said).status_code == 302
    assert FirstResponse.objects.get().crimes_committed == ["stalking", "other"]


# --- Drafts -------------------------------------------------------------------------------------


def test_what_is_typed_is_there_after_a_reload(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = attended(at=at)
    client = sign_in("officer")
    said = typed(
        safety_plan="Half a sent", crime_committed="yes", crime_2_category="stalking", unknown="x"
    )
    answer = client.post(
        url(row, "first-response/draft"), said, headers={"X-Autosave-Token": "page-1"}
    )
    assert answer.json()["version"] == 1
    assert "kept_at" in answer.json()
    assert "unknown" not in FirstResponseDraft.objects.get().fields
    form = client.get(url(row, "first-response")).context["form"]
    assert form["safety_plan"].value() == "Half a sent"
    assert form["golden_hour"].value() == ["neighbours", "photographs_scene"]
    assert form["crime_2_category"].value() == "stalking"
    assert b"Half a sent" not in sign_in("officer_b").get(url(row, "first-response")).content


def test_two_windows_of_one_officer(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    client = sign_in("officer")
    client.post(url(row, "first-response/draft"), typed(), headers={"X-Autosave-Token": "a"})
    answer = client.post(
        url(row, "first-response/draft"), typed(), headers={"X-Autosave-Token": "b"}
    )
    assert answer.status_code == 409
    assert "another window" in answer.json()["detail"]


def test_a_draft_that_cannot_be_kept_says_so(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    answer = sign_in("officer").post(url(row, "first-response/draft"), typed(account="x" * 300_001))
    assert answer.status_code == 400
    assert "too long" in answer.json()["detail"]


def test_opening_the_form_is_logged(at: datetime, people: People, sign_in: SignIn) -> None:
    row = attended(at=at)
    sign_in("officer").get(url(row, "first-response"))
    read = RecordRead.objects.get()
    assert (read.incident_id, read.user) == (row.pk, people("officer"))


def test_the_form_costs_a_fixed_number_of_queries(
    at: datetime, people: People, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    row = responded(at=at).incident
    client = sign_in("officer")
    client.get(url(row, "first-response"))
    with django_assert_max_num_queries(19):
        client.get(url(row, "first-response"))
