"""Opening, keeping, submitting and reviewing: what each writes, and what each refuses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events, policy
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.models import PolicyVersion
from deadlines.models import Deadline, Notification
from incidents.events import CrimeRecorded, OfficerArrived
from incidents.models import Crime, Deployment
from incidents.services.editing.further_calls import add_further_call
from risk import services
from risk.answers import Incomplete
from risk.events import AssessmentReviewed, AssessmentSubmitted, GradeChanged
from risk.models import Assessment, AssessmentReview, GradeChange
from tests.factories import closure as gate
from tests.factories import risk as make
from tests.factories.incidents import call, in_call, incident
from tests.factories.response import attended
from victims.models import Victim

pytestmark = pytest.mark.django_db

People = Callable[[str], User]
HIGH = ("q17", "q18")
TEN = tuple(f"q{n:02d}" for n in (1, 5, 6, 11, 12, 13, 14, 15, 16, 19))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every fact announced."""
    facts: list[Any] = []
    announce = events.announce
    monkeypatch.setattr(events, "announce", lambda fact: (facts.append(fact), announce(fact)))
    return facts


def verbs(assessment: Assessment) -> list[str]:
    rows = AuditEvent.objects.filter(subject=assessment.reference).order_by("pk")
    return [row.verb for row in rows if row.verb.startswith("assessment")]


def deadline(assessment: Assessment, kind: str) -> Deadline:
    return Deadline.objects.of(assessment).filter(kind=kind).latest("pk")


def narrow_rule(at: datetime, author: User) -> None:
    PolicyVersion.objects.create(
        effective_from=at - timedelta(days=400),
        values={"assess_every_incident": False},
        author=author,
        reason="test",
        recorded_at=at,
    )


# --- Opening -------------------------------------------------------------------------------------


def test_arrival_begins_one_for_each_victim(people: People, at: datetime) -> None:
    one, other = make.a_victim(at), make.a_victim(at, given_name="Rosa", family_name="Lint")
    incident = make.an_incident(at, one, other)
    for officer in ("officer", "officer_b"):
        there = people(officer)
        events.announce(OfficerArrived(incident.pk, officer=there, actor=there, at=at))
    begun = Assessment.objects.filter(incident=incident)
    assert {row.victim_id for row in begun} == {one.pk, other.pk}
    assert {row.officer for row in begun} == {people("officer")}
    for row in begun:
        clock = deadline(row, "assessment")
        assert clock.owner == people("officer")
        assert clock.due_at == at + timedelta(hours=8)
        assert clock.victim_id == row.victim_id


@pytest.mark.parametrize(
    ("earlier", "months", "words"),
    [
        ((), 0, "every domestic incident"),
        (("victim",), 11, "every domestic incident, and the victim known in the last 12 months"),
        (("victim",), 13, "every domestic incident"),
        (
            ("other",),
            11,
            "every domestic incident, and the other person known in the last 12 months",
        ),
        (
            ("victim", "other"),
            2,
            "every domestic incident, and both people known in the last 12 months",
        ),
    ],
)
def test_the_page_says_which_limb_applied(
    people: People, at: datetime, earlier: tuple[str, ...], months: int, words: str
) -> None:
    victim, other = make.a_victim(at), make.a_victim(at, given_name="Cal").person
    then = at - timedelta(days=30 * months)
    if "victim" in earlier:
        make.an_incident(then, victim)
    if "other" in earlier:
        stranger = make.a_victim(at, given_name="Ona")
        make.an_incident(then, stranger).involvements.create(
            person=other, role="perpetrator", received_at=then
        )
    incident = make.an_incident(at, victim)
    incident.involvements.create(person=other, role="perpetrator", received_at=at)
    assert make.draft(at, victim=victim, incident=incident).due_because == words


