"""Sending, arriving, recording: what is refused, what is said once, and what follows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from incidents.deadlines import owing_a_crime_number
from incidents.events import CrimeRecorded, FirstResponseRecorded, OfficerArrived, OfficerSent
from incidents.models import Crime, Deployment, FirstResponse, FirstResponseDraft, Incident
from incidents.services import response
from incidents.services.response import CrimeNamed
from tests.factories.closure import closed
from tests.factories.incidents import incident
from tests.factories.response import attended, findings, responded, sent
from victims.models import Victim
from victims.services import set_responsible

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The facts announced during the test, beside their reactions."""
    heard: list[object] = []
    real = events.announce

    def listen(event: object) -> None:
        heard.append(event)
        real(event)

    monkeypatch.setattr(events, "announce", listen)
    return heard


def of_kind(heard: list[object], kind: type) -> list[object]:
    return [event for event in heard if isinstance(event, kind)]


def headlines(row: Incident) -> list[str]:
    return list(
        AuditEvent.objects.filter(incident_id=row.pk)
        .order_by("pk")
        .values_list("headline", flat=True)
    )


# --- Sending ------------------------------------------------------------------------------------


def test_two_officers_are_sent(at: datetime, people: People, announced: list[object]) -> None:
    row = sent(at=at)
    assert row.state == Incident.State.SENT
    assert row.deployments.count() == 2
    assert "Two officers sent" in headlines(row)
    assert [event.officer.username for event in of_kind(announced, OfficerSent)] == [  # type: ignore[attr-defined]
        "officer",
        "officer_b",
    ]


def test_one_officer_needs_words(at: datetime, people: People) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people("handler"), at=at
        )
    assert refused.value.field == "fewer_reason"
    assert not Deployment.objects.exists()
    response.send_officers(
        incident_id=row.pk,
        officers=[people("officer")],
        actor=people("handler"),
        at=at,
        fewer_reason="nobody else within 40 minutes",
        knowingly=True,
    )
    assert "One officer sent: nobody else within 40 minutes" in headlines(row)


def test_a_second_officer_later_needs_no_words(at: datetime, people: People) -> None:
    row = sent("officer", at=at)
    response.send_officers(
        incident_id=row.pk,
        officers=[people("officer_b")],
        actor=people("handler"),
        at=at,
        knowingly=True,
    )
    assert row.deployments.count() == 2


def test_sending_again_changes_nothing(at: datetime, people: People) -> None:
    row = sent(at=at)
    before = headlines(row)
    again = response.send_officers(
        incident_id=row.pk,
        officers=[people("officer"), people("officer_b")],
        actor=people("handler"),
        at=at,
    )
    assert again == []
    assert headlines(row) == before


@pytest.mark.parametrize("who", ["officer", "worker", "idva", "nobody"])
def test_only_the_control_room_sends(at: datetime, people: People, who: str) -> None:
    row = incident(at=at)
    with pytest.raises(PermissionDenied):
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people(who), at=at
        )


@pytest.mark.parametrize("names", [[], ["worker", "officer"]])
def test_only_officers_are_sent(at: datetime, people: People, names: list[str]) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.send_officers(
            incident_id=row.pk,
            officers=[people(name) for name in names],
            actor=people("handler"),
            at=at,
        )
    assert refused.value.field == "officers"
    assert not Deployment.objects.exists()


def test_nobody_is_sent_to_a_closed_incident(at: datetime, people: People) -> None:
    row = closed(at=at)
    with pytest.raises(DomainError, match="closed"):
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people("handler"), at=at
        )
    with pytest.raises(DomainError, match="closed"):
        response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=at)
    with pytest.raises(DomainError, match="closed"):
        response.record_first_response(
            incident_id=row.pk, actor=people("officer"), findings=findings(row), version=1, at=at
        )


# --- Briefing and arrival -----------------------------------------------------------------------


def test_the_first_reading_of_the_briefing_counts(at: datetime, people: People) -> None:
    row = sent(at=at)
    for minutes in (2, 5):
        read = response.read_briefing(
            incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=minutes)
        )
    assert read is not None
    assert read.briefing_read_at == at + timedelta(minutes=2)
    assert headlines(row).count("PC 2210 T. Hale read the briefing") == 1
    assert response.read_briefing(incident_id=row.pk, actor=people("supervisor"), at=at) is None


def test_arrival_is_said_once(at: datetime, people: People, announced: list[object]) -> None:
    row = sent(at=at)
    for minutes in (9, 11):
        response.record_arrival(
            incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=minutes)
        )
    row.refresh_from_db()
    assert row.state == Incident.State.ATTENDED
    assert row.deployments.get(officer=people("officer")).arrived_at == at + NINE
    assert headlines(row).count("PC 2210 T. Hale arrived 9 minutes after the call") == 1
    assert len(of_kind(announced, OfficerArrived)) == 1


