"""The API of calls and history: the same rules as the page, by the same services."""

from datetime import timedelta

import pytest
from guardian.shortcuts import assign_perm
from rest_framework.test import APIClient

from audit.models import RecordRead
from incidents.models import Incident
from tests.factories.incidents import NOW, incident
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

CALLS = "/api/v1/incidents/"
BODY = {
    "source": "999",
    "received_at": "2026-11-23T02:41:07Z",
    "narrative": "He's back, he's outside.",
    "caller_number": "07700 900417",
    "address_line": "Flat 4, 18 Tanglewood Court",
    "postcode": "PE1 9ZZ",
    "area": "Fenwick",
    "answers": {"danger": "yes", "whereabouts": "here"},
    "people": [
        {
            "role": "victim",
            "given_name": "Siobhán",
            "family_name": "O'Neill",
            "date_of_birth": "1991-03-14",
            "lives_here": True,
        },
        {"role": "perpetrator", "given_name": "Darren", "family_name": "Pike"},
    ],
}


@pytest.fixture
def as_user():
    def client(username):
        api = APIClient()
        api.force_authenticate(person(username))
        return api

    return client


def test_a_call_is_logged_and_answered_with_history_and_suggestion(as_user):
    earlier = incident(at=NOW - timedelta(days=60))

    answer = as_user("handler").post(CALLS, BODY, format="json")

    body = answer.json()
    assert answer.status_code == 201
    logged = Incident.objects.get(reference=body["incident"]["reference"])
    assert body["incident"]["suggested_grade"] == "immediate"
    assert "perpetrator present, danger now" in body["incident"]["suggested_reasons"]
    assert [match["reference"] for match in body["history"]["incidents"]] == [earlier.reference]
    assert "same number" in body["history"]["incidents"][0]["reasons"]
    assert body["history"]["incidents_in_period"] == 1
    assert logged.involvements.count() == 2


def test_everything_that_was_said_goes_in_and_out(as_user):
    said = {
        "source": "patrol",
        "source_detail": "PC 4471 R. Adeyemi",
        "verbatim": '"I am afraid."',
        "background": "shouting",
        "communication_needs": "relay",
        "set_aside": ["person:P-2025-000009"],
    }
    client = as_user("handler")

    logged = client.post(CALLS, {**BODY, **said}, format="json").json()["incident"]
    where = f"{CALLS}{logged['reference']}/"
    put_right = client.patch(where, {"version": 1, "verbatim": '"I was afraid."'}, format="json")

    assert {name: logged[name] for name in said} == said
    assert logged["suggested_grounds"] == [
        {"aspect": "threat", "reasons": ["perpetrator present, danger now"]}
    ]
    assert put_right.json()["verbatim"] == '"I was afraid."'


def test_the_same_key_logs_one_call(as_user):
    client = as_user("handler")

    answers = [
        client.post(CALLS, BODY, format="json", headers={"idempotency-key": "one"})
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": ""}, "narrative"),
        ({"narrative": "x" * 100_001}, "narrative"),
        ({"narrative": "a\x07b"}, "narrative"),
        ({"postcode": "QQQ"}, "postcode"),
        ({"caller_number": "12"}, "caller_number"),
        ({"answers": {"shoes": "yes"}}, "answers.shoes"),
        ({"answers": {"danger": "maybe"}}, "answers.danger"),
        ({"colour": "red"}, "colour"),
        ({"area": "Atlantis"}, "area"),
        ({"grade": "routine"}, "grade_override_reason"),
        ({"source": "agency"}, "source_detail"),
        ({"call_dropped": True}, "grade"),
        ({"set_aside": ["P-2026-000001"]}, "set_aside"),
        ({"set_aside": "all"}, "set_aside"),
        (
            {
                "grade": "appointment",
                "grade_override_reason": "x",
                "appointment_at": "2020-01-01T10:00:00Z",
            },
            "appointment_at",
        ),
        ({"received_at": "2126-11-23T02:41:07Z"}, "received_at"),
        (
            {"people": [{"role": "victim", "given_name": "A", "date_of_birth": "2126-01-01"}]},
            "people.0.date_of_birth",
        ),
        ({"people": [{"role": "victim", "person": "P-1900-000001"}]}, "people.0.person"),
        ({"people": [{"role": "king", "given_name": "A"}]}, "people"),
    ],
)
def test_problems_name_the_field_and_nothing_is_written(as_user, changes, field):
    answer = as_user("handler").post(CALLS, {**BODY, **changes}, format="json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]
    assert Incident.objects.count() == Person.objects.count() == 0


def test_malformed_json_and_five_megabytes_are_refused(as_user):
    client = as_user("handler")

    malformed = client.post(CALLS, data='{"source": ', content_type="application/json")
    huge = client.post(CALLS, {**BODY, "narrative": "x" * 5_000_000}, format="json")

    assert malformed.status_code == 400
    assert huge.status_code in {400, 413}
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 403), ("worker", 403), ("idva", 403), ("administrator", 403), ("nobody", 403)],
)
def test_a_role_that_may_not(as_user, who, status):
    assert as_user(who).post(CALLS, BODY, format="json").status_code == status
    assert Incident.objects.count() == 0


