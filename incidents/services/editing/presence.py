"""Who else has a page of an incident open for writing. Nothing is locked by it: it only tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from incidents import permissions
from incidents.models import Editing

#: Pages say every quarter of a minute that they are open; whoever misses four has gone.
FORGOTTEN_AFTER = timedelta(seconds=60)
ANOTHER_PAGE = "a page of it"
#: Pages that people write on, as they are named to others; a page may call itself nothing else.
PAGES = frozenset(
    {
        "the call's text",
        "the first response",
        "the closure",
        "the grade",
        "news of it",
        "the links",
        "a crime",
        "the supervision",
        "the exhibits",
    }
)

_UPSERT = """
    INSERT INTO incidents_editing (incident_id, person_id, page, since, seen_at)
    VALUES (%(incident)s, %(person)s, %(page)s, %(at)s, %(at)s)
    ON CONFLICT (incident_id, person_id) DO UPDATE SET
        page = EXCLUDED.page,
        seen_at = GREATEST(incidents_editing.seen_at, EXCLUDED.seen_at),
        since = CASE WHEN incidents_editing.seen_at < %(forgotten)s
                THEN EXCLUDED.since ELSE incidents_editing.since END
"""
#: Rows that somebody writes at this moment are passed over: two people who come back at once must
#: not wait for one another.
_FORGET = """
    DELETE FROM incidents_editing WHERE id IN (
        SELECT id FROM incidents_editing
        WHERE incident_id = %(incident)s AND seen_at < %(forgotten)s
        FOR UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True)
class Writer:
    """Somebody who has a page open, and since when."""

    name: str
    page: str
    since: datetime


@transaction.atomic
def writing(*, incident_id: int, person: User, page: str, at: datetime) -> list[Writer]:
    """Note that this person has a page of the incident open, and give the others who have one.

    The caller asked whether they may see the incident. Raises PermissionDenied for those who write
    on no page of any incident.
    """
    _check(person)
    words: dict[str, int | str | datetime] = {
        "incident": incident_id,
        "person": person.pk,
        "page": page if page in PAGES else ANOTHER_PAGE,
        "at": at,
        "forgotten": at - FORGOTTEN_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, words)
        cursor.execute(_FORGET, words)
    return writers(incident_id=incident_id, but=person, at=at)


def left(*, incident_id: int, person: User) -> None:
    """This person's page was closed. A second window of theirs says so again within seconds."""
    _check(person)
    Editing.objects.filter(incident=incident_id, person=person).delete()


def writers(*, incident_id: int, but: User, at: datetime) -> list[Writer]:
    """Whoever else has a page of the incident open, the longest first. One query."""
    rows = (
        Editing.objects.filter(incident=incident_id, seen_at__gte=at - FORGOTTEN_AFTER)
        .exclude(person=but)
        .select_related("person")
        .order_by("since", "pk")
    )
    return [Writer(str(row.person), row.page, row.since) for row in rows]


def may_write(person: User) -> bool:
    """Whether there is any page of an incident that this person writes on."""
    return (
        permissions.may_log_calls(person)
        or permissions.may_attend(person)
        or permissions.may_request_closure(person)
        or permissions.may_sign_off(person)
        or permissions.may_supervise(person)
    )


def _check(person: User) -> None:
    if not may_write(person):
        raise PermissionDenied("Only those who write on pages of incidents say that they do.")
