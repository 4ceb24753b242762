"""Another call, or other news, about an incident that is still open: kept whole beside it.

The incident's own words stay as they were taken down. What the news changes is how soon somebody
must be there, which can only become sooner, and who is known to be part of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from accounts.models import Team, User
from audit.services import record
from core import events
from core.errors import DomainError, InvalidInput
from core.text import LONGEST_NARRATIVE, clean
from deadlines.models import Notification
from deadlines.services import notify
from incidents import permissions, questions
from incidents.events import FurtherCallRecorded, IncidentRegraded
from incidents.models import FurtherCall, Incident, Involvement, ResponseGrade
from incidents.services.calls import (
    CORRECTABLE,
    MOST_PEOPLE,
    NEEDS_DETAIL,
    CallDetails,
    check_received,
    checked_set_aside,
)
from incidents.services.drafts import make_draft, own_draft
from incidents.services.editing.raising import Weighed, raise_grade, weigh
from incidents.services.editing.watching import watch_attendance
from incidents.services.people import Cast, recognise, recorded
from victims.models import Address, Victim
from victims.services import Responsible, address_for
from victims.telephones import e164

#: Of what a call holds, what the news keeps in columns of its own.
TEXTS = ("narrative", "caller_name", "safe_callback", "verbatim", "background", "source_detail")
#: What belongs to the incident: filled in where it was not known, else kept among the words.
OF_INCIDENT = {"language": "Language", "communication_needs": "Help to be understood"}


@dataclass(frozen=True)
class _Checked:
    """The news, once every text has been checked."""

    texts: dict[str, str]
    of_incident: dict[str, str]
    number: str
    answers: dict[str, str]


@transaction.atomic
def add_further_call(
    *,
    incident_id: int,
    actor: User,
    at: datetime,
    call: CallDetails,
    draft_key: UUID | None = None,
) -> FurtherCall:
    """Keep another call about an open incident beside it, whole.

    The same `draft_key` gives the same further call, however often and on however many connections
    it is sent. Its answers go before the earlier ones for grading alone; the incident's grade may
    only rise, and whoever is on the way is told. People who are named are added to the incident:
    those on record where they were chosen, others as new. Raises PermissionDenied outside the
    control room, DomainError once the incident is closed or where the draft became something else,
    InvalidInput at the field that is wrong, as `log_call` does; then nothing is written.
    """
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room takes further calls down.")
    draft_id, taken = _locked_draft(draft_key, incident_id, actor, call.received_at, at)
    if taken is not None:
        return taken
    incident = _lock(incident_id)
    if incident.state == Incident.State.CLOSED:
        raise DomainError(
            f"{incident.reference} is closed, so nothing is added to it. "
            "Log this as a new call, then link the two on its page."
        )
    checked = _check(call, at)
    place = _place(call, incident)
    cast = _cast(incident, call, checked.number, place or incident.address, actor, at)
    extra = _filled_in(incident, checked, place)
    further = _kept(incident, call, checked, extra.words, draft_id, actor, at)
    _join(incident, cast)
    weighed = weigh(incident, call, reader=actor, at=at)
    before = {"grade": incident.grade, "not_sent_reason": incident.not_sent_reason}
    is_raised = weighed.raises(incident)
    _save(incident, further, weighed, extra.fields, is_raised=is_raised, at=at)
    _record(incident, further, weighed, before, cast, call, actor, at)
    _tell_officers(incident, is_raised=is_raised, at=at)
    events.announce(
        FurtherCallRecorded(further_call_id=further.pk, incident_id=incident.pk, actor=actor, at=at)
    )
    if is_raised:
        watch_attendance(incident, actor=actor, at=at)
        events.announce(
            IncidentRegraded(
                incident_id=incident.pk,
                before=before["grade"],
                after=incident.grade,
                actor=actor,
                at=at,
            )
        )
    return further


def _locked_draft(
    key: UUID | None, incident_id: int, handler: User, answered_at: datetime, at: datetime
) -> tuple[int | None, FurtherCall | None]:
    """The draft's number, and the further call that it became; the second of two waits here."""
    if key is None:
        return None, None
    if made := make_draft(key=key, handler=handler, answered_at=answered_at, at=at):
        return made, None
    draft = own_draft(key, handler)
    if draft.discarded_at:
        raise DomainError("This draft was discarded. Start again.")
    if logged := Incident.objects.filter(draft=draft).first():
        raise DomainError(
            f"This call is logged as {logged.reference}. Link the two on its page instead."
        )
    taken = FurtherCall.objects.select_related("incident").filter(draft=draft).first()
    if taken is not None and taken.incident_id != incident_id:
        raise DomainError(f"This call was added to {taken.incident.reference} already.")
    return draft.pk, taken


