"""Notifications by e-mail, after the fact: the row is the message, the mail only points to it.

Warnings and what is out of time go at once, each by itself; what is for information waits for the
morning's digest, which goes as one mail. A mail says a reference, what is the matter and where to
look; never who a victim is.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from deadlines.digests import mailing
from deadlines.models import Notification

logger = logging.getLogger(__name__)

#: What could not be delivered within a day is tried no more: its page has shown it all along.
TRIED_FOR = timedelta(days=1)
#: Seconds that a mail server may take to answer.
PATIENCE = 10


def deliver(*, at: datetime) -> int:
    """Send what is not yet delivered, one mail a transaction; the number sent.

    Rows that another worker holds are skipped. A row that one mail server refuses stays for the
    next time and does not hold up the others; a server that does not answer ends the run.
    """
    _nothing_to_send(at)
    sent = last = 0
    if not _waiting(at).exists() and not mailing.waiting(at).exists():
        return sent
    try:
        with get_connection(timeout=PATIENCE) as mail:
            while (row := _deliver_next(mail, last, at)) is not None:
                last, delivered = row
                sent += delivered
            for delivered in mailing.send_all(mail, at):
                sent += delivered
    except OSError as error:  # every failure of a mail server is one; the rows wait
        logger.warning("Mail cannot be sent now: %s", type(error).__name__)
    return sent


def message_id(notification_id: int) -> str:
    """The same for every attempt, so that a mail sent twice by a crash is recognised as one."""
    name = f"{settings.PUBLIC_URL}/notification/{notification_id}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<notification.{hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain}>"


def _waiting(at: datetime) -> "QuerySet[Notification]":
    return Notification.objects.filter(
        delivered_at__isnull=True,
        created_at__gt=at - TRIED_FOR,
        level__in=[Notification.Level.WARNING, Notification.Level.BREACH],
    )


def _nothing_to_send(at: datetime) -> None:
    """Who has no address, or has left, reads it on the page or not at all."""
    for unreachable in ({"user__email": ""}, {"user__is_active": False}):
        _waiting(at).filter(**unreachable).update(delivered_at=at)


@transaction.atomic
def _deliver_next(mail: BaseEmailBackend, after: int, at: datetime) -> tuple[int, bool] | None:
    """Send the next row after that id and mark it. (Its id, whether it went); None at the end."""
    row = (
        _waiting(at)
        .filter(pk__gt=after)
        .select_related("user")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .first()
    )
    if row is None:
        return None
    try:
        mail.send_messages([_message(row)])
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:  # this message only
        logger.warning("Notification %s is not delivered yet: %s", row.pk, type(error).__name__)
        return row.pk, False
    row.delivered_at = at
    row.save(update_fields=["delivered_at"])
    return row.pk, True


def _message(row: Notification) -> EmailMessage:
    return EmailMessage(
        subject=f"Lodestar: {row.reference}: {row.get_level_display().lower()}",
        body=f"{row.headline}\n\n{row.reference}\n{settings.PUBLIC_URL}{row.path}\n",
        to=[row.user.email],
        headers={"Message-ID": message_id(row.pk)},
    )
