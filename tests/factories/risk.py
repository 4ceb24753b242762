"""Assessments in every state, made the way the service makes them."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Area, Team, User
from core.references import Kind, take
from incidents.models import Deployment, Incident, Involvement
from risk import instruments, services
from risk.models import Assessment, Instrument
from tests.personas import person, team
from tests.worlds import remembered
from victims import services as victims
from victims.models import Victim


@remembered
def a_victim(at: datetime, *, given_name: str = "Siobhán", family_name: str = "O'Neill") -> Victim:
    """A new victim of the test county."""
    actor = person("handler")
    human = victims.record_person(
        given_name=given_name, family_name=family_name, sex="female", actor=actor, at=at
    )
    return victims.victim_for(
        person=human,
        area=Area.objects.get(name=team("response").area.name),
        team=team("response"),
        at=at,
        actor=actor,
    )


@remembered
def an_incident(
    at: datetime, victim: Victim, *others: Victim, officer: User | None = None, **fields: Any
) -> Incident:
    """An attended incident of these victims, written straight into the tables."""
    row = Incident.objects.create(
        reference=take(Kind.INCIDENT, at),
        source="999",
        received_at=at,
        logged_at=at,
        logged_by=person("handler"),
        narrative="Shouting heard.",
        suggested_grade="immediate",
        grade="immediate",
        area=victim.area,
        state="attended",
        **fields,
    )
    for one in (victim, *others):
        involve(row, one)
    if officer:
        Deployment.objects.create(
            incident=row, officer=officer, sent_at=at, sent_by=person("handler"), arrived_at=at
        )
    return row


def involve(incident: Incident, victim: Victim) -> Involvement:
    """This victim, in this incident."""
    return Involvement.objects.create(
        incident=incident,
        person=victim.person,
        role="victim",
        victim=victim,
        received_at=incident.received_at,
    )


@remembered
def draft(
    at: datetime,
    *,
    officer: User | None = None,
    victim: Victim | None = None,
    incident: Incident | None = None,
) -> Assessment:
    """An assessment that an officer has before them."""
    officer = officer or person("officer")
    victim = victim or a_victim(at)
    incident = incident or an_incident(at, victim, officer=officer)
    return services.open_assessment(
        incident_id=incident.pk, victim_id=victim.pk, actor=officer, at=at
    )


def answers(*yes: str, **others: str) -> dict[str, dict[str, str]]:
    """Every topic answered no but those named, with the follow-up sets that open."""
    read = instruments.questionnaire(Instrument.objects.get(code=instruments.POLICE, in_use=True))
    given = {code: {"answer": "yes"} for code in yes}
    given |= {code: {"answer": answer} for code, answer in others.items()}
    for topic in read.topics:
        given.setdefault(topic.code, {"answer": "no"})
    for topic in read.asked(given):
        given.setdefault(topic.code, {"answer": "no"})
    return given


def kept(assessment: Assessment, *yes: str, at: datetime, **others: str) -> Assessment:
    """The assessment with every topic answered, these with yes."""
    assessment.refresh_from_db()
    return services.keep_answers(
        assessment_id=assessment.pk,
        actor=assessment.officer,
        answers=answers(*yes, **others),
        version=assessment.version,
        at=at,
    )


@remembered
def submitted(
    at: datetime,
    *yes: str,
    judged: str = "",
    reason: str = "Her account and the scene.",
    **made: Any,
) -> Assessment:
    """An assessment that waits for review; judged as suggested unless told otherwise."""
    assessment = kept(draft(at, **made), *yes, at=at)
    return services.submit_assessment(
        assessment_id=assessment.pk,
        actor=assessment.officer,
        judged_grade=judged or assessment.suggested_grade,
        judged_reason=reason,
        version=assessment.version,
        at=at + timedelta(minutes=40),
    )


def reviewed(
    assessment: Assessment,
    at: datetime,
    *,
    decision: str = "accept",
    grade: str = "",
    rationale: str = "",
    by: User | None = None,
) -> Assessment:
    """The assessment after a supervisor's decision."""
    assessment.refresh_from_db()
    return services.review_assessment(
        assessment_id=assessment.pk,
        actor=by or person("supervisor"),
        decision=decision,
        grade=grade,
        rationale=rationale,
        version=assessment.version,
        at=at,
    )


@remembered
def colleague(username: str, of: Team | None = None) -> User:
    """Another supervisor, so that two can reach for the same assessment."""
    user = User.objects.create_user(username, name=f"Sgt {username}", team=of or team("response"))
    user.groups.set(person("supervisor").groups.all())
    return user
