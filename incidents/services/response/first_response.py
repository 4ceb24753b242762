"""The first response is recorded, or put right."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput, Stale
from incidents.events import FirstResponseRecorded
from incidents.models import FirstResponse, FirstResponseDraft, Incident
from incidents.permissions import may_attend
from incidents.services.response import crime_clock
from incidents.services.response.crimes import add_crime
from incidents.services.response.findings import (
    CrimeNamed,
    Findings,
    checked,
    in_words,
    record_fields,
)
from incidents.services.response.rows import changed, lock


@transaction.atomic
def record_first_response(
    *, incident_id: int, actor: User, findings: Findings, version: int, at: datetime
) -> FirstResponse:
    """Record what an officer did and found, or a new version of it.

    `version` is 0 for the first time, else the version that was read. Crimes with numbers are
    recorded too; one that has none yet starts the deadline for it. Sending the same again changes
    nothing. Raises PermissionDenied for anybody who was not there, InvalidInput at a field,
    AlreadyTaken for a crime number in use, Stale with both versions when somebody else was first.
    """
    incident = lock(incident_id)
    _guard(incident, actor)
    findings = checked(findings)
    if findings.crime_committed == "no" and incident.crimes.exists():
        raise InvalidInput(
            "A crime is recorded from this incident, so this cannot be no.", field="crime_committed"
        )
    now = FirstResponse.objects.filter(incident=incident).first()
    values = record_fields(findings)
    if now is not None and now.version != version:
        if _is_the_same(now, values, incident, findings):
            return now
        raise _stale(now, values, incident, findings)
    if now is None and version:
        raise DomainError("There is no first response to change yet.", field="version")
    before = _differing(now, values)
    response = _kept(incident, now, actor, values, at)
    if incident.non_crime_reason != findings.non_crime_reason:
        incident.non_crime_reason = findings.non_crime_reason
    changed(incident, "non_crime_reason")
    FirstResponseDraft.objects.filter(incident=incident, officer=actor).delete()
    _record(incident, response, actor, at, before)
    _add_crimes(incident, findings.crimes, actor, at)
    crime_clock.follow(incident, actor=actor, at=at)
    events.announce(FirstResponseRecorded(incident_id=incident.pk, actor=actor, at=at))
    return response


def _guard(incident: Incident, actor: User) -> None:
    deployment = incident.deployments.filter(officer=actor).first()
    if not may_attend(actor):
        raise PermissionDenied("Only officers who attend incidents record a first response.")
    if deployment is None:
        raise PermissionDenied("Only an officer who was there records the first response.")
    if deployment.arrived_at is None:
        raise DomainError("Say first that you have arrived, then record what you did and found.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Its first response cannot be changed.")


def _kept(
    incident: Incident, now: FirstResponse | None, actor: User, values: dict[str, Any], at: datetime
) -> FirstResponse:
    if now is None:
        return FirstResponse.objects.create(
            incident=incident, officer=actor, recorded_at=at, **values
        )
    for name, value in values.items():
        setattr(now, name, value)
    now.version += 1
    now.save(update_fields=[*values, "version"])
    return now


def columns(response: FirstResponse, names: Sequence[str] | dict[str, Any]) -> dict[str, Any]:
    """The values that are on record, by column."""
    return {name: getattr(response, name) for name in names}


def _is_the_same(
    now: FirstResponse, values: dict[str, Any], incident: Incident, findings: Findings
) -> bool:
    numbers = {crime.number for crime in findings.crimes if crime.number}
    return (
        columns(now, values) == values
        and incident.non_crime_reason == findings.non_crime_reason
        and numbers <= set(incident.crimes.values_list("number", flat=True))
    )


def _stale(
    now: FirstResponse, values: dict[str, Any], incident: Incident, findings: Findings
) -> Stale:
    numbers = ", ".join(crime.number for crime in findings.crimes if crime.number)
    recorded = ", ".join(incident.crimes.order_by("pk").values_list("number", flat=True))
    return Stale(
        f"{now.officer} recorded a first response since you opened this page. Look at both, put "
        "into yours what belongs there, and record again.",
        theirs={
            **in_words(columns(now, values)),
            "crime_numbers": recorded,
            "non_crime_reason": incident.non_crime_reason,
        },
        yours={
            **in_words(values),
            "crime_numbers": numbers,
            "non_crime_reason": findings.non_crime_reason,
        },
        version=now.version,
    )


def _differing(now: FirstResponse | None, values: dict[str, Any]) -> dict[str, Any]:
    if now is None:
        return {}
    return {name: old for name, old in columns(now, values).items() if old != values[name]}


def _record(
    incident: Incident, response: FirstResponse, actor: User, at: datetime, before: dict[str, Any]
) -> None:
    action = response.get_positive_action_display()
    action = "no positive action" if response.positive_action == "none" else action.lower()
    verb = "recorded" if response.version == 1 else "changed"
    audit.record(
        actor=actor,
        at=at,
        verb=f"incident.first_response_{verb}",
        headline=f"First response {verb}: {action}",
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=response.positive_action == "arrest",
        detail={
            "version": response.version,
            "before": before,
            "after": {name: getattr(response, name) for name in before},
        },
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
