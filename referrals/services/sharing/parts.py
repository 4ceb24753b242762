"""What an agency is told, part by part, in the words that are on record that day.

Each part holds its own and nothing of another: who is told of the risk does not learn the address.
Where an incident harmed somebody else too, nothing is told that concerns them: neither what was
called in, nor what the officers found, nor who of the two is said to have done what. Notes are in
no part.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import local
from incidents.models import FirstResponse, Incident, Involvement
from referrals.models import AgencyReferral, Referral, Sharing
from risk.models import Assessment
from victims import telephones
from victims.models import Person, SafeContact, SafetyPlan, Victim

What = Sharing.What
#: A line of a part: what it is, and the words.
Line = list[str]
NOTHING = "Nothing is on record"
NONE_KNOWN = [["Safe way", "None is known: do not call or write"]]


@dataclass(frozen=True)
class Matter:
    """Of whom, and of what it comes."""

    victim: Victim
    referral: Referral | None = None
    incident: Incident | None = None

    @property
    def incoming(self) -> AgencyReferral | None:
        """What a partner said, where it was a partner that referred."""
        return getattr(self.referral, "incoming", None) if self.referral else None


def told(
    what: Iterable[str], matter: Matter, *, children: Sequence[int] | None = None, at: datetime
) -> list[dict[str, Any]]:
    """The chosen parts, in the order of `Sharing.What`: [{"part": ..., "lines": [[...], ...]}]."""
    chosen = set(what)
    return [
        {"part": part.value, "lines": _lines(part, matter, children, at)}
        for part in What
        if part in chosen
    ]


def _lines(part: What, matter: Matter, children: Sequence[int] | None, at: datetime) -> list[Line]:
    lines = _children(matter, children) if part == What.CHILDREN else _BUILT[part](matter, at)
    return _said(lines) or [[part.label, NOTHING]]


def _said(lines: Iterable[Line]) -> list[Line]:
    return [[label, words.strip()] for label, words in lines if words and words.strip()]


def _day(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%B %Y}"


def _born(person: Person) -> str:
    if person.date_of_birth:
        return f"{person.date_of_birth.day} {person.date_of_birth:%B %Y}"
    return f"about {person.birth_year}" if person.birth_year else ""


def _identity(matter: Matter, at: datetime) -> list[Line]:
    person = matter.victim.person
    return [["Name", str(person)], ["Born", _born(person)]]


def _address(matter: Matter, at: datetime) -> list[Line]:
    rows = (
        matter.victim.person.residences.filter(until_at__isnull=True)
        .select_related("address")
        .order_by("-from_at", "-pk")
    )
    return [["Lives at", str(row.address)] for row in rows]


def _children(matter: Matter, chosen: Sequence[int] | None) -> list[Line]:
    """Those of the incident, or of all the victim's incidents; by name and birth date only.

    The relationship is left out: it may be one to another victim.
    """
    if chosen is not None:
        named = Person.objects.filter(pk__in=list(chosen)).order_by("pk")
        return [["Child", _child(person)] for person in named]
    rows = Involvement.objects.filter(role=Involvement.Role.CHILD).select_related("person")
    if matter.incident is not None:
        rows = rows.filter(incident=matter.incident)
    else:
        rows = rows.filter(incident__involvements__victim=matter.victim)
    people = {row.person_id: row.person for row in rows.order_by("pk")}
    lines: list[Line] = [["Child", _child(person)] for person in people.values()]
    if matter.incoming and matter.incoming.children:
        lines.append([f"As {matter.incoming.agency} said", matter.incoming.children])
    return lines


def _child(person: Person) -> str:
    return f"{person}, born {_born(person)}" if _born(person) else str(person)


def _incident(matter: Matter, at: datetime) -> list[Line]:
    incident = matter.incident or _newest(matter)
    if incident is None:
        return _as_referred(matter.incoming) if matter.incoming else []
    rows = list(incident.involvements.select_related("person").order_by("pk"))
    harmed = {row.person_id for row in rows if row.victim_id}
    is_whole = harmed <= {matter.victim.person_id}
    response = FirstResponse.objects.filter(incident=incident).first()
    lines: list[Line] = [["When", _day(incident.received_at)]]
    if is_whole:
        lines.append(["What was called in", incident.narrative])
        lines.append(["What the officers found", response.account if response else ""])
    lines += [
        ["Named as perpetrator", _named(row)]
        for row in rows
        if row.role == Involvement.Role.PERPETRATOR and row.person_id not in harmed
    ]
    lines += _own_account(response, matter.victim.person) if response else []
    lines += _crimes(incident, matter.victim, is_whole=is_whole)
    return lines


def _newest(matter: Matter) -> Incident | None:
    """The victim's newest incident, for what is shared without a referral of its own."""
    if matter.referral is not None:
        return None
    row = matter.victim.involvements.select_related("incident").order_by("-received_at").first()
    return row.incident if row else None