def test_the_narrower_rule_waits_for_a_limb(people: People, at: datetime) -> None:
    narrow_rule(at, people("administrator"))
    victim = make.a_victim(at)
    incident = make.an_incident(at, victim, officer=people("officer"))
    events.announce(OfficerArrived(incident.pk, people("officer"), people("officer"), at))
    assert not incident.assessments.exists()
    crime = Crime.objects.create(
        incident=incident,
        victim=victim,
        category="stalking",
        number="35/1",
        recorded_at=at,
        recorded_by=people("officer"),
    )
    events.announce(CrimeRecorded(crime.pk, incident.pk, people("handler"), at))
    assert incident.assessments.get().due_because == "a crime recorded"
    assert incident.assessments.get().officer == people("officer")


def test_a_victim_named_by_a_further_call_gets_one(people: People, at: datetime) -> None:
    row = attended(at=at)
    news = call(
        received_at=at + timedelta(hours=1),
        people=(in_call("victim", given_name="Ona", family_name="Vale"),),
        narrative="Her sister was pushed too.",
    )
    add_further_call(
        incident_id=row.pk, actor=people("handler"), at=at + timedelta(hours=1), call=news
    )
    begun = row.assessments.get(victim__person__given_name="Ona")
    assert (begun.officer, begun.started_at) == (people("officer"), at + timedelta(hours=1))


def test_before_anybody_is_there_a_further_call_begins_none(people: People, at: datetime) -> None:
    row = incident(at=at)
    news = call(received_at=at, people=(in_call("victim", given_name="Ona", family_name="Vale"),))
    add_further_call(incident_id=row.pk, actor=people("handler"), at=at, call=news)
    assert not row.assessments.exists()


def test_opening_twice_gives_the_same(people: People, at: datetime) -> None:
    first = make.draft(at)
    again = make.draft(
        at + timedelta(hours=1),
        officer=people("officer_b"),
        victim=first.victim,
        incident=first.incident,
    )
    assert again == first
    assert verbs(first) == ["assessment.opened"]


def test_opening_is_refused(people: People, at: datetime) -> None:
    victim, stranger = make.a_victim(at), make.a_victim(at, given_name="Ona")
    incident = make.an_incident(at, victim)
    with pytest.raises(PermissionDenied):
        services.open_assessment(
            incident_id=incident.pk, victim_id=victim.pk, actor=people("worker"), at=at
        )
    with pytest.raises(InvalidInput) as refused:
        services.open_assessment(
            incident_id=incident.pk, victim_id=stranger.pk, actor=people("officer"), at=at
        )
    assert refused.value.field == "victim"
    assert not Assessment.objects.exists()
    closed = gate.closed(at=at)
    make.involve(closed, stranger)
    with pytest.raises(DomainError, match="closed"):
        services.open_assessment(
            incident_id=closed.pk, victim_id=stranger.pk, actor=people("officer"), at=at
        )
    assert not stranger.assessments.exists()


# --- Keeping -------------------------------------------------------------------------------------


def keep(assessment: Assessment, at: datetime, answers: Any = None, **more: Any) -> Assessment:
    given = {"actor": assessment.officer, "version": assessment.version, **more}
    return services.keep_answers(assessment_id=assessment.pk, answers=answers or {}, at=at, **given)


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


# --- Submitting ----------------------------------------------------------------------------------


def test_submission_counts_at_once_and_asks_a_supervisor(
    people: People, at: datetime, heard: list[Any]
) -> None:
    people("supervisor")
    row = make.submitted(at, *HIGH)
    victim = Victim.objects.get(pk=row.victim_id)
    assert (row.state, row.grade, victim.grade) == ("submitted", "high", "high")
    assert victim.grade_reason == "threats to kill; strangulation"
    change = GradeChange.objects.get()
    assert (change.before, change.after, change.assessment) == ("", "high", row)
    assert deadline(row, "assessment").state == "met"
    review = deadline(row, "review")
    assert review.owner == people("supervisor")
    assert review.due_at == row.submitted_at + timedelta(hours=24)  # type: ignore[operator]
    assert verbs(row)[-1] == "assessment.submitted"
    kinds = [type(fact) for fact in heard]
    assert kinds.count(AssessmentSubmitted) == kinds.count(GradeChanged) == 1


