"""Who has a referral: claiming, giving back and handing over."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
import victims.services
from accounts.models import Team, User
from accounts.withheld import withheld_from
from audit import services as audit
from core import events
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.text import clean
from referrals.events import ReferralClaimed, ReferralReleased
from referrals.models import Referral, SecondOpinion
from referrals.permissions import can_reassign, can_work, holds
from referrals.services.falling_away import drop, drop_opinions
from referrals.services.opening import KIND, unit_for
from victims.models import Duty, Victim

LONGEST_REASON = 2_000


def lock(referral_id: int) -> Referral:
    """The referral, locked until the transaction ends, with the person who has it.

    The victim first, everywhere: grading a victim and claiming their referral then wait for one
    another instead of each holding what the other wants.
    """
    victim_id = Referral.objects.values_list("victim_id", flat=True).get(pk=referral_id)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    referral = (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claimed_by")
        .get(pk=referral_id)
    )
    if referral.victim_id != victim.pk:
        # Somebody said meanwhile whom an agency's referral is about: another record would be held.
        raise AlreadyTaken(
            f"A colleague just said whom {referral.reference} is about. Open it again."
        )
    referral.victim = victim
    return referral


def require_worker(actor: User) -> None:
    """Raises PermissionDenied for whoever does not work on referrals."""
    if not can_work(actor):
        raise PermissionDenied("Referrals are worked on by the MARU.")


def require_open(referral: Referral) -> None:
    """Raises DomainError for one that is finished, saying who finished it."""
    if referral.state == Referral.State.COMPLETED:
        raise DomainError(
            f"{referral.reference} was finished by {referral.claimed_by}. Nothing more can be "
            "changed in it; a new assessment makes a new referral."
        )


def require_holder(
    actor: User, referral: Referral, at: datetime, *, what: str = "share or finish it"
) -> None:
    """Raises PermissionDenied for whoever does not have it, DomainError where nobody can act."""
    require_worker(actor)
    require_open(referral)
    if holds(actor, referral):
        return
    if referral.claimed_by is None:
        raise DomainError(f"Nobody has {referral.reference}. Claim it first.")
    raise PermissionDenied(f"{who_has(referral, at)}. Only they can {what}.")


def require_version(referral: Referral, version: int, yours: dict[str, str]) -> None:
    """Raises Stale, with both versions, for one that changed since it was shown."""
    if version != referral.version:
        theirs = {"grade": referral.get_grade_display(), "with": str(referral.claimed_by or "")}
        raise Stale(
            f"{referral.reference} changed while you had it open. Look at it again.",
            theirs=theirs,
            yours=yours,
            version=referral.version,
        )


def who_has(referral: Referral, at: datetime) -> str:
    """ "D. Marsh has RF-2026-002231 since 09:41": the words for whoever comes second."""
    assert referral.claimed_at is not None
    since = local(referral.claimed_at)
    today = since.date() == local(at).date()
    words = f"{since:%H:%M}" if today else f"{since.day} {since:%B, %H:%M}"
    return f"{referral.claimed_by} has {referral.reference} since {words}"


@transaction.atomic
def claim(*, referral_id: int, actor: User, at: datetime) -> Referral:
    """Take a referral that nobody has. Claiming one's own again changes nothing.

    Raises PermissionDenied (also where nothing about the victim may reach the actor), AlreadyTaken
    saying who has it and since when, or DomainError for one that is finished.
    """
    referral = lock(referral_id)
    require_worker(actor)
    _require_may_know(actor, referral)
    require_open(referral)
    if referral.claimed_by_id == actor.pk:
        return referral
    if referral.claimed_by is not None:
        raise AlreadyTaken(f"{who_has(referral, at)}. Take another, or ask them to hand it over.")
    return _give(referral, to=actor, actor=actor, at=at, headline="Referral claimed")


@transaction.atomic
def claim_next(*, actor: User, at: datetime) -> Referral:
    """Take the first referral of the queue that nobody has and nobody is just taking.

    Fifty people at once each get another one: rows that somebody holds locked are passed over.
    Raises PermissionDenied (also where the victim was withheld from the actor this very moment), or
    DomainError when nothing waits.
    """
    require_worker(actor)
    referral = (
        Referral.objects.visible_to(actor)
        .waiting()
        .in_order(at)
        .select_for_update(skip_locked=True, no_key=True, of=("self", "victim"))
        .select_related("victim")
        .first()
    )
    if referral is None:
        raise DomainError(
            "Somebody has every open referral. There is nothing to claim.", code="nothing_waiting"
        )
    _require_may_know(actor, referral)
    return _give(referral, to=actor, actor=actor, at=at, headline="Referral claimed")


@transaction.atomic
def hand_over(
    *, referral_id: int, to: User, actor: User, at: datetime, reason: str = ""
) -> Referral:
    """Give a referral that somebody has to another worker.

    Who has it may, and the unit's manager. Raises PermissionDenied, DomainError for one that is
    finished or that nobody has, InvalidInput at "to" for somebody who does not work on referrals,
    or whom nothing about this victim may reach.
    """
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    referral = lock(referral_id)
    require_worker(actor)
    require_open(referral)
    if referral.claimed_by is None:
        raise DomainError(f"Nobody has {referral.reference}: it can be claimed.")
    _require_reassign(actor, referral, at)
    if not can_work(to):
        raise InvalidInput(f"{to} does not work on referrals.", field="to")
    if referral.claimed_by_id == to.pk:
        raise InvalidInput(f"{to} has it already.", field="to")
    if withheld_from([to.pk], referral.victim_id):
        raise InvalidInput(f"{to} cannot be given this referral.", field="to")
    return _give(
        referral,
        to=to,
        actor=actor,
        at=at,
        headline=f"Referral handed over from {referral.claimed_by} to {to}",
        reason=reason,
    )


@transaction.atomic
def release(*, referral_id: int, actor: User, at: datetime, reason: str = "") -> Referral:
    """Give a referral back, so that anybody may claim it; the clock runs on.

    Who has it may, and the unit's manager. Raises PermissionDenied, or DomainError for one that is
    finished or that nobody has.
    """
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    referral = lock(referral_id)
    require_worker(actor)
    require_open(referral)
    if referral.claimed_by is None:
        raise DomainError(f"Nobody has {referral.reference} already.")
    _require_reassign(actor, referral, at)
    return _give_back(referral, actor=actor, at=at, reason=reason)


@transaction.atomic
def keep_from_withheld(*, victim_id: int, actor: User, at: datetime) -> list[Referral]:
    """Nothing about a victim may reach some people any more: their referrals go back to the queue.

    What was asked of them is asked no more. Follows the register's own service, which asked for
    its permission. Gives the referrals that went back.
    """
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    rows = Referral.objects.open().filter(victim=victim_id).order_by("pk")
    people = set(rows.filter(claimed_by__isnull=False).values_list("claimed_by_id", flat=True))
    asked = SecondOpinion.objects.waiting().filter(referral__in=rows)
    people |= set(asked.values_list("asked_of_id", flat=True))
    barred = withheld_from(people, victim_id) if people else set()
    for opinion in asked.filter(asked_of__in=barred).select_for_update(of=("self",)):
        drop(opinion, because="It cannot be asked of them any more.", actor=actor, at=at)
    held = rows.filter(claimed_by__in=barred).values_list("pk", flat=True)
    because = "They cannot work on it any more."
    return [_give_back(lock(pk), actor=actor, at=at, reason=because) for pk in held]


def _give_back(referral: Referral, *, actor: User, at: datetime, reason: str) -> Referral:
    worker, unit = referral.claimed_by, unit_for(referral.victim.area_id)
    assert worker is not None
    referral.state = Referral.State.WAITING
    referral.claimed_by = referral.claimed_at = None
    referral.version += 1
    referral.save(update_fields=["state", "claimed_by", "claimed_at", "version"])
    deadlines.services.assign(
        kind=KIND, subject=referral, owner=None, team=unit, actor=actor, at=at
    )
    victims.services.set_responsible(
        victim_id=referral.victim_id,
        person=None,
        team=unit,
        duties=_held_by_claim(referral, worker),
        actor=actor,
        at=at,
    )
    _record(
        referral,
        "referral.released",
        "Referral given back to the queue",
        actor,
        at,
        {"worker": str(worker), "reason": reason},
    )
    events.announce(ReferralReleased(referral.pk, referral.victim_id, actor, at))
    return referral


def _require_may_know(actor: User, referral: Referral) -> None:
    """Asked under the victim's lock, which the register is kept under: what the page knew of the
    actor may be older than that."""
    if withheld_from([actor.pk], referral.victim_id):
        raise PermissionDenied("You cannot see this record.")


def _require_reassign(actor: User, referral: Referral, at: datetime) -> None:
    if not can_reassign(actor, referral):
        raise PermissionDenied(
            f"{who_has(referral, at)}. They or the unit's manager can hand it over."
        )


def _taken_by_claim(referral: Referral, worker: User | None) -> list[Duty]:
    """What passes to whoever takes a referral: what only the first response had, or `worker` had.

    Between the officers' assessment and the outcome (which names an owner for contact and safety
    plan) the unit answers for the victim. What somebody beyond the first response works on with
    them (an IDVA's plan, an investigator's risk, contact with a worker known to them) stays theirs.
    """
    victim = referral.victim
    teams = {getattr(victim, f"{duty.value}_team_id") for duty in Duty}
    response = set(
        Team.objects.filter(pk__in=teams, kind=Team.Kind.RESPONSE).values_list("pk", flat=True)
    )
    return [
        duty
        for duty in Duty
        if getattr(victim, f"{duty.value}_team_id") in response
        or (worker and getattr(victim, f"{duty.value}_owner_id") == worker.pk)
    ]


def _held_by_claim(referral: Referral, worker: User) -> list[str]:
    """What a worker gives back with a referral: duties of theirs that nobody handed over to them.

    Nothing while another referral of this victim is theirs.
    """
    others = Referral.objects.filter(
        victim=referral.victim_id, claimed_by=worker, state=Referral.State.CLAIMED
    ).exclude(pk=referral.pk)
    if others.exists():
        return []
    handed_over = set(
        referral.victim.handovers.filter(state="taken", to_person=worker).values_list(
            "duty", flat=True
        )
    )
    return [
        duty.value
        for duty in Duty
        if getattr(referral.victim, f"{duty.value}_owner_id") == worker.pk
        and duty.value not in handed_over
    ]


def _give(
    referral: Referral, *, to: User, actor: User, at: datetime, headline: str, reason: str = ""
) -> Referral:
    worker, before = referral.claimed_by, str(referral.claimed_by or "")
    referral.state = Referral.State.CLAIMED
    referral.claimed_by, referral.claimed_at = to, at
    referral.version += 1
    referral.save(update_fields=["state", "claimed_by", "claimed_at", "version"])
    deadlines.services.assign(kind=KIND, subject=referral, owner=to, actor=actor, at=at)
    victims.services.set_responsible(
        victim_id=referral.victim_id,
        person=to,
        duties=_taken_by_claim(referral, worker),
        and_unheld=True,
        actor=actor,
        at=at,
    )
    drop_opinions(referral, of=to, because=f"{to} has the referral now.", actor=actor, at=at)
    _record(
        referral,
        "referral.handed_over" if before else "referral.claimed",
        headline,
        actor,
        at,
        {"before": before, "after": str(to), "reason": reason},
    )
    events.announce(ReferralClaimed(referral.pk, referral.victim_id, to, at))
    return referral


def _record(
    referral: Referral, verb: str, headline: str, actor: User, at: datetime, detail: dict[str, str]
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=headline,
        subject=referral.reference,
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail=detail,
    )