def _lock(incident_id: int) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("address", "area")
    return rows.get(pk=incident_id)


def _check(call: CallDetails, at: datetime) -> _Checked:
    check_received(call.received_at, at)
    checked_set_aside(call.set_aside)
    for name, choices in (("source", Incident.Source), ("caller_is", Incident.CallerIs)):
        if getattr(call, name) not in choices.values:
            raise InvalidInput(f"Choose one of: {', '.join(choices.values)}.", field=name)
    if len(call.people) > MOST_PEOPLE:
        raise InvalidInput(f"At most {MOST_PEOPLE} people.", field="people")
    texts = {name: _text(call, name) for name in TEXTS}
    if call.source in NEEDS_DETAIL and not texts["source_detail"]:
        raise InvalidInput(NEEDS_DETAIL[call.source], field="source_detail")
    return _Checked(
        texts=texts,
        of_incident={name: _text(call, name) for name in OF_INCIDENT},
        number=e164(call.caller_number, field="caller_number"),
        answers=questions.checked(call.answers),
    )


def _text(call: CallDetails, name: str) -> str:
    longest = CORRECTABLE[name]
    return clean(getattr(call, name), field=name, longest=longest, required=name == "narrative")


def _place(call: CallDetails, incident: Incident) -> Address | None:
    """Where the news says that it is, if it says so."""
    if not (call.address_line.strip() or call.postcode.strip() or call.uprn.strip()):
        return None
    try:
        return address_for(
            line=call.address_line, postcode=call.postcode, uprn=call.uprn, area=incident.area
        )
    except InvalidInput as error:
        error.field = {"line": "address_line"}.get(error.field or "", error.field)
        raise


@dataclass(frozen=True)
class _Extra:
    """What was not known of the incident and now is; what differs from it, in words."""

    fields: list[str]
    words: list[str]


def _filled_in(incident: Incident, checked: _Checked, place: Address | None) -> _Extra:
    """Fill in what the incident did not know. What it knew otherwise stays, and nothing is lost:
    the news says it in a sentence of its own."""
    said: dict[str, tuple[Any, str, str]] = {
        name: (text, OF_INCIDENT[name], text) for name, text in checked.of_incident.items()
    }
    said["address"] = (place, "Said to be at", str(place or ""))
    extra = _Extra([], [])
    for name, (value, label, words) in said.items():
        known = getattr(incident, name)
        if not value or value == known:
            continue
        if known:
            extra.words.append(f"{label}: {words}")
        else:
            setattr(incident, name, value)
            extra.fields.append(name)
    return extra


def _cast(
    incident: Incident,
    call: CallDetails,
    number: str,
    place: Address | None,
    actor: User,
    at: datetime,
) -> Cast:
    """Everybody whom the news names, those who are new recorded."""
    company = recognise(
        call.people,
        caller_is=call.caller_is,
        caller_number=number,
        address=place,
        actor=actor,
        at=at,
    )
    if not company.rows:
        return Cast(())
    return recorded(
        company,
        actor=actor,
        at=at,
        responsible=Responsible(
            _team_for(incident, actor), incident.area, last_incident_at=incident.received_at
        ),
    )


def _team_for(incident: Incident, actor: User) -> Team:
    """Who answers for a new victim: the area's response team, any other, else our own."""
    responding = Team.objects.filter(kind=Team.Kind.RESPONSE).order_by("pk")
    here = responding.filter(area=incident.area_id).first() if incident.area_id else None
    team = here or responding.first() or actor.team
    if team is None:
        raise InvalidInput("No response team covers this area yet.", field="area")
    return team


