"""Reviewing an assessment, and the grade that the victim has from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.models import PolicyVersion
from deadlines.models import Deadline, Notification
from risk import services
from risk.events import AssessmentReviewed
from risk.models import AssessmentReview, GradeChange
from tests.factories import risk as make
from tests.risk.helpers import deadline, keep, submit, verbs
from victims.models import Victim

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
HIGH = ("q17", "q18")
TEN = tuple(f"q{n:02d}" for n in (1, 5, 6, 11, 12, 13, 14, 15, 16, 19))


# --- Reviewing -----------------------------------------------------------------------------------


def test_accepting(people: People, at: datetime, heard: list[Any]) -> None:
    row = make.reviewed(make.submitted(at, *HIGH), at + timedelta(hours=2))
    assert (row.state, row.grade, row.reviewed_at) == ("reviewed", "high", at + timedelta(hours=2))
    assert deadline(row, "review").state == "met"
    assert verbs(row)[-1] == "assessment.accept"
    fact = next(one for one in heard if isinstance(one, AssessmentReviewed))
    assert (fact.decision, fact.grade_before, fact.grade) == ("accept", "high", "high")
    assert fact.submitted_at == row.submitted_at


def test_returning_and_coming_again(people: People, at: datetime) -> None:
    row = make.submitted(at, *HIGH)
    first, later = row.submitted_at, at + timedelta(hours=3)
    row = make.reviewed(row, later, decision="return", rationale="Ask about the children.")
    assert (row.state, row.grade, row.reviewed_at) == ("returned", "high", None)
    assert Victim.objects.get(pk=row.victim_id).grade == "high"
    told = Notification.objects.get(user=people("officer"))
    assert told.reference == row.reference
    assert "Siobhán" not in told.headline
    clock = deadline(row, "assessment")
    assert (clock.state, clock.due_at) == ("running", later + timedelta(hours=8))
    row = keep(row, later, {"q22": {"answer": "yes"}}, judged_grade="")
    assert row.judged_grade == "high"
    row = submit(row, later + timedelta(hours=1))
    assert (row.state, row.submitted_at) == ("submitted", first)
    assert deadline(row, "review").due_at == later + timedelta(hours=25)
    assert Deadline.objects.of(row).filter(kind="review").count() == 2


def test_regrading(people: People, at: datetime) -> None:
    row = make.submitted(at, *TEN)
    assert row.grade == "medium"
    row = make.reviewed(row, at, decision="regrade", grade="high", rationale="Pattern of control.")
    assert (row.state, row.grade, row.judged_grade) == ("reviewed", "high", "medium")
    victim = Victim.objects.get(pk=row.victim_id)
    assert (victim.grade, victim.grade_reason) == (
        "high",
        "the supervisor's judgement, 10 yes answers",
    )
    review = AssessmentReview.objects.get()
    assert (review.grade_before, review.grade_after) == ("medium", "high")
    assert Notification.objects.filter(user=people("officer")).count() == 1


def test_keeping_the_suggestion_against_a_lower_judgement(at: datetime) -> None:
    row = make.submitted(at, *HIGH, judged="medium")
    row = make.reviewed(row, at, decision="regrade", grade="high", rationale="Not agreed.")
    assert row.grade == "high"
    assert verbs(row)[-1] == "assessment.regrade"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"decision": "shrug"}, "decision"),
        ({"decision": "return"}, "rationale"),
        ({"decision": "regrade", "grade": "medium"}, "rationale"),
        ({"decision": "regrade", "grade": "", "rationale": "x"}, "grade"),
        ({"decision": "regrade", "grade": "very_high", "rationale": "x"}, "grade"),
        ({"decision": "regrade", "grade": "high", "rationale": "x"}, "grade"),
        ({"decision": "return", "rationale": "\x00"}, "rationale"),
        ({"decision": "return", "rationale": "x" * 10_001}, "rationale"),
    ],
)
def test_a_review_is_refused_at_its_field(at: datetime, given: Any, field: str) -> None:
    row = make.submitted(at, *HIGH)
    with pytest.raises(InvalidInput) as refused:
        make.reviewed(row, at, **given)
    assert refused.value.field == field
    row.refresh_from_db()
    assert row.state == "submitted"
    assert not AssessmentReview.objects.exists()


def test_who_may_not_review(people: People, at: datetime) -> None:
    row = make.submitted(at)
    for name in ("officer", "officer_b", "worker", "handler", "auditor", "nobody"):
        with pytest.raises(PermissionDenied):
            make.reviewed(row, at, by=people(name))


def test_nobody_reviews_their_own(people: People, at: datetime) -> None:
    row = make.submitted(at, officer=people("supervisor"))
    assert deadline(row, "review").owner is None
    with pytest.raises(PermissionDenied, match="another supervisor"):
        make.reviewed(row, at)
    make.reviewed(row, at, by=make.colleague("other"))


def test_only_what_waits_is_reviewed(people: People, at: datetime) -> None:
    row = make.draft(at)
    with pytest.raises(DomainError, match="not been submitted"):
        make.reviewed(row, at)
    row = make.submitted(at, victim=make.a_victim(at, given_name="Rosa"))
    make.reviewed(row, at)
    with pytest.raises(AlreadyTaken, match=r"Sgt 1120 N\. Obi has accepted"):
        make.reviewed(row, at, by=make.colleague("other"))
    row = make.submitted(at, victim=make.a_victim(at, given_name="Mia"))
    with pytest.raises(Stale):
        services.review_assessment(
            assessment_id=row.pk,
            actor=people("supervisor"),
            decision="accept",
            grade="",
            rationale="",
            version=row.version - 1,
            at=at,
        )


# --- The victim's grade --------------------------------------------------------------------------


def test_a_lower_grade_waits_for_review(at: datetime) -> None:
    victim = make.a_victim(at)
    make.reviewed(make.submitted(at, *HIGH, victim=victim), at + timedelta(hours=1))
    later = make.submitted(at + timedelta(days=9), victim=victim)
    assert later.grade == "standard"
    assert Victim.objects.get(pk=victim.pk).grade == "high"
    make.reviewed(later, at + timedelta(days=10))
    assert Victim.objects.get(pk=victim.pk).grade == "standard"


def test_the_review_of_an_older_one_does_not_lower(at: datetime) -> None:
    victim = make.a_victim(at)
    older = make.submitted(at, victim=victim)
    make.submitted(at + timedelta(days=1), *HIGH, victim=victim)
    make.reviewed(older, at + timedelta(days=2))
    assert Victim.objects.get(pk=victim.pk).grade == "high"


def test_very_high_is_the_conferences(at: datetime) -> None:
    victim = make.a_victim(at)
    Victim.objects.filter(pk=victim.pk).update(grade="very_high", grade_since=at)
    make.reviewed(make.submitted(at, victim=victim), at + timedelta(hours=1))
    assert Victim.objects.get(pk=victim.pk).grade == "very_high"
    assert not GradeChange.objects.exists()


def test_the_force_sets_the_edges(people: People, at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at,
        values={"medium_from_yes": 1, "review_hours": 6},
        author=people("administrator"),
        reason="test",
        recorded_at=at,
    )
    assert policy.at(at).medium_from_yes == 1
    row = make.submitted(at, "q22")
    assert row.grade == "medium"
    assert deadline(row, "review").due_at == row.submitted_at + timedelta(hours=6)  # type: ignore[operator]
