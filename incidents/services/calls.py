"""Logging a call: one transaction from what was typed to an incident with its people and grade."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Area, Team, User
from audit.services import record
from core import events, policy, references
from core.errors import DomainError, InvalidInput
from core.policy import ForcePolicy
from core.text import LONGEST_NARRATIVE, clean
from incidents import grading, history, permissions, questions
from incidents.events import IncidentLogged
from incidents.grading import Suggestion
from incidents.models import Incident, Involvement, ResponseGrade
from incidents.services.drafts import make_draft, own_draft
from incidents.services.people import PersonInCall, recognise, recorded
from victims.models import Address, Victim
from victims.services import Responsible, address_for
from victims.telephones import e164

#: A terminal's clock may run this far ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)
MOST_PEOPLE = 20
LONGEST_REASON = 2_000

#: Fields of an incident that may be put right later, with the most characters of each.
CORRECTABLE = {
    "narrative": LONGEST_NARRATIVE,
    "caller_name": 120,
    "safe_callback": 200,
    "language": 60,
}


@dataclass(frozen=True)
class CallDetails:
    """A call as taken down. Texts are as typed; `log_call` checks all of them.

    `grade` is blank to take the suggestion; another grade needs `grade_override_reason`.
    `answers` maps question codes to answer codes. `area_id` decides the response team.
    """

    received_at: datetime
    narrative: str
    source: str = Incident.Source.EMERGENCY
    caller_name: str = ""
    caller_number: str = ""
    caller_is: str = Incident.CallerIs.VICTIM
    safe_callback: str = ""
    language: str = ""
    address_line: str = ""
    postcode: str = ""
    uprn: str = ""
    area_id: int | None = None
    call_dropped: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    grade: str = ""
    grade_override_reason: str = ""
    people: tuple[PersonInCall, ...] = ()


@dataclass(frozen=True)
class _Checked:
    """What the incident row will hold, once every text has been checked."""

    texts: dict[str, str]
    number: str
    answers: dict[str, str]
    area: Area | None
    #: The area's response team, where it has one.
    team: Team | None


@transaction.atomic
def log_call(
    *, actor: User, at: datetime, call: CallDetails, draft_key: UUID | None = None
) -> Incident:
    """Log a call as an incident, with its people, victims, grade and history count.

    The same `draft_key` gives the same incident, however often and on however many connections it
    is sent. Raises PermissionDenied without `incidents.log_call`, InvalidInput at the field that is
    wrong (people as `people.<row>.<field>`); then nothing is written.
    """
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room logs calls.")
    draft_id, logged = _locked_draft(draft_key, handler=actor, answered_at=call.received_at, at=at)
    if logged:
        return logged
    checked = _check(call, at)
    address = _address(call, checked.area)
    rules = policy.at(at)
    known = history.look_up(clues=clues_of(call, checked.number), at=at, reader=actor, policy=rules)
    rural = bool(checked.area and checked.area.is_rural)
    suggestion = grading.suggest(
        checked.answers, known.facts, rules, call_dropped=call.call_dropped, rural=rural
    )
    grade, words = _chosen(call, suggestion)
    team = checked.team or _any_team(actor)
    company = recognise(
        call.people,
        caller_is=call.caller_is,
        caller_number=checked.number,
        address=address,
        actor=actor,
        at=at,
    )
    reference, *of_people = references.take_each(
        [references.Kind.INCIDENT, *company.references], at
    )
    people = recorded(
        company,
        references=of_people,
        actor=actor,
        at=at,
        responsible=Responsible(team, checked.area, last_incident_at=call.received_at),
    )
    incident = Incident.objects.create(
        reference=reference,
        draft_id=draft_id,
        source=call.source,
        received_at=call.received_at,
        logged_at=at,
        logged_by=actor,
        caller_number=checked.number,
        caller_is=call.caller_is,
        address=address,
        area=checked.area,
        **checked.texts,
        call_dropped=call.call_dropped,
        answers=checked.answers,
        suggested_grade=suggestion.grade,
        suggested_reasons=list(suggestion.reasons),
        grade=grade,
        grade_override_reason=words,
        officers_advised=suggestion.officers,
        attend_by=grading.attend_by(grade, rules, rural=rural, received_at=call.received_at),
        earlier_in_year=history.earlier_of(
            person_ids=people.parties, months=rules.repeat_months, before=call.received_at
        ),
    )
    Involvement.objects.bulk_create(people.involvements(incident))
    if people.known_victim_ids:
        Victim.objects.filter(pk__in=people.known_victim_ids).update(
            last_incident_at=Greatest(
                Coalesce("last_incident_at", call.received_at), call.received_at
            )
        )
    _record_logged(incident, suggestion, people.headlines, actor=actor, at=at)
    events.announce(
        IncidentLogged(incident_id=incident.pk, victim_ids=people.victim_ids, actor=actor, at=at)
    )
    return incident


def suggest_for(
    call: CallDetails, *, known: history.History, rules: ForcePolicy, rural: bool
) -> Suggestion:
    """The suggestion while the call is still being typed: unknown answers are left out."""
    answers = {
        code: answer
        for code, answer in call.answers.items()
        if code in questions.BY_CODE
        and answer in {option.code for option in questions.BY_CODE[code].answers}
    }
    return grading.suggest(answers, known.facts, rules, call_dropped=call.call_dropped, rural=rural)


def clues_of(call: CallDetails, number: str) -> history.Clues:
    """What a call gives the history look-up to go by. `number` in E.164 or blank."""
    return history.Clues(
        number=number,
        address_line=call.address_line,
        postcode=call.postcode,
        uprn=call.uprn,
        names=tuple(
            history.NameClue(person.given_name, person.family_name, person.date_of_birth)
            for person in call.people
            if person.person_id is None and (person.given_name or person.family_name)
        )
        + history.name_of_caller(call.caller_name),
        person_ids=tuple(person.person_id for person in call.people if person.person_id),
    )


def _locked_draft(
    key: UUID | None, *, handler: User, answered_at: datetime, at: datetime
) -> tuple[int | None, Incident | None]:
    """The draft's number, and the incident that it has become; the second of two waits here."""
    if key is None:
        return None, None
    if made := make_draft(key=key, handler=handler, answered_at=answered_at, at=at):
        return made, None
    draft = own_draft(key, handler)
    if draft.discarded_at:
        raise DomainError("This draft was discarded. Start a new call.")
    return draft.pk, Incident.objects.filter(draft=draft).first()


