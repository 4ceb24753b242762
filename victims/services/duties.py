"""How a duty passes from one to another: offered and answered, or given by whoever leads.

While it is offered, whoever had it has it: there is no moment at which nobody answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import deadlines.services
from accounts.models import Team, User
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from deadlines import kinds
from deadlines.models import Deadline, Notification
from victims import permissions
from victims.deadlines.handovers import HANDOVER
from victims.duties import Named, all_named, covers_of, named
from victims.models import Duty, Handover, Victim, VictimUpdate
from victims.services.victims import set_responsible

State = Handover.State
LONGEST = 1_000
#: What is owed to a victim by whoever answers for contact with them.
_OF_CONTACT = ["victim_told"]


@dataclass(frozen=True, slots=True)
class Held:
    """One line of a list of duties, as somebody saw it: `holder_id` None where only a team has it.

    `duty` is a victims.models.Duty.
    """

    victim_id: int
    duty: str
    holder_id: int | None


@transaction.atomic
def hand_over(
    *, victim_id: int, duty: str, to: User, words: str, actor: User, at: datetime
) -> Handover:
    """Offer a duty to somebody, with what they must know; until they take it nothing changes.

    Who has it may, who stands in for them, and who leads its team. Raises PermissionDenied,
    InvalidInput at `duty`, `to` or `words` (to 1,000 characters), and DomainError where the case is
    closed or the duty is offered to somebody already.
    """
    victim = _locked_victim(victim_id)
    duty = _checked_duty(duty)
    _require_giver(actor, victim, Duty(duty), at)
    words = clean(words, field="words", longest=LONGEST, required=True)
    _require_open_case(victim)
    to_team = _checked_taker(to, victim, Duty(duty))
    offered = victim.handovers.open().filter(duty=duty).select_related("to_person").first()
    if offered is not None:
        raise DomainError(
            f"This is offered to {offered.to_person} already. Withdraw that offer first."
        )
    row = Handover.objects.create(
        victim=victim,
        duty=duty,
        from_person_id=getattr(victim, f"{duty}_owner_id"),
        from_team_id=getattr(victim, f"{duty}_team_id"),
        to_person=to,
        to_team=to_team,
        words=words,
        offered_by=actor,
        offered_at=at,
    )
    deadlines.services.start(
        kind=HANDOVER,
        subject=row,
        reference=victim.reference,
        victim_id=victim.pk,
        team=to_team,
        owner=to,
        started_at=at,
        actor=actor,
        at=at,
    )
    _record(row, "offered", f"{_what(row)} offered to {to}", actor, at, {"words": words})
    _tell(row, to, f"{actor} wants to hand over to you: {_what(row).lower()}", at)
    return row


@transaction.atomic
def answer_handover(
    *, handover_id: int, takes: bool, words: str = "", actor: User, at: datetime
) -> Handover:
    """Take what is offered, or decline it with words: then it stays where it was.

    The person it is offered to answers, or who stands in for them. Raises PermissionDenied,
    InvalidInput at `words` (to 1,000 characters), and DomainError where the offer is over.
    """
    row = _locked_handover(handover_id)
    if not may_answer(row, actor, at):
        raise PermissionDenied(f"This is offered to {row.to_person}.")
    _require_offered(row)
    words = clean(words, field="words", longest=LONGEST, required=not takes)
    _settle(row, State.TAKEN if takes else State.DECLINED, words, actor, at)
    deadlines.services.meet(kind=HANDOVER, subject=row, actor=actor, at=at)
    said = "taken" if takes else "declined"
    _record(row, said, f"{_what(row)} {said} by {row.to_person}", actor, at, {"words": words})
    if takes:
        set_responsible(
            victim_id=row.victim_id,
            person=row.to_person,
            team=row.to_team,
            duties=[row.duty],
            actor=actor,
            at=at,
        )
    _tell(row, row.offered_by, f"{row.to_person}: {_what(row).lower()} {said}", at)
    return row


@transaction.atomic
def withdraw_handover(*, handover_id: int, reason: str, actor: User, at: datetime) -> Handover:
    """Take an offer back before it is answered.

    Who offered it may, who has the duty, who stands in for them, and who leads its team. Raises
    PermissionDenied, InvalidInput at `reason` (to 1,000 characters), and DomainError where the
    offer is over.
    """
    row = _locked_handover(handover_id)
    if not may_withdraw(row, actor, at):
        raise PermissionDenied("Who offered this withdraws it, or whoever has the duty.")
    _require_offered(row)
    reason = clean(reason, field="reason", longest=LONGEST, required=True)
    _withdraw(row, reason, actor, at)
    _tell(row, row.to_person, f"No longer offered to you: {_what(row).lower()}", at)
    return row


@transaction.atomic
def assign(*, rows: Sequence[Held], to: User, words: str, actor: User, at: datetime) -> int:
    """Give exactly these duties to somebody, at once: what a person who leaves still has, say.

    For those who lead: the team that has a duty, or the people in it; what was held by somebody who
    has left may be given by every leader. Nothing is given unless everything may be: raises
    PermissionDenied, InvalidInput at `to`, `words` (to 1,000 characters) or `rows`, and DomainError
    where a duty has passed to somebody else since the list was shown or a case is closed.
    Returns how many duties passed.
    """
    if not permissions.can_assign(actor):
        raise PermissionDenied("Your role does not give duties to others.")
    words = clean(words, field="words", longest=LONGEST, required=True)
    if not rows:
        raise InvalidInput("Choose at least one.", field="rows")
    victims = _locked_victims({row.victim_id for row in rows})
    for row in rows:
        duty = Duty(_checked_duty(row.duty))
        victim = victims[row.victim_id]
        _require_leader(actor, victim, duty)
        _refuse_passed(victim, row)
        _require_open_case(victim)
        _checked_taker(to, victim, duty)
    for victim_id in sorted(victims):
        duties = [row.duty for row in rows if row.victim_id == victim_id]
        set_responsible(victim_id=victim_id, person=to, duties=duties, actor=actor, at=at)
        audit.record(
            actor=actor,
            at=at,
            verb="victim.duty_assigned",
            headline=f"Given to {to} by {actor}",
            subject=victims[victim_id].reference,
            victim_id=victim_id,
            detail={"duties": duties, "words": words},
        )
    deadlines.services.notify(
        users=[to] if to != actor else [],
        level=Notification.Level.INFORMATION,
        headline=f"{actor} gave you duties: {len(rows)}",
        reference=victims[rows[0].victim_id].reference,
        path=reverse("victims:my_duties"),
        victim_id=rows[0].victim_id if len(rows) == 1 else None,
        at=at,
    )
    return len(rows)


@transaction.atomic
def follow_duty(
    *, victim_id: int, duty: str, person: User | None, team_id: int, actor: User, at: datetime
) -> None:
    """What hangs from a duty goes to whoever has it now; an offer of it is over.

    Whether `actor` may was asked where the duty passed.
    """
    for row in Handover.objects.open().filter(victim=victim_id, duty=duty).select_for_update():
        _withdraw(row, f"{person or 'The team'} has it now.", actor, at)
    if duty == Duty.CONTACT:
        owed = VictimUpdate.objects.owed().filter(victim=victim_id)
        owed.update(owner=person, team=team_id)
        Deadline.objects.open().filter(victim=victim_id, kind__in=_OF_CONTACT).update(
            owner=person, team=team_id
        )


@transaction.atomic
def withdraw_all(*, victim_id: int, reason: str, actor: User, at: datetime) -> None:
    """No duty of this victim is offered any more: their case is closed."""
    for row in Handover.objects.open().filter(victim=victim_id).select_for_update():
        _withdraw(row, reason, actor, at)


def withdraw_offers_to(
    *, victim_id: int, person_ids: Collection[int], reason: str, actor: User, at: datetime
) -> None:
    """These people are offered nothing of this victim any more; in the caller's transaction."""
    rows = Handover.objects.open().filter(victim=victim_id, to_person__in=person_ids)
    for row in rows.select_for_update(of=("self",)).select_related("to_person"):
        _withdraw(row, reason, actor, at)


