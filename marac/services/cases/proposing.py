"""A case comes before a conference: by a rule, or because somebody thinks that it should."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
import victims.services
from accounts.models import Agency, User
from core import events, references
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac import criteria, repeats
from marac.events import MaracCaseProposed
from marac.models import Conference, MaracCase
from marac.permissions import can_propose, can_view_conferences
from marac.services.cases import finding
from marac.services.cases.further import add_further
from marac.services.cases.said import BY_HAND, Proposal
from marac.services.cases.telling import DECIDE, record, tell
from victims.models import Person, Victim

LONGEST_WORDS = 10_000
LONGEST_REASON = 5_000
MOST_CHILDREN = 30


@transaction.atomic
def propose(
    *,
    victim_id: int,
    perpetrator_id: int | None = None,
    source: str,
    words: str = "",
    below_reason: str = "",
    agency: Agency | None = None,
    children: int | None = None,
    actor: User,
    at: datetime,
) -> MaracCase:
    """Refer a victim, and whoever harms them, to the conference where they live.

    Where a case of the two is open already that one is returned, with what is new added: never a
    second one. `agency` is whose referral it counts as, the actor's own unless they keep
    conferences; `children` are counted from incidents where nobody says how many. Raises
    PermissionDenied; InvalidInput at `words` (needed, to 10,000 characters), at `below_reason`
    (needed where no criterion is met), `source`, `agency`, `perpetrator` or `children`;
    DomainError where there is no conference.
    """
    victim = _locked(victim_id)
    if not can_propose(actor) or victim.pk in actor.withheld_victims:
        raise PermissionDenied("Your role does not refer victims to a conference.")
    if source not in BY_HAND:
        raise InvalidInput("Say whose referral it is.", field="source")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    below = clean(below_reason, field="below_reason", longest=LONGEST_REASON)
    said = _said(
        victim,
        _perpetrator(perpetrator_id, victim),
        source=source,
        words=words,
        below_reason=below,
        agency=_agency(agency, actor),
        children=_children(children),
        is_by_hand=True,
        at=at,
    )
    conference = finding.conference_for(victim, actor.team)
    if conference is None:
        raise DomainError("There is no conference to refer to. Tell whoever keeps the service.")
    return _put(said, conference, actor=actor, at=at)


@transaction.atomic
def propose_by_rule(
    *,
    victim_id: int,
    perpetrator_id: int | None,
    source: str,
    words: str = "",
    agency: Agency | None = None,
    children: int = 0,
    repeats_only: bool = False,
    actor: User,
    at: datetime,
) -> MaracCase | None:
    """Put a victim before the conference where a criterion is met; None where none is.

    What an assessment, an incident or an agency's referral says calls for it: whoever caused it
    needs no permission of their own. Where a case of the two is open the new facts are added to it.
    """
    victim = Victim.objects.select_related("area", "person").get(pk=victim_id)
    conference = finding.conference_for(victim, actor.team)
    if conference is None:
        return None
    victim = _locked(victim_id)
    said = _said(
        victim,
        Person.objects.get(pk=perpetrator_id) if perpetrator_id else None,
        source=source,
        words=words,
        below_reason="",
        agency=agency or (actor.team.agency if actor.team else conference.team.agency),
        children=max(children, finding.children_of(victim, at)),
        is_by_hand=False,
        at=at,
    )
    met = criteria.met(said.criteria)
    if not met or (repeats_only and "repeat" not in {one.code for one in met}):
        return None
    return _put(said, conference, actor=actor, at=at)


def _locked(victim_id: int) -> Victim:
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    return Victim.objects.select_related("person", "area").get(pk=victim_id)


def _said(
    victim: Victim,
    perpetrator: Person | None,
    *,
    source: str,
    words: str,
    below_reason: str,
    agency: Agency,
    children: int | None,
    is_by_hand: bool,
    at: datetime,
) -> Proposal:
    pair = repeats.pair_of(victim.pk, perpetrator.pk if perpetrator else None)
    found = criteria.of_pair(victim.pk, pair, at, is_report=is_by_hand)
    return Proposal(
        victim=victim,
        perpetrator=perpetrator,
        pair=pair,
        source=source,
        words=words,
        below_reason=below_reason,
        agency=agency,
        children=finding.children_of(victim, at) if children is None else children,
        is_by_hand=is_by_hand,
        criteria=found,
    )


def _put(said: Proposal, conference: Conference, *, actor: User, at: datetime) -> MaracCase:
    """The case of the two, with what is said: the open one, else a new one."""
    finding.wait_for_others(said.pair)
    case = finding.open_case(said.pair, is_named=said.perpetrator is not None)
    if case is not None:
        return add_further(case, said, actor=actor, at=at)
    if said.is_by_hand and not criteria.met(said.criteria) and not said.below_reason:
        raise InvalidInput(
            "No criterion is met. Say why the conference should hear it all the same.",
            field="below_reason",
        )
    case = _opened(said, conference, actor, at)
    if said.victim.closed_at is not None:
        victims.services.reopen_case(
            victim_id=said.victim.pk, reason="Referred to a conference", actor=actor, at=at
        )
    deadlines.services.start(
        kind=DECIDE,
        subject=case,
        reference=case.reference,
        victim_id=case.victim_id,
        team=conference.team,
        owner=conference.coordinator,
        started_at=at,
        actor=actor,
        at=at,
    )
    _record(case, said, actor, at)
    tell(case, [conference.coordinator], "A case is proposed: answer it", actor, at)
    events.announce(MaracCaseProposed(case.pk, case.victim_id, actor, at))
    return case


def _opened(said: Proposal, conference: Conference, actor: User, at: datetime) -> MaracCase:
    return MaracCase.objects.create(
        reference=references.take(references.Kind.MARAC_CASE, at),
        conference=conference,
        victim=said.victim,
        perpetrator=said.perpetrator,
        source=said.source,
        criteria=[criteria.as_said(one, at) for one in said.criteria],
        below_reason=said.below_reason,
        agency=said.agency,
        proposed_by=actor,
        proposed_at=at,
        words=said.words,
        children=said.children,
        repeat_of=finding.closed_before(said.pair) if _is_repeat(said) else None,
    )


def _is_repeat(said: Proposal) -> bool:
    return any(one.is_met and one.code == "repeat" for one in said.criteria)


def _record(case: MaracCase, said: Proposal, actor: User, at: datetime) -> None:
    met = criteria.met(said.criteria)
    why = ", ".join(one.label.lower() for one in met) or "no criterion, with reasons"
    detail = {
        "source": case.source,
        "agency": said.agency.name,
        "words": case.words,
        "below_reason": case.below_reason,
        "criteria": case.criteria,
    }
    headline = f"Proposed to the {case.conference} conference: {why}"
    record(case, "proposed", headline, actor, at, detail, is_grave=bool(met))


def _perpetrator(person_id: int | None, victim: Victim) -> Person | None:
    if person_id is None:
        return None
    person = Person.objects.filter(pk=person_id).first()
    if person is None or person.pk == victim.person_id:
        raise InvalidInput("Choose who harms them.", field="perpetrator")
    return person


def _agency(agency: Agency | None, actor: User) -> Agency:
    own = actor.team.agency if actor.team else None
    found = agency or own
    if found is None:
        raise InvalidInput("Your account belongs to no agency yet.", field="agency")
    if found != own and not can_view_conferences(actor):
        raise InvalidInput("You refer for your own agency.", field="agency")
    return found


def _children(children: int | None) -> int | None:
    if children is not None and not 0 <= children <= MOST_CHILDREN:
        raise InvalidInput(f"Give a number from 0 to {MOST_CHILDREN}.", field="children")
    return children
