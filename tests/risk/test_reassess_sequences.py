"""Whatever happens in whatever order: one open reassessment at most, with a name and a clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.errors import DomainError
from core.trigger_rules import Trigger
from deadlines.models import Deadline
from risk import services
from risk.instruments import questionnaire
from risk.models import Assessment, GradeJudgement, Reassessment, ReassessmentReason
from risk.services.triggers import Fired, fire, withdraw
from tests.factories import risk as make
from tests.personas import person
from tests.risk.test_triggers import HEARD
from victims.models import Victim
from victims.services import close_case, reopen_case, set_responsible

HOUR = timedelta(hours=1)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("fire"),
            st.sampled_from(list(Trigger)),
            st.integers(1, 3),
            st.sampled_from([-30, -1, 0, 5, 240]),
        ),
        st.tuples(st.just("withdraw"), st.integers(1, 3)),
        st.tuples(
            st.just("conclude"),
            st.sampled_from(["kept", "raised", "lowered"]),
            st.sampled_from(["standard", "medium", "high"]),
        ),
        st.tuples(st.just("begin")),
        st.tuples(st.just("submit"), st.sampled_from(["standard", "medium", "high"])),
        st.tuples(st.just("incident")),
        st.tuples(
            st.just("hand over"),
            st.sampled_from(["officer", "officer_b", ""]),
            st.sampled_from(["risk", "contact", "plan"]),
        ),
        st.tuples(st.just("judge"), st.sampled_from(["standard", "medium", "high"])),
        st.tuples(st.just("decide"), st.booleans()),
        st.tuples(st.just("take"), st.sampled_from(["officer", "officer_b", "supervisor"])),
        st.tuples(st.just("close")),
        st.tuples(st.just("reopen")),
    ),
    min_size=3,
    max_size=14,
)


class World:
    """One victim, and everything that may happen to what is known of their risk."""

    def __init__(self, grade: str) -> None:
        self.at = HEARD
        self.victim = make.a_victim(HEARD - timedelta(days=30))
        Victim.objects.filter(pk=self.victim.pk).update(
            grade=grade, grade_since=HEARD if grade else None
        )
        make.an_incident(HEARD - timedelta(days=20), self.victim, officer=person("officer"))

    def open(self) -> Reassessment | None:
        return Reassessment.objects.open().filter(victim=self.victim).first()

    def do(self, step: tuple[Any, ...]) -> None:
        self.at += HOUR
        action: Callable[..., Any] = getattr(self, step[0].replace(" ", "_"))
        try:
            with transaction.atomic():
                action(*step[1:])
        except (DomainError, PermissionDenied):
            pass  # what is refused changed nothing, which is looked at next

    def fire(self, trigger: Trigger, source: int, hours: int) -> None:
        one = Fired(
            victim_id=self.victim.pk,
            trigger=trigger,
            happened_at=HEARD + hours * HOUR,
            words="Something happened",
            source_type="perpetrators.custodyevent",
            source_id=source,
        )
        fire(fired=[one], actor=person("custody"), at=self.at)

    def withdraw(self, source: int) -> None:
        withdraw(
            source_type="perpetrators.custodyevent",
            source_ids=[source],
            because="It was somebody else",
            actor=person("custody"),
            at=self.at,
        )

    def conclude(self, outcome: str, grade: str) -> None:
        if row := self.open():
            services.conclude(
                reassessment_id=row.pk,
                outcome=outcome,
                grade="" if outcome == "kept" else grade,
                words=f"Looked at, {self.at:%H:%M}",
                version=row.version,
                actor=person("supervisor"),
                at=self.at,
            )

    def begin(self) -> None:
        if row := self.open():
            services.assess_anew(reassessment_id=row.pk, actor=person("supervisor"), at=self.at)

    def submit(self, grade: str) -> None:
        row = Assessment.objects.unfinished().filter(victim=self.victim).last()
        if row is None:
            return
        topics = questionnaire(row.instrument).topics
        kept = services.keep_answers(
            assessment_id=row.pk,
            actor=row.officer,
            answers={topic.code: {"answer": "no"} for topic in topics},
            version=row.version,
            at=self.at,
        )
        services.submit_assessment(
            assessment_id=row.pk,
            actor=row.officer,
            judged_grade=grade,
            judged_reason="Her account.",
            version=kept.version,
            at=self.at,
        )

    def incident(self) -> None:
        row = make.an_incident(self.at, self.victim, officer=person("officer"))
        services.note_incident(
            incident_id=row.pk, victim_ids=(self.victim.pk,), actor=person("handler"), at=self.at
        )
        services.open_assessment(
            incident_id=row.pk, victim_id=self.victim.pk, actor=person("officer"), at=self.at
        )

    def hand_over(self, to: str, duty: str) -> None:
        set_responsible(
            victim_id=self.victim.pk,
            person=person(to) if to else None,
            duties=[duty],
            actor=person("supervisor"),
            at=self.at,
        )

    def judge(self, grade: str) -> None:
        services.judge(
            victim_id=self.victim.pk,
            grade=grade,
            reason=f"Judged, {self.at:%H:%M}",
            actor=person("officer"),
            at=self.at,
        )

    def decide(self, agrees: bool) -> None:
        if waiting := GradeJudgement.objects.waiting().filter(victim=self.victim).first():
            services.decide_judgement(
                judgement_id=waiting.pk,
                agrees=agrees,
                words="Read.",
                actor=User.objects.get(username="head_of_another_team"),
                at=self.at,
            )

    def take(self, who: str) -> None:
        if row := self.open():
            services.take_over(
                reassessment_id=row.pk, seen_owner_id=row.owner_id, actor=person(who), at=self.at
            )

    def close(self) -> None:
        close_case(victim_id=self.victim.pk, reason="Safe", actor=person("supervisor"), at=self.at)

    def reopen(self) -> None:
        reopen_case(
            victim_id=self.victim.pk, reason="Again", actor=person("supervisor"), at=self.at
        )


def holds(world: World) -> None:
    """What must be so after every step."""
    rows = list(Reassessment.objects.filter(victim=world.victim).select_related("owner"))
    clocks = list(Deadline.objects.open().filter(kind="reassessment"))
    open_ones = [row for row in rows if row.state == "open"]
    assert len(open_ones) <= 1
    assert {clock.subject_id for clock in clocks} == {row.pk for row in open_ones}
    world.victim.refresh_from_db()
    for row in open_ones:
        [clock] = clocks
        reasons = list(row.reasons.standing())
        assert reasons
        assert row.owner is not None
        assert row.owner.is_active
        assert (clock.owner_id, clock.team_id) == (row.owner_id, row.team_id)
        assert row.due_at == clock.due_at == min(reason.due_at for reason in reasons)
        assert world.victim.closed_at is None
    for row in rows:
        if row.state == "done":
            assert world.victim.last_assessed_at is not None
            assert row.done_at is not None
            assert world.victim.last_assessed_at >= row.done_at
        if row.state == "fallen_away":
            assert not row.reasons.standing().exists()
    assert ReassessmentReason.objects.filter(victim=world.victim).count() == sum(
        row.reasons.count() for row in rows
    )


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(grade=st.sampled_from(["", "standard", "medium", "high", "very_high"]), steps=STEPS)
def test_no_sequence_leaves_one_without_a_name_or_a_clock(
    grade: str, steps: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        for username in ("supervisor", "head", "officer", "officer_b", "custody", "handler"):
            person(username)
        make.colleague("head_of_another_team")
        world = World(grade)
        for step in steps:
            world.do(step)
            holds(world)
        transaction.set_rollback(True)