def may_answer(row: Handover, actor: User, at: datetime) -> bool:
    """Whether somebody answers an offer: whom it is made to, or who stands in for them."""
    if actor.pk == row.to_person_id:
        return True
    cover = covers_of([row.to_person_id], at).get(row.to_person_id)
    return cover is not None and cover.cover_id == actor.pk


def may_withdraw(row: Handover, actor: User, at: datetime) -> bool:
    """Whether somebody takes an offer back: who made it, or who may hand the duty over."""
    if actor.pk == row.offered_by_id and permissions.can_hand_over(actor):
        return True
    return Duty(row.duty) in givable(actor, row.victim, all_named([row.victim], at)[row.victim_id])


def givable(actor: User, victim: Victim, names: Mapping[Duty, Named]) -> set[Duty]:
    """The duties of a victim that somebody may hand over, of `names` (all_named of the victim)."""
    if not permissions.can_hand_over(actor):
        return set()
    mine = permissions.led_teams(actor) if permissions.can_assign(actor) else None
    return {
        duty
        for duty, who in names.items()
        if actor in (who.holder, who.person)
        or (mine is not None and _leads(actor, who.team.pk, who.holder, mine))
    }


def leads(actor: User, victim: Victim, duty: Duty) -> bool:
    """Whether somebody may give this duty to others: theirs to lead, or left behind."""
    if not permissions.can_assign(actor):
        return False
    team: Team = getattr(victim, f"{duty.value}_team")
    holder: User | None = getattr(victim, f"{duty.value}_owner")
    return _leads(actor, team.pk, holder, permissions.led_teams(actor))


