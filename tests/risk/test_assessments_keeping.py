"""Keeping answers as they come: suggestions, merging, stale pages and refusals."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import InvalidInput, Stale
from incidents.models import Deployment
from tests.factories import risk as make
from tests.risk.helpers import deadline, keep, verbs

pytestmark = pytest.mark.django_db

People = Callable[[str], User]


def test_keeping_suggests_and_merges(at: datetime) -> None:
    row = make.draft(at)
    row = keep(row, at, {"q18": {"answer": "yes", "words": " both hands ", "source": "victim"}})
    row = keep(row, at, {"q01": {"answer": "no"}}, judged_grade="high", judged_reason="Words.")
    row.refresh_from_db()
    assert row.answers["q18"] == {"answer": "yes", "words": "both hands", "source": "victim"}
    assert (row.suggested_grade, row.suggested_reasons) == ("high", ["strangulation"])
    assert (row.yes_count, row.version, row.judged_grade) == (1, 3, "high")
    row = keep(row, at, {"q18": {}})
    assert "q18" not in row.answers
    assert row.suggested_grade == "standard"


def test_the_third_incident_in_a_year_escalates(people: People, at: datetime) -> None:
    victim = make.a_victim(at)
    for months in (13, 5, 2):
        make.an_incident(at - timedelta(days=30 * months), victim)
    row = keep(make.draft(at, victim=victim), at)
    assert row.suggested_grade == "high"
    assert row.suggested_reasons == ["3 or more incidents in 12 months"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"q28": {"answer": "yes"}}, "q28"),
        ({"q01": {"answer": "perhaps"}}, "q01"),
        ({"q01": {"answer": ["yes"]}}, "q01"),
        ({"q01": "yes"}, "q01"),
        ({"q01": {"answer": "yes", "colour": "red"}}, "q01"),
        ({"q01": {"answer": "yes", "source": "rumour"}}, "q01_source"),
        ({"q01": {"answer": "yes", "words": "a\x00b"}}, "q01_words"),
        ({"q01": {"answer": "yes", "words": "x" * 4_001}}, "q01_words"),
        ({"q01\x00": {"answer": "yes"}}, "q01\x00"),
    ],
)
def test_bad_answers_are_refused_at_their_field(at: datetime, answers: Any, field: str) -> None:
    row = make.draft(at)
    with pytest.raises(InvalidInput) as refused:
        keep(row, at, answers)
    assert refused.value.field == field
    row.refresh_from_db()
    assert (row.answers, row.version) == ({}, 1)


@pytest.mark.parametrize("grade", ["very_high", "low"])
def test_a_grade_that_cannot_be_judged(at: datetime, grade: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        keep(make.draft(at), at, judged_grade=grade)
    assert refused.value.field == "judged_grade"


def test_a_stale_page_is_told_with_both_versions(at: datetime) -> None:
    row = make.draft(at)
    keep(row, at, {"q01": {"answer": "yes"}}, writer="one")
    with pytest.raises(Stale) as refused:
        keep(row, at, {"q01": {"answer": "no"}}, version=1, writer="two")
    assert refused.value.version == 2
    assert refused.value.theirs["answers"] == {"q01": {"answer": "yes"}}
    assert refused.value.yours["answers"] == {"q01": {"answer": "no"}}
    again = keep(row, at, {"q01": {"answer": "no"}}, version=1, writer="one")
    assert again.version == 3


def test_only_those_who_were_there_write(people: People, at: datetime) -> None:
    row = make.draft(at)
    for name in ("officer_b", "supervisor", "worker", "handler", "nobody"):
        with pytest.raises(PermissionDenied):
            keep(row, at, {"q01": {"answer": "no"}}, actor=people(name))
    Deployment.objects.create(
        incident=row.incident, officer=people("officer_b"), sent_at=at, sent_by=people("handler")
    )
    row = keep(row, at, {"q01": {"answer": "no"}}, actor=people("officer_b"))
    assert row.officer == people("officer_b")
    assert deadline(row, "assessment").owner == people("officer_b")
    assert verbs(row) == ["assessment.opened", "assessment.taken_over"]