def test_being_late_is_said(at: datetime, people: People) -> None:
    row = sent(at=at)
    row.attend_by = at + timedelta(minutes=15)
    row.save(update_fields=["attend_by"])
    response.record_arrival(
        incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=16)
    )
    assert "PC 2210 T. Hale arrived 16 minutes after the call, 1 minute late" in headlines(row)


def test_the_first_officer_there_becomes_responsible(at: datetime, people: People) -> None:
    row = attended(at=at)
    victim = Victim.objects.get()
    assert victim.contact_owner == people("officer")
    response.record_arrival(
        incident_id=row.pk, actor=people("officer_b"), at=at + timedelta(minutes=12)
    )
    victim.refresh_from_db()
    assert victim.contact_owner == people("officer")


def test_a_further_call_ends_no_plan_that_somebody_keeps(at: datetime, people: People) -> None:
    """Contact passes to whoever is there; risk and plan only where nobody who is here has them."""
    row = sent(at=at)
    victim = Victim.objects.get()
    for duty, who in (("plan", "worker"), ("risk", "worker_b"), ("contact", "worker")):
        set_responsible(
            victim_id=victim.pk, person=people(who), duties=[duty], actor=people(who), at=at
        )
    User.objects.filter(pk=people("worker_b").pk).update(is_active=False)
    response.record_arrival(
        incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=9)
    )
    victim.refresh_from_db()
    assert victim.plan_owner == people("worker")
    assert victim.contact_owner == victim.risk_owner == people("officer")


def test_an_officer_whom_nobody_sent_sends_themselves(at: datetime, people: People) -> None:
    row = incident(at=at)
    deployment = response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + NINE)
    assert deployment.sent_by == people("officer")
    assert deployment.arrived_at == at + NINE


@pytest.mark.parametrize("who", ["handler", "worker", "idva", "nobody"])
def test_only_officers_arrive(at: datetime, people: People, who: str) -> None:
    row = incident(at=at)
    with pytest.raises(PermissionDenied):
        response.record_arrival(incident_id=row.pk, actor=people(who), at=at)


