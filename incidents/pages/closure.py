"""The closing page of one incident: what is missing, what was answered, what is decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from deadlines.models import Deadline
from incidents import closing, closure_conditions, next_steps, panels
from incidents.beside import Beside, beside
from incidents.closure_conditions import Missing
from incidents.deadlines import CLOSURE_SIGN_OFF
from incidents.models import Closure, FirstResponse, Incident
from incidents.next_steps import NextStep
from incidents.permissions import may_attend, may_request_closure, may_sign_off

SUBJECT = "incidents.closure"
#: Of an inspector's words on the officers' home; the whole of them stands on the page.
WORDS_AT_HOME = 120


@dataclass(frozen=True)
class ClosurePage:
    """What the page shows to one reader."""

    #: The newest request, whatever became of it.
    newest: Closure | None
    answers: list[closing.Shown]
    clock: Deadline | None
    missing: list[Missing]
    earlier: list[Closure]
    may_ask: bool
    may_withdraw: bool
    may_decide: bool
    is_own: bool

    @property
    def waits(self) -> bool:
        return self.newest is not None and self.newest.decision == Closure.Decision.WAITING

    @property
    def was_refused(self) -> bool:
        return self.newest is not None and self.newest.decision == Closure.Decision.REFUSED


def closure_page(incident: Incident, reader: User, at: datetime) -> ClosurePage:
    """Read it for somebody who may see the incident and asks or decides."""
    people = ("requested_by", "answered_by", "decided_by")
    rows = list(incident.closures.select_related(*people).order_by("-requested_at", "-pk"))
    newest = rows[0] if rows else None
    waits = newest is not None and newest.decision == Closure.Decision.WAITING
    is_closed = incident.state == Incident.State.CLOSED
    is_own = newest is not None and reader.pk in (newest.requested_by_id, newest.answered_by_id)
    return ClosurePage(
        newest=newest,
        answers=list(closing.in_words(newest.answers)) if newest else [],
        clock=clocks_of([newest.pk]).get(newest.pk) if newest and waits else None,
        missing=[] if is_closed else closure_conditions.missing_of(incident, at),
        earlier=rows[1:],
        may_ask=may_request_closure(reader) and not waits and not is_closed,
        may_withdraw=waits and newest is not None and newest.requested_by_id == reader.pk,
        may_decide=waits and may_sign_off(reader) and not is_own,
        is_own=waits and may_sign_off(reader) and is_own,
    )


def decision_context(incident: Incident, reader: User, at: datetime) -> dict[str, Beside]:
    """What an inspector reads beside the answers."""
    return {"beside": beside(incident, reader, at)}


def clocks_of(closure_ids: Sequence[int]) -> dict[int, Deadline]:
    running = Deadline.objects.open().filter(
        kind=CLOSURE_SIGN_OFF, subject_type=SUBJECT, subject_id__in=closure_ids
    )
    return {row.subject_id: row for row in running}


def panel(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    """How far the closing of an incident is, for those who ask or decide; the words for all."""
    newest = (
        incident.closures.select_related("requested_by", "decided_by")
        .order_by("-requested_at", "-pk")
        .first()
    )
    may_open = may_request_closure(user) or may_sign_off(user)
    if newest is None and (not may_open or incident.state == Incident.State.OPEN):
        return None
    waits = newest is not None and newest.decision == Closure.Decision.WAITING
    return {
        "newest": newest,
        "incident": incident,
        "clock": clocks_of([newest.pk]).get(newest.pk) if newest and waits else None,
        "may_open": may_open,
        "may_decide": waits and may_sign_off(user),
    }


def closure_steps(officer: User, incidents: Sequence[Incident], at: datetime) -> Iterable[NextStep]:
    """Ask for closure once the first response is recorded; answer again what was refused."""
    if not (may_attend(officer) and may_request_closure(officer)):
        return
    not_closed = {row.pk: row for row in incidents if row.state == Incident.State.ATTENDED}
    newest = _newest_of(not_closed)
    recorded = FirstResponse.objects.filter(incident__in=not_closed, officer=officer)
    first_here = set(recorded.values_list("incident", flat=True))
    for pk, incident in not_closed.items():
        url = reverse("incidents:closure", args=[incident.reference])
        closure = newest.get(pk)
        if closure is not None and closure.decision == Closure.Decision.REFUSED:
            if officer.pk in (closure.requested_by_id, closure.answered_by_id):
                yield NextStep(pk, f"Closure refused: {_short(closure.words)}", url)
        elif pk in first_here and (
            closure is None or closure.decision == Closure.Decision.WITHDRAWN
        ):
            yield NextStep(pk, "Ask for closure", url)


def _newest_of(incident_ids: Iterable[int]) -> dict[int, Closure]:
    rows = Closure.objects.filter(incident__in=list(incident_ids)).order_by("requested_at", "pk")
    return {row.incident_id: row for row in rows}


def _short(words: str) -> str:
    return words if len(words) <= WORDS_AT_HOME else f"{words[: WORDS_AT_HOME - 1].rstrip()}…"


panels.register(60, "incidents/closure/panel.html", panel, slot="aside")
next_steps.register(60, closure_steps)