def _named(row: Involvement) -> str:
    return f"{row.person}, {row.relationship}" if row.relationship else str(row.person)


def _own_account(response: FirstResponse, person: Person) -> list[Line]:
    lines: list[Line] = []
    for party in response.parties.filter(person=person):
        said = party.account if party.was_spoken_to else ""
        lines += [
            ["The victim's account", said],
            ["Injuries", party.injuries],
            ["What the victim fears", party.fear],
        ]
    return lines


def _crimes(incident: Incident, victim: Victim, *, is_whole: bool) -> list[Line]:
    rows = incident.crimes.order_by("recorded_at", "pk")
    if not is_whole:
        rows = rows.filter(victim=victim)
    return [["Crime", row.get_category_display()] for row in rows]


def _as_referred(incoming: AgencyReferral) -> list[Line]:
    return [
        [f"As {incoming.agency} said", incoming.what_happened],
        ["Who is feared", incoming.perpetrator],
    ]


def _risk(matter: Matter, at: datetime) -> list[Line]:
    victim = matter.victim
    lines: list[Line] = [["Risk", victim.get_grade_display()]]
    assessment = matter.referral.assessment if matter.referral else _assessed(victim)
    if assessment is not None:
        lines += [["Because", str(reason)] for reason in assessment.suggested_reasons]
        lines.append(["The officer's judgement", assessment.judged_reason])
    elif matter.incoming:
        lines.append([f"As {matter.incoming.agency} sees it", matter.incoming.grade_reason])
    return lines


def _assessed(victim: Victim) -> Assessment | None:
    done = victim.assessments.filter(submitted_at__isnull=False)
    return done.order_by("-submitted_at", "-pk").first()


def _safety_plan(matter: Matter, at: datetime) -> list[Line]:
    """Of the plan in force, the steps that the victim was given."""
    plan = SafetyPlan.objects.current().filter(victim=matter.victim).first()
    if plan is None:
        return []
    steps = plan.steps.filter(is_shared=True).select_related("owner")
    return [["Done" if step.done_at else "Agreed", step.words] for step in steps]


def _safe_contact(matter: Matter, at: datetime) -> list[Line]:
    row = matter.victim.safe_contacts.filter(is_current=True).first()
    return safe_way(row, matter.victim.person)


def safe_way(row: SafeContact | None, person: Person) -> list[Line]:
    """How somebody is reached without harm, line by line; the same lines as long as it is."""
    if row is None or row.method == SafeContact.Method.NONE:
        return NONE_KNOWN
    lines = [
        ["Safe way", row.get_method_display()],
        ["Number or address", telephones.shown(row.number)],
        ["When", row.hours],
        ["Code word", row.code_word],
        ["Voicemail", "May be left" if row.may_leave_voicemail else "Never"],
        ["To remember", row.notes],
        ["Language", person.language],
        ["To be understood", person.communication_needs],
    ]
    return _said(lines)


_BUILT: dict[str, Callable[[Matter, datetime], list[Line]]] = {
    What.IDENTITY: _identity,
    What.ADDRESS: _address,
    What.INCIDENT: _incident,
    What.RISK: _risk,
    What.SAFETY_PLAN: _safety_plan,
    What.SAFE_CONTACT: _safe_contact,
}
