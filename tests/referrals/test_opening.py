"""Medium and above lands in the queue by itself, in the transaction that submits it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEvent
from core import events
from deadlines.models import Deadline, Notification
from incidents.events import CrimeRecorded
from incidents.models import Crime, Involvement
from referrals import services
from referrals.models import Referral, ReferralDay
from referrals.services import opening
from risk.models import Assessment
from tests.factories import risk
from tests.factories.referrals import SUBMISSION, a_referral, claimed, completed
from tests.personas import person, team

HOURS_72 = timedelta(hours=72)


def test_it_lands_by_itself_with_a_clock_from_submission(db: None, at: datetime) -> None:
    unit = team("maru")
    assessment = risk.submitted(at - SUBMISSION, judged="medium")

    referral = Referral.objects.get(assessment=assessment)
    assert referral.grade == "medium"
    assert referral.state == Referral.State.WAITING
    assert referral.submitted_at == assessment.submitted_at == at
    assert referral.due_at == at + HOURS_72
    deadline = Deadline.objects.get(kind="referral", subject_id=referral.pk)
    assert (deadline.started_at, deadline.due_at) == (at, at + HOURS_72)
    assert (deadline.team, deadline.owner) == (unit, None)
    assert "72 hours" in deadline.basis
    assert AuditEvent.objects.filter(verb="referral.opened", victim_id=referral.victim_id).exists()
    assert ReferralDay.objects.get(day=at.date()).arrived == 1


def test_standard_does_not_land(db: None, at: datetime) -> None:
    risk.submitted(at, judged="standard")
    assert not Referral.objects.exists()
    assert not ReferralDay.objects.exists()


@pytest.mark.parametrize("broken", ["start", "count_arrival"])
def test_when_the_reaction_fails_nothing_was_submitted(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken on purpose")

    target: Any = opening.deadlines.services if broken == "start" else opening
    real = getattr(target, broken)
    if broken == "start":

        def fails_for_referrals(*args: Any, **named: Any) -> Any:
            return fails() if named["kind"] == "referral" else real(*args, **named)

        monkeypatch.setattr(target, broken, fails_for_referrals)
    else:
        monkeypatch.setattr(target, broken, fails)
    with pytest.raises(RuntimeError, match="broken on purpose"):
        risk.submitted(at, judged="medium")
    assert Assessment.objects.get().state == Assessment.State.DRAFT
    assert not Referral.objects.exists()
    assert not Deadline.objects.filter(kind="referral").exists()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs.isdisjoint({"assessment.submitted", "referral.opened"})


def test_a_return_and_resubmission_updates_the_same_referral(db: None, at: datetime) -> None:
    referral = a_referral(at, grade="medium")
    risk.reviewed(
        referral.assessment, at + timedelta(hours=1), decision="return", rationale="Ask about 8."
    )
    assessment = Assessment.objects.get(pk=referral.assessment_id)
    later = at + timedelta(hours=5)
    risk.services.submit_assessment(
        assessment_id=assessment.pk,
        actor=assessment.officer,
        judged_grade="high",
        judged_reason="He follows her.",
        version=assessment.version,
        at=later,
    )
    again = Referral.objects.get()
    assert (again.pk, again.grade, again.risk_rank) == (referral.pk, "high", 3)
    assert (again.submitted_at, again.due_at) == (at, at + HOURS_72)
    assert Deadline.objects.filter(kind="referral").count() == 1
    assert sum(ReferralDay.objects.values_list("arrived", flat=True)) == 1


def test_a_standard_regraded_upwards_is_referred_from_the_submission(
    db: None, at: datetime
) -> None:
    assessment = risk.submitted(at - SUBMISSION, judged="standard")
    risk.reviewed(
        assessment,
        at + timedelta(hours=20),
        decision="regrade",
        grade="high",
        rationale="He has been released.",
    )
    referral = Referral.objects.get()
    assert referral.grade == "high"
    assert referral.due_at == at + HOURS_72


def test_a_regrade_downwards_leaves_it_to_the_worker(db: None, at: datetime) -> None:
    referral = a_referral(at, grade="high")
    risk.reviewed(
        referral.assessment,
        at + timedelta(hours=1),
        decision="regrade",
        grade="standard",
        rationale="It was somebody else.",
    )
    referral.refresh_from_db()
    assert (referral.grade, referral.risk_rank) == ("standard", 1)
    assert referral.state == Referral.State.WAITING
    assert Deadline.objects.open().filter(kind="referral").exists()


def test_accepting_changes_nothing(db: None, at: datetime) -> None:
    referral = a_referral(at, grade="medium")
    risk.reviewed(referral.assessment, at + timedelta(hours=1))
    referral.refresh_from_db()
    assert (referral.grade, referral.version) == ("medium", 1)


@pytest.mark.parametrize("finished", [False, True])
def test_the_worker_is_told_when_it_becomes_graver(db: None, at: datetime, finished: bool) -> None:
    referral = claimed(a_referral(at, grade="medium"), at)
    if finished:
        completed(referral, at)
    risk.reviewed(
        referral.assessment,
        at + timedelta(hours=1),
        decision="regrade",
        grade="high",
        rationale="Threats to kill.",
    )
    told = Notification.objects.get(user=person("worker"), reference=referral.reference)
    before = "Finished" if finished else "Claimed"
    assert told.headline == f"{before} as medium, now high: look again"
    assert told.path == f"/referrals/{referral.reference}/"


def test_it_says_what_happened_and_who_was_there(db: None, at: datetime) -> None:
    victim = risk.a_victim(at)
    incident = risk.an_incident(at, victim, officer=person("officer"), earlier_in_year=4)
    child = risk.a_victim(at, given_name="Finn").person
    Involvement.objects.create(
        incident=incident, person=child, role="child", received_at=incident.received_at
    )
    referral = a_referral(at, victim=victim, incident=incident)
    assert (referral.earlier_in_year, referral.children) == (4, 1)
    assert referral.about == "no crime recorded yet"


def test_a_crime_recorded_later_is_named(db: None, at: datetime) -> None:
    referral = a_referral(at)
    crime = Crime.objects.create(
        incident=referral.incident,
        category="assault_injury",
        number="35/1/26",
        recorded_at=at,
        recorded_by=person("officer"),
    )
    events.announce(CrimeRecorded(crime.pk, referral.incident_id, person("officer"), at))
    referral.refresh_from_db()
    assert referral.about == "assault with injury"


def test_a_non_crime_says_so(db: None, at: datetime) -> None:
    incident = risk.an_incident(at, risk.a_victim(at), non_crime_reason="Verbal argument")
    assert opening.about(incident) == "non-crime, verbal argument"


def test_the_words_fit_however_many_crimes(db: None, at: datetime) -> None:
    incident = risk.an_incident(at, risk.a_victim(at))
    for number, category in enumerate(Crime.Category.values):
        Crime.objects.create(
            incident=incident,
            category=category,
            number=f"35/{number}/26",
            recorded_at=at,
            recorded_by=person("officer"),
        )
    assert len(opening.about(incident)) <= opening.LONGEST_ABOUT


def test_the_unit_is_that_of_the_area_else_the_first(
    db: None, at: datetime, people: Callable[[str], User]
) -> None:
    assert services.unit_for(None) is None
    unit = team("maru")
    assert services.unit_for(unit.area_id) == unit
    assert services.unit_for(None) == unit
