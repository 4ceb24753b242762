"""Recording a first response: what is asked for, who may, and what an edit keeps."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput, Stale
from incidents.events import FirstResponseRecorded
from incidents.models import Crime, FirstResponse
from incidents.services import response
from incidents.services.response import CrimeNamed
from tests.factories.response import attended, findings, responded
from tests.incidents.helpers import headlines, of_kind

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)


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
