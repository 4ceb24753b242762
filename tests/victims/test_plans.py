"""The safety plan: versions, steps, reviews when the risk changes, and two writers at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from core import policy
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from risk import services as risk
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import person
from victims import services
from victims.models import Duty, PlanStep, SafetyPlan, Victim
from victims.services import Step

People = Callable[[str], User]
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db

LOCKS = Step("Locks changed", owner_words="Housing", is_shared=True)
WORD = Step("Code word with the school", owner_words="Siobhán", is_shared=True)


def write(
    victim: Victim, *steps: Step, version: int = 0, by: str = "officer", **more: Any
) -> SafetyPlan:
    said: dict[str, Any] = {"reason": "First plan", "words": "", "at": make.AT, **more}
    return services.write_plan(
        victim_id=victim.pk,
        steps=steps or (LOCKS, WORD),
        version=version,
        actor=person(by),
        **said,
    )


def held(by: str = "officer", at: datetime = make.AT, grade: str = "medium") -> Victim:
    """A victim whose every duty somebody has."""
    row = make.victim(at=at, grade=grade)
    services.set_responsible(victim_id=row.pk, person=person(by), actor=person(by), at=at)
    row.refresh_from_db()
    return row


def clock(kind: str, subject: SafetyPlan | PlanStep) -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=subject.pk)


def regrade(victim: Victim, grade: str, at: datetime) -> None:
    """Judged anew, through the service that announces it."""
    risk.judge(
        victim_id=victim.pk,
        grade=grade,
        reason="He found out where she lives.",
        actor=person("officer"),
        at=at,
    )


def verbs(victim: Victim) -> Sequence[str]:
    return list(AuditEvent.objects.filter(victim_id=victim.pk).values_list("verb", flat=True))


def test_a_version_counts_and_the_one_before_stays(people: People) -> None:
    victim = held()
    first = write(victim)
    second = write(victim, WORD, version=1, reason="She moved", at=make.AT + DAY)
    first.refresh_from_db()
    assert (first.version, first.is_current, second.version, second.is_current) == (
        1,
        False,
        2,
        True,
    )
    assert [step.words for step in first.steps.all()] == [LOCKS.words, WORD.words]
    assert [step.words for step in second.steps.all()] == [WORD.words]
    assert victim.plans.current().get() == second
    event = AuditEvent.objects.filter(verb="victim.plan_written").latest("pk")
    assert (event.victim_id, event.detail["version"], event.detail["reason"]) == (
        victim.pk,
        2,
        "She moved",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"words": "x" * 4_001}, "words"),
        ({"steps": ()}, "steps"),
        ({"steps": [WORD] * 41}, "steps"),
        ({"steps": [Step("", owner_words="Housing")]}, "steps.0.words"),
        ({"steps": [WORD, Step("x" * 501, owner_words="She")]}, "steps.1.words"),
        ({"steps": [Step("Ring her")]}, "steps.0.owner_words"),
        ({"steps": [Step("Ring", owner_words="She", due_on=date(2026, 11, 22))]}, "steps.0.due_on"),
        ({"steps": [Step("Ring", owner_words="She", due_on=date(2206, 1, 1))]}, "steps.0.due_on"),
        ({"steps": [Step("Ring", owner_words="She", carries=3)]}, "steps"),
    ],
)
def test_what_cannot_be_a_plan_is_refused_at_its_field(
    people: People, changes: dict[str, Any], field: str
) -> None:
    victim = held()
    said: dict[str, Any] = {"reason": "First", "words": "", "steps": [WORD], **changes}
    with pytest.raises(InvalidInput) as refused:
        services.write_plan(
            victim_id=victim.pk, version=0, actor=people("officer"), at=make.AT, **said
        )
    assert refused.value.field == field
    assert not SafetyPlan.objects.exists()


def test_whoever_has_left_is_given_nothing(people: People) -> None:
    victim, gone = held(), people("worker")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    with pytest.raises(InvalidInput) as refused:
        write(victim, Step("Ring her", owner=gone))
    assert refused.value.field == "steps.0.owner"


@pytest.mark.parametrize("username", ["handler", "auditor", "analyst", "custody", "nobody"])
def test_only_those_who_speak_with_victims_write(people: People, username: str) -> None:
    victim = held()
    plan = write(victim)
    who = people(username)
    with pytest.raises(PermissionDenied):
        write(victim, version=1, by=username)
    with pytest.raises(PermissionDenied):
        services.review_plan(victim_id=victim.pk, version=1, words="Right", actor=who, at=make.AT)
    with pytest.raises(PermissionDenied):
        services.mark_step(
            victim_id=victim.pk, version=1, position=1, is_done=True, actor=who, at=make.AT
        )
    assert list(SafetyPlan.objects.all()) == [plan]


def test_a_closed_case_keeps_its_plan_as_it_is(people: People, at: datetime) -> None:
    victim = held()
    write(victim)
    Victim.objects.filter(pk=victim.pk).update(closed_at=at, closed_reason="Moved abroad")
    with pytest.raises(DomainError, match="closed"):
        write(victim, version=1)
    assert (
        services.owe_plan_review(
            victim_id=victim.pk, because="risk high", actor=people("officer"), at=at
        )
        is None
    )


def test_a_stale_writer_sees_both(people: People) -> None:
    victim = held()
    write(victim, by="officer_b")
    with pytest.raises(Stale) as stale:
        write(victim, WORD, reason="Mine")
    assert (stale.value.version, stale.value.yours["reason"]) == (1, "Mine")
    assert stale.value.theirs["steps"] == (
        "Locks changed (Housing)\nCode word with the school (Siobhán)"
    )
    for act in (
        lambda: services.review_plan(
            victim_id=victim.pk, version=3, words="Right", actor=people("officer"), at=make.AT
        ),
        lambda: services.mark_step(
            victim_id=victim.pk,
            version=3,
            position=1,
            is_done=True,
            actor=people("officer"),
            at=make.AT,
        ),
    ):
        with pytest.raises(Stale):
            act()


def test_sent_twice_it_is_written_once(people: People) -> None:
    victim = held()
    first = write(victim)
    assert write(victim) == first
    assert SafetyPlan.objects.count() == 1
    assert verbs(victim).count("victim.plan_written") == 1


def test_a_done_step_stays_done_in_the_next_version(people: People) -> None:
    victim = held()
    write(victim)
    services.mark_step(
        victim_id=victim.pk,
        version=1,
        position=1,
        is_done=True,
        actor=people("officer"),
        at=make.AT,
    )
    second = write(
        victim,
        WORD,
        Step("Locks changed, front and back", owner_words="Housing", carries=1),
        version=1,
    )
    word, locks = second.steps.all()
    assert word.done_at is None
    assert (locks.done_at, locks.done_by) == (make.AT, people("officer"))


def test_no_two_steps_go_on_from_one(people: People) -> None:
    victim = held()
    write(victim)
    with pytest.raises(InvalidInput):
        write(
            victim,
            Step("One", owner_words="She", carries=1),
            Step("Two", owner_words="She", carries=1),
            version=1,
        )


def test_a_step_has_its_day_and_whoever_does_it_is_told(people: People) -> None:
    victim = held()
    day = make.AT.date() + 7 * DAY
    ours = Step("Visit", owner=people("neighbourhood"), due_on=day)
    theirs = Step("Locks", owner_words="Housing", due_on=day)
    plan = write(victim, ours, theirs, WORD)
    visit, locks, word = plan.steps.all()
    assert clock("plan_step", visit).owner == people("neighbourhood")
    assert clock("plan_step", locks).owner == people("officer")
    assert clock("plan_step", locks).due_at.isoformat() == "2026-11-30T23:59:00+00:00"
    assert not Deadline.objects.filter(kind="plan_step", subject_id=word.pk).exists()
    sweep(at=make.AT + 9 * DAY)
    told = Notification.objects.filter(user=people("neighbourhood"), level="breach")
    assert told.count() == 1
    assert told.get().reference == victim.reference


def test_done_and_not_done_after_all(people: People) -> None:
    victim = held()
    plan = write(victim, Step("Visit", owner=people("custody"), due_on=make.AT.date() + DAY))
    [step] = plan.steps.all()

    def mark(is_done: bool, by: str, at: datetime) -> PlanStep:
        return services.mark_step(
            victim_id=victim.pk,
            version=1,
            position=1,
            is_done=is_done,
            actor=people(by),
            at=at,
        )

    # Whoever does the step says so, even where their role writes no plans; twice is once.
    mark(True, "custody", make.AT)
    marked = mark(True, "officer", make.AT + DAY)
    assert (marked.done_at, marked.done_by) == (make.AT, people("custody"))
    assert clock("plan_step", step).state == Deadline.State.MET
    assert verbs(victim).count("victim.plan_step_done") == 1
    marked = mark(False, "officer", make.AT)
    assert (marked.done_at, marked.done_by) == (None, None)
    assert Deadline.objects.open().filter(kind="plan_step", subject_id=step.pk).count() == 1


def test_a_new_version_ends_the_clocks_of_the_old(people: People) -> None:
    victim = held()
    day = make.AT.date() + 2 * DAY
    first = write(victim, Step("Visit", owner=people("officer"), due_on=day))
    [old] = first.steps.all()
    second = write(victim, Step("Visit", owner=people("officer"), due_on=day + DAY), version=1)
    [new] = second.steps.all()
    assert clock("plan_step", old).state == Deadline.State.CANCELLED
    assert clock("plan_step", new).state == Deadline.State.RUNNING


@pytest.mark.parametrize("grade", ["high", "standard"])
def test_when_the_risk_changes_the_plan_is_looked_at_again(people: People, grade: str) -> None:
    victim = held()
    plan = write(victim)
    later = make.AT + 3 * DAY
    if grade == "high":
        regrade(victim, grade, later)
    else:  # a lower grade counts once a supervisor agrees
        regrade(victim, grade, later - DAY)
        waiting = victim.judgements.get()
        risk.decide_judgement(
            judgement_id=waiting.pk,
            agrees=True,
            words="Agreed",
            actor=people("supervisor"),
            at=later,
        )
    plan.refresh_from_db()
    assert plan.review_because == f"risk now {grade}, was medium"
    due = clock("plan_review", plan)
    assert (due.owner, due.due_at) == (people("officer"), later + timedelta(hours=24))
    assert due.subject_reference == victim.reference


def test_the_policy_says_how_long(people: People) -> None:
    victim = held()
    plan = write(victim)
    policy.change(
        actor=people("head"),
        changes={"plan_review_hours": 4},
        effective_from=make.AT,
        reason="Sooner",
        at=make.AT,
    )
    regrade(victim, "high", make.AT + DAY)
    assert clock("plan_review", plan).due_at == make.AT + DAY + timedelta(hours=4)


def test_the_first_clock_goes_on_when_it_changes_again(people: People) -> None:
    victim = held(grade="standard")
    plan = write(victim)
    regrade(victim, "medium", make.AT + DAY)
    regrade(victim, "high", make.AT + DAY + timedelta(hours=2))
    plan.refresh_from_db()
    assert clock("plan_review", plan).due_at == make.AT + 2 * DAY
    assert plan.review_because == "risk now high, was medium"


def test_a_review_with_words_settles_it(people: People) -> None:
    victim = held()
    plan = write(victim)
    regrade(victim, "high", make.AT + DAY)

    def review(words: str) -> SafetyPlan:
        return services.review_plan(
            victim_id=victim.pk,
            version=1,
            words=words,
            actor=people("officer"),
            at=make.AT + DAY + timedelta(hours=1),
        )

    with pytest.raises(InvalidInput) as refused:
        review(" ")
    assert refused.value.field == "words"
    for _ in range(2):
        row = review("Still right: she is with her sister.")
    assert (row.review_because, row.reviewed_by) == ("", people("officer"))
    assert row.review_words == "Still right: she is with her sister."
    assert clock("plan_review", plan).state == Deadline.State.MET
    assert verbs(victim).count("victim.plan_reviewed") == 1


def test_a_new_version_settles_it_too(people: People) -> None:
    victim = held()
    plan = write(victim)
    regrade(victim, "high", make.AT + DAY)
    write(victim, WORD, version=1, reason="Risk now high", at=make.AT + DAY)
    assert clock("plan_review", plan).state == Deadline.State.MET
    assert not SafetyPlan.objects.to_be_reviewed().exists()


def test_without_a_plan_nothing_is_owed_and_nothing_reviewed(people: People) -> None:
    victim = held()
    regrade(victim, "high", make.AT)
    assert not Deadline.objects.filter(kind="plan_review").exists()
    with pytest.raises(DomainError, match="no safety plan"):
        services.review_plan(
            victim_id=victim.pk, version=0, words="Right", actor=people("officer"), at=make.AT
        )


def test_clocks_go_to_whoever_has_the_plan_now(people: People) -> None:
    victim = held()
    day = make.AT.date() + 5 * DAY
    plan = write(
        victim,
        Step("Locks", owner_words="Housing", due_on=day),
        Step("Visit", owner=people("neighbourhood"), due_on=day),
    )
    locks, visit = plan.steps.all()
    regrade(victim, "high", make.AT)
    services.set_responsible(
        victim_id=victim.pk,
        person=people("worker"),
        duties=[Duty.RISK],
        actor=people("worker"),
        at=make.AT,
    )
    assert clock("plan_review", plan).owner == people("officer")
    services.set_responsible(
        victim_id=victim.pk,
        person=people("worker"),
        duties=[Duty.PLAN],
        actor=people("worker"),
        at=make.AT,
    )
    assert clock("plan_review", plan).owner == people("worker")
    assert clock("plan_review", plan).team == people("worker").team
    assert clock("plan_step", locks).owner == people("worker")
    assert clock("plan_step", visit).owner == people("neighbourhood")


def _at_once(*work: Callable[[], Any]) -> list[Any]:
    def run(piece: Callable[[], Any]) -> Any:
        try:
            return piece()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


@committed
def test_two_writers_at_once_are_one_version_and_one_stale() -> None:
    victim = held()
    for name in ("officer", "officer_b"):
        person(name)
    answers = _at_once(
        lambda: write(victim, LOCKS, reason="Hers", by="officer"),
        lambda: write(victim, WORD, reason="His", by="officer_b"),
    )
    assert sorted(type(one).__name__ for one in answers) == ["SafetyPlan", "Stale"]
    assert SafetyPlan.objects.filter(victim=victim).count() == 1


@committed
def test_a_grade_that_rises_while_a_version_is_written_leaves_one_current_plan() -> None:
    victim = held()
    write(victim)
    answers = _at_once(
        lambda: write(victim, WORD, version=1, reason="She moved"),
        lambda: regrade(victim, "high", make.AT + DAY),
    )
    assert [one for one in answers if isinstance(one, Exception)] == []
    current = SafetyPlan.objects.current().get(victim=victim)
    assert current.version == 2
    open_ones = Deadline.objects.open().filter(kind="plan_review")
    assert all(row.subject_id == current.pk for row in open_ones)
