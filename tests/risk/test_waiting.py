"""Who waited for a row reads it as it is then, with whom it points at by then."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from risk.models import Assessment, GradeJudgement
from risk.services import find_out, judge, rows
from tests.factories import risk as make
from tests.factories import victims as make_victims
from tests.marks import committed
from tests.personas import person, team
from tests.risk.test_races import at_once
from tests.risk.test_unknowns import WORDS, with_unknowns
from victims.models import Victim


def after(change: Callable[[], Any], work: Callable[[], Any]) -> Any:
    """What `work` gives that begins while `change` is not committed yet, and must wait for it."""
    changed = threading.Event()

    def first() -> None:
        with transaction.atomic():
            change()
            changed.set()
            time.sleep(0.7)  # long enough for the other one to come to the lock

    def second() -> Any:
        assert changed.wait(timeout=10)
        return work()

    begun, result = at_once(first, second)
    assert begun is None
    if isinstance(result, Exception):
        raise result
    return result


@committed
def test_an_assessment_that_another_officer_takes_meanwhile(at: datetime) -> None:
    row, other = make.draft(at), person("officer_b")

    def wait() -> User:
        with transaction.atomic():
            officer: User = rows.lock(row.pk).officer
            return officer

    change = lambda: Assessment.objects.filter(pk=row.pk).update(officer=other)  # noqa: E731
    assert after(change, wait) == other


@committed
def test_a_victim_whose_risk_passes_to_another_team_meanwhile(at: datetime) -> None:
    victim = make_victims.victim(at=at, grade="high")
    officer, other = person("officer"), team("daisu")
    assert victim.risk_team != other

    def lower() -> GradeJudgement:
        return judge(
            victim_id=victim.pk, grade="medium", reason="He moved away.", actor=officer, at=at
        )

    change = lambda: Victim.objects.filter(pk=victim.pk).update(risk_team=other)  # noqa: E731
    judgement = after(change, lower)
    assert judgement.victim.risk_team == other


@committed
def test_what_is_found_out_of_an_assessment_that_changes_hands_meanwhile(at: datetime) -> None:
    row, other = with_unknowns(at), person("officer_b")
    unknown, officer = row.unknowns.get(topic="q18"), person("officer")

    def find() -> str:
        settled = find_out(
            unknown_id=unknown.pk,
            found="no",
            words=WORDS,
            actor=officer,
            at=at + timedelta(hours=1),
        )
        return settled.unknown.state

    change = lambda: Assessment.objects.filter(pk=row.pk).update(officer=other)  # noqa: E731
    assert after(change, find) == "found"
