"""Who was sent to an incident and where each of them is, for its page and the board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels
from incidents.models import Deployment, Incident
from incidents.officers import not_free
from incidents.permissions import may_send_officers
from incidents.services.response.arrival_clock import late_words


@dataclass(frozen=True)
class Sent:
    """One officer's way to an incident, in words."""

    row: Deployment

    @property
    def is_on_the_way(self) -> bool:
        return self.row.arrived_at is None and self.row.cleared_at is None

    @property
    def is_there(self) -> bool:
        return self.row.arrived_at is not None and self.row.cleared_at is None

    @property
    def was_stood_down(self) -> bool:
        return self.row.arrived_at is None and self.row.cleared_at is not None

    @property
    def late(self) -> str:
        """How late they came; against the incident's target where they sent themselves."""
        due = self.row.arrive_by or self.row.incident.attend_by
        return late_words(self.row.arrived_at, due)


def sent_to(incident: Incident) -> list[Sent]:
    """Everybody sent, first sent first; one query."""
    rows = incident.deployments.select_related("officer", "unit", "sent_by").order_by("pk")
    return [Sent(row) for row in _of(incident, rows)]


def _of(incident: Incident, rows: Iterable[Deployment]) -> Iterable[Deployment]:
    for row in rows:
        row.incident = incident
        yield row


def sent_elsewhere_too(incident: Incident, sent: Sequence[Deployment], at: datetime) -> list[str]:
    """Sentences about those who are on the way to something else, or at it; one query."""
    officers = {row.officer_id: row.officer for row in sent}
    others = not_free(at).filter(officer__in=officers).exclude(incident=incident)
    return [
        f"{officers[row.officer_id]} is also {'at' if row.arrived_at else 'on the way to'} "
        f"{row.incident.reference}."
        for row in others
    ]


def _panel(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    sent = sent_to(incident)
    may_send = may_send_officers(reader) and incident.state != Incident.State.CLOSED
    if not (sent or incident.not_sent_reason or may_send):
        return None
    return {
        "sent": sent,
        "incident": incident,
        "now": at,
        "may_send": may_send,
        "may_send_nobody": may_send
        and incident.state == Incident.State.OPEN
        and not any(one.is_on_the_way for one in sent),
        "own": reader.pk,
    }


panels.register(20, "incidents/dispatch/_sent.html", _panel, slot="aside_top")