def _check(call: CallDetails, at: datetime) -> _Checked:
    if call.received_at > at + CLOCK_SKEW:
        raise InvalidInput("A call cannot have been received in the future.", field="received_at")
    for name, choices in (("source", Incident.Source), ("caller_is", Incident.CallerIs)):
        if getattr(call, name) not in choices.values:
            raise InvalidInput(f"Choose one of: {', '.join(choices.values)}.", field=name)
    if len(call.people) > MOST_PEOPLE:
        raise InvalidInput(f"At most {MOST_PEOPLE} people.", field="people")
    texts = {
        name: clean(getattr(call, name), field=name, longest=longest, required=name == "narrative")
        for name, longest in CORRECTABLE.items()
    }
    number = e164(call.caller_number, field="caller_number")
    answers = questions.checked(call.answers)
    area, team = _area(call.area_id)
    return _Checked(texts=texts, number=number, answers=answers, area=area, team=team)


def _area(area_id: int | None) -> tuple[Area | None, Team | None]:
    """The area and its response team, where it has one."""
    if area_id is None:
        return None, None
    responding = Team.objects.filter(kind=Team.Kind.RESPONSE, area=area_id)
    team = responding.select_related("area").order_by("pk").first()
    if team is not None:
        return team.area, team
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise InvalidInput("There is no such area.", field="area")
    return area, None


def _address(call: CallDetails, area: Area | None) -> Address | None:
    if not (call.address_line.strip() or call.postcode.strip() or call.uprn.strip()):
        return None
    try:
        return address_for(
            line=call.address_line, postcode=call.postcode, uprn=call.uprn, area=area
        )
    except InvalidInput as error:
        if error.field == "line":
            error.field = "address_line"
        raise


def _chosen(call: CallDetails, suggestion: Suggestion) -> tuple[str, str]:
    """The grade that counts and the words for it, blank where the suggestion was taken."""
    if not call.grade or call.grade == suggestion.grade:
        return suggestion.grade, ""
    if call.grade not in ResponseGrade.values:
        raise InvalidInput("There is no such grade.", field="grade")
    words = clean(call.grade_override_reason, field="grade_override_reason", longest=LONGEST_REASON)
    if not words:
        raise InvalidInput(
            f"The suggestion is {suggestion.grade}. Say why you choose {call.grade}.",
            field="grade_override_reason",
        )
    return call.grade, words


def _any_team(actor: User) -> Team:
    """Who answers for a new victim where the area has no response team: any, else our own."""
    team = Team.objects.filter(kind=Team.Kind.RESPONSE).order_by("pk").first() or actor.team
    if team is None:
        raise InvalidInput("No response team covers this area yet.", field="area")
    return team


def _record_logged(
    incident: Incident, suggestion: Suggestion, people: list[str], *, actor: User, at: datetime
) -> None:
    overridden = incident.grade_is_overridden
    detail: dict[str, Any] = {
        "suggested": suggestion.grade.value,
        "reasons": list(suggestion.reasons),
        "grade": incident.grade,
        "people": people,
    }
    if overridden:
        detail["override"] = incident.grade_override_reason
    record(
        actor=actor,
        at=at,
        verb="incident.logged",
        subject=incident.reference,
        headline=f"Call logged, {incident.get_grade_display().lower()}"
        + (f" instead of {suggestion.grade}" if overridden else ""),
        incident_id=incident.pk,
        detail=detail,
        is_grave=incident.grade == ResponseGrade.IMMEDIATE,
    )