@pytest.mark.parametrize("minutes", [-1, 31])
def test_arrival_before_the_call_or_ahead_is_refused(
    at: datetime, people: People, minutes: int
) -> None:
    row = sent(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.record_arrival(
            incident_id=row.pk,
            actor=people("officer"),
            at=at + timedelta(minutes=30),
            arrived_at=at + timedelta(minutes=minutes),
        )
    assert refused.value.field == "arrived_at"


# --- First response -----------------------------------------------------------------------------


def test_a_first_response_is_recorded(
    at: datetime, people: People, announced: list[object]
) -> None:
    row = responded(at=at).incident
    row.refresh_from_db()
    assert row.non_crime_reason == "Words only, no threat."
    assert "First response recorded: arrest" in headlines(row)
    assert len(of_kind(announced, FirstResponseRecorded)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"positive_action": "none", "positive_action_reason": " "}, "positive_action_reason"),
        ({"spoken_apart": "no"}, "spoken_apart_reason"),
        ({"body_worn_video": "no"}, "body_worn_video_reason"),
        ({"supports_prosecution": "no"}, "evidence_led_plan"),
        ({"safety_plan": "  "}, "safety_plan"),
        ({"account": ""}, "account"),
        ({"non_crime_reason": ""}, "non_crime_reason"),
        ({"crime_committed": "yes"}, "crimes"),
        ({"crime_committed": "maybe"}, "crime_committed"),
        ({"body_worn_video": "n/a"}, "body_worn_video"),
        ({"golden_hour": ("tea",)}, "golden_hour"),
        ({"account": "bell\x07"}, "account"),
        ({"account": "x" * 100_001}, "account"),
        ({"crimes": (CrimeNamed(category="stalking"),)}, "crime_committed"),
        (
            {"crime_committed": "yes", "crimes": (CrimeNamed(category="murder"),)},
            "crimes.0.category",
        ),
        (
            {"crime_committed": "yes", "crimes": (CrimeNamed(category="other", number="a b?"),)},
            "crimes.0.number",
        ),
        (
            {"crime_committed": "yes", "crimes": (CrimeNamed(category="other", arrests=-1),)},
            "crimes.0.arrests",
        ),
    ],
)
def test_missing_words_are_asked_for_at_their_field(
    at: datetime, people: People, changes: dict[str, object], field: str
) -> None:
    row = attended(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.record_first_response(
            incident_id=row.pk,
            actor=people("officer"),
            findings=findings(**changes),
            version=0,
            at=at + NINE,
        )
    assert refused.value.field == field
    assert not FirstResponse.objects.exists()
    assert not Crime.objects.exists()


def test_only_who_was_there_records(at: datetime, people: People) -> None:
    row = attended(at=at)
    for who in ("supervisor", "handler", "worker"):
        with pytest.raises(PermissionDenied):
            response.record_first_response(
                incident_id=row.pk, actor=people(who), findings=findings(), version=0, at=at + NINE
            )
    with pytest.raises(DomainError, match="arrived"):
        response.record_first_response(
            incident_id=row.pk,
            actor=people("officer_b"),
            findings=findings(),
            version=0,
            at=at + NINE,
        )


def test_recording_twice_changes_nothing(
    at: datetime, people: People, announced: list[object]
) -> None:
    crimes = (CrimeNamed(category="harassment", number="CF/1"),)
    first = responded(at=at, crime_committed="yes", crimes=crimes)
    again = response.record_first_response(
        incident_id=first.incident_id,
        actor=people("officer"),
        version=0,
        at=at + NINE,
        findings=findings(crime_committed="yes", crimes=crimes, non_crime_reason=""),
    )
    assert again.version == 1
    assert Crime.objects.count() == 1
    assert len(of_kind(announced, FirstResponseRecorded)) == 1


def test_a_stale_edit_carries_both_versions(at: datetime, people: People) -> None:
    first = responded(at=at)
    incident_id = first.incident_id
    response.record_arrival(incident_id=incident_id, actor=people("officer_b"), at=at + NINE)
    with pytest.raises(Stale) as refused:
        response.record_first_response(
            incident_id=incident_id,
            actor=people("officer_b"),
            version=0,
            at=at + NINE,
            findings=findings(safety_plan="Taken to her mother's."),
        )
    assert refused.value.version == 1
    assert refused.value.theirs["safety_plan"].startswith("Locks changed")
    assert refused.value.yours["safety_plan"] == "Taken to her mother's."
    first.refresh_from_db()
    assert first.safety_plan.startswith("Locks changed")


def test_an_edit_keeps_what_was_before_in_the_audit(at: datetime, people: People) -> None:
    first = responded(at=at)
    changed = response.record_first_response(
        incident_id=first.incident_id,
        actor=people("officer"),
        version=1,
        at=at + NINE,
        findings=findings(safety_plan="Taken to her mother's."),
    )
    assert changed.version == 2
    event = AuditEvent.objects.get(verb="incident.first_response_changed")
    assert event.detail["before"]["safety_plan"].startswith("Locks changed")
    assert event.detail["after"]["safety_plan"] == "Taken to her mother's."


# --- Crimes and their deadline ------------------------------------------------------------------


def open_deadline(row: Incident) -> Deadline | None:
    return Deadline.objects.filter(
        kind="crime_recorded", subject_id=row.pk, state__in=Deadline.OPEN
    ).first()


def test_a_crime_without_number_starts_its_deadline_from_the_report(
    at: datetime, people: People
) -> None:
    row = responded(
        at=at, crime_committed="yes", crimes=(CrimeNamed(category="stalking"),)
    ).incident
    deadline = open_deadline(row)
    assert deadline is not None
    assert deadline.due_at == at + timedelta(hours=24)
    assert deadline.owner == people("officer")
    assert deadline.victim == Victim.objects.get()
    assert owing_a_crime_number([row.pk]) == {row.pk}


def test_recording_the_crime_meets_the_deadline(
    at: datetime, people: People, announced: list[object]
) -> None:
    row = responded(
        at=at, crime_committed="yes", crimes=(CrimeNamed(category="stalking"),)
    ).incident
    crime = response.record_crime(
        incident_id=row.pk,
        category="harassment",
        number=" cf/77 ",
        actor=people("handler"),
        at=at + timedelta(hours=2),
        arrests=1,
    )
    assert crime.number == "CF/77"
    assert crime.victim == Victim.objects.get()
    assert open_deadline(row) is None
    assert Deadline.objects.get(subject_id=row.pk, kind="crime_recorded").state == "met"
    assert owing_a_crime_number([row.pk]) == set()
    assert len(of_kind(announced, CrimeRecorded)) == 1


def test_two_crimes_and_one_number_still_owe_one(at: datetime, people: People) -> None:
    row = responded(
        at=at,
        crime_committed="yes",
        crimes=(CrimeNamed(category="stalking", number="A1"), CrimeNamed(category="other")),
    ).incident
    assert open_deadline(row) is not None
    response.record_crime(
        incident_id=row.pk, category="other", number="A2", actor=people("officer"), at=at + NINE
    )
    assert open_deadline(row) is None


def test_changing_to_no_crime_ends_the_deadline(at: datetime, people: People) -> None:
    first = responded(at=at, crime_committed="yes", crimes=(CrimeNamed(category="stalking"),))
    response.record_first_response(
        incident_id=first.incident_id,
        actor=people("officer"),
        findings=findings(),
        version=1,
        at=at + NINE,
    )
    assert open_deadline(first.incident) is None
    assert Deadline.objects.get(subject_id=first.incident_id, kind="crime_recorded").state == (
        "cancelled"
    )


def test_a_recorded_crime_cannot_be_answered_away(at: datetime, people: People) -> None:
    crimes = (CrimeNamed(category="stalking", number="A1"),)
    first = responded(at=at, crime_committed="yes", crimes=crimes)
    with pytest.raises(InvalidInput) as refused:
        response.record_first_response(
            incident_id=first.incident_id,
            actor=people("officer"),
            findings=findings(),
            version=1,
            at=at + NINE,
        )
    assert refused.value.field == "crime_committed"


def test_a_crime_ends_a_non_crime(at: datetime, people: People) -> None:
    row = responded(at=at).incident
    response.record_crime(
        incident_id=row.pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    row.refresh_from_db()
    assert row.non_crime_reason == ""


def test_a_number_is_taken_once(at: datetime, people: People) -> None:
    first, second = incident(at=at), incident(at=at)
    for _ in range(2):
        response.record_crime(
            incident_id=first.pk, category="stalking", number="A1", actor=people("officer"), at=at
        )
    assert Crime.objects.count() == 1
    with pytest.raises(AlreadyTaken, match=first.reference) as refused:
        response.record_crime(
            incident_id=second.pk, category="stalking", number="a1", actor=people("officer"), at=at
        )
    assert refused.value.field == "number"


@pytest.mark.parametrize("who", ["worker", "idva", "analyst", "nobody"])
def test_who_may_not_record_a_crime(at: datetime, people: People, who: str) -> None:
    row = incident(at=at)
    with pytest.raises(PermissionDenied):
        response.record_crime(
            incident_id=row.pk, category="stalking", number="A1", actor=people(who), at=at
        )


def test_a_victim_of_another_incident_is_refused(at: datetime, people: People) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.record_crime(
            incident_id=row.pk,
            category="stalking",
            number="A1",
            actor=people("officer"),
            at=at,
            victim_id=0,
        )
    assert refused.value.field == "victim"


# --- Drafts -------------------------------------------------------------------------------------


def keep(
    row: Incident, officer: User, words: str, version: int, at: datetime, writer: str = "p"
) -> FirstResponseDraft:
    return response.keep_first_response_draft(
        incident=row,
        officer=officer,
        fields={"account": [words]},
        version=version,
        writer=writer,
        at=at,
    )


def test_a_draft_is_kept_as_typed(at: datetime, people: People) -> None:
    row = sent(at=at)
    assert keep(row, people("officer"), "One", 0, at).version == 1
    assert keep(row, people("officer"), "One two", 1, at).version == 2
    assert response.draft_of(incident=row, officer=people("officer")).fields == {  # type: ignore[union-attr]
        "account": ["One two"]
    }


def test_the_same_page_may_try_again_and_another_is_stale(at: datetime, people: People) -> None:
    row = sent(at=at)
    keep(row, people("officer"), "One", 0, at, writer="page a")
    keep(row, people("officer"), "One two", 0, at, writer="page a")
    with pytest.raises(Stale):
        keep(row, people("officer"), "Other", 0, at, writer="page b")
    with pytest.raises(Stale):
        keep(row, people("officer"), "Other", 0, at, writer="")


def test_officers_do_not_share_a_draft(at: datetime, people: People) -> None:
    row = sent(at=at)
    keep(row, people("officer"), "Mine", 0, at)
    assert response.draft_of(incident=row, officer=people("officer_b")) is None
    keep(row, people("officer_b"), "Theirs", 0, at)
    assert FirstResponseDraft.objects.count() == 2


def test_recording_ends_the_draft_and_a_late_page_does_not_bring_it_back(
    at: datetime, people: People
) -> None:
    row = attended(at=at)
    keep(row, people("officer"), "Mine", 0, at)
    response.record_first_response(
        incident_id=row.pk, actor=people("officer"), findings=findings(), version=0, at=at + NINE
    )
    assert not FirstResponseDraft.objects.exists()
    with pytest.raises(Stale):
        keep(row, people("officer"), "Mine again", 1, at)


@pytest.mark.parametrize("words", ["x" * 300_001, "nul\x00"])
def test_what_cannot_be_kept_is_refused(at: datetime, people: People, words: str) -> None:
    row = sent(at=at)
    with pytest.raises(InvalidInput):
        keep(row, people("officer"), words, 0, at)


def test_text_is_tidied(at: datetime, people: People) -> None:
    assert responded(at=at, account="  It was dark.\r\nVery.  ").account == "It was dark.\nVery."
