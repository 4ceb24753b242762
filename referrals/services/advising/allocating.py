"""Which adviser has a case: allocated, passed on, moved from whoever must not know, let go.

Whoever has a case sees the victim, in the same transaction; whoever had it sees nothing of them.
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
import victims.services
from accounts.models import Team, User
from accounts.withheld import withheld_from
from core import events
from core.errors import InvalidInput
from core.text import clean
from deadlines.models import Deadline, Notification
from referrals.events import AdviserAllocated, IdvaCaseClosed
from referrals.models import IdvaCase
from referrals.permissions import can_support
from referrals.services.advising import serving
from referrals.services.advising.locking import (
    is_held_by,
    locked,
    refuse_stale,
    require_supported,
)
from referrals.services.advising.telling import record, tell
from referrals.services.opening import unit_for
from victims.models import Duty, Note, Victim, VictimAccess

State = IdvaCase.State
Why = VictimAccess.Why
LONGEST_WORDS = 5_000
#: What an adviser answers for from the day on which a client is theirs.
OF_THE_ADVISER = (Duty.CONTACT, Duty.PLAN)
#: Why a case is over of which nobody in the service may know any more.
OVER = "Nothing about the victim may reach the IDVA service any more"
NOBODY_LEADS = "Nobody leads the IDVA service who could have the case"


@transaction.atomic
def allocate_idva_case(
    *, case_id: int, to: User, words: str = "", version: int, actor: User, at: datetime
) -> IdvaCase:
    """Give a case that is accepted to an adviser, or from one to another, with what they must know.

    For whoever leads the team that has it. Raises PermissionDenied; InvalidInput at `to` (has left,
    is no adviser, has it already, must not know of the victim) or `words` (to 5,000 characters);
    Stale where somebody allocated it since `version`; DomainError where it is not accepted or over.
    """
    case = locked(case_id)
    if not serving.leads(actor, case, at):
        raise PermissionDenied(f"Whoever leads {case.team} allocates {case.reference}.")
    return _move(case, to=to, words=words, version=version, actor=actor, at=at)


@transaction.atomic
def pass_on_idva_case(
    *, case_id: int, to: User, words: str, version: int, actor: User, at: datetime
) -> IdvaCase:
    """An adviser passes a client on to another, with what they must know.

    Whoever has it may, who stands in for them, and who leads the team. Raises as
    `allocate_idva_case`; the words are needed.
    """
    case = locked(case_id)
    if not serving.works_on(actor, case, at):
        raise PermissionDenied(f"{case.owner} has {case.reference}. They pass it on.")
    clean(words, field="words", longest=LONGEST_WORDS, required=True)
    return _move(case, to=to, words=words, version=version, actor=actor, at=at)


@transaction.atomic
def keep_from(*, victim_id: int, actor: User, at: datetime) -> IdvaCase | None:
    """Something about the victim is withheld: nobody has their case who must not know of it.

    It goes at once to whoever leads the service; where nobody there may know, it is over and the
    referral unit is told. Whether `actor` may was asked where it was withheld. None where nothing
    changes.
    """
    pk = IdvaCase.objects.open().filter(victim=victim_id).values_list("pk", flat=True).first()
    if pk is None:
        return None
    case = locked(pk)
    if not case.is_open or not withheld_from([case.owner_id], victim_id):
        return None
    leader, team = serving.leader_of(case.team, victim_id), case.team
    if leader is None:
        leader, team = _another(case)
    if leader is None:
        return _over(case, actor, at)
    before = case.owner
    give(case, to=leader, team=team, actor=actor, at=at, headline=f"{leader} has the case now")
    tell(case, [leader], f"You have this from {before}: allocate it", actor, at, _WARNING)
    return case


@transaction.atomic
def keep_in_service(*, person: User, actor: User, at: datetime) -> int:
    """Somebody works elsewhere now, or in another role: their clients stay with the service.

    Each goes at once to whoever leads it, else whoever leads their new team would see them. Nothing
    moves within one service, where an adviser keeps their clients, nor of somebody who has left and
    so sees nothing. Whether `actor` may was asked where the place was changed. How many moved.
    """
    moved = 0
    rows = IdvaCase.objects.open().filter(owner=person).order_by("victim_id")
    for pk in rows.values_list("pk", flat=True):
        case = locked(pk)
        if not case.is_open or not is_held_by(case, person) or _serves(person, case):
            continue
        leader, team = _leader_besides(person, case)
        if leader is None:
            _over(case, actor, at, because=NOBODY_LEADS)
        else:
            headline = f"{leader} has the case now"
            give(case, to=leader, team=team, actor=actor, at=at, headline=headline)
            words = f"You have this from {person}: allocate it"
            tell(case, [leader], words, actor, at, _WARNING)
        moved += 1
    return moved


def _leader_besides(person: User, case: IdvaCase) -> tuple[User | None, Team]:
    """Who leads the team that has a case, else another of its service, where this person did."""
    for team in (case.team, *serving.teams_of(case)):
        leader = serving.leader_of(team, case.victim_id)
        if leader is not None and leader != person:
            return leader, team
    return None, case.team


def _serves(person: User, case: IdvaCase) -> bool:
    """Whether somebody may still have a case: an adviser of its service; or they have left."""
    if not person.is_active:
        return True
    team = person.team
    is_of_service = (
        team is not None and team.kind == Team.Kind.IDVA and team.agency_id == case.team.agency_id
    )
    return is_of_service and can_support(person)


def give(
    case: IdvaCase,
    *,
    to: User,
    team: Team,
    takes: Collection[str] = (),
    actor: User,
    at: datetime,
    headline: str,
) -> IdvaCase:
    """Somebody has a locked case from now on: they see the victim, and answer for what the service
    answered for and for the duties that it `takes` with this.

    While it waits for an answer only the case moves: nothing of the victim's is theirs yet.
    """
    before = case.owner
    held = _held_by_service(case)
    case.owner, case.team = to, team
    case.version += 1
    fields = ["owner", "team", "version"]
    if case.state == State.ACCEPTED:
        case.allocated_at = at
        fields.append("allocated_at")
    case.save(update_fields=fields)
    _let_see(case, actor, at)
    if case.state == State.ACCEPTED:
        victims.services.set_responsible(
            victim_id=case.victim_id,
            person=to,
            team=team,
            duties={*takes, *held},
            actor=actor,
            at=at,
        )
    for clock in Deadline.objects.open().of(case):
        deadlines.services.assign(
            kind=clock.kind, subject=case, owner=to, team=team, actor=actor, at=at
        )
    record(case, "allocated", headline, actor, at, {"before": str(before), "after": str(to)})
    if case.state == State.ACCEPTED:
        events.announce(AdviserAllocated(case.pk, case.victim_id, to, actor, at))
    return case


def let_go(case: IdvaCase, because: str, actor: User, at: datetime) -> None:
    """The end of a locked case, whatever ended it: the service sees the victim no more.

    What it answered for goes back to the referral unit of the victim's area, and its clocks stop.
    `because` is said on the timeline (to 300 characters). The caller writes the state, and has
    asked whether its actor may.
    """
    for row in _reasons_to_see(case):
        victims.services.end_access(
            victim_id=case.victim_id,
            why=row.why,
            source=case,
            person=row.person,
            because=because,
            actor=actor,
            at=at,
        )
    for clock in Deadline.objects.open().of(case):
        deadlines.services.cancel(kind=clock.kind, subject=case, reason=because, actor=actor, at=at)
    duties = _held_by_service(case)
    if duties:
        unit = unit_for(case.victim.area_id) or case.referred_by.team
        victims.services.set_responsible(
            victim_id=case.victim_id, person=None, team=unit, duties=duties, actor=actor, at=at
        )


def checked_taker(to: User, case: IdvaCase) -> Team:
    """The team of somebody who may have a case. Raises InvalidInput at `to` for anybody else."""
    team = to.team
    if not to.is_active or to.is_system:
        raise InvalidInput(f"{to} no longer works here. Choose somebody else.", field="to")
    if team is None or team.kind != Team.Kind.IDVA or not can_support(to):
        raise InvalidInput(f"{to} is not an adviser. Choose another.", field="to")
    if team.agency_id != case.team.agency_id:
        raise InvalidInput(f"{to} is of another service. Choose another.", field="to")
    if to.pk in withheld_from([to.pk], case.victim_id):
        raise InvalidInput(f"{to} cannot be given this record. Choose another.", field="to")
    return team


_WARNING = Notification.Level.WARNING


def _move(
    case: IdvaCase, *, to: User, words: str, version: int, actor: User, at: datetime
) -> IdvaCase:
    words = clean(words, field="words", longest=LONGEST_WORDS)
    require_supported(case)
    refuse_stale(case, version, {"owner": str(to), "words": words})
    team = checked_taker(to, case)
    if is_held_by(case, to):
        raise InvalidInput(f"{to} has it already.", field="to")
    before = case.owner
    if words:
        # Before whoever passes it on sees the victim no more.
        _leave_words(case, words, to, actor, at)
    give(case, to=to, team=team, actor=actor, at=at, headline=f"From {before} to {to}")
    tell(case, [to], f"{actor} gives you a client; the handover is in the notes", actor, at)
    _tell_before(case, before, to, actor, at)
    return case


def _leave_words(case: IdvaCase, words: str, to: User, actor: User, at: datetime) -> None:
    """What one adviser tells another stays among advisers, and stays with the victim."""
    victims.services.write_note(
        victim_id=case.victim_id,
        words=f"Handed over to {to}. {words}",
        kept_among=Note.KeptAmong.ADVOCATES,
        actor=actor,
        at=at,
    )


def _tell_before(case: IdvaCase, before: User, to: User, actor: User, at: datetime) -> None:
    """Whoever had it sees the victim no more; they are told by reference who has the case."""
    if before == actor:
        return
    deadlines.services.notify(
        users=[before],
        level=Notification.Level.INFORMATION,
        headline=f"{to} has this case now",
        reference=case.reference,
        path=reverse("referrals:clients"),
        victim_id=None,
        at=at,
    )


def _let_see(case: IdvaCase, actor: User, at: datetime) -> None:
    """The one who has the case sees the victim for it, and nobody else does for it any more."""
    why = Why.CLIENT if case.state == State.ACCEPTED else Why.LEADS
    victims.services.give_access(
        victim_id=case.victim_id, person=case.owner, why=why, source=case, actor=actor, at=at
    )
    for row in _reasons_to_see(case):
        if row.person_id == case.owner_id and row.why == why:
            continue
        victims.services.end_access(
            victim_id=case.victim_id,
            why=row.why,
            source=case,
            person=row.person,
            because=f"{case.owner} has the case now"[:300],
            actor=actor,
            at=at,
        )


def _reasons_to_see(case: IdvaCase) -> list[VictimAccess]:
    rows = VictimAccess.objects.filter(
        victim=case.victim_id,
        source_type=case._meta.label_lower,
        source_id=case.pk,
        ended_at__isnull=True,
    )
    return list(rows.select_related("person").order_by("pk"))


def _held_by_service(case: IdvaCase) -> set[str]:
    """The duties of the victim that a team of advisers has, by whomever in it."""
    victim = Victim.objects.get(pk=case.victim_id)
    teams = {duty.value: getattr(victim, f"{duty.value}_team_id") for duty in Duty}
    of_service = set(
        Team.objects.filter(pk__in=teams.values(), kind=Team.Kind.IDVA).values_list("pk", flat=True)
    )
    return {duty for duty, team_id in teams.items() if team_id in of_service}


def _another(case: IdvaCase) -> tuple[User | None, Team]:
    """Whoever leads another team of the service, where nobody who leads this one may know."""
    asked = serving.asked_for(case.victim)
    return (asked[1], asked[0]) if asked else (None, case.team)


def _over(case: IdvaCase, actor: User, at: datetime, *, because: str = OVER) -> IdvaCase:
    """Nobody in the service may know: the case ends, and the unit has the victim again."""
    let_go(case, because, actor, at)
    if case.state == State.REFERRED:
        case.state = State.REFUSED
        case.refused_because, case.refused_words = IdvaCase.RefusedBecause.CONFLICT, because
        case.answered_at, case.answered_by = at, actor
    else:
        case.state, case.closed_at, case.closed_by = State.CLOSED, at, actor
        case.closed_because, case.closed_words = IdvaCase.ClosedBecause.PASSED_ON, because
    case.version += 1
    case.save(
        update_fields=[
            "state",
            "refused_because",
            "refused_words",
            "answered_at",
            "answered_by",
            "closed_at",
            "closed_by",
            "closed_because",
            "closed_words",
            "version",
        ]
    )
    record(case, "withheld", "The IDVA service no longer has the case", actor, at, is_grave=True)
    unit = unit_for(case.victim.area_id)
    told = [case.referred_by, unit.supervisor if unit else None]
    headline = "The IDVA service no longer supports this victim: find another way"
    tell(case, [one for one in told if one is not None], headline, actor, at, _WARNING)
    if case.state == State.CLOSED:
        events.announce(IdvaCaseClosed(case.pk, case.victim_id, actor, at))
    return case
