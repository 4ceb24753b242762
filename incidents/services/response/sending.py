"""Officers are sent."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from core.text import clean
from incidents.events import OfficerSent
from incidents.models import Deployment, Incident
from incidents.officers import those_who_may_attend
from incidents.permissions import may_send_officers
from incidents.services.response.rows import changed, lock

LONGEST_REASON = 200

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@transaction.atomic
def send_officers(
    *,
    incident_id: int,
    officers: Sequence[User],
    actor: User,
    at: datetime,
    fewer_reason: str = "",
) -> list[Deployment]:
    """Send officers to an incident; those already sent stay sent and are not sent again.

    Two officers are advised, so that the people can be spoken to apart (inspection report); with
    fewer in all, `fewer_reason` says why and stands in the timeline. Gives the new deployments.
    Raises PermissionDenied; DomainError when the incident is closed; InvalidInput at `officers`
    or `fewer_reason`.
    """
    incident = lock(incident_id)
    if not may_send_officers(actor):
        raise PermissionDenied("Only the control room sends officers.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Nobody can be sent to it.")
    already = set(incident.deployments.values_list("officer_id", flat=True))
    new = _checked(officers, already)
    if not new:
        return []
    reason = _reason(fewer_reason, len(already) + len(new), incident.officers_advised)
    deployments = [
        Deployment.objects.create(incident=incident, officer=officer, sent_at=at, sent_by=actor)
        for officer in new
    ]
    if incident.state == Incident.State.OPEN:
        incident.state = Incident.State.SENT
        changed(incident, "state")
    audit.record(
        actor=actor,
        at=at,
        verb="incident.officers_sent",
        headline=_headline(new, reason),
        subject=incident.reference,
        incident_id=incident.pk,
        detail={"officers": [str(officer) for officer in new], "fewer_reason": reason},
    )
    for officer in new:
        events.announce(OfficerSent(incident_id=incident.pk, officer=officer, actor=actor, at=at))
    return deployments


def _checked(officers: Sequence[User], already: set[int]) -> list[User]:
    """Those to send now, in the order given. Raises InvalidInput for nobody and for an outsider."""
    if not officers:
        raise InvalidInput("Choose who is sent.", field="officers")
    new = {officer.pk: officer for officer in officers if officer.pk not in already}
    able = set(those_who_may_attend().filter(pk__in=new).values_list("pk", flat=True))
    for officer in new.values():
        if officer.pk not in able:
            raise InvalidInput(f"{officer} does not attend incidents.", field="officers")
    return list(new.values())


def _reason(typed: str, number: int, advised: int) -> str:
    reason = clean(typed, field="fewer_reason", longest=LONGEST_REASON)
    if number >= advised:
        return ""
    if not reason:
        raise InvalidInput(
            f"{_NUMBERS[min(advised, 10)]} officers are advised, so that the people can be spoken "
            "to apart. Say why fewer are sent.",
            field="fewer_reason",
        )
    return reason


def _headline(officers: Sequence[User], reason: str) -> str:
    number = len(officers)
    counted = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    words = f"{counted} officer{'' if number == 1 else 's'} sent"
    return f"{words}: {reason}" if reason else words
