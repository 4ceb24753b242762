"""The conference's criteria with their numbers; no judgement takes one away."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.errors import DomainError
from core.models import PolicyVersion
from incidents.models import Incident, Involvement
from risk import conference, services
from risk.models import GradeJudgement
from tests.conftest import NOON
from tests.factories import marac, victims
from tests.factories import risk as make
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
FOURTEEN = (*(f"q{number:02d}" for number in range(1, 15) if number != 8), "q22")


def met(victim: Victim, at: datetime) -> set[str]:
    return {one.code for one in conference.met(victim.pk, at)}


def words(victim: Victim, at: datetime) -> dict[str, str]:
    return {one.code: one.words for one in conference.criteria(victim.pk, at)}


def judged(victim: Victim, grade: str, at: datetime, by: str = "worker") -> GradeJudgement:
    return services.judge(
        victim_id=victim.pk, grade=grade, reason="Her account.", actor=person(by), at=at
    )


def test_nothing_is_known_yet(at: datetime) -> None:
    victim = make.a_victim(at)
    assert met(victim, at) == set()
    assert words(victim, at) == {
        "yes_answers": "not assessed yet (the conference's from 14)",
        "escalation": "0 incidents in 12 months (the conference's from 3)",
        "judgement": "nobody judged it high since it was last assessed",
        "repeat": "not before a conference so far",
    }


def test_fourteen_yes_answers(at: datetime) -> None:
    victim = make.a_victim(at)
    row = make.submitted(at, *FOURTEEN[:13], judged="medium", victim=victim)
    later = at + timedelta(hours=1)
    assert "yes_answers" not in met(victim, later)
    assert words(victim, later)["yes_answers"].startswith("13 yes answers on 23 Nov 2026")
    other = make.a_victim(at, given_name="Rosa")
    row = make.submitted(at, *FOURTEEN, judged="medium", victim=other)
    assert row.yes_count == 14
    assert met(other, later) == {"yes_answers"}
    assert met(other, at) == set()


def test_the_force_sets_how_many(people: People, at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at,
        values={"high_from_yes": 2, "escalation_incidents": 1},
        author=people("administrator"),
        reason="test",
        recorded_at=at,
    )
    victim = make.a_victim(at)
    make.submitted(at, "q06", "q22", judged="medium", victim=victim)
    later = at + timedelta(hours=1)
    assert met(victim, later) == {"yes_answers", "escalation"}
    assert words(victim, later)["escalation"] == "1 incident in 12 months (the conference's from 1)"


def test_an_assessment_that_waits_does_not_stand_in_the_place_of_the_last(at: datetime) -> None:
    victim = make.a_victim(at)
    make.reviewed(make.submitted(at, *FOURTEEN, victim=victim), at + timedelta(hours=1))
    calm = make.submitted(at + timedelta(days=9), victim=victim)
    assert "yes_answers" in met(victim, at + timedelta(days=10))
    make.reviewed(calm, at + timedelta(days=10))
    assert "yes_answers" not in met(victim, at + timedelta(days=11))


def test_three_incidents_in_twelve_months(at: datetime) -> None:
    victim = make.a_victim(at)
    for days in (370, 300, 10):
        make.an_incident(at - timedelta(days=days), victim)
    assert met(victim, at) == set()
    make.an_incident(at, victim)
    assert met(victim, at) == {"escalation"}
    assert words(victim, at)["escalation"] == "3 incidents in 12 months (the conference's from 3)"


def test_judged_high_by_the_officer_by_a_supervisor_or_between(at: datetime) -> None:
    later = at + timedelta(hours=2)
    one = make.a_victim(at)
    make.submitted(at, judged="high", victim=one)
    assert met(one, later) == {"judgement"}
    assert words(one, later)["judgement"] == "judged high by PC 2210 T. Hale on 23 Nov 2026"
    other = make.a_victim(at, given_name="Rosa")
    row = make.submitted(at, victim=other)
    make.reviewed(row, later, decision="regrade", grade="high", rationale="The pattern.")
    assert met(other, later) == {"judgement"}
    third = make.a_victim(at, given_name="Mia")
    judged(third, "high", at)
    assert words(third, later)["judgement"] == "judged high by M. Castellanos on 23 Nov 2026"


def test_a_later_assessment_answers_anew(at: datetime) -> None:
    victim = make.a_victim(at)
    judged(victim, "high", at)
    calm = make.submitted(at + timedelta(days=1), victim=victim)
    assert "judgement" in met(victim, at + timedelta(days=2))
    make.reviewed(calm, at + timedelta(days=2))
    assert "judgement" not in met(victim, at + timedelta(days=3))


def test_a_repeat_after_a_conference(at: datetime) -> None:
    victim = make.a_victim(at)
    him = victims.person("Darren", "Pike", None, sex="male")
    case = marac.case(at - timedelta(days=30), victim=victim, perpetrator=him)
    marac.heard(at - timedelta(days=20), case=case)
    assert "repeat" not in met(victim, at)
    make.an_incident(at - timedelta(days=2), victim)
    assert "repeat" not in met(victim, at)
    involve(make.an_incident(at - timedelta(days=1), victim), him)
    assert "repeat" in met(victim, at)
    assert words(victim, at)["repeat"] == (
        "1 incident since the conference of 3 Nov 2026 (a repeat within 12 months)"
    )
    assert "repeat" not in met(victim, at + timedelta(days=366))


def involve(incident: Incident, perpetrator: Person) -> None:
    Involvement.objects.create(
        incident=incident,
        person=perpetrator,
        role="perpetrator",
        received_at=incident.received_at,
    )


def test_a_lower_grade_that_was_agreed_to_removes_nothing(at: datetime) -> None:
    victim = make.a_victim(at)
    for days in (40, 20):
        make.an_incident(at - timedelta(days=days), victim)
    make.reviewed(make.submitted(at, *FOURTEEN, victim=victim), at + timedelta(hours=1))
    before = met(victim, at + timedelta(hours=3))
    assert before == {"yes_answers", "escalation", "judgement"}
    row = judged(victim, "standard", at + timedelta(hours=2))
    services.decide_judgement(
        judgement_id=row.pk,
        agrees=True,
        words="Agreed.",
        actor=person("supervisor"),
        at=at + timedelta(hours=3),
    )
    assert Victim.objects.get(pk=victim.pk).grade == "standard"
    assert met(victim, at + timedelta(hours=3)) == before


ACTIONS = st.one_of(
    st.tuples(st.just("judge"), st.sampled_from(["standard", "medium", "high"])),
    st.tuples(st.just("decide"), st.sampled_from(["agree", "refuse"])),
)


@settings(max_examples=25, deadline=None)
@given(
    yes=st.integers(min_value=0, max_value=14),
    incidents=st.integers(min_value=0, max_value=3),
    officer=st.sampled_from(["standard", "medium", "high"]),
    actions=st.lists(ACTIONS, min_size=1, max_size=6),
)
def test_no_judgement_removes_a_criterion(
    yes: int, incidents: int, officer: str, actions: list[tuple[str, str]]
) -> None:
    with transaction.atomic():
        victim = make.a_victim(NOON)
        for number in range(incidents):
            make.an_incident(NOON - timedelta(days=20 * number + 1), victim)
        make.submitted(NOON, *FOURTEEN[:yes], judged=officer, victim=victim)
        for hour, (what, which) in enumerate(actions, 1):
            instant = NOON + timedelta(hours=hour)
            before = met(victim, instant)
            _act(victim, what, which, instant)
            assert before <= met(victim, instant), (what, which)
        transaction.set_rollback(True)


def _act(victim: Victim, what: str, which: str, at: datetime) -> None:
    """What somebody tries; a refusal is an answer too."""
    try:
        if what == "judge":
            judged(victim, which, at)
        elif (row := GradeJudgement.objects.waiting().filter(victim=victim).first()) is not None:
            services.decide_judgement(
                judgement_id=row.pk,
                agrees=which == "agree",
                words="As discussed.",
                actor=person("supervisor"),
                at=at,
            )
    except DomainError:
        return
