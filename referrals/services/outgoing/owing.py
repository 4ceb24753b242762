"""What an agency's own system or mailbox is owed: the row is the message."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from accounts.withheld import is_withheld
from referrals.models import AgencyChannel, Outgoing, Sharing

#: Seconds that one attempt may take from its first look-up to its last byte.
LONGEST_ATTEMPT = 10

About = Outgoing.About
State = Outgoing.State
Way = AgencyChannel.Way


def channel_in_use(agency_id: int) -> AgencyChannel | None:
    """How the agency is told beyond its pages here; None where its pages are all."""
    channels = AgencyChannel.objects.filter(agency=agency_id, is_active=True)
    return channels.exclude(way=Way.INBOX).first()


@transaction.atomic
def owe(*, sharing: Sharing, about: str, at: datetime) -> Outgoing | None:
    """Owe the agency a message about a sharing, in the transaction that shares or withdraws.

    `about` is an `Outgoing.About`. None where no message is needed: the agency reads its pages
    here only; or what is withdrawn never left here, so that its unsent message is dropped and
    nothing need be said; or the agency must receive nothing about this victim. Owing the same
    again changes nothing. Raises ValueError for another `about`.
    """
    about = About(about)
    try_at = at
    if about == About.WITHDRAWN:
        first = _drop_first(sharing, at)
        if first is None or not first.attempts:
            return None
        if first.state == State.DROPPED:
            # It may be on its way this very moment: what takes it back comes after it.
            try_at = at + timedelta(seconds=LONGEST_ATTEMPT)
    channel = channel_in_use(sharing.agency_id)
    if channel is None or is_withheld(sharing.agency_id, sharing.victim_id):
        return None
    message, _ = Outgoing.objects.get_or_create(
        sharing=sharing,
        about=about,
        defaults={
            "agency_id": sharing.agency_id,
            "way": channel.way,
            "key": uuid.uuid4(),
            "created_at": at,
            "try_at": try_at,
        },
    )
    return message


def _drop_first(sharing: Sharing, at: datetime) -> Outgoing | None:
    """The message that something was shared, sent no more if it still would have been.

    Where an attempt was made, nobody can say that it did not arrive.
    """
    first = (
        Outgoing.objects.select_for_update(no_key=True)
        .filter(sharing=sharing, about=About.SHARED)
        .first()
    )
    if first is not None and first.state in (State.WAITING, State.DEAD):
        settle(first, State.DROPPED, at, "What was shared is withdrawn")
    return first


def settle(message: Outgoing, state: str, at: datetime, words: str) -> None:
    """End a locked message in `state`, saying why."""
    message.state, message.try_at, message.settled_at = state, None, at
    message.last_words = words[:300]
    message.save(update_fields=["state", "try_at", "settled_at", "last_words"])


def not_owed(message: Outgoing, at: datetime) -> str:
    """Why it is not to be sent any more; empty while it is. What was owed may have passed."""
    sharing = message.sharing
    if is_withheld(message.agency_id, sharing.victim_id):
        return "The agency must receive nothing about this"
    if message.about == About.SHARED and not Sharing.objects.in_force(at).contains(sharing):
        return "What was shared is not in force any more"
    return ""
