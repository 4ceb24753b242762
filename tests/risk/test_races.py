"""Two people at once, on two real connections: one wins, the other is told."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.errors import AlreadyTaken, DomainError
from deadlines.models import Deadline
from risk import services
from risk.models import Assessment, AssessmentReview, GradeChange
from tests.factories import risk as make
from tests.marks import committed
from tests.personas import person


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Run each piece of work on its own thread and connection; what each gave or raised."""
    results: list[Any] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def run(place: int, piece: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = piece()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@committed
def test_two_supervisors_at_once(at: datetime) -> None:
    row = make.submitted(at, "q18")
    first, second = person("supervisor"), make.colleague("other")

    def review(actor: User, decision: str, words: str) -> Callable[[], Any]:
        return lambda: services.review_assessment(
            assessment_id=row.pk,
            actor=actor,
            decision=decision,
            grade="medium",
            rationale=words,
            version=row.version,
            at=at + timedelta(hours=1),
        )

    results = at_once(review(first, "accept", ""), review(second, "regrade", "Seen the marks."))
    lost = [one for one in results if isinstance(one, Exception)]
    won = AssessmentReview.objects.get()
    assert [type(one) for one in lost] == [AlreadyTaken]
    assert str(won.reviewer) in str(lost[0])
    row.refresh_from_db()
    assert (row.state, row.grade) == ("reviewed", won.grade_after)
    assert Deadline.objects.of(row).filter(kind="review", state="met").count() == 1


@committed
def test_autosave_against_submission(at: datetime) -> None:
    row = make.kept(make.draft(at), "q22", at=at)
    officer = row.officer

    def keep() -> Assessment:
        return services.keep_answers(
            assessment_id=row.pk,
            actor=officer,
            answers={"q18": {"answer": "yes"}},
            version=row.version,
            at=at,
        )

    def submit() -> Assessment:
        return services.submit_assessment(
            assessment_id=row.pk,
            actor=officer,
            judged_grade="standard",
            judged_reason="Calm.",
            version=row.version,
            at=at,
        )

    results = at_once(keep, submit)
    lost = [one for one in results if isinstance(one, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], DomainError)
    row.refresh_from_db()
    # Whoever won, what is submitted is what was kept and counted.
    kept = row.answers["q18"]["answer"] == "yes"
    assert kept == (row.state == "draft")
    assert row.yes_count == (2 if kept else 1)
    assert GradeChange.objects.exists() == (row.state == "submitted")


@committed
def test_two_officers_arriving_at_once(at: datetime) -> None:
    """The second one arrives while the first one's transaction is still open, and waits for it."""
    victim = make.a_victim(at)
    incident = make.an_incident(at, victim)
    first, second = person("officer"), person("officer_b")
    begun = threading.Event()

    def begin(officer: User) -> list[Assessment]:
        return services.open_where_due(
            incident_id=incident.pk, officer=officer, actor=officer, at=at
        )

    def arrive_first() -> list[Assessment]:
        with transaction.atomic():
            made = begin(first)
            begun.set()
            time.sleep(0.5)  # long enough for the second one to look before this is committed
            return made

    def arrive_second() -> list[Assessment]:
        assert begun.wait(timeout=10)
        return begin(second)

    results = at_once(arrive_first, arrive_second)
    assert [len(one) for one in results] == [1, 0]
    assert Assessment.objects.get(incident=incident).officer == first


@committed
def test_two_assessments_of_one_victim_reviewed_at_once(at: datetime) -> None:
    """The newest decides, whichever review is written first."""
    victim = make.a_victim(at)
    older = make.submitted(at, "q18", judged="standard", victim=victim)
    newer = make.submitted(at + timedelta(days=1), "q17", victim=victim)
    supervisor = person("supervisor")

    def accept(row: Assessment) -> Callable[[], Any]:
        return lambda: services.review_assessment(
            assessment_id=row.pk,
            actor=supervisor,
            decision="accept",
            grade="",
            rationale="Agreed.",
            version=row.version,
            at=at + timedelta(days=2),
        )

    results = at_once(accept(older), accept(newer))
    assert not [one for one in results if isinstance(one, Exception)]
    victim.refresh_from_db()
    assert victim.grade == "high"