def test_anonymous_gets_401():
    for method, where in (("get", CALLS), ("post", CALLS), ("get", "/api/v1/history/")):
        assert getattr(APIClient(), method)(where).status_code == 401


def test_reading_is_logged_and_unseen_is_404(as_user):
    logged = incident()

    shown = as_user("worker").get(f"{CALLS}{logged.reference}/")

    assert shown.json()["reference"] == logged.reference
    assert len(shown.json()["people"]) == 2
    assert RecordRead.objects.get().incident_id == logged.pk
    assert as_user("idva").get(f"{CALLS}{logged.reference}/").status_code == 404
    assert as_user("worker").get(f"{CALLS}DA-1999-000001/").status_code == 404


def test_a_grant_shows_the_victims_part_alone(as_user):
    logged = incident()
    assign_perm("victims.view_victim", person("idva"), Victim.objects.get())

    shown = as_user("idva").get(f"{CALLS}{logged.reference}/").json()

    assert [one["role"] for one in shown["people"]] == ["victim"]


def test_a_correction_needs_the_version_that_was_read(as_user):
    logged = incident()
    client, where = as_user("handler"), f"{CALLS}{logged.reference}/"

    done = client.patch(where, {"version": 1, "safe_callback": "mornings"}, format="json")
    stale = client.patch(where, {"version": 1, "safe_callback": "never"}, format="json")
    without = client.patch(where, {"safe_callback": "never"}, format="json")
    other = client.patch(where, {"version": 2, "grade": "routine"}, format="json")

    assert done.json()["version"] == 2
    assert stale.status_code == 409
    assert stale.json()["theirs"] == {"safe_callback": "mornings"}
    assert stale.json()["yours"] == {"safe_callback": "never"}
    assert (without.status_code, other.status_code) == (400, 400)
    assert as_user("officer").patch(where, {"version": 2}, format="json").status_code == 403
    assert Incident.objects.get().safe_callback == "mornings"


def test_the_list_goes_on_by_cursor(as_user, django_assert_max_num_queries):
    rows = [incident(people=(), at=NOW + timedelta(minutes=n)) for n in range(4)]
    client = as_user("officer")

    with django_assert_max_num_queries(6):
        first = client.get(CALLS, {"page_size": 3}).json()
    second = client.get(first["next"]).json()

    seen = [row["reference"] for row in first["results"] + second["results"]]
    assert seen == [row.reference for row in rows[::-1]]
    assert as_user("idva").get(CALLS).status_code == 403


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"phone": "07700 900417"}, "same number"),
        ({"address": "flat 4 18 tanglewood ct", "postcode": "PE19ZZ"}, "same address"),
        (
            {"given_name": "Shevaun", "family_name": "Oneal"},
            "O'Neill sounds like Oneal, Siobhán like Shevaun",
        ),
        ({"family_name": "O'Neill", "date_of_birth": "1991-03-14"}, "same birth date"),
    ],
)
def test_history_by_number_address_and_name(as_user, query, reason):
    logged = incident()

    found = as_user("officer").get("/api/v1/history/", query).json()

    assert [match["reference"] for match in found["incidents"]] == [logged.reference]
    assert reason in found["incidents"][0]["reasons"]


def test_history_refuses_what_cannot_be_and_who_may_not(as_user):
    client = as_user("officer")

    for query in ({"phone": "12"}, {"postcode": "QQQ"}, {"date_of_birth": "x"}, {"shoes": "1"}):
        answer = client.get("/api/v1/history/", query)
        assert answer.status_code == 400
        assert set(answer.json()["errors"]) == set(query)
    assert as_user("idva").get("/api/v1/history/", {"phone": "07700 900417"}).status_code == 403
