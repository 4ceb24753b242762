"""Professional judgement: up at once, down only when another supervisor agrees."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from risk import services
from risk.events import GradeChanged
from risk.models import GradeChange, GradeJudgement
from tests.factories import risk as make
from tests.factories import victims as make_victims
from tests.marks import committed
from tests.personas import person, team
from tests.risk.test_races import at_once
from victims.models import Victim

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
Graded = Callable[[str], Victim]


@pytest.fixture
def graded(at: datetime, people: People) -> Graded:
    """A victim of this grade; her team is led by the supervisor."""
    people("supervisor")
    return lambda grade: make_victims.victim(at=at - timedelta(days=3), grade=grade)


def judged(
    victim: Victim, grade: str, at: datetime, *, by: str = "officer", **more: Any
) -> GradeJudgement:
    given = {"reason": "She says that he waits at the school.", **more}
    return services.judge(victim_id=victim.pk, grade=grade, actor=person(by), at=at, **given)


def decided(
    row: GradeJudgement, at: datetime, *, agrees: bool = True, by: str = "supervisor", **more: Any
) -> GradeJudgement:
    given = {"words": "Discussed with the officer.", **more}
    return services.decide_judgement(
        judgement_id=row.pk, agrees=agrees, actor=person(by), at=at, **given
    )


def grade_of(victim: Victim) -> str:
    return Victim.objects.get(pk=victim.pk).grade


def clock_of(row: GradeJudgement) -> Deadline:
    return Deadline.objects.of(row).get(kind="grade_agreement")


def verbs(victim: Victim) -> list[str]:
    rows = AuditEvent.objects.filter(victim_id=victim.pk, verb__startswith="judgement")
    return [row.verb for row in rows.order_by("pk")]


# --- Higher --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "standard"), ("", "high"), ("standard", "medium"), ("medium", "high")],
)
def test_higher_counts_at_once(
    graded: Graded, at: datetime, before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    announce = events.announce
    monkeypatch.setattr(events, "announce", lambda fact: [heard.append(fact), announce(fact)])
    victim = graded(before)
    row = judged(victim, after, at)
    assert (row.state, row.before, row.decided_at) == ("counts", before, None)
    victim.refresh_from_db()
    assert (victim.grade, victim.grade_since) == (after, at)
    assert victim.grade_reason == "professional judgement: She says that he waits at the school."
    change = GradeChange.objects.get()
    assert (change.before, change.after, change.judgement) == (before, after, row)
    assert change.assessment is None
    assert [fact for fact in heard if isinstance(fact, GradeChanged)] == [
        GradeChanged(victim.pk, before, after, person("officer"), at)
    ]
    assert not Deadline.objects.of(row).exists()
    assert verbs(victim) == ["judgement.raised"]


def test_long_reasons_are_kept_whole_and_shown_short(graded: Graded, at: datetime) -> None:
    words = "Line one.\n" + "x" * 900
    row = judged(graded("standard"), "high", at, reason=words)
    assert row.reason == words
    change = GradeChange.objects.get()
    assert len(change.reason) == 300
    assert "\n" not in change.reason


def test_said_twice_is_once(graded: Graded, at: datetime) -> None:
    victim, other = graded("high"), make_victims.victim(at=at, grade="standard", given_name="Rosa")
    for one, grade in ((victim, "medium"), (other, "high")):
        assert judged(one, grade, at) == judged(one, grade, at + timedelta(seconds=2))
    assert GradeJudgement.objects.count() == 2
    assert GradeChange.objects.count() == 1


# --- Lower ---------------------------------------------------------------------------------------


def test_lower_waits_for_the_supervisor_of_the_team(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "standard", at)
    assert (row.state, grade_of(victim)) == ("waiting", "high")
    assert not GradeChange.objects.exists()
    clock = clock_of(row)
    assert (clock.owner, clock.team) == (person("supervisor"), team("response"))
    assert (clock.state, clock.due_at) == ("running", at + timedelta(hours=24))
    assert clock.subject_reference == victim.reference
    assert verbs(victim) == ["judgement.put"]


def test_agreed_counts_from_then_on(graded: Graded, at: datetime) -> None:
    victim, later = graded("high"), at + timedelta(hours=5)
    row = decided(judged(victim, "medium", at), later)
    assert (row.state, row.decided_by, row.decided_at) == ("agreed", person("supervisor"), later)
    victim.refresh_from_db()
    assert (victim.grade, victim.grade_since) == ("medium", later)
    change = GradeChange.objects.get()
    assert (change.before, change.after, change.actor) == ("high", "medium", person("supervisor"))
    assert change.judgement == row
    assert clock_of(row).state == "met"
    told = Notification.objects.get(user=person("officer"))
    assert (told.level, told.headline) == (
        "information",
        f"Lower grade agreed to: {victim.reference}",
    )
    assert verbs(victim) == ["judgement.put", "judgement.agreed"]


def test_not_agreed_changes_nothing(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = decided(judged(victim, "medium", at), at + timedelta(hours=25), agrees=False)
    assert (row.state, row.decision_words) == ("refused", "Discussed with the officer.")
    assert grade_of(victim) == "high"
    assert not GradeChange.objects.exists()
    assert clock_of(row).state == "met_late"
    assert Notification.objects.get(user=person("officer")).level == "warning"


def test_after_a_refusal_it_can_be_put_again(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    first = decided(judged(victim, "medium", at), at, agrees=False)
    again = judged(victim, "medium", at + timedelta(days=1))
    assert again != first
    assert again.state == "waiting"


def test_nobody_agrees_to_their_own(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "medium", at, by="supervisor")
    assert clock_of(row).owner is None
    with pytest.raises(PermissionDenied, match="another supervisor"):
        decided(row, at)
    assert grade_of(victim) == "high"
    make.colleague("other")
    assert decided(row, at, by="other").state == "agreed"


def test_where_the_judges_own_leader_cannot_agree_the_victims_team_is_asked(
    graded: Graded, at: datetime
) -> None:
    row = judged(graded("high"), "medium", at, by="neighbourhood")
    assert (clock_of(row).owner, clock_of(row).team) == (person("supervisor"), team("response"))


@pytest.mark.parametrize("name", ["officer", "worker", "handler", "inspector", "idva", "nobody"])
def test_who_does_not_agree(graded: Graded, at: datetime, name: str) -> None:
    row = judged(graded("high"), "medium", at)
    with pytest.raises(PermissionDenied):
        decided(row, at, by=name)


@pytest.mark.parametrize("words", ["", "  ", "a\x00b", "x" * 10_001])
@pytest.mark.parametrize("agrees", [True, False])
def test_a_decision_needs_words(graded: Graded, at: datetime, words: str, agrees: bool) -> None:
    row = judged(graded("high"), "medium", at)
    with pytest.raises(InvalidInput) as refused:
        decided(row, at, agrees=agrees, words=words)
    assert refused.value.field == "words"
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_second_decision_is_told_who_was_first(graded: Graded, at: datetime) -> None:
    row = judged(graded("high"), "medium", at)
    make.colleague("other")
    decided(row, at)
    with pytest.raises(AlreadyTaken, match=r"Sgt 1120 N\. Obi has agreed to"):
        decided(row, at, agrees=False, by="other")


def test_what_counted_at_once_is_not_decided_on(graded: Graded, at: datetime) -> None:
    row = judged(graded("standard"), "high", at)
    with pytest.raises(DomainError, match="no lower grade"):
        decided(row, at)


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"grade": "very_high"}, "grade"),
        ({"grade": "low"}, "grade"),
        ({"grade": ""}, "grade"),
        ({"grade": "medium"}, "grade"),
        ({"reason": " "}, "reason"),
        ({"reason": "a\x07"}, "reason"),
        ({"reason": "x" * 10_001}, "reason"),
    ],
)
def test_refused_at_its_field(
    graded: Graded, at: datetime, given: dict[str, str], field: str
) -> None:
    victim = graded("medium")
    with pytest.raises(InvalidInput) as refused:
        judged(victim, **({"grade": "high", "at": at} | given))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not GradeJudgement.objects.exists()
    assert grade_of(victim) == "medium"


@pytest.mark.parametrize(
    "name", ["handler", "inspector", "custody", "superintendent", "auditor", "analyst", "nobody"]
)
def test_who_does_not_judge(graded: Graded, at: datetime, name: str) -> None:
    with pytest.raises(PermissionDenied):
        judged(graded("standard"), "high", at, by=name)


@pytest.mark.parametrize("grade", ["standard", "medium", "high"])
def test_very_high_is_the_conferences(graded: Graded, at: datetime, grade: str) -> None:
    victim = graded("very_high")
    with pytest.raises(DomainError, match="conference"):
        judged(victim, grade, at)
    assert grade_of(victim) == "very_high"


def test_very_high_given_meanwhile_is_not_lowered(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "medium", at)
    Victim.objects.filter(pk=victim.pk).update(grade="very_high")
    with pytest.raises(DomainError, match="conference"):
        decided(row, at)
    row.refresh_from_db()
    assert (row.state, grade_of(victim)) == ("waiting", "very_high")


def test_a_page_that_saw_another_grade_is_stale(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    with pytest.raises(Stale) as refused:
        judged(victim, "medium", at, seen="standard")
    assert refused.value.theirs["grade"] == "high"
    assert refused.value.yours["grade"] == "medium"
    assert judged(victim, "medium", at, seen="high").state == "waiting"


# --- Overtaken -----------------------------------------------------------------------------------


def test_a_later_higher_judgement_overtakes(graded: Graded, at: datetime) -> None:
    victim, later = graded("medium"), at + timedelta(hours=1)
    row = judged(victim, "standard", at)
    judged(victim, "high", later, by="worker")
    row.refresh_from_db()
    assert (row.state, row.decided_at) == ("overtaken", later)
    assert row.decision_words == "the grade is high now"
    assert clock_of(row).state == "cancelled"
    assert Notification.objects.filter(user=person("officer")).count() == 1
    with pytest.raises(DomainError, match="overtook"):
        decided(row, later)
    assert grade_of(victim) == "high"


def test_a_later_assessment_that_says_more_overtakes(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "standard", at)
    make.submitted(at + timedelta(hours=2), "q18", victim=victim)
    row.refresh_from_db()
    assert (row.state, row.decision_words) == ("overtaken", "a later assessment says high")


def test_a_later_assessment_that_says_as_little_does_not(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "standard", at)
    make.submitted(at + timedelta(hours=2), victim=victim)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_review_that_lowers_it_as_far_overtakes(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    row = judged(victim, "medium", at)
    later = make.submitted(at + timedelta(hours=2), victim=victim)
    make.reviewed(later, at + timedelta(hours=3))
    row.refresh_from_db()
    assert (row.state, grade_of(victim)) == ("overtaken", "standard")


def test_ones_own_gives_way_and_anothers_does_not(graded: Graded, at: datetime) -> None:
    victim = graded("high")
    first = judged(victim, "standard", at)
    with pytest.raises(DomainError, match=r"T\. Hale has put a lower grade, standard"):
        judged(victim, "medium", at, by="worker")
    second = judged(victim, "medium", at + timedelta(minutes=5))
    first.refresh_from_db()
    assert (first.state, second.state) == ("overtaken", "waiting")
    assert clock_of(first).state == "cancelled"
    assert not Notification.objects.exists()


# --- Assessments and judgement -------------------------------------------------------------------


def test_the_review_of_an_earlier_assessment_does_not_take_a_raise_back(at: datetime) -> None:
    victim = make.a_victim(at)
    row = make.submitted(at, victim=victim)
    judged(victim, "high", at + timedelta(hours=1), by="worker")
    make.reviewed(row, at + timedelta(hours=2))
    assert grade_of(victim) == "high"
    later = make.submitted(at + timedelta(days=1), victim=victim)
    make.reviewed(later, at + timedelta(days=2))
    assert grade_of(victim) == "standard"


# --- Races ---------------------------------------------------------------------------------------


@committed
def test_two_supervisors_at_once(at: datetime) -> None:
    person("supervisor")
    victim = make_victims.victim(at=at, grade="high")
    row = judged(victim, "medium", at)
    make.colleague("other")
    results = at_once(
        lambda: decided(row, at, agrees=True),
        lambda: decided(row, at, agrees=False, by="other"),
    )
    lost = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in lost] == [AlreadyTaken]
    row.refresh_from_db()
    assert (row.state == "agreed") == (grade_of(victim) == "medium")
    assert GradeChange.objects.count() == (row.state == "agreed")


@committed
def test_agreeing_against_raising(at: datetime) -> None:
    """Whoever is first, a lower grade is never agreed to after a higher one came."""
    person("supervisor")
    victim = make_victims.victim(at=at, grade="medium")
    row = judged(victim, "standard", at)
    person("worker")
    results = at_once(
        lambda: decided(row, at + timedelta(hours=1)),
        lambda: judged(victim, "high", at + timedelta(hours=1), by="worker"),
    )
    assert grade_of(victim) == "high"
    row.refresh_from_db()
    lost = [one for one in results if isinstance(one, Exception)]
    assert row.state == ("overtaken" if lost else "agreed")
    changes = list(GradeChange.objects.order_by("pk").values_list("before", "after"))
    assert changes[-1][1] == "high"
    assert all(then[1] == now[0] for then, now in pairwise(changes))


@committed
def test_two_lower_grades_at_once(at: datetime) -> None:
    victim = make_victims.victim(at=at, grade="high")
    for name in ("officer", "worker"):
        person(name)
    results = at_once(
        lambda: judged(victim, "medium", at),
        lambda: judged(victim, "standard", at, by="worker"),
    )
    lost = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in lost] == [DomainError]
    assert GradeJudgement.objects.waiting().count() == 1
