"""Sending officers and reading their clocks, for the tests of dispatch."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from deadlines.models import Deadline
from incidents.models import Deployment, Incident
from incidents.services import response

People = Callable[[str], User]


def clock_of(kind: str, subject: Incident | Deployment) -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=subject.pk)


def send(row: Incident, people: People, *officers: str, at: datetime, **more: object) -> None:
    response.send_officers(
        incident_id=row.pk,
        officers=[people(name) for name in officers],
        actor=people("handler"),
        at=at,
        **more,  # type: ignore[arg-type]
    )