def _leads(actor: User, team_id: int, holder: User | None, mine: set[int]) -> bool:
    theirs = {team_id, holder.team_id if holder else None}
    return (
        bool(mine & theirs)
        or permissions.leads_everybody(actor)
        or (holder is not None and not holder.is_active)
    )


def _require_giver(actor: User, victim: Victim, duty: Duty, at: datetime) -> None:
    """Who has it, who answers for it now (standing in, leading), who leads its team."""
    if not permissions.can_hand_over(actor):
        raise PermissionDenied("Your role hands nothing over.")
    who = named(victim, duty, at)
    if actor in (who.holder, who.person) or leads(actor, victim, duty):
        return
    raise PermissionDenied(f"{who.person} answers for this. They or who leads {who.team} may.")


def _require_leader(actor: User, victim: Victim, duty: Duty) -> None:
    if not leads(actor, victim, duty):
        team = getattr(victim, f"{duty.value}_team")
        raise PermissionDenied(f"{victim.reference}: {team} is not yours to lead.")


def _require_open_case(victim: Victim) -> None:
    if victim.closed_at is not None:
        raise DomainError(f"The case of {victim.reference} is closed. Open it again first.")


def _refuse_passed(victim: Victim, seen: Held) -> None:
    holder = getattr(victim, f"{seen.duty}_owner")
    if (holder.pk if holder else None) != seen.holder_id:
        raise DomainError(
            f"{victim.reference}: {holder or 'the team'} has this now, since you opened the list. "
            "Look at it again."
        )


def _checked_duty(duty: str) -> str:
    if duty not in Duty.values:
        raise InvalidInput("There is no such duty.", field="duty")
    return duty


def _checked_taker(to: User, victim: Victim, duty: Duty) -> Team:
    """The team of somebody who may have this duty."""
    if not to.is_active or to.is_system:
        raise InvalidInput(f"{to} no longer works here. Choose somebody else.", field="to")
    if to.team is None or not permissions.can_hand_over(to):
        raise InvalidInput(f"{to} has a role that holds no duties. Choose another.", field="to")
    if not Victim.objects.visible_to(to).filter(pk=victim.pk).exists():
        raise InvalidInput(f"{to} may not see {victim.reference}. Choose another.", field="to")
    if to.pk == getattr(victim, f"{duty.value}_owner_id"):
        raise InvalidInput(f"{to} has this already.", field="to")
    return to.team


def _require_offered(row: Handover) -> None:
    if row.state != State.OFFERED:
        raise DomainError(f"This offer is over: {row.get_state_display().lower()}.")


def _withdraw(row: Handover, reason: str, actor: User, at: datetime) -> None:
    _settle(row, State.WITHDRAWN, reason, actor, at)
    deadlines.services.cancel(kind=HANDOVER, subject=row, reason=reason, actor=actor, at=at)
    headline = f"{_what(row)} no longer offered to {row.to_person}"
    _record(row, "withdrawn", headline, actor, at, {"reason": reason})


def _settle(row: Handover, state: str, words: str, actor: User, at: datetime) -> None:
    row.state, row.answer, row.answered_by, row.answered_at = state, words, actor, at
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _locked_victim(pk: int) -> Victim:
    return _locked_victims({pk})[pk]


def _locked_victims(pks: set[int]) -> dict[int, Victim]:
    """In order of their numbers, so that nobody waits in a circle.

    Locked first, read with owners and teams then: a row that changed while it was waited for is
    lost from a join with what it pointed to before.
    """
    held = Victim.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    locked = list(held.values_list("pk", flat=True))
    if pks - set(locked):
        raise DomainError("Somebody on this list is not on record. Load it again.")
    related = (f"{duty.value}_{part}" for duty in Duty for part in ("owner", "team"))
    return {row.pk: row for row in Victim.objects.select_related(*related).filter(pk__in=locked)}


def _locked_handover(pk: int) -> Handover:
    """The victim first, as everywhere: passing a duty and answering then wait for one another."""
    victim = _locked_victim(Handover.objects.values_list("victim_id", flat=True).get(pk=pk))
    row = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("to_person", "to_team", "offered_by")
        .get(pk=pk)
    )
    row.victim = victim
    return row


def _what(row: Handover) -> str:
    return Duty(row.duty).label


def _path(victim: Victim) -> str:
    return kinds.get(HANDOVER).path(victim.reference)


def _tell(row: Handover, who: User, headline: str, at: datetime) -> None:
    deadlines.services.notify(
        users=[who],
        level=Notification.Level.INFORMATION,
        headline=headline,
        reference=row.victim.reference,
        path=_path(row.victim),
        victim_id=row.victim_id,
        at=at,
    )


def _record(
    row: Handover, verb: str, headline: str, actor: User, at: datetime, detail: dict[str, str]
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"handover.{verb}",
        headline=headline,
        subject=row.victim.reference,
        victim_id=row.victim_id,
        detail={"duty": row.duty, **detail},
    )