def test_judged_lower_counts_as_suggested_until_agreed(people: People, at: datetime) -> None:
    row = make.submitted(at, *HIGH, judged="standard", reason="Old threats, since withdrawn.")
    assert (row.judged_grade, row.suggested_grade, row.grade) == ("standard", "high", "high")
    with pytest.raises(InvalidInput) as refused:
        make.reviewed(row, at)
    assert refused.value.field == "rationale"
    row = make.reviewed(row, at, rationale="Seen both; agreed.")
    assert row.grade == "standard"
    assert Victim.objects.get(pk=row.victim_id).grade == "standard"
    assert [c.after for c in GradeChange.objects.order_by("pk")] == ["high", "standard"]


def test_judged_higher_counts_at_once(at: datetime) -> None:
    row = make.submitted(at, judged="high", reason="Her dread.")
    assert (row.suggested_grade, row.grade) == ("standard", "high")
    assert Victim.objects.get(pk=row.victim_id).grade == "high"


def test_a_late_one_is_met_late(people: People, at: datetime) -> None:
    row = make.kept(make.draft(at), at=at)
    row = services.submit_assessment(
        assessment_id=row.pk,
        actor=row.officer,
        judged_grade="standard",
        judged_reason="Calm.",
        version=row.version,
        at=at + timedelta(hours=9),
    )
    assert deadline(row, "assessment").state == "met_late"


def submit(row: Assessment, at: datetime, **more: Any) -> Assessment:
    given = {
        "actor": row.officer,
        "judged_grade": "high",
        "judged_reason": "Why.",
        "version": row.version,
        **more,
    }
    return services.submit_assessment(assessment_id=row.pk, at=at, **given)


def test_every_topic_must_be_answered(at: datetime) -> None:
    row = make.draft(at)
    with pytest.raises(Incomplete) as refused:
        submit(row, at, judged_grade="", judged_reason=" ")
    assert list(refused.value.missing)[:2] == ["q01", "q02"]
    assert len(refused.value.missing) == 27 + 2
    row = make.kept(row, at=at)
    row = keep(row, at, {"q05": {"answer": "not_asked"}, "q08": {"answer": "yes"}})
    with pytest.raises(Incomplete) as refused:
        submit(row, at)
    assert list(refused.value.missing) == ["q05_words", *(f"s{n:02d}" for n in range(1, 12))]
    row.refresh_from_db()
    assert (row.state, row.submitted_at) == ("draft", None)
    assert not GradeChange.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"judged_grade": ""}, "judged_grade"),
        ({"judged_grade": "very_high"}, "judged_grade"),
        ({"judged_reason": "  "}, "judged_reason"),
        ({"judged_reason": "x\x07"}, "judged_reason"),
        ({"judged_reason": "x" * 10_001}, "judged_reason"),
    ],
)
def test_a_judgement_with_reasons_is_needed(at: datetime, given: Any, field: str) -> None:
    row = make.kept(make.draft(at), at=at)
    with pytest.raises(InvalidInput) as refused:
        submit(row, at, **given)
    assert refused.value.field == field


def test_submitting_is_refused(people: People, at: datetime) -> None:
    row = make.kept(make.draft(at), at=at)
    with pytest.raises(PermissionDenied):
        submit(row, at, actor=people("supervisor"))
    with pytest.raises(Stale):
        submit(row, at, version=row.version - 1)
    row = submit(row, at)
    with pytest.raises(DomainError, match="waits for review"):
        submit(row, at)
    with pytest.raises(DomainError, match="waits for review"):
        keep(row, at, {"q01": {"answer": "yes"}})


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
