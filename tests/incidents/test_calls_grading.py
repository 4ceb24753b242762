"""The grade of a call as it is logged: what raises it, what replaces it, what it leads to."""

from datetime import timedelta

import pytest

from audit.models import AuditEvent
from core.errors import InvalidInput
from tests.factories.incidents import NOW, in_call, incident
from tests.personas import person
from victims.models import Marker, Victim

TOMORROW = NOW.date() + timedelta(days=1)

pytestmark = pytest.mark.django_db

APPOINTMENT = {"grade": "appointment", "grade_override_reason": "She asks for a visit."}


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


def test_another_grade_needs_words_which_are_kept():
    logged = incident(grade="priority", grade_override_reason="Officers are already with her.")

    assert (logged.suggested_grade, logged.grade) == ("immediate", "priority")
    event = AuditEvent.objects.get(verb="incident.logged")
    assert event.headline == "Call logged, priority instead of immediate"
    assert event.detail["override"] == "Officers are already with her."


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