def _kept(
    incident: Incident,
    call: CallDetails,
    checked: _Checked,
    extra: list[str],
    draft_id: int | None,
    actor: User,
    at: datetime,
) -> FurtherCall:
    narrative = "\n".join([checked.texts["narrative"], *extra])
    if len(narrative) > LONGEST_NARRATIVE:
        raise InvalidInput("This is longer than a call can hold. Shorten it.", field="narrative")
    return FurtherCall.objects.create(
        incident=incident,
        draft_id=draft_id,
        source=call.source,
        received_at=call.received_at,
        recorded_at=at,
        recorded_by=actor,
        caller_number=checked.number,
        caller_is=call.caller_is,
        **{**checked.texts, "narrative": narrative},
        call_dropped=call.call_dropped,
        answers=checked.answers,
        grade_before=incident.grade,
        grade_after=incident.grade,
    )


def _save(
    incident: Incident,
    further: FurtherCall,
    weighed: Weighed,
    fields: list[str],
    *,
    is_raised: bool,
    at: datetime,
) -> None:
    """Save what the news changed of the incident, where it changed anything."""
    if is_raised:
        fields = [*fields, *raise_grade(incident, weighed, at=at)]
        further.grade_after = incident.grade
        further.save(update_fields=["grade_after"])
    if fields:
        incident.version += 1
        incident.save(update_fields=[*fields, "version"])


def _join(incident: Incident, cast: Cast) -> None:
    """Add whoever is not part of the incident yet in the role that was named."""
    if not cast.parts:
        return
    there = set(incident.involvements.values_list("person", "role"))
    rows = [row for row in cast.involvements(incident) if (row.person_id, row.role) not in there]
    Involvement.objects.bulk_create(rows)
    joined = {row.victim_id for row in rows if row.victim_id}
    Victim.objects.filter(pk__in=joined & set(cast.known_victim_ids)).update(
        last_incident_at=Greatest(
            Coalesce("last_incident_at", incident.received_at), incident.received_at
        )
    )


def _record(
    incident: Incident,
    further: FurtherCall,
    weighed: Weighed,
    before: dict[str, str],
    cast: Cast,
    call: CallDetails,
    actor: User,
    at: datetime,
) -> None:
    is_raised = further.grade_after != further.grade_before
    detail: dict[str, Any] = {
        "further_call": further.pk,
        "suggested": weighed.suggestion.grade.value,
        "reasons": list(weighed.suggestion.reasons),
        "before": before,
        "grade": incident.grade,
        "people": cast.headlines,
    }
    if weighed.words:
        detail["chosen"] = {"grade": weighed.grade.value, "words": weighed.words}
    if call.set_aside:
        detail["set_aside"] = list(call.set_aside)
    record(
        actor=actor,
        at=at,
        verb="incident.further_call",
        subject=incident.reference,
        headline=_headline(further, before, is_raised=is_raised),
        incident_id=incident.pk,
        detail=detail,
        is_grave=is_raised and incident.grade == ResponseGrade.IMMEDIATE,
    )


def _headline(further: FurtherCall, before: dict[str, str], *, is_raised: bool) -> str:
    words = f"Further call from {further.get_caller_is_display()}"
    if not is_raised:
        return words
    words += f", grade raised from {further.grade_before} to {further.grade_after}"
    return words + ("; somebody is to be sent after all" if before["not_sent_reason"] else "")


def _tell_officers(incident: Incident, *, is_raised: bool, at: datetime) -> None:
    """Whoever was sent and is not free yet; the words of the call stay on our own pages."""
    sent = incident.deployments.filter(cleared_at__isnull=True).select_related("officer")
    notify(
        users=[row.officer for row in sent],
        level=Notification.Level.WARNING if is_raised else Notification.Level.INFORMATION,
        headline=f"News of {incident.reference}: read the briefing again",
        reference=incident.reference,
        path=reverse("incidents:briefing", args=[incident.reference]),
        victim_id=None,
        at=at,
    )
