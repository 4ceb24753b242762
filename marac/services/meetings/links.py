"""The secret address of somebody's calendar: made, used, ended."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import services as audit
from marac.models import CalendarLink
from marac.permissions import can_attend, can_view_conferences

#: Bytes of a link's secret.
_SECRET = 24
#: Calendars ask every few minutes; when one last did is kept to the hour.
_NOTED_EVERY = timedelta(hours=1)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_calendar_link(*, actor: User, at: datetime) -> str:
    """A new secret for one's own calendar; the one before opens nothing any more.

    The secret is given here and kept nowhere. Raises PermissionDenied for whoever comes to no
    meetings.
    """
    _needs_meetings(actor)
    secret = secrets.token_urlsafe(_SECRET)
    CalendarLink.objects.update_or_create(
        person=actor,
        defaults={"digest": digest_of(secret), "made_at": at, "last_used_at": None},
    )
    _record(actor, at, "made", "Calendar link made")
    return secret


@transaction.atomic
def end_calendar_link(*, actor: User, at: datetime) -> None:
    """One's own link opens nothing any more. Raises PermissionDenied as above."""
    _needs_meetings(actor)
    gone, _ = CalendarLink.objects.filter(person=actor).delete()
    if gone:
        _record(actor, at, "ended", "Calendar link ended")


def whose_calendar(secret: str, at: datetime) -> User | None:
    """Whose calendar a secret opens: nobody's once they left or come to meetings no more."""
    link = CalendarLink.objects.select_related("person").filter(digest=digest_of(secret)).first()
    if link is None or not (can_attend(link.person) or can_view_conferences(link.person)):
        return None
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - _NOTED_EVERY)
    CalendarLink.objects.filter(unnoted, pk=link.pk).update(last_used_at=at)
    return link.person


def _needs_meetings(actor: User) -> None:
    if not (can_attend(actor) or can_view_conferences(actor)):
        raise PermissionDenied("Your role does not come to conferences.")


def _record(actor: User, at: datetime, verb: str, headline: str) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_calendar.{verb}",
        headline=headline,
        subject=actor.username,
    )
