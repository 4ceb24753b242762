"""What is learnt between two assessments puts a victim before the conference at once, and once."""

from datetime import datetime, timedelta

import pytest

from incidents.models import Involvement
from marac.models import MaracCase
from marac.services.cases import by_rule
from risk import services
from risk.models import Assessment, GradeJudgement, UnknownAnswer
from tests.factories import incidents as calls
from tests.factories import marac as make
from tests.factories import risk
from tests.marks import committed
from tests.personas import person
from tests.risk.test_races import at_once
from victims.models import Person, Victim

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THIRTEEN = tuple(f"q{number:02d}" for number in range(1, 15) if number != 8)


def judged(victim: Victim, at: datetime, *, grade: str = "high", by: str = "worker") -> None:
    services.judge(
        victim_id=victim.pk, grade=grade, reason="He has found her.", actor=person(by), at=at
    )


def met(case: MaracCase) -> dict[str, int]:
    return {row["code"]: row["number"] for row in case.criteria if row["is_met"]}


@pytest.fixture
def assessed(db: None, at: datetime) -> tuple[Victim, Person]:
    """Siobhán, assessed and reviewed as standard, with Darren who harmed her."""
    make.conference()
    call = calls.incident(at=at)
    rows = {row.role: row for row in Involvement.objects.filter(incident=call)}
    victim = rows["victim"].victim
    assert victim is not None
    row = risk.submitted(at, "q01", judged="standard", victim=victim, incident=call)
    risk.reviewed(row, at + HOUR)
    assert not MaracCase.objects.exists()
    return victim, rows["perpetrator"].person


def test_a_judgement_of_high_proposes_at_once(
    assessed: tuple[Victim, Person], at: datetime
) -> None:
    victim, him = assessed
    judged(victim, at + DAY)
    case = MaracCase.objects.get()
    assert (case.victim, case.perpetrator, case.state) == (victim, him, "proposed")
    assert (case.source, case.proposed_by, case.proposed_at) == (
        "assessment",
        person("worker"),
        at + DAY,
    )
    assert met(case) == {"judgement": 1}
    words = next(row["words"] for row in case.criteria if row["code"] == "judgement")
    assert words == "judged high by M. Castellanos on 24 Nov 2026"


def test_said_twice_it_is_one_case(assessed: tuple[Victim, Person], at: datetime) -> None:
    victim, _ = assessed
    for _ in range(2):
        judged(victim, at + DAY)
    case = MaracCase.objects.get()
    assert (case.version, GradeJudgement.objects.count()) == (1, 1)
    # The next review weighs the same judgement and finds the case that is open.
    later = at + 2 * DAY
    row = risk.submitted(later, "q01", victim=victim)
    risk.reviewed(row, later + HOUR)
    assert MaracCase.objects.get() == case


def test_the_same_facts_weighed_again_are_no_news(
    assessed: tuple[Victim, Person], at: datetime
) -> None:
    victim, _ = assessed
    judged(victim, at + DAY)
    by_rule.of_judgement(victim_id=victim.pk, actor=person("officer"), at=at + DAY + HOUR)
    assert MaracCase.objects.get().version == 1


def test_medium_is_no_judgement_of_high(assessed: tuple[Victim, Person], at: datetime) -> None:
    judged(assessed[0], at + DAY, grade="medium")
    assert not MaracCase.objects.exists()


def test_a_lower_one_proposes_nothing(assessed: tuple[Victim, Person], at: datetime) -> None:
    victim, _ = assessed
    judged(victim, at + DAY)
    MaracCase.objects.update(
        state="not_accepted", decided_at=at, decided_by=person("chair"), decided_words="Moved."
    )
    judged(victim, at + 2 * DAY, grade="medium", by="officer")
    row = GradeJudgement.objects.get(state="waiting")
    services.decide_judgement(
        judgement_id=row.pk, agrees=True, words="Agreed.", actor=person("supervisor"), at=at + DAY
    )
    assert MaracCase.objects.count() == 1
    # Judged high once more it is a further fact: proposed anew.
    judged(victim, at + 3 * DAY)
    assert MaracCase.objects.filter(state="proposed").count() == 1


