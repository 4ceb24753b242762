"""A reassessment that a whole assessment ends: what ends it, and when it is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import DomainError
from core.trigger_rules import Trigger
from deadlines.models import Deadline
from risk import services
from risk.instruments import questionnaire
from risk.models import Assessment, Reassessment
from risk.services.triggers import fire
from tests.factories import risk as make
from tests.personas import person
from tests.risk.helpers_reassessing import LATER, conclude, opened
from tests.risk.test_triggers import HEARD, clock_of, fired, graded


@pytest.fixture
def people_here(people: Callable[[str], User]) -> None:
    """Who leads, so that somebody is named; and who acts."""
    for username in ("supervisor", "officer", "officer_b", "worker", "custody", "head"):
        people(username)


@pytest.mark.usefixtures("people_here")
def test_an_assessment_begun_for_it_ends_it() -> None:
    row = opened("high")
    incident = make.an_incident(HEARD - timedelta(days=3), row.victim)
    officer = person("officer")
    begun = services.assess_anew(reassessment_id=row.pk, actor=officer, at=LATER)
    assert (begun.incident, begun.reassessment) == (incident, row)
    assert not Deadline.objects.filter(kind="assessment", subject_id=begun.pk).exists()
    assert services.assess_anew(reassessment_id=row.pk, actor=officer, at=LATER) == begun
    done = submit(begun, LATER + timedelta(minutes=30))
    row.refresh_from_db()
    assert (row.state, row.outcome, row.done_by) == ("done", "assessed", officer)
    assert done.reference in row.words
    assert clock_of(row).state == "met"
    row.victim.refresh_from_db()
    assert row.victim.last_assessed_at == LATER + timedelta(minutes=30)


@pytest.mark.usefixtures("people_here")
def test_who_writes_an_assessment_begun_for_it() -> None:
    row = opened("high")
    make.an_incident(HEARD - timedelta(days=3), row.victim, officer=person("officer_b"))
    begun = services.assess_anew(reassessment_id=row.pk, actor=person("officer"), at=LATER)
    with pytest.raises(PermissionDenied):
        keep(begun, person("officer_b"))
    with pytest.raises(PermissionDenied):
        services.assess_anew(reassessment_id=row.pk, actor=person("worker"), at=LATER)
    assert keep(begun, person("supervisor")).officer == person("supervisor")


@pytest.mark.usefixtures("people_here")
def test_a_victim_without_an_incident_is_concluded_and_not_assessed() -> None:
    row = opened("high")
    with pytest.raises(DomainError, match="No incident"):
        services.assess_anew(reassessment_id=row.pk, actor=person("officer"), at=LATER)


@pytest.mark.usefixtures("people_here")
def test_a_reason_that_came_after_it_was_begun_is_carried_over() -> None:
    row = opened("high")
    make.an_incident(HEARD - timedelta(days=3), row.victim)
    begun = services.assess_anew(reassessment_id=row.pk, actor=person("officer"), at=LATER)
    since = LATER + timedelta(minutes=10)
    one = fired(row.victim, Trigger.CHARGE, source_id=2, happened_at=since)
    fire(fired=[one], actor=person("custody"), at=since)
    submit(begun, LATER + timedelta(minutes=30))
    row.refresh_from_db()
    assert row.outcome == "assessed"
    left = Reassessment.objects.open().get()
    assert left.reasons.get().trigger == "charge"
    assert (left.due_at, clock_of(left).due_at) == (since + timedelta(hours=24),) * 2
    assert left.owner == person("officer")
    assert row.reasons.get().trigger == "release"


@pytest.mark.usefixtures("people_here")
def test_one_begun_before_anything_happened_ends_nothing() -> None:
    victim = graded("high")
    begun = make.draft(HEARD - timedelta(hours=2), victim=victim)
    [row] = fire(fired=[fired(victim)], actor=person("custody"), at=HEARD)
    submit(begun, LATER)
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.usefixtures("people_here")
def test_a_set_beside_the_whole_assessment_ends_nothing() -> None:
    row = opened("high")
    make.an_incident(HEARD - timedelta(days=3), row.victim)
    begun = services.assess_anew(
        reassessment_id=row.pk, instrument="stalking", actor=person("officer"), at=LATER
    )
    assert begun.instrument.purpose == "stalking"
    submit(begun, LATER)
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.usefixtures("people_here")
def test_a_higher_grade_given_by_the_assessment_does_not_make_it_late() -> None:
    """At medium there is a day; a high grade, found after six hours, would have allowed four."""
    row = opened("medium")
    make.an_incident(HEARD - timedelta(days=3), row.victim)
    at = HEARD + timedelta(hours=6)
    begun = services.assess_anew(reassessment_id=row.pk, actor=person("officer"), at=at)
    submit(begun, at, judged="high")
    assert clock_of(row).state == "met"


@pytest.mark.usefixtures("people_here")
def test_raised_with_reasons_it_is_not_late_by_the_rule_of_the_higher_grade() -> None:
    row = opened("medium")
    conclude(row, "raised", grade="high", at=HEARD + timedelta(hours=6))
    assert clock_of(row).state == "met"


@pytest.mark.usefixtures("people_here")
def test_a_grade_that_rises_while_it_is_open_makes_it_due_sooner() -> None:
    row = opened("medium")
    services.judge(
        victim_id=row.victim_id,
        grade="high",
        reason="Threats to kill, told by her sister.",
        actor=person("supervisor"),
        at=LATER,
    )
    row.refresh_from_db()
    assert row.due_at == clock_of(row).due_at == HEARD - timedelta(minutes=30) + timedelta(hours=4)


def keep(begun: Assessment, actor: User) -> Assessment:
    begun.refresh_from_db()
    return services.keep_answers(
        assessment_id=begun.pk,
        actor=actor,
        answers={"q01": {"answer": "no"}},
        version=begun.version,
        at=LATER,
    )


def submit(begun: Assessment, at: datetime, judged: str = "high") -> Assessment:
    """Every question answered no, and judged all the same."""
    read = questionnaire(begun.instrument)
    begun.refresh_from_db()
    kept = services.keep_answers(
        assessment_id=begun.pk,
        actor=begun.officer,
        answers={topic.code: {"answer": "no"} for topic in read.topics},
        version=begun.version,
        at=at,
    )
    return services.submit_assessment(
        assessment_id=begun.pk,
        actor=begun.officer,
        judged_grade=judged,
        judged_reason="Her account.",
        version=kept.version,
        at=at,
    )
