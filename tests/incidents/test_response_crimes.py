"""Crimes of a first response, their numbers and the deadline for recording them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import AlreadyTaken, InvalidInput
from deadlines.models import Deadline
from incidents.deadlines import owing_a_crime_number
from incidents.events import CrimeRecorded
from incidents.models import Crime, Incident
from incidents.services import response
from incidents.services.response import CrimeNamed
from tests.factories.incidents import incident
from tests.factories.response import findings, responded
from tests.incidents.helpers import of_kind
from victims.models import Victim

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)


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
