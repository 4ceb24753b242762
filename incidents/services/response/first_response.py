"""The first response is recorded, or put right."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from incidents.company import Company, as_shown, company_of
from incidents.counter_aid import Aid, aid_for
from incidents.events import FirstResponseRecorded
from incidents.models import Deployment, FirstResponse, FirstResponseDraft, Incident
from incidents.permissions import may_attend, may_supervise
from incidents.services.response import counter, crime_clock, people
from incidents.services.response.crimes import add_crime
from incidents.services.response.findings import CrimeNamed, Findings, checked
from incidents.services.response.rows import changed, lock
from incidents.services.response.said import (
    Said,
    columns_of,
    in_words,
    said_by,
    said_on_record,
)
from victims.models import Person


@transaction.atomic
def record_first_response(
    *, incident_id: int, actor: User, findings: Findings, version: int, at: datetime
) -> FirstResponse:
    """Record what an officer did and found, or a new version of it.

    `version` is 0 for the first time, else the version that was read. Every party and every child
    of the incident must be answered for. Crimes with numbers are recorded too; one that has none
    yet starts the deadline for it. A counter-allegation lets both stand in both roles. Sending the
    same again changes nothing. Raises PermissionDenied for anybody who was not there (a supervisor
    of theirs may put right what is recorded), InvalidInput at a field, AlreadyTaken for a crime
    number in use, Stale with both versions when somebody else was first.
    """
    incident = lock(incident_id)
    now = FirstResponse.objects.filter(incident=incident).first()
    by_supervisor = _guard(incident, actor, now)
    company = company_of(incident)
    findings = _named(people.checked(checked(findings), company), company, at)
    if findings.crime_committed == "no" and incident.crimes.exists():
        raise InvalidInput(
            "A crime is recorded from this incident, so this cannot be no.", field="crime_committed"
        )
    findings, company = counter.between(findings, company)
    said, before = said_by(findings), said_on_record(now) if now else None
    if now is not None and before is not None and now.version != version:
        if _is_the_same(before, said, incident, findings):
            return now
        raise _stale(now, before, said, incident, findings, company)
    if now is None and version:
        raise DomainError("There is no first response to change yet.", field="version")
    protect = counter.check(findings, company, before)
    response = _kept(incident, now, actor, said, protect, at)
    counter.keep(response, findings, company)
    people.keep(response, findings, company, before=before)
    _keep_reason(incident, findings.non_crime_reason)
    FirstResponseDraft.objects.filter(incident=incident, officer=actor).delete()
    aid = aid_for(incident, company, at) if findings.counter_allegation == "yes" else None
    _record(incident, response, actor, at, before, said, aid, by_supervisor=by_supervisor)
    if findings.counter_allegation == "yes":
        counter.record(incident, company, aid, actor, at)
    _add_crimes(incident, findings.crimes, actor, at)
    crime_clock.follow(incident, actor=actor, at=at)
    events.announce(FirstResponseRecorded(incident_id=incident.pk, actor=actor, at=at))
    return response


def _guard(incident: Incident, actor: User, now: FirstResponse | None) -> bool:
    """Refuse whoever may not; whether it is a supervisor who puts right what others recorded."""
    deployments = list(incident.deployments.select_related("officer__team"))
    own = next((row for row in deployments if row.officer_id == actor.pk), None)
    if not may_attend(actor):
        raise PermissionDenied("Only officers who attend incidents record a first response.")
    by_supervisor = (own is None or own.arrived_at is None) and may_put_right(
        actor, now, deployments
    )
    if own is None and not by_supervisor:
        raise PermissionDenied("Only an officer who was there records the first response.")
    if own is not None and own.arrived_at is None and not by_supervisor:
        raise DomainError("Say first that you have arrived, then record what you did and found.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Its first response cannot be changed.")
    return by_supervisor


def may_put_right(
    actor: User, now: FirstResponse | None, deployments: Iterable[Deployment]
) -> bool:
    """Whether they supervise the team of an officer who was there, once something is recorded."""
    if now is None or not may_supervise(actor):
        return False
    return any(
        row.arrived_at and row.officer.team and row.officer.team.supervisor_id == actor.pk
        for row in deployments
    )


def _named(findings: Findings, company: Company, at: datetime) -> Findings:
    """Each child of the incident by the name on record where none was typed."""
    today = local(at).date()
    shown = {row.person.reference: as_shown(row.person, today) for row in company.children}
    children = (
        row if row.name else replace(row, name=shown[row.person]) for row in findings.children
    )
    return replace(findings, children=tuple(children))


def _kept(
    incident: Incident,
    now: FirstResponse | None,
    actor: User,
    said: Said,
    protect: Person | None,
    at: datetime,
) -> FirstResponse:
    values = {**columns_of(said), "counter_protect": protect}
    if now is None:
        return FirstResponse.objects.create(
            incident=incident, officer=actor, recorded_at=at, **values
        )
    for name, value in values.items():
        setattr(now, name, value)
    now.version += 1
    now.save(update_fields=[*values, "version"])
    return now


def _keep_reason(incident: Incident, reason: str) -> None:
    if incident.non_crime_reason != reason:
        incident.non_crime_reason = reason
    changed(incident, "non_crime_reason")


def _is_the_same(before: Said, said: Said, incident: Incident, findings: Findings) -> bool:
    numbers = {crime.number for crime in findings.crimes if crime.number}
    return (
        _unordered(before) == _unordered(said)
        and incident.non_crime_reason == findings.non_crime_reason
        and numbers <= set(incident.crimes.values_list("number", flat=True))
    )


def _unordered(said: Said) -> Said:
    """The parties stand in the order of their roles, and a counter-allegation adds some."""
    return {**said, "parties": sorted(said["parties"], key=lambda row: str(row["person"]))}


def _stale(
    now: FirstResponse,
    before: Said,
    said: Said,
    incident: Incident,
    findings: Findings,
    company: Company,
) -> Stale:
    numbers = ", ".join(crime.number for crime in findings.crimes if crime.number)
    recorded = ", ".join(incident.crimes.order_by("pk").values_list("number", flat=True))
    return Stale(
        f"{now.officer} recorded a first response since you opened this page. Look at both, put "
        "into yours what belongs there, and record again.",
        theirs={
            **in_words(before, company.names),
            "crime_numbers": recorded,
            "non_crime_reason": incident.non_crime_reason,
        },
        yours={
            **in_words(said, company.names),
            "crime_numbers": numbers,
            "non_crime_reason": findings.non_crime_reason,
        },
        version=now.version,
    )


def _record(
    incident: Incident,
    response: FirstResponse,
    actor: User,
    at: datetime,
    before: Said | None,
    said: Said,
    aid: Aid | None,
    *,
    by_supervisor: bool,
) -> None:
    action = response.get_positive_action_display()
    action = "no positive action" if response.positive_action == "none" else action.lower()
    verb = "recorded" if before is None else "changed"
    differing = [name for name in said if before is not None and before[name] != said[name]]
    headline = f"First response {verb}{' by a supervisor' if by_supervisor else ''}: {action}"
    detail = {
        "version": response.version,
        "before": {name: before[name] for name in differing} if before else {},
        "after": {name: said[name] for name in differing},
    }
    if by_supervisor:
        detail["by_supervisor"] = True
    if aid is not None:
        detail["counter_aid"] = aid.as_detail()
    audit.record(
        actor=actor,
        at=at,
        verb=f"incident.first_response_{verb}",
        headline=headline,
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=response.positive_action == "arrest",
        detail=detail,
    )


def _add_crimes(
    incident: Incident, crimes: Sequence[CrimeNamed], actor: User, at: datetime
) -> None:
    for position, crime in enumerate(crimes):
        if crime.number:
            add_crime(
                incident,
                category=crime.category,
                number=crime.number,
                arrests=crime.arrests,
                field=f"crimes.{position}.number",
                actor=actor,
                at=at,
            )
