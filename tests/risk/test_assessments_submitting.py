"""Submitting an assessment: what counts at once, and what is still missing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import DomainError, InvalidInput, Stale
from risk import services
from risk.answers import Incomplete
from risk.events import AssessmentSubmitted, GradeChanged
from risk.models import GradeChange
from tests.factories import risk as make
from tests.risk.helpers import deadline, keep, submit, verbs
from victims.models import Victim

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
HIGH = ("q17", "q18")


def test_submission_counts_at_once_and_asks_a_supervisor(
    people: People, at: datetime, heard: list[Any]
) -> None:
    people("supervisor")
    row = make.submitted(at, *HIGH)
    victim = Victim.objects.get(pk=row.victim_id)
    assert (row.state, row.grade, victim.grade) == ("submitted", "high", "high")
    assert victim.grade_reason == "threats to kill; strangulation"
    change = GradeChange.objects.get()
    assert (change.before, change.after, change.assessment) == ("", "high", row)
    assert deadline(row, "assessment").state == "met"
    review = deadline(row, "review")
    assert review.owner == people("supervisor")
    assert review.due_at == row.submitted_at + timedelta(hours=24)  # type: ignore[operator]
    assert verbs(row)[-1] == "assessment.submitted"
    kinds = [type(fact) for fact in heard]
    assert kinds.count(AssessmentSubmitted) == kinds.count(GradeChanged) == 1


def test_judged_lower_counts_as_suggested_until_agreed(people: People, at: datetime) -> None:
    row = make.submitted(at, *HIGH, judged="standard", reason="Old threats, since withdrawn.")
    assert (row.judged_grade, row.suggested_grade, row.grade) == ("standard", "high", "high")
    with pytest.raises(InvalidInput) as refused:
        make.reviewed(row, at)
    assert refused.value.field == "rationale"
    row = make.reviewed(row, at, rationale="Seen both; agreed.")
    assert row.grade == "standard"
    assert Victim.objects.get(pk=row.victim_id).grade == "standard"
    assert [c.after for c in GradeChange.objects.order_by("pk")] == ["high", "standard"]


def test_judged_higher_counts_at_once(at: datetime) -> None:
    row = make.submitted(at, judged="high", reason="Her dread.")
    assert (row.suggested_grade, row.grade) == ("standard", "high")
    assert Victim.objects.get(pk=row.victim_id).grade == "high"


def test_a_late_one_is_met_late(people: People, at: datetime) -> None:
    row = make.kept(make.draft(at), at=at)
    row = services.submit_assessment(
        assessment_id=row.pk,
        actor=row.officer,
        judged_grade="standard",
        judged_reason="Calm.",
        version=row.version,
        at=at + timedelta(hours=9),
    )
    assert deadline(row, "assessment").state == "met_late"


def test_every_topic_must_be_answered(at: datetime) -> None:
    row = make.draft(at)
    with pytest.raises(Incomplete) as refused:
        submit(row, at, judged_grade="", judged_reason=" ")
    assert list(refused.value.missing)[:2] == ["q01", "q02"]
    assert len(refused.value.missing) == 27 + 2
    row = make.kept(row, at=at)
    row = keep(row, at, {"q05": {"answer": "not_asked"}, "q08": {"answer": "yes"}})
    with pytest.raises(Incomplete) as refused:
        submit(row, at)
    assert list(refused.value.missing) == ["q05_words", *(f"s{n:02d}" for n in range(1, 12))]
    row.refresh_from_db()
    assert (row.state, row.submitted_at) == ("draft", None)
    assert not GradeChange.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"judged_grade": ""}, "judged_grade"),
        ({"judged_grade": "very_high"}, "judged_grade"),
        ({"judged_reason": "  "}, "judged_reason"),
        ({"judged_reason": "x\x07"}, "judged_reason"),
        ({"judged_reason": "x" * 10_001}, "judged_reason"),
    ],
)
def test_a_judgement_with_reasons_is_needed(at: datetime, given: Any, field: str) -> None:
    row = make.kept(make.draft(at), at=at)
    with pytest.raises(InvalidInput) as refused:
        submit(row, at, **given)
    assert refused.value.field == field


def test_submitting_is_refused(people: People, at: datetime) -> None:
    row = make.kept(make.draft(at), at=at)
    with pytest.raises(PermissionDenied):
        submit(row, at, actor=people("supervisor"))
    with pytest.raises(Stale):
        submit(row, at, version=row.version - 1)
    row = submit(row, at)
    with pytest.raises(DomainError, match="waits for review"):
        submit(row, at)
    with pytest.raises(DomainError, match="waits for review"):
        keep(row, at, {"q01": {"answer": "yes"}})
