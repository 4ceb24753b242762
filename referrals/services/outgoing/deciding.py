"""What people do with messages that were given up: try again, or drop them with reasons."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from referrals.models import Outgoing
from referrals.permissions import can_manage_agencies
from referrals.services.outgoing.owing import State, channel_in_use, not_owed, settle

LONGEST_REASON = 250


@transaction.atomic
def try_again(*, message_id: int, actor: User, at: datetime) -> Outgoing:
    """Send a message that was given up anew, from the first attempt on, under its old key.

    One that waits already stays as it is. Raises PermissionDenied, or DomainError for one that was
    sent or dropped, that is not owed any more, or whose agency has no way to be told.
    """
    message = _locked(message_id, actor)
    if message.state == State.WAITING:
        return message
    _require_dead(message)
    if channel_in_use(message.agency_id) is None:
        raise DomainError(
            f"{message.agency} is told on its pages here only. Set another way first, or drop this."
        )
    if why := not_owed(message, at):
        raise DomainError(f"{why}. Drop this message.")
    message.state, message.try_at, message.settled_at, message.attempts = State.WAITING, at, None, 0
    message.save(update_fields=["state", "try_at", "settled_at", "attempts"])
    _say(message, "outgoing.tried_again", "Message is sent again", {}, actor, at)
    return message


@transaction.atomic
def drop(*, message_id: int, reason: str, actor: User, at: datetime) -> Outgoing:
    """Send a message that was given up no more, with the reason in words.

    Dropping it again changes nothing. Raises PermissionDenied, InvalidInput without a reason, or
    DomainError for one that is not given up.
    """
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    message = _locked(message_id, actor)
    if message.state == State.DROPPED:
        return message
    _require_dead(message)
    settle(message, State.DROPPED, at, f"{actor}: {reason}")
    _say(message, "outgoing.dropped", "Message is not sent any more", {"reason": reason}, actor, at)
    return message


def _locked(message_id: int, actor: User) -> Outgoing:
    message = (
        Outgoing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sharing", "agency")
        .get(pk=message_id)
    )
    if not can_manage_agencies(actor):
        raise PermissionDenied("Only those who keep partner agencies decide on their messages.")
    return message


def _require_dead(message: Outgoing) -> None:
    if message.state != State.DEAD:
        raise DomainError(
            f"This message is not among those given up: {message.get_state_display().lower()}."
        )


def _say(
    message: Outgoing,
    verb: str,
    headline: str,
    detail: dict[str, str],
    actor: User,
    at: datetime,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        subject=message.sharing.reference,
        headline=f"{headline}: {message.agency}"[:300],
        victim_id=message.sharing.victim_id,
        detail={"about": message.about, "last": message.last_words, **detail},
    )
