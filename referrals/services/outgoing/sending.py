"""Workers send what is owed: again and again with growing gaps, then set it aside in the open.

The rows are the truth. A worker takes a row by moving its next instant ahead, commits, and calls
the other system outside any transaction. Whoever dies meanwhile has lost nothing: the row comes up
again at that instant, which is never soon. No two workers have a row at once.
"""

import logging
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from deadlines.models import Notification
from referrals.models import AgencyChannel, Outgoing, OutgoingAttempt
from referrals.services.outgoing import messages, signing
from referrals.services.outgoing.calling import LIMITS, Limits, NotAnswered, post
from referrals.services.outgoing.owing import State, Way, channel_in_use, not_owed, settle

logger = logging.getLogger(__name__)

#: Seconds for which one run takes new messages: other tasks wait for the same workers.
LONGEST_RUN = 20
#: The gap after the first attempt, in seconds; each next one is so many times as long, up to the
#: longest. Eight attempts take some twelve hours: a night without the other side's people.
FIRST_GAP, TIMES, LONGEST_GAP = 60, 3, 6 * 3_600
#: Gaps are up to a quarter longer, by chance, so that what failed together comes back apart.
JITTER = 0.25

#: Messages given up within this time of one another, of one agency, are said once: the list says
#: the rest.
TOLD_EVERY = timedelta(days=1)

#: The other side says that this address is no more: asking again is of no use.
GONE = 410

UNDER_WAY = "Under way, or its worker ended before it was over."
LOST = "The last attempt ended with its worker: nobody knows whether it arrived."


@dataclass
class Tally:
    """What one run did: attempts that arrived, that failed, and messages settled without one."""

    sent: int = 0
    failed: int = 0
    settled: int = 0


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: whether it arrived, the status if any answered, in words."""

    arrived: bool
    status: int | None
    words: str


def deliver(*, at: datetime, limits: Limits = LIMITS, longest: float = LONGEST_RUN) -> Tally:
    """Send what is due at `at`, one message after the other, for at most `longest` seconds.

    After a failure the same agency's other messages wait for the next run: a system that hangs
    holds up nobody else's.
    """
    begun, tally = time.monotonic(), Tally()
    allowed, failing = policy.at(at).webhook_attempts, set[int]()
    while (passed := time.monotonic() - begun) < longest:
        taken = _take(at + timedelta(seconds=passed), failing, allowed)
        if taken is None:
            break
        message, attempt = taken
        if attempt is None:
            tally.settled += 1
            continue
        answer = _try(message, attempt.at, limits)
        over = at + timedelta(seconds=time.monotonic() - begun)
        _record(message, attempt, answer, over, allowed)
        tally.sent += answer.arrived
        if not answer.arrived:
            tally.failed += 1
            failing.add(message.agency_id)
    return tally


def gap(attempts: int) -> timedelta:
    """How long to wait after so many attempts, the chance within it drawn here, once."""
    seconds = min(FIRST_GAP * TIMES ** (attempts - 1), LONGEST_GAP)
    return timedelta(seconds=seconds * random.uniform(1, 1 + JITTER))  # noqa: S311


@transaction.atomic
def _take(
    at: datetime, failing: set[int], allowed: int
) -> tuple[Outgoing, OutgoingAttempt | None] | None:
    """Take the first due message that nobody has: its attempt is written before it is made.

    Without an attempt where it was settled instead, because it is owed no longer or was tried often
    enough. None when nothing is due.
    """
    message = (
        Outgoing.objects.to_try(at)
        .exclude(agency__in=failing)
        .select_related("sharing", "agency")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("try_at", "pk")
        .first()
    )
    if message is None:
        return None
    channel = channel_in_use(message.agency_id)
    if channel is None or (why := not_owed(message, at)):
        settle(message, State.DROPPED, at, why if channel else "Read on its pages here only")
        return message, None
    if message.attempts >= allowed:
        _give_up(message, LOST, at)
        return message, None
    message.attempts += 1
    message.way, message.try_at = channel.way, at + gap(message.attempts)
    message.last_words = UNDER_WAY
    message.save(update_fields=["attempts", "way", "try_at", "last_words"])
    message.agency.channel = channel
    return message, OutgoingAttempt.objects.create(
        message=message, at=at, milliseconds=0, words=UNDER_WAY
    )


def _try(message: Outgoing, at: datetime, limits: Limits) -> Answer:
    channel = message.agency.channel
    if channel.way == Way.EMAIL:
        return by_mail(messages.mail(message, channel.email))
    return by_webhook(channel, message.key, messages.body(message), at, limits)


def by_webhook(
    channel: AgencyChannel, key: UUID, body: bytes, at: datetime, limits: Limits
) -> Answer:
    """Call the agency's system once, signed at `at`, and say what came of it."""
    signed = signing.headers(secret=channel.webhook_secret, key=key, body=body, at=at)
    try:
        status = post(channel.webhook_url, body=body, headers=signed, limits=limits)
    except NotAnswered as failure:
        return Answer(False, None, str(failure))
    if 200 <= status < 300:
        return Answer(True, status, f"Taken with {status}.")
    words = {GONE: "Gone: this address takes nothing any more."}.get(status, "Not taken.")
    if 300 <= status < 400:
        words = "It pointed elsewhere, which is not followed: give the address itself."
    return Answer(False, status, f"Answered {status}. {words}")


