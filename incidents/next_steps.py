"""What an officer does next about each incident: this app's own steps, and those of higher apps.

A higher app registers a provider in its `apps.ready()`; each provider is asked once for all the
incidents of a page, so that the page's queries do not grow with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from deadlines.models import Deadline
from incidents.deadlines import CRIME_RECORDED, SUBJECT
from incidents.models import Deployment, FirstResponse, Incident


@dataclass(frozen=True)
class NextStep:
    """One thing to do: where, by when, and since when its time runs.

    `by_post` means that the address is a button's (it does something), not a page's.
    """

    incident_id: int
    words: str
    url: str
    due_at: datetime | None = None
    started_at: datetime | None = None
    by_post: bool = False


#: (officer, incidents of the page, at) to steps.
Provider = Callable[[User, Sequence[Incident], datetime], Iterable[NextStep]]

_providers: dict[str, tuple[int, Provider]] = {}


def register(order: int, provider: Provider) -> None:
    """Add steps to the officers' home; lower orders stand first."""
    _providers[f"{provider.__module__}.{provider.__qualname__}"] = (order, provider)


def steps_for(
    officer: User, incidents: Sequence[Incident], at: datetime
) -> dict[int, list[NextStep]]:
    """Incident id to the steps that wait for this officer, first things first."""
    steps: dict[int, list[NextStep]] = {incident.pk: [] for incident in incidents}
    for _, provider in sorted(_providers.values(), key=lambda row: row[0]):
        for step in provider(officer, incidents, at):
            steps[step.incident_id].append(step)
    return steps


def response_steps(
    officer: User, incidents: Sequence[Incident], at: datetime
) -> Iterable[NextStep]:
    """Read the briefing, arrive, record the first response, be free; give the crime its number."""
    ids = [incident.pk for incident in incidents]
    own = {
        row.incident_id: row for row in Deployment.objects.filter(officer=officer, incident__in=ids)
    }
    recorded = set(
        FirstResponse.objects.filter(incident__in=ids).values_list("incident", flat=True)
    )
    owed = {
        row.subject_id: row
        for row in Deadline.objects.filter(
            kind=CRIME_RECORDED,
            subject_type=SUBJECT,
            subject_id__in=ids,
            owner=officer,
            state__in=Deadline.OPEN,
        )
    }
    for incident in incidents:
        if incident.state == Incident.State.CLOSED:
            continue
        if deployment := own.get(incident.pk):
            yield from _on_the_way(
                incident, deployment, officer, is_recorded=incident.pk in recorded
            )
        if deadline := owed.get(incident.pk):
            yield NextStep(
                incident.pk,
                "Give the crime its number",
                _url("detail", incident) + "#crimes",
                due_at=deadline.due_at,
                started_at=deadline.started_at,
            )


def _on_the_way(
    incident: Incident, deployment: Deployment, officer: User, *, is_recorded: bool
) -> Iterable[NextStep]:
    due = deployment.arrive_by or incident.attend_by
    if deployment.arrived_at is None and deployment.cleared_at is not None:
        return
    if deployment.arrived_at is None:
        if deployment.briefing_read_at is None:
            yield NextStep(
                incident.pk,
                "Read the briefing",
                _url("briefing", incident),
                due_at=due,
                started_at=deployment.sent_at,
            )
        if not is_recorded:
            yield NextStep(
                incident.pk,
                "I have arrived",
                _url("arrived", incident),
                due_at=due,
                started_at=deployment.sent_at,
                by_post=True,
            )
    elif not is_recorded:
        yield NextStep(incident.pk, "Record the first response", _url("first_response", incident))
    elif deployment.cleared_at is None:
        yield NextStep(
            incident.pk,
            "I am free",
            reverse("incidents:clear", args=[incident.reference, officer.username]),
            by_post=True,
        )


def _url(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference])


register(10, response_steps)
