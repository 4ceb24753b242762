"""Logging a call: one transaction from what was typed to an incident with its people and grade."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from accounts.areas import with_response
from accounts.models import Area, Team, User
from audit.models import AuditEvent
from audit.services import event
from core import events, policy, references
from core.errors import DomainError, InvalidInput
from core.policy import ForcePolicy
from core.text import LONGEST_NARRATIVE, clean
from core.writing import write_together
from deadlines.services import to_start
from incidents import grading, history, permissions, questions
from incidents.deadlines import ATTENDANCE
from incidents.events import IncidentLogged
from incidents.grading import Suggestion
from incidents.models import Incident, ResponseGrade
from incidents.services.drafts import make_draft, own_draft, refuse_added
from incidents.services.people import PersonInCall, cast_of, recognise
from incidents.services.withheld import joined
from victims.models import Address, Victim
from victims.services import Responsible, address_for
from victims.telephones import e164

#: A terminal's clock may run this far ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)
#: No force's register of calls goes back further; clocks and calendars end at the year 1.
EARLIEST_YEAR = 1970
MOST_PEOPLE = 20
LONGEST_REASON = 2_000
#: An appointment further ahead than this is no answer to a call.
FURTHEST_APPOINTMENT = timedelta(days=14)
MOST_SET_ASIDE = 50
_SET_ASIDE = re.compile(r"(person:P|incident:DA)-\d{4}-\d{6,9}")

#: Fields of an incident that may be put right later, with the most characters of each.
CORRECTABLE = {
    "narrative": LONGEST_NARRATIVE,
    "caller_name": 120,
    "safe_callback": 200,
    "language": 60,
    "communication_needs": 200,
    "source_detail": 120,
    "verbatim": 20_000,
    "background": 500,
}

#: Ways in that say too little without who it was.
NEEDS_DETAIL = {
    Incident.Source.AGENCY.value: "Say which agency, and who spoke for it.",
    Incident.Source.PATROL.value: "Say which officer: name and number.",
}


@dataclass(frozen=True)
class CallDetails:
    """A call as taken down. Texts are as typed; `log_call` checks all of them.

    `grade` is blank to take the suggestion, which a dropped call may not; another grade than the
    suggestion needs `grade_override_reason`. `appointment_at` is the time agreed with the caller,
    and counts where the grade is appointment. `answers` maps question codes to answer codes.
    `area_id` decides the response team. `set_aside` names earlier matches that are not meant:
    "person:P-…", "incident:DA-…". `source_detail` says which agency, counter, website or officer.
    """

    received_at: datetime
    narrative: str
    source: str = Incident.Source.EMERGENCY
    source_detail: str = ""
    caller_name: str = ""
    caller_number: str = ""
    caller_is: str = Incident.CallerIs.VICTIM
    safe_callback: str = ""
    language: str = ""
    communication_needs: str = ""
    verbatim: str = ""
    background: str = ""
    address_line: str = ""
    postcode: str = ""
    uprn: str = ""
    area_id: int | None = None
    call_dropped: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    grade: str = ""
    grade_override_reason: str = ""
    appointment_at: datetime | None = None
    people: tuple[PersonInCall, ...] = ()
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Checked:
    """What the incident row will hold, once every text has been checked."""

    texts: dict[str, str]
    number: str
    answers: dict[str, str]
    area: Area | None
    #: The area's response team, where it has one.
    team: Team | None
    set_aside: list[str]


@transaction.atomic
def log_call(
    *, actor: User, at: datetime, call: CallDetails, draft_key: UUID | None = None
) -> Incident:
    """Log a call as an incident, with its people, victims, grade and history count.

    From now on the arrival of somebody is watched. The same `draft_key` gives the same incident,
    however often and on however many connections it is sent. Raises PermissionDenied without
    `incidents.log_call`, InvalidInput at the field that is wrong (people as `people.<row>.<field>`,
    and `grade` where a call dropped and nobody chose one); then nothing is written.
    """
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room logs calls.")
    draft_id, already = _locked_draft(draft_key, handler=actor, answered_at=call.received_at, at=at)
    if already:
        return already
    checked = _check(call, at)
    address = _address(call, checked.area)
    rules = policy.at(at)
    clues = clues_of(call, checked.number)
    facts = history.facts_of(clues=clues, at=at, reader=actor, policy=rules)
    rural = bool(checked.area and checked.area.is_rural)
    suggestion = grading.suggest(
        checked.answers, facts, rules, call_dropped=call.call_dropped, rural=rural
    )
    grade, words = _chosen(call, suggestion)
    attend_by = grading.attend_by(
        grade,
        rules,
        rural=rural,
        received_at=call.received_at,
        appointment_at=appointment_of(call.appointment_at, grade=grade, at=at),
    )
    team = checked.team or _any_team(actor)
    company = recognise(
        joined(call.people, number=checked.number, address=address, actor=actor),
        caller_is=call.caller_is,
        caller_number=checked.number,
        address=address,
        actor=actor,
        at=at,
    )
    place, *of_people = references.reserve(
        [(references.Kind.INCIDENT, Incident), *company.places], at
    )
    people, newly_recorded = cast_of(
        company,
        places=of_people,
        actor=actor,
        at=at,
        responsible=Responsible(team, checked.area, last_incident_at=call.received_at),
    )
    incident = Incident(
        pk=place.pk,
        reference=place.reference,
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
        attend_by=attend_by,
        set_aside=checked.set_aside,
        earlier_in_year=history.earlier_of(
            person_ids=people.parties, months=rules.repeat_months, before=call.received_at
        ),
    )
    attendance, watched = to_start(
        kind=ATTENDANCE,
        subject=incident,
        reference=incident.reference,
        victim_id=next(iter(people.victim_ids), None),
        team_id=actor.team_id,
        started_at=attend_by,
        actor=actor,
        at=at,
        rules=rules,
    )
    logged = _logged(incident, suggestion, people.headlines, actor=actor, at=at)
    write_together(
        [
            *newly_recorded,
            incident,
            *people.involvements(incident),
            attendance,
            logged,
            watched,
        ]
    )
    if people.known_victim_ids:
        Victim.objects.filter(pk__in=people.known_victim_ids).update(
            last_incident_at=Greatest(
                Coalesce("last_incident_at", call.received_at), call.received_at
            )
        )
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
        set_aside=frozenset(call.set_aside),
    )


def appointment_of(appointment_at: datetime | None, *, grade: str, at: datetime) -> datetime | None:
    """The time agreed with the caller, where the grade is an appointment.

    Raises InvalidInput at `appointment_at` for one that lies in the past or too far ahead.
    """
    if appointment_at is None or grade != ResponseGrade.APPOINTMENT:
        return None
    if appointment_at < at:
        raise InvalidInput("An appointment lies ahead; this is past.", field="appointment_at")
    if appointment_at > at + FURTHEST_APPOINTMENT:
        raise InvalidInput(
            f"An appointment is at most {FURTHEST_APPOINTMENT.days} days ahead.",
            field="appointment_at",
        )
    return appointment_at


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
    if logged := Incident.objects.filter(draft=draft).first():
        return draft.pk, logged
    refuse_added(draft)
    return draft.pk, None


def check_received(received_at: datetime, at: datetime) -> None:
    """Raises InvalidInput at `received_at` for an instant ahead, or before any register."""
    if received_at > at + CLOCK_SKEW:
        raise InvalidInput("A call cannot have been received in the future.", field="received_at")
    if received_at.year < EARLIEST_YEAR:
        raise InvalidInput(
            f"A call cannot have been received before {EARLIEST_YEAR}.", field="received_at"
        )


def _check(call: CallDetails, at: datetime) -> _Checked:
    check_received(call.received_at, at)
    for name, choices in (("source", Incident.Source), ("caller_is", Incident.CallerIs)):
        if getattr(call, name) not in choices.values:
            raise InvalidInput(f"Choose one of: {', '.join(choices.values)}.", field=name)
    if len(call.people) > MOST_PEOPLE:
        raise InvalidInput(f"At most {MOST_PEOPLE} people.", field="people")
    texts = {
        name: clean(getattr(call, name), field=name, longest=longest, required=name == "narrative")
        for name, longest in CORRECTABLE.items()
    }
    if call.source in NEEDS_DETAIL and not texts["source_detail"]:
        raise InvalidInput(NEEDS_DETAIL[call.source], field="source_detail")
    number = e164(call.caller_number, field="caller_number")
    answers = questions.checked(call.answers)
    area, team = _area(call.area_id)
    return _Checked(
        texts=texts,
        number=number,
        answers=answers,
        area=area,
        team=team,
        set_aside=checked_set_aside(call.set_aside),
    )


def checked_set_aside(named: tuple[str, ...]) -> list[str]:
    """What was set aside, each once, in the order it was set aside. Raises InvalidInput."""
    once = list(dict.fromkeys(named))
    if len(once) > MOST_SET_ASIDE:
        raise InvalidInput(f"At most {MOST_SET_ASIDE} matches can be set aside.", field="set_aside")
    if any(_SET_ASIDE.fullmatch(one) is None for one in once):
        raise InvalidInput("Only a person or an incident is set aside.", field="set_aside")
    return once


def _area(area_id: int | None) -> tuple[Area | None, Team | None]:
    """The area and its response team, where it has one."""
    if area_id is None:
        return None, None
    found = with_response(area_id)
    if found is None:
        raise InvalidInput("There is no such area.", field="area")
    return found


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
    """The grade that counts and the words for it, blank where the suggestion was taken.

    Nobody can ask further once a call has dropped, so that somebody must choose for themselves.
    """
    if call.call_dropped and not call.grade:
        raise InvalidInput(
            "The call dropped: choose the grade yourself. "
            f"The suggestion is now {suggestion.grade}.",
            field="grade",
        )
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


def _logged(
    incident: Incident, suggestion: Suggestion, people: list[str], *, actor: User, at: datetime
) -> AuditEvent:
    overridden = incident.grade_is_overridden
    detail: dict[str, Any] = {
        "suggested": suggestion.grade.value,
        "reasons": list(suggestion.reasons),
        "grounds": suggestion.grounds_by_aspect,
        "grade": incident.grade,
        "people": people,
    }
    if overridden:
        detail["override"] = incident.grade_override_reason
    if incident.set_aside:
        detail["set_aside"] = incident.set_aside
    if incident.call_dropped:
        detail["call_dropped"] = True
    return event(
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
