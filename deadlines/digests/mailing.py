"""A digest by e-mail: one mail a person a morning, with numbers and where to read, no more."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts.models import User
from deadlines.digests.readers import readers
from deadlines.models import Digest

logger = logging.getLogger(__name__)

#: What could not be delivered within a day is tried no more: the next digest comes.
TRIED_FOR = timedelta(days=1)
#: Parts of a digest as the mail counts them.
COUNTED = {
    "over": "out of time",
    "today": "due before the next digest",
    "yours": "new with you",
    "messages": "messages",
    "nobody": "with nobody",
    "unanswered": "did not acknowledge the last digest",
}


def waiting(at: datetime) -> "QuerySet[Digest]":
    """What is to be sent: digests of the last day that nobody has been sent."""
    return Digest.objects.filter(delivered_at__isnull=True, created_at__gt=at - TRIED_FOR)


def send_all(mail: BaseEmailBackend, at: datetime) -> Iterator[bool]:
    """Send what is waiting, one person a transaction; for each whether it went."""
    theirs = _by_reader(at)
    people = {user.pk: user for user in User.objects.filter(pk__in=theirs)}
    for reader_id, digest_ids in theirs.items():
        yield _send_one(mail, people.get(reader_id), digest_ids, at)


def _by_reader(at: datetime) -> dict[int, list[int]]:
    """Whose mail holds which digests: a person's own first, then those of teams they lead.

    Nought stands for nobody: whoever has left, or a leader who is away with nobody to stand in.
    """
    here = readers(at)
    rows = waiting(at).order_by(F("person_id").asc(nulls_last=True), "pk")
    found: dict[int, list[int]] = defaultdict(list)
    for pk, person_id, leader_id in rows.values_list("pk", "person_id", "team__supervisor_id"):
        reader_id = here.of(leader_id) if person_id is None else person_id
        found[reader_id if reader_id in here.teams else 0].append(pk)
    return found


@transaction.atomic
def _send_one(
    mail: BaseEmailBackend, reader: User | None, digest_ids: Sequence[int], at: datetime
) -> bool:
    """One mail and its mark. What another worker holds or has sent meanwhile is left out."""
    rows = list(
        waiting(at)
        .filter(pk__in=digest_ids)
        .select_related("team")
        .order_by(F("person_id").asc(nulls_last=True), "pk")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
    )
    if not rows:
        return False
    reached = reader if reader is not None and reader.email else None
    if reached is not None and not _is_sent(mail, reached, rows):
        return False
    Digest.objects.filter(pk__in=[row.pk for row in rows]).update(delivered_at=at)
    return reached is not None


def _is_sent(mail: BaseEmailBackend, reader: User, rows: Sequence[Digest]) -> bool:
    try:
        mail.send_messages([_message(reader, rows)])
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:  # this message only
        logger.warning("A digest is not delivered yet: %s", type(error).__name__)
        return False
    return True


def _message(reader: User, rows: Sequence[Digest]) -> EmailMessage:
    lines = [f"{row.team if row.person_id is None else 'You'}: {_numbers(row)}." for row in rows]
    words = "\n".join(lines)
    page = f"{settings.PUBLIC_URL}{reverse('deadlines:digests')}"
    return EmailMessage(
        subject=f"Lodestar: your digest of {rows[0].on:%-d %B}",
        body=f"{words}\n\nRead and acknowledge:\n{page}\n",
        to=[reader.email],
        headers={"Message-ID": message_id(reader.pk, rows[0])},
    )


def message_id(reader_id: int, row: Digest) -> str:
    """The same for every attempt of a morning, so that a mail sent twice is recognised as one."""
    name = f"{settings.PUBLIC_URL}/digests/{row.on}/{reader_id}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<digest.{hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain}>"


def _numbers(row: Digest) -> str:
    parts = [f"{words} {n}" for code, words in COUNTED.items() if (n := row.numbers.get(code))]
    return ", ".join(parts)
