"""Logging a call: everything said is kept, nothing is half written, nothing stands twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit.models import AuditEvent
from core import events
from core.errors import InvalidInput, Stale
from deadlines.models import Deadline
from incidents.deadlines import ATTENDANCE
from incidents.events import IncidentLogged
from incidents.models import Incident
from incidents.services.calls import log_call
from incidents.services.editing.correcting import correct
from tests.factories.incidents import NOW, SIOBHAN, call, in_call, incident
from tests.marks import committed
from tests.personas import person
from victims.models import Person, Victim

TOMORROW = NOW.date() + timedelta(days=1)

pytestmark = pytest.mark.django_db

APPOINTMENT = {"grade": "appointment", "grade_override_reason": "She asks for a visit."}


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
