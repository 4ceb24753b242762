"""The closure gate as a state machine: who may do what from where, and what follows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from incidents import closing
from incidents.closing import QUESTIONS, Given
from incidents.events import ClosureRefused, ClosureRequested, IncidentClosed
from incidents.models import Closure, Deployment, Incident
from incidents.services import closure, crimes, response
from incidents.services.closure import deciding
from incidents.services.editing.further_calls import add_further_call
from risk import services as risk_services
from risk.models import Assessment
from tests.factories import closure as gate
from tests.factories.incidents import call
from tests.factories.incidents import incident as logged
from tests.personas import person

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
HOUR = timedelta(hours=1)


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


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


def second_inspector() -> User:
    user = User.objects.create_user("inspector_b", name="Insp B", team=person("inspector").team)
    user.groups.set(person("inspector").groups.all())
    return user


# --- Asking -------------------------------------------------------------------------------------


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


# --- Deciding -----------------------------------------------------------------------------------


def test_an_inspector_signs_and_the_incident_is_closed(
    at: datetime, row: Incident, announced: list[object]
) -> None:
    before = row.version
    request = gate.requested(row, at=at)
    gate.decided(request, "signed_off", at=at + HOUR)
    row.refresh_from_db()
    request.refresh_from_db()
    assert (row.state, row.closed_at, row.version) == ("closed", at + HOUR, before + 1)
    assert (request.decision, request.decided_by) == ("signed_off", person("inspector"))
    assert Deadline.objects.get(kind="closure_sign_off").state == "met"
    assert not Deadline.objects.open().filter(kind="attendance").exists()
    assert not Deployment.objects.filter(incident=row, cleared_at__isnull=True).exists()
    assert IncidentClosed in {type(one) for one in announced}
    assert AuditEvent.objects.filter(
        incident_id=row.pk, verb="incident.closure_signed_off"
    ).exists()


def test_a_refusal_goes_back_with_words(
    at: datetime, row: Incident, announced: list[object]
) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(InvalidInput) as bare:
        gate.decided(request, "refused", at=at, words="  ")
    assert bare.value.field == "words"
    gate.refused(request, at=at + 5 * HOUR, words="Where is she now, and with whom?")
    row.refresh_from_db()
    assert row.state == "attended"
    assert Deadline.objects.get(kind="closure_sign_off").state == "met_late"
    assert ClosureRefused in {type(one) for one in announced}
    told = Notification.objects.get(user=person("officer"), headline__startswith="Closure refused")
    assert told.path == f"/incidents/{row.reference}/closure/"
    again = gate.requested(row, at=at + 5 * HOUR)
    assert again.pk != request.pk
    assert Deadline.objects.open().get(kind="closure_sign_off").subject_id == again.pk


def test_only_who_asked_withdraws(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    take_back: dict[str, Any] = {"incident_id": row.pk, "closure_id": request.pk, "at": at}
    for who in ("handler", "inspector", "officer_b", "worker"):
        with pytest.raises(PermissionDenied):
            closure.withdraw_closure(**take_back, actor=person(who))
    closure.withdraw_closure(**take_back, actor=person("officer"))
    closure.withdraw_closure(**take_back, actor=person("officer"))
    assert Closure.objects.get().decision == "withdrawn"
    assert Deadline.objects.get(kind="closure_sign_off").state == "cancelled"
    assert AuditEvent.objects.filter(verb="incident.closure_withdrawn").count() == 1
    gate.requested(row, at=at)


@pytest.mark.parametrize("who", ["handler", "officer", "supervisor", "head", "worker", "idva"])
@pytest.mark.parametrize("decision", ["signed_off", "refused"])
def test_nobody_but_an_inspector_decides(
    at: datetime, row: Incident, who: str, decision: str
) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(PermissionDenied):
        gate.decided(request, decision, at=at, by=person(who), words="So.")
    request.refresh_from_db()
    assert request.decision == ""


def test_an_inspector_never_decides_what_they_asked_or_answered(
    at: datetime, row: Incident
) -> None:
    request = closure.request_closure(
        incident_id=row.pk,
        actor=person("inspector"),
        answered_by=person("officer"),
        answers=gate.answered(),
        at=at,
    )
    for decision in ("signed_off", "refused"):
        with pytest.raises(PermissionDenied, match="another inspector"):
            gate.decided(request, decision, at=at, words="So.")
    gate.decided(request, "signed_off", at=at, by=second_inspector())
    assert Incident.objects.get(pk=row.pk).state == "closed"


#: From (decision there is) and asked (act) to what comes of it: a state, or the refusal.
TABLE: list[tuple[str, str, str | type[Exception]]] = [
    ("", "signed_off", "signed_off"),
    ("", "refused", "refused"),
    ("", "withdraw", "withdrawn"),
    ("", "nonsense", InvalidInput),
    # The same again by the same person, from a second press.
    ("signed_off", "signed_off", "signed_off"),
    ("refused", "refused", "refused"),
    ("withdrawn", "withdraw", "withdrawn"),
    # Anything else from what is decided.
    ("signed_off", "refused", AlreadyTaken),
    ("signed_off", "withdraw", DomainError),
    ("refused", "signed_off", AlreadyTaken),
    ("refused", "withdraw", DomainError),
    ("withdrawn", "signed_off", DomainError),
    ("withdrawn", "refused", DomainError),
]


@pytest.mark.parametrize(("there", "act", "outcome"), TABLE)
def test_every_step_from_every_state(
    at: datetime, row: Incident, there: str, act: str, outcome: str | type[Exception]
) -> None:
    request = gate.requested(row, at=at)
    if there:
        step(request, "withdraw" if there == "withdrawn" else there, at)
    events_before = AuditEvent.objects.count()
    if isinstance(outcome, str):
        step(request, act, at)
    else:
        with pytest.raises(outcome):
            step(request, act, at)
    request.refresh_from_db()
    assert request.decision == (outcome if isinstance(outcome, str) else there)
    closed = Incident.objects.get(pk=row.pk).state == "closed"
    assert closed == (request.decision == "signed_off")
    if there:
        assert AuditEvent.objects.count() == events_before


def step(request: Closure, act: str, at: datetime) -> None:
    if act == "withdraw":
        closure.withdraw_closure(
            incident_id=request.incident_id,
            closure_id=request.pk,
            actor=person("officer"),
            at=at,
        )
    else:
        gate.decided(request, act, at=at, words="Where is she now?")


def test_another_inspector_comes_too_late(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    gate.decided(request, "signed_off", at=at)
    with pytest.raises(AlreadyTaken, match=r"Insp V\. Castle signed this off at 10:00"):
        gate.decided(request, "signed_off", at=at, by=second_inspector())


def test_a_page_that_shows_a_withdrawn_request_decides_nothing(at: datetime, row: Incident) -> None:
    first = gate.requested(row, at=at)
    step(first, "withdraw", at)
    second = gate.requested(row, at=at, injuries=("no", "Her hand is cut."))
    with pytest.raises(DomainError, match="withdrew this request"):
        gate.decided(first, "signed_off", at=at)
    second.refresh_from_db()
    assert second.decision == ""


def test_a_signature_on_another_state_of_the_incident_is_stale(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(Stale) as stale:
        closure.decide_closure(
            incident_id=row.pk,
            closure_id=request.pk,
            actor=person("inspector"),
            decision="signed_off",
            version=row.version - 1,
            at=at,
        )
    assert stale.value.version == row.version
    closure.decide_closure(
        incident_id=row.pk,
        closure_id=request.pk,
        actor=person("inspector"),
        decision="refused",
        words="It has changed.",
        version=row.version - 1,
        at=at,
    )


def test_a_crime_recorded_while_it_waits_is_what_is_signed(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    response.record_crime(
        incident_id=row.pk, category="harassment", number="35/2/26", actor=person("officer"), at=at
    )
    gate.decided(request, "signed_off", at=at)
    request.refresh_from_db()
    assert (request.kind, request.non_crime_reason) == ("crime", "")
    assert Incident.objects.get(pk=row.pk).non_crime_reason == ""


# --- Once closed --------------------------------------------------------------------------------


def test_what_may_follow_once_closed(at: datetime) -> None:
    row = gate.closed(at=at)
    crime = response.record_crime(
        incident_id=row.pk, category="harassment", number="35/3/26", actor=person("officer"), at=at
    )
    assert crime.number == "35/3/26"
    row.refresh_from_db()
    assert row.state == "closed"
    with pytest.raises(DomainError):
        gate.requested(row, at=at)
    with pytest.raises(DomainError):
        response.record_arrival(incident_id=row.pk, actor=person("officer_b"), at=at)
    with pytest.raises(DomainError):
        response.send_officers(
            incident_id=row.pk, officers=[person("officer_b")], actor=person("handler"), at=at
        )


# --- What changes while it waits ------------------------------------------------------------------

CALL_CRIME: dict[str, Any] = {"category": "stalking", "number": "42FW/77/26"}


def record_crime(row: Incident, at: datetime) -> None:
    response.record_crime(incident_id=row.pk, actor=person("officer"), at=at, **CALL_CRIME)


def record_outcome(row: Incident, at: datetime) -> None:
    crimes.record_outcome(
        crime_id=row.crimes.get().pk,
        outcome="charge",
        at_when=at,
        words="",
        version=1,
        actor=person("officer"),
        at=at,
    )


def record_arrests(row: Incident, at: datetime) -> None:
    crimes.record_arrests(
        crime_id=row.crimes.get().pk, arrests=1, version=1, actor=person("officer"), at=at
    )


def news_comes(row: Incident, at: datetime) -> None:
    news = call(received_at=at, people=(), answers={}, grade="", narrative="She rang again.")
    add_further_call(incident_id=row.pk, actor=person("handler"), at=at, call=news)


@pytest.mark.parametrize("happens", [record_crime, record_outcome, record_arrests, news_comes])
def test_what_changed_since_it_was_read_is_not_signed(
    at: datetime, row: Incident, happens: Callable[[Incident, datetime], None]
) -> None:
    if happens in (record_outcome, record_arrests):
        record_crime(row, at)
    waiting = gate.requested(row, at=at)
    row.refresh_from_db()
    read = row.version
    happens(row, at + HOUR)
    sign: dict[str, Any] = {
        "incident_id": row.pk,
        "closure_id": waiting.pk,
        "actor": person("inspector"),
        "decision": "signed_off",
        "at": at + HOUR,
    }
    with pytest.raises(Stale):
        closure.decide_closure(**sign, version=read)
    row.refresh_from_db()
    assert row.state != Incident.State.CLOSED
    closure.decide_closure(**sign, version=row.version)


def test_a_review_of_the_risk_is_read_before_signing(at: datetime, row: Incident) -> None:
    gate.requested(row, at=at)
    row.refresh_from_db()
    assessment = Assessment.objects.get(incident=row)
    risk_services.review_assessment(
        assessment_id=assessment.pk,
        actor=person("supervisor"),
        decision="accept",
        grade="",
        rationale="Agreed.",
        version=assessment.version,
        at=at,
    )
    assert Incident.objects.get(pk=row.pk).version > row.version


def test_nothing_is_refused_as_stale_for_a_crime_where_no_request_waits(
    at: datetime, row: Incident
) -> None:
    record_crime(row, at)
    row.refresh_from_db()
    record_outcome(row, at + HOUR)
    assert Incident.objects.get(pk=row.pk).version == row.version


# --- Clocks ---------------------------------------------------------------------------------------


def test_nobody_is_awaited_at_what_is_closed(
    at: datetime, row: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is on the way all the same is turned back, and their clock with them.

    The gate refuses while somebody is on the way; closing itself leaves no clock behind either.
    """
    waiting = gate.requested(row, at=at)
    response.send_officers(
        incident_id=row.pk,
        officers=[person("officer_b")],
        actor=person("handler"),
        at=at,
        fewer_reason="nobody else is near",
        knowingly=True,
    )
    running = Deadline.objects.open().filter(kind__in=["arrival", "attendance"])
    assert running.filter(owner=person("officer_b")).exists()
    monkeypatch.setattr(deciding, "check_ready", lambda incident, at: None)
    gate.decided(waiting, "signed_off", at=at + HOUR)
    assert not running.all().exists()
    never_came = row.deployments.get(officer=person("officer_b"))
    assert never_came.stood_down_reason == "The incident is closed."
