"""What stands beside the form of a call: history, suggested response, who may be on record."""

from dataclasses import dataclass
from datetime import datetime

from django.forms import BoundField, Form

from accounts.areas import with_response
from accounts.models import User
from core import policy
from core.policy import ForcePolicy
from incidents import history
from incidents.grading import Suggestion
from incidents.history import Child, History, KnownPerson
from incidents.models import Incident
from incidents.questions import AROUND, NOW, QUESTIONS, Prompt, Question
from incidents.services.calls import CallDetails, clues_of, suggest_for
from incidents.services.people import PersonInCall, row_of_caller
from victims.telephones import e164_or_blank

MOST_OFFERED = 3
#: Years by which an age said on the telephone may be out.
AGE_SLACK = 1


@dataclass(frozen=True)
class Offer:
    """Somebody on record who may be the person of one row."""

    reference: str
    words: str
    why: str
    grade: str
    victim_reference: str
    is_chosen: bool


@dataclass(frozen=True)
class Beside:
    """The aside of one call, and the people offered for each row."""

    history: History
    suggestion: Suggestion
    offers: tuple[tuple[Offer, ...], ...]
    call: CallDetails
    rules: ForcePolicy

    @property
    def victim_is_named(self) -> bool:
        return any(one.role == "victim" and not one.is_empty for one in self.call.people)


@dataclass(frozen=True)
class ShownPrompt:
    """What follows from an answer; read at once where the answer is given already."""

    prompt: Prompt
    opens_when: str
    is_open: bool
    #: Where the next answer is noted; none for the rows of people.
    field: BoundField | None


@dataclass(frozen=True)
class Asked:
    """One question on the page, with its field and what may follow from it."""

    question: Question
    field: BoundField
    prompts: tuple[ShownPrompt, ...]


def sections(form: Form) -> list[tuple[str, list[Asked]]]:
    """The questions of a call by section, for its form with fields q_<code>."""
    return [
        (name, [_asked(one, form) for one in QUESTIONS if one.section == name])
        for name in (NOW, AROUND)
    ]


def _asked(question: Question, form: Form) -> Asked:
    field = form[f"q_{question.code}"]
    given = field.value()
    prompts = (
        ShownPrompt(
            prompt=one,
            opens_when=f"{field.html_name}={one.answer}",
            is_open=given == one.answer,
            field=form[one.goes_to] if one.goes_to in form.fields else None,
        )
        for one in question.prompts
    )
    return Asked(question, field, tuple(prompts))


def beside(call: CallDetails, *, at: datetime, reader: User) -> Beside:
    """Look everything up for a call as far as it is typed. Raises PermissionDenied."""
    rules = policy.at(at)
    number = e164_or_blank(call.caller_number)
    known = history.look_up(clues=clues_of(call, number), at=at, reader=reader, policy=rules)
    policed = with_response(call.area_id) if call.area_id else None
    rural = bool(policed and policed[0].is_rural)
    return Beside(
        history=known,
        suggestion=suggest_for(call, known=known, rules=rules, rural=rural),
        offers=_offers(call, known),
        call=call,
        rules=rules,
    )


def _offers(call: CallDetails, known: History) -> tuple[tuple[Offer, ...], ...]:
    taken = {one.person_id for one in call.people if one.person_id}
    caller = row_of_caller(call.people, call.caller_is) if call.caller_is in _CALLERS else None
    rows = []
    clue = 0
    for row, given in enumerate(call.people):
        if given.person_id:
            rows.append(_chosen(given.person_id, known))
            continue
        has_name = bool(given.given_name or given.family_name)
        fitting = [
            _offer(one)
            for one in known.people
            if one.person_id not in taken
            and _fits(one, clue if has_name else None, is_caller=row == caller, given=given)
        ]
        if has_name:
            clue += 1
        elif given.role == "child":
            fitting = [
                _child(one)
                for one in known.children
                if one.person_id not in taken and _fits_age(one, given.age)
            ]
        rows.append(tuple(fitting[:MOST_OFFERED]))
    return tuple(rows)


_CALLERS = frozenset(Incident.CallerIs.values)


def _fits(one: KnownPerson, clue: int | None, *, is_caller: bool, given: PersonInCall) -> bool:
    if given.role == "child" and clue is None:
        return False
    return (clue is not None and clue in one.clues) or (is_caller and one.has_number)


def _fits_age(child: Child, age: int | None) -> bool:
    return age is not None and child.age is not None and abs(child.age - age) <= AGE_SLACK


def _chosen(person_id: int, known: History) -> tuple[Offer, ...]:
    return tuple(_offer(one, is_chosen=True) for one in known.people if one.person_id == person_id)


def _offer(one: KnownPerson, *, is_chosen: bool = False) -> Offer:
    born = f", {one.date_of_birth.day} {one.date_of_birth:%b %Y}" if one.date_of_birth else ""
    if not born and one.birth_year:
        born = f", born about {one.birth_year}"
    return Offer(
        one.reference, f"{one.name}{born}", one.why, one.grade, one.victim_reference, is_chosen
    )


def _child(one: Child) -> Offer:
    age = f", {one.age}" if one.age is not None else ""
    return Offer(one.reference, f"{one.name}{age}", "child known here", "", "", is_chosen=False)