def by_mail(mail: EmailMessage) -> Answer:
    """Give one mail to the mail server, and say what came of it."""
    try:
        with get_connection(timeout=settings.EMAIL_TIMEOUT) as server:
            server.send_messages([mail])
    except (OSError, ValueError) as error:  # every failure of a mail server is an OSError
        words = f"The mail server did not take it: {type(error).__name__}."
        return Answer(False, None, words)
    return Answer(True, None, "Given to the mail server.")


@transaction.atomic
def _record(
    message: Outgoing, attempt: OutgoingAttempt, answer: Answer, at: datetime, allowed: int
) -> None:
    """Write what came of an attempt; settle the message unless somebody settled it meanwhile."""
    attempt.status, attempt.words = answer.status, answer.words[:300]
    attempt.milliseconds = max(0, int((at - attempt.at).total_seconds() * 1_000))
    attempt.save(update_fields=["status", "words", "milliseconds"])
    row = (
        Outgoing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sharing", "agency")
        .get(pk=message.pk)
    )
    if row.state != State.WAITING:
        return
    if answer.arrived:
        settle(row, State.SENT, at, answer.words)
    elif row.attempts != message.attempts:
        return  # this took so long that the next attempt is under way: that one counts
    elif answer.status == GONE or row.attempts >= allowed:
        _give_up(row, answer.words, at)
    else:
        row.last_words = answer.words[:300]
        row.save(update_fields=["last_words"])


def _give_up(message: Outgoing, words: str, at: datetime) -> None:
    """Set a message aside and say so to those who keep agencies: of each agency once a day."""
    lies_there = Outgoing.objects.dead().filter(
        agency=message.agency_id, settled_at__gt=at - TOLD_EVERY
    )
    told_already = lies_there.exists()
    settle(message, State.DEAD, at, words)
    sharing, agency = message.sharing, message.agency
    logger.warning("Message about %s is given up: %s", sharing.reference, words)
    audit.record(
        actor=User.objects.system(),
        at=at,
        verb="outgoing.dead",
        subject=sharing.reference,
        headline=f"{agency} could not be told: {message.get_about_display().lower()}"[:300],
        victim_id=sharing.victim_id,
        is_grave=True,
        detail={"attempts": message.attempts, "way": message.way, "last": words},
    )
    if told_already:
        return
    deadlines.services.notify(
        users=User.objects.filter(groups__permissions__codename="manage_agencies"),
        level=Notification.Level.BREACH,
        reference=sharing.reference,
        victim_id=sharing.victim_id,
        at=at,
        headline=f"{agency} could not be told of {sharing.reference}"[:200],
        path=reverse("referrals:undelivered"),
    )
