"""Several referrals at once: exactly those that were shown and ticked, each by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import AlreadyTaken, DomainError, InvalidInput
from referrals.models import Referral
from referrals.permissions import can_work
from referrals.services.claiming import (
    claim,
    hand_over,
    lock,
    release,
    require_open,
    require_worker,
    who_has,
)

#: As many as a list shows at once, with room to spare.
MOST = 50
ACTS = {"claim": "Claim", "hand_over": "Hand over", "release": "Give back"}


@dataclass(frozen=True)
class Ticked:
    """A referral as it was shown: its reference, and its version then."""

    reference: str
    version: int


@dataclass(frozen=True)
class Result:
    """What became of one: done, or refused, in words."""

    reference: str
    is_done: bool
    words: str


def batch(
    *,
    act: str,
    ticked: Sequence[Ticked],
    actor: User,
    at: datetime,
    to: User | None = None,
    reason: str = "",
) -> list[Result]:
    """Claim, hand over or give back each of these referrals, in the order given.

    Each is a transaction of its own: one that somebody else took or changed since it was shown is
    refused by name and the others go on; asked twice, nothing changes twice. Raises
    PermissionDenied for whoever does not work on referrals; InvalidInput at `act`, at `row` when
    nothing or too much is ticked, at `to` for somebody who does not work on referrals.
    """
    require_worker(actor)
    verb = _verb(act, to=to, reason=reason, actor=actor, at=at)
    rows = list(dict.fromkeys(ticked))
    if not rows:
        raise InvalidInput("Tick at least one referral.", field="row")
    if len(rows) > MOST:
        raise InvalidInput(f"Tick {MOST} referrals at most.", field="row")
    seen = Referral.objects.visible_to(actor).in_bulk(
        [row.reference for row in rows], field_name="reference"
    )
    return [_one(row, seen.get(row.reference), verb, actor, at) for row in rows]


def _verb(
    act: str, *, to: User | None, reason: str, actor: User, at: datetime
) -> Callable[[int], str]:
    """What is done with one, giving the words of it."""
    match act:
        case "claim":
            return lambda pk: f"{claim(referral_id=pk, actor=actor, at=at).reference} is yours now"
        case "release":
            return lambda pk: (
                f"{release(referral_id=pk, actor=actor, at=at, reason=reason).reference} "
                "is back in the queue"
            )
        case "hand_over":
            worker = _worker(to)
            return lambda pk: _handed(pk, worker, actor, at, reason)
        case _:
            raise InvalidInput(f"Choose one of: {', '.join(ACTS)}.", field="act")


def _handed(pk: int, to: User, actor: User, at: datetime, reason: str) -> str:
    row = hand_over(referral_id=pk, to=to, actor=actor, at=at, reason=reason)
    return f"{to} has {row.reference} now"


def _worker(to: User | None) -> User:
    if to is None:
        raise InvalidInput("Say to whom.", field="to")
    if not can_work(to):
        raise InvalidInput(f"{to} does not work on referrals.", field="to")
    return to


def _one(
    row: Ticked,
    referral: Referral | None,
    verb: Callable[[int], str],
    actor: User,
    at: datetime,
) -> Result:
    if referral is None:
        return Result(row.reference, False, f"{row.reference} is not in your queue.")
    try:
        with transaction.atomic():
            _require_as_shown(lock(referral.pk), row, at)
            return Result(row.reference, True, f"{verb(referral.pk)}.")
    except DomainError as refusal:
        return Result(row.reference, False, refusal.message)
    except PermissionDenied as refusal:
        return Result(row.reference, False, str(refusal))


def _require_as_shown(referral: Referral, row: Ticked, at: datetime) -> None:
    """Raises DomainError for one that changed since it was shown, saying how it stands."""
    require_open(referral)
    if referral.version == row.version:
        return
    if referral.claimed_by is not None:
        raise AlreadyTaken(f"It changed since it was shown: {who_has(referral, at)}.")
    raise DomainError(f"{referral.reference} changed since it was shown: nobody has it now.")