def test_nobody_is_known_to_harm_them(db: None, at: datetime) -> None:
    """Not even an incident: the judgement stands for itself."""
    make.conference()
    victim = risk.a_victim(at)
    judged(victim, at + HOUR)
    case = MaracCase.objects.get()
    assert (case.victim, case.perpetrator) == (victim, None)


def test_each_who_harmed_them_in_the_newest_incident_is_weighed(
    assessed: tuple[Victim, Person], at: datetime
) -> None:
    victim, him = assessed
    people = [risk.a_victim(at, given_name=name).person for name in ("Lee", "Ian")]
    newest = risk.an_incident(at + HOUR, victim)
    for one in people:
        Involvement.objects.create(
            incident=newest, person=one, role="perpetrator", received_at=newest.received_at
        )
    judged(victim, at + DAY)
    cases = MaracCase.objects.filter(victim=victim)
    assert {case.perpetrator for case in cases} == set(people)
    assert him not in people


def test_an_open_case_learns_of_it(assessed: tuple[Victim, Person], at: datetime) -> None:
    victim, him = assessed
    case = make.case(at + HOUR, victim=victim, perpetrator=him, state="proposed")
    judged(victim, at + DAY)
    case.refresh_from_db()
    assert (MaracCase.objects.count(), met(case), case.version) == (1, {"judgement": 1}, 2)


def test_without_a_conference_nothing_is_proposed(db: None, at: datetime) -> None:
    judged(risk.a_victim(at), at + HOUR)
    assert not MaracCase.objects.exists()


def with_unknown(at: datetime) -> Assessment:
    """Thirteen answered yes and one not asked, judged medium by its officer."""
    given = risk.answers(*THIRTEEN, q19="not_asked")
    given["q19"]["words"] = "His mother was in the room."
    row = risk.draft(at)
    row = services.keep_answers(
        assessment_id=row.pk, actor=row.officer, answers=given, version=row.version, at=at
    )
    return services.submit_assessment(
        assessment_id=row.pk,
        actor=row.officer,
        judged_grade="medium",
        judged_reason="Her account.",
        version=row.version,
        at=at + timedelta(minutes=40),
    )


def found(row: Assessment, answer: str, at: datetime) -> None:
    unknown = UnknownAnswer.objects.get(assessment=row, topic="q19")
    services.find_out(
        unknown_id=unknown.pk, found=answer, words="Her sister says so.", actor=row.officer, at=at
    )


@pytest.mark.parametrize(("answer", "proposed"), [("yes", 1), ("no", 0), ("cannot", 0)])
def test_the_fourteenth_yes_that_is_found_out_after_the_review(
    db: None, at: datetime, answer: str, proposed: int
) -> None:
    make.conference()
    row = with_unknown(at)
    risk.reviewed(row, at + HOUR, rationale="Agreed.")
    assert not MaracCase.objects.exists()
    found(row, answer, at + DAY)
    found(row, answer, at + DAY)
    cases = list(MaracCase.objects.all())
    assert len(cases) == proposed
    assert all(met(case) == {"yes_answers": 14} for case in cases)


def test_found_out_before_the_review_the_review_weighs_it(db: None, at: datetime) -> None:
    make.conference()
    row = with_unknown(at)
    found(row, "yes", at + timedelta(minutes=50))
    assert not MaracCase.objects.exists()
    risk.reviewed(row, at + HOUR, rationale="Agreed.")
    assert met(MaracCase.objects.get())["yes_answers"] == 14


@committed
def test_two_judge_one_victim_at_once(at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    actors = [person("worker"), person("officer")]
    found = at_once(
        *(
            lambda actor=actor: services.judge(
                victim_id=victim.pk, grade="high", reason="Her account.", actor=actor, at=at
            )
            for actor in actors
        )
    )
    # One is told that it is high already; the case stands once.
    assert sum(isinstance(one, Exception) for one in found) == 1
    assert MaracCase.objects.count() == 1
