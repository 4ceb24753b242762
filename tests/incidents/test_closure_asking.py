"""Asking for closure: who may ask, and what each question wants."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import AlreadyTaken, InvalidInput
from deadlines.models import Deadline
from incidents import closing
from incidents.closing import QUESTIONS, Given
from incidents.events import ClosureRequested
from incidents.models import Closure, Incident
from incidents.services import closure, response
from tests.factories import closure as gate
from tests.factories.incidents import incident as logged
from tests.personas import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


def test_an_officer_asks(at: datetime, row: Incident, announced: list[object]) -> None:
    request = gate.requested(row, at=at)
    assert (request.kind, request.non_crime_reason) == ("non_crime", "Words only, no threat.")
    assert request.answered_by == request.requested_by == person("officer")
    assert set(request.answers) == {question.code for question in QUESTIONS}
    clock = Deadline.objects.get(kind="closure_sign_off")
    assert (clock.subject_id, clock.subject_reference) == (request.pk, row.reference)
    assert clock.due_at == at + 4 * HOUR
    assert clock.team is not None and clock.team.kind == "control_room"
    assert clock.victim_id is not None
    assert [type(one) for one in announced][-1] is ClosureRequested
    event = AuditEvent.objects.get(verb="incident.closure_requested")
    assert event.detail["answers"] == request.answers


def test_the_control_room_asks_with_the_officers_answers(at: datetime, row: Incident) -> None:
    with pytest.raises(InvalidInput) as unsaid:
        gate.requested(row, at=at, by=person("handler"))
    assert unsaid.value.field == "answered_by"
    with pytest.raises(InvalidInput) as wrong:
        closure.request_closure(
            incident_id=row.pk,
            actor=person("handler"),
            answered_by=person("officer_b"),
            answers=gate.answered(),
            at=at,
        )
    assert wrong.value.message == "PC 3015 L. Moss was not there."
    request = closure.request_closure(
        incident_id=row.pk,
        actor=person("handler"),
        answered_by=person("officer"),
        answers=gate.answered(),
        at=at,
    )
    assert (request.requested_by, request.answered_by) == (person("handler"), person("officer"))


@pytest.mark.parametrize("who", ["worker", "manager", "head", "auditor", "idva", "nobody"])
def test_nobody_else_asks(at: datetime, row: Incident, who: str) -> None:
    with pytest.raises(PermissionDenied):
        gate.requested(row, at=at, by=person(who))
    assert not Closure.objects.exists()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
def test_each_question_wants_an_answer_and_alarming_ones_words(
    at: datetime, row: Incident, question: closing.Question
) -> None:
    without = {code: given for code, given in gate.answered().items() if code != question.code}
    with pytest.raises(InvalidInput) as unanswered:
        closure.request_closure(incident_id=row.pk, actor=person("officer"), answers=without, at=at)
    assert unanswered.value.field == question.code
    for answer, _ in question.answers:
        if not question.needs_words(answer):
            continue
        with pytest.raises(InvalidInput) as bare:
            given: dict[str, Any] = {question.code: (answer, " ")}
            gate.requested(row, at=at, **given)
        assert bare.value.field == question.words_field
    assert not Closure.objects.exists()


def test_no_is_always_alarming_and_a_question_that_applies_to_all_refuses_not_applicable(
    at: datetime, row: Incident
) -> None:
    assert all(question.needs_words("no") for question in QUESTIONS)
    with pytest.raises(InvalidInput) as refused:
        gate.requested(row, at=at, safe_now=("n/a", "It does not."))
    assert refused.value.field == "safe_now"
    gate.requested(row, at=at, children_safe=("n/a", "There are none."))


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"bribe": Given(answer="yes")}, "bribe"),
        ({"injuries": Given(answer="maybe", words="")}, "injuries"),
        ({"injuries": Given(answer="no", words="x" * 1_001)}, "injuries_words"),
        ({"injuries": Given(answer="no", words="bell \x07")}, "injuries_words"),
    ],
)
def test_answers_that_cannot_be_meant(
    at: datetime, row: Incident, answers: dict[str, Given], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        closure.request_closure(
            incident_id=row.pk,
            actor=person("officer"),
            answers={**gate.answered(), **answers},
            at=at,
        )
    assert refused.value.field == field


def test_asking_twice_is_asking_once(at: datetime, row: Incident) -> None:
    first = gate.requested(row, at=at)
    assert gate.requested(row, at=at + timedelta(seconds=1)) == first
    with pytest.raises(AlreadyTaken, match=r"PC 2210 T\. Hale asked for closure at 10:00"):
        gate.requested(row, at=at, injuries=("no", "Her hand."))
    assert Closure.objects.count() == 1
    assert Deadline.objects.filter(kind="closure_sign_off").count() == 1
    assert AuditEvent.objects.filter(verb="incident.closure_requested").count() == 1


def test_a_crime_makes_it_a_crime(at: datetime, row: Incident) -> None:
    response.record_crime(
        incident_id=row.pk,
        category="harassment",
        number="35/1/26",
        actor=person("officer"),
        at=at,
    )
    request = gate.requested(row, at=at)
    assert (request.kind, request.non_crime_reason) == ("crime", "")


def test_where_nobody_went_the_control_room_says_why_it_was_no_crime(at: datetime) -> None:
    row = logged(at=at - HOUR, people=())
    Incident.objects.filter(pk=row.pk).update(not_sent_reason="The same call twice.")
    ask: dict[str, Any] = {
        "incident_id": row.pk,
        "actor": person("handler"),
        "answers": gate.answered(),
        "at": at,
    }
    with pytest.raises(InvalidInput) as refused:
        closure.request_closure(**ask)
    assert refused.value.field == "non_crime_reason"
    request = closure.request_closure(**ask, non_crime_reason="A double of another call.")
    gate.decided(request, "signed_off", at=at)
    row.refresh_from_db()
    assert (row.state, row.non_crime_reason) == ("closed", "A double of another call.")
