"""Triggers: one row for each trigger and grade, and what moves, falls away or comes late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Team, User
from audit.models import AuditEvent
from core.policy import ForcePolicy
from core.trigger_rules import GRADES, Trigger, TriggerRule, Who, typed
from core.working_time import Clock
from deadlines.models import Deadline
from risk.models import Reassessment, ReassessmentReason
from risk.services.triggers import Fired, fire, hurry, withdraw
from risk.services.triggers.rules import due_and_basis
from tests.factories import risk as make
from tests.marks import committed
from tests.personas import person, team
from tests.risk.test_races import at_once
from victims.models import Victim

#: Sunday 22 November 2026, 16:10 on the wall clock and in UTC alike.
HAPPENED = datetime(2026, 11, 22, 16, 10, tzinfo=UTC)
#: Half an hour later it reached us.
HEARD = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)

#: When each is due for standard, medium, high and very high, as day and time; worked out by hand
#: from the force's table. A year from 22 Nov 2026 is 22 Nov 2027, 90 days are 20 Feb 2027.
BY_HAND = {
    Trigger.RELEASE: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.BAIL: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.BAIL_CHANGE: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.CHARGE: ("11-25 16:10", "11-25 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.COURT_DATE: ("11-15 16:10", "11-15 16:10", "11-15 16:10", "11-15 16:10"),
    Trigger.RELEASE_PLANNED: ("11-22 16:10", "11-22 16:10", "11-22 16:10", "11-22 16:10"),
    Trigger.PRISON_RELEASE: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.RELEASE_OVERDUE: ("11-22 20:10", "11-22 20:10", "11-22 20:10", "11-22 20:10"),
    Trigger.ORDER_MADE: ("11-25 16:10", "11-25 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.ORDER_BREACHED: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.NEW_INCIDENT: ("11-23 16:10", "11-23 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.MOVED: ("11-25 16:10", "11-25 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.SEPARATED: ("11-25 16:10", "11-25 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.GONE_QUIET: ("11-29 16:10", "11-25 16:10", "11-23 16:10", "11-23 16:10"),
    Trigger.GRADE_DOUBTED: ("11-23 16:10", "11-23 16:10", "11-22 20:10", "11-22 20:10"),
    Trigger.PERIODIC: ("2027-11-22 16:10", "2027-02-20 16:10", "12-20 16:10", "12-20 16:10"),
}
ROWS = [
    (trigger, grade, due)
    for trigger, four in BY_HAND.items()
    for grade, due in zip(GRADES, four, strict=True)
]


def when(words: str) -> datetime:
    words = words if len(words) == 16 else f"2026-{words}"
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def graded(grade: str, at: datetime = HAPPENED, **named: str) -> Victim:
    victim = make.a_victim(at - timedelta(days=30), **named)
    Victim.objects.filter(pk=victim.pk).update(grade=grade, grade_since=at if grade else None)
    victim.refresh_from_db()
    return victim


def fired(victim: Victim, trigger: Trigger = Trigger.RELEASE, **other: Any) -> Fired:
    return Fired(
        **{
            "victim_id": victim.pk,
            "trigger": trigger,
            "happened_at": HAPPENED,
            "words": "Darren Pike left custody",
            "source_type": "perpetrators.custodyevent",
            "source_id": 1,
            **other,
        }
    )


@pytest.fixture
def actor(people: Callable[[str], User]) -> User:
    return people("custody")


def clock_of(row: Reassessment) -> Deadline:
    return Deadline.objects.get(kind="reassessment", subject_id=row.pk)


def test_every_trigger_has_its_row() -> None:
    assert set(BY_HAND) == set(Trigger)
    assert len(ROWS) == 64


@pytest.mark.parametrize(("trigger", "grade", "due"), ROWS)
def test_one_row_per_trigger_and_grade(trigger: Trigger, grade: str, due: str, actor: User) -> None:
    person("supervisor")
    victim = graded(grade)
    # What lies ahead is known three weeks before, so that none of its time has gone.
    ahead = trigger in {Trigger.COURT_DATE, Trigger.RELEASE_PLANNED}
    at = HAPPENED - timedelta(days=21) if ahead else HEARD
    [row] = fire(fired=[fired(victim, trigger)], actor=actor, at=at)
    row.refresh_from_db()
    assert row.due_at == when(due)
    assert row.state == "open"
    assert row.grade_when_opened == grade
    reason = row.reasons.get()
    assert (reason.trigger, reason.due_at, reason.is_late) == (trigger, when(due), False)
    assert f"force policy, {grade.replace('_', ' ')})" in reason.basis
    clock = clock_of(row)
    assert (clock.due_at, clock.basis, clock.state) == (when(due), reason.basis, "running")
    assert clock.owner_id == row.owner_id is not None


#: What lies ahead, when it is and when it was heard of, and when it is due for standard and for
#: high: bail granted allows 24 and 4 hours. Worked out by hand; the court's lead is seven days.
HEARD_LATE = [
    # The lead is over: as long as bail allows from when it was heard of.
    (Trigger.COURT_DATE, "11-26 10:00", "11-22 16:40", "11-23 16:40", "11-22 20:40"),
    # All but over: not five minutes, but as long as bail allows.
    (Trigger.COURT_DATE, "11-29 16:45", "11-22 16:40", "11-23 16:40", "11-22 20:40"),
    # Twelve hours of it are left: less than bail allows at standard, more than at high.
    (Trigger.COURT_DATE, "11-30 04:40", "11-22 16:40", "11-23 16:40", "11-23 04:40"),
    # Never after the hearing itself.
    (Trigger.COURT_DATE, "11-22 18:40", "11-22 16:40", "11-22 18:40", "11-22 18:40"),
    # Heard of afterwards: it was due by then, and is late.
    (Trigger.COURT_DATE, "11-22 15:40", "11-22 16:40", "11-22 15:40", "11-22 15:40"),
    # A release has no lead: it is due by then, however short that is.
    (Trigger.RELEASE_PLANNED, "11-22 16:50", "11-22 16:40", "11-22 16:50", "11-22 16:50"),
    (Trigger.RELEASE_PLANNED, "11-26 10:00", "11-22 16:40", "11-26 10:00", "11-26 10:00"),
]


@pytest.mark.parametrize(("trigger", "happens", "heard", "standard", "high"), HEARD_LATE)
def test_what_is_heard_of_too_late_is_due_in_time_to_act(
    trigger: Trigger, happens: str, heard: str, standard: str, high: str, actor: User
) -> None:
    for grade, due in (("standard", standard), ("high", high)):
        victim = graded(grade, given_name=f"Ada{grade}")
        one = fired(victim, trigger, happened_at=when(happens))
        [row] = fire(fired=[one], actor=actor, at=when(heard))
        reason = row.reasons.get()
        assert row.due_at == clock_of(row).due_at == reason.due_at == when(due)
        assert reason.is_late == (when(due) <= when(heard))


def test_a_planned_release_with_a_lead_is_due_in_time_to_act_as_well() -> None:
    lead = TriggerRule(
        Trigger.RELEASE_PLANNED, "high", 48, "hours", Clock.FIXED, Who.RISK, tell_victim=True
    )
    rules = replace(ForcePolicy(), trigger_rules=typed([lead]))
    due, basis = due_and_basis(
        Trigger.RELEASE_PLANNED, "high", when("11-23 16:10"), rules, heard_at=HEARD
    )
    assert due == when("11-22 20:40")
    assert basis == (
        "4 hours from hearing of the planned release, 22 Nov 2026 16:40 (force policy, high)"
    )
    due, basis = due_and_basis(
        Trigger.RELEASE_PLANNED, "high", when("11-22 18:00"), rules, heard_at=HEARD
    )
    assert due == when("11-22 18:00")
    assert basis.endswith("for the planned release, 22 Nov 2026 18:00 (force policy, high)")


def test_a_doubted_grade_is_worded_for_the_unit_and_for_advisers() -> None:
    _, basis = due_and_basis(
        Trigger.GRADE_DOUBTED, "high", HAPPENED, ForcePolicy(), heard_at=HAPPENED
    )
    assert basis.startswith("4 hours from the doubt about the grade, ")
    assert Trigger.GRADE_DOUBTED.words == "grade doubted by the unit or an adviser"


def test_the_rule_is_said_in_words_with_its_numbers(actor: User) -> None:
    [row] = fire(fired=[fired(graded("high"))], actor=actor, at=HEARD)
    assert clock_of(row).basis == (
        "4 hours from released from custody, 22 Nov 2026 16:10 (force policy, high)"
    )


def test_nobody_graded_yet_counts_as_high(actor: User) -> None:
    [row] = fire(fired=[fired(graded(""))], actor=actor, at=HEARD)
    assert row.due_at == when("11-22 20:10")


def test_fired_again_it_changes_nothing(actor: User) -> None:
    one = fired(graded("high"))
    fire(fired=[one], actor=actor, at=HEARD)
    written = AuditEvent.objects.count()
    assert fire(fired=[one, one], actor=actor, at=HEARD + timedelta(hours=1)) == []
    assert Reassessment.objects.count() == ReassessmentReason.objects.count() == 1
    assert AuditEvent.objects.count() == written


def test_several_triggers_make_one_with_several_reasons(actor: User) -> None:
    victim = graded("high")
    fire(fired=[fired(victim, Trigger.CHARGE)], actor=actor, at=HEARD)
    [row] = fire(fired=[fired(victim, Trigger.BAIL, source_id=2)], actor=actor, at=HEARD)
    assert Reassessment.objects.count() == 1
    assert row.reasons.count() == 2
    assert row.due_at == clock_of(row).due_at == when("11-22 20:10")
    assert clock_of(row).round == 2


def test_a_later_reason_never_puts_it_off(actor: User) -> None:
    victim = graded("high")
    fire(fired=[fired(victim)], actor=actor, at=HEARD)
    [row] = fire(fired=[fired(victim, Trigger.MOVED, source_id=2)], actor=actor, at=HEARD)
    assert row.due_at == clock_of(row).due_at == when("11-22 20:10")
    assert clock_of(row).round == 1


def test_moved_it_takes_its_time_along(actor: User) -> None:
    victim = graded("high")
    at = HAPPENED - timedelta(days=10)
    [row] = fire(fired=[fired(victim, Trigger.RELEASE_PLANNED)], actor=actor, at=at)
    later = HAPPENED + timedelta(days=3)
    moved = fired(victim, Trigger.RELEASE_PLANNED, happened_at=later)
    fire(fired=[moved], actor=actor, at=at + timedelta(hours=1))
    row.refresh_from_db()
    assert row.due_at == clock_of(row).due_at == later
    assert row.reasons.get().happened_at == later


def test_moved_after_the_time_was_over_it_is_in_time_again(actor: User) -> None:
    victim = graded("high")
    [row] = fire(fired=[fired(victim, Trigger.RELEASE_PLANNED)], actor=actor, at=HEARD)
    Deadline.objects.filter(subject_id=row.pk).update(state="breached")
    later = HAPPENED + timedelta(days=3)
    fire(fired=[fired(victim, Trigger.RELEASE_PLANNED, happened_at=later)], actor=actor, at=HEARD)
    assert clock_of(row).state == "running"


def test_moved_once_it_was_done_it_is_a_new_reason(actor: User) -> None:
    victim = graded("high")
    one = fired(victim, Trigger.RELEASE_PLANNED)
    [row] = fire(fired=[one], actor=actor, at=HEARD)
    Reassessment.objects.filter(pk=row.pk).update(
        state="done", outcome="kept", done_at=HEARD, done_by=actor
    )
    assert fire(fired=[one], actor=actor, at=HEARD) == []
    moved = fired(victim, Trigger.RELEASE_PLANNED, happened_at=HAPPENED + timedelta(days=2))
    [second] = fire(fired=[moved], actor=actor, at=HEARD)
    assert second.pk != row.pk
    assert row.reasons.count() == second.reasons.count() == 1
    # Back to the first time, which was looked at: nothing is left to look at.
    fire(fired=[one], actor=actor, at=HEARD)
    second.refresh_from_db()
    assert second.state == "fallen_away"


def test_cancelled_it_falls_away_and_stands_again_when_it_is_fired_again(actor: User) -> None:
    victim = graded("high")
    one = fired(victim, Trigger.NEW_INCIDENT)
    [row] = fire(fired=[one], actor=actor, at=HEARD)
    count = withdraw(
        source_type=one.source_type,
        source_ids=[1],
        triggers=[Trigger.NEW_INCIDENT, Trigger.MOVED],
        because="Recorded for somebody else",
        actor=actor,
        at=HEARD,
    )
    row.refresh_from_db()
    assert count == 1
    assert (row.state, row.words) == ("fallen_away", "Recorded for somebody else")
    assert clock_of(row).state == "cancelled"
    [again] = fire(fired=[one], actor=actor, at=HEARD)
    assert again.state == "open"
    assert again.reasons.standing().count() == 1


def test_one_of_two_reasons_falls_away_and_the_other_says_when(actor: User) -> None:
    victim = graded("high")
    fire(
        fired=[fired(victim, Trigger.MOVED, source_type="victims.circumstance")],
        actor=actor,
        at=HEARD,
    )
    [row] = fire(
        fired=[fired(victim, Trigger.GONE_QUIET), fired(victim, Trigger.RELEASE_OVERDUE)],
        actor=actor,
        at=HEARD,
    )
    assert row.due_at == when("11-22 20:10")
    count = withdraw(
        source_type="perpetrators.custodyevent",
        source_ids=[1],
        triggers=[Trigger.RELEASE_OVERDUE],
        because="It was recorded after all",
        actor=actor,
        at=HEARD,
    )
    row.refresh_from_db()
    assert count == 1
    assert row.state == "open"
    assert row.due_at == clock_of(row).due_at == when("11-23 16:10")


def test_reported_late_it_does_everything_and_says_so(actor: User) -> None:
    [row] = fire(fired=[fired(graded("high"))], actor=actor, at=HAPPENED + timedelta(days=1))
    reason = row.reasons.get()
    assert reason.is_late
    assert row.due_at == when("11-22 20:10")
    assert clock_of(row).state == "running"
    assert AuditEvent.objects.filter(headline__endswith="reported late").exists()


def test_late_by_the_reporter_s_word(actor: User) -> None:
    [row] = fire(fired=[fired(graded("high"), is_late=True)], actor=actor, at=HEARD)
    assert row.reasons.get().is_late


def test_it_is_the_person_s_who_has_the_risk(actor: User) -> None:
    victim = graded("high")
    Victim.objects.filter(pk=victim.pk).update(risk_owner=person("worker"))
    [row] = fire(fired=[fired(victim)], actor=actor, at=HEARD)
    assert row.owner == person("worker")


def test_without_an_owner_whoever_leads_the_team_is_named(actor: User) -> None:
    leader = person("supervisor")
    [row] = fire(fired=[fired(graded("high"))], actor=actor, at=HEARD)
    assert row.owner == clock_of(row).owner == leader


def test_without_a_leader_the_head_is_named(actor: User) -> None:
    head = person("head")
    [row] = fire(fired=[fired(graded("high"))], actor=actor, at=HEARD)
    assert row.owner == head


def test_gone_quiet_is_the_neighbourhood_s(actor: User) -> None:
    person("supervisor")
    constable = person("neighbourhood")
    Team.objects.filter(pk=constable.team_id).update(supervisor=constable)
    [row] = fire(fired=[fired(graded("high"), Trigger.GONE_QUIET)], actor=actor, at=HEARD)
    assert row.owner == constable
    assert row.team == team("neighbourhood")


def test_gone_quiet_without_a_neighbourhood_team_is_the_owner_s(actor: User) -> None:
    leader = person("supervisor")
    [row] = fire(fired=[fired(graded("high"), Trigger.GONE_QUIET)], actor=actor, at=HEARD)
    assert row.owner == leader


def test_a_closed_case_is_opened_again(actor: User) -> None:
    victim = graded("high")
    Victim.objects.filter(pk=victim.pk).update(closed_at=HAPPENED, closed_reason="Safe now")
    fire(fired=[fired(victim)], actor=actor, at=HEARD)
    victim.refresh_from_db()
    assert victim.closed_at is None


def test_a_higher_grade_makes_it_due_sooner_and_a_lower_never_later(actor: User) -> None:
    victim = graded("medium")
    [row] = fire(fired=[fired(victim)], actor=actor, at=HEARD)
    hurry(victim_id=victim.pk, grade="high", actor=actor, at=HEARD)
    row.refresh_from_db()
    assert row.due_at == clock_of(row).due_at == when("11-22 20:10")
    hurry(victim_id=victim.pk, grade="standard", actor=actor, at=HEARD)
    row.refresh_from_db()
    assert row.due_at == clock_of(row).due_at == when("11-22 20:10")


def test_a_dozen_cost_a_fixed_number_of_statements(
    actor: User, django_assert_max_num_queries: Any
) -> None:
    person("supervisor")
    many = [
        graded("high", family_name=f"Number{place:02}".replace("0", "o"))
        for place in "abcdefghijkl"
    ]
    with django_assert_max_num_queries(30):
        fire(fired=[fired(one, source_id=one.pk) for one in many], actor=actor, at=HEARD)
    assert Reassessment.objects.count() == len(many)
    with django_assert_max_num_queries(30):
        fire(
            fired=[fired(one, Trigger.RELEASE_OVERDUE, source_id=one.pk) for one in many],
            actor=actor,
            at=HEARD,
        )


@committed
def test_two_at_once_make_one_reassessment_with_two_reasons() -> None:
    victim, actor = graded("high"), person("custody")
    results = at_once(
        lambda: fire(fired=[fired(victim)], actor=actor, at=HEARD),
        lambda: fire(fired=[fired(victim, Trigger.CHARGE, source_id=2)], actor=actor, at=HEARD),
    )
    assert not [one for one in results if isinstance(one, Exception)]
    row = Reassessment.objects.get()
    assert row.reasons.count() == 2
    assert row.due_at == clock_of(row).due_at == when("11-22 20:10")


@committed
def test_the_same_at_once_is_one_reason() -> None:
    victim, actor = graded("high"), person("custody")
    results = at_once(
        lambda: fire(fired=[fired(victim)], actor=actor, at=HEARD),
        lambda: fire(fired=[fired(victim)], actor=actor, at=HEARD),
    )
    assert not [one for one in results if isinstance(one, Exception)]
    assert ReassessmentReason.objects.count() == 1
