"""What those who keep partner agencies read: the agencies, one of them, what was not delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Agency, User
from accounts.roles import Role
from referrals.models import AgencyChannel, Outgoing, OutgoingAttempt, Sharing

#: Rows of one agency's page: what is open, and its last messages.
MOST = 25


@dataclass(frozen=True)
class Filters:
    """What the list of agencies is narrowed to; empty is everything."""

    words: str = ""
    kind: str = ""
    way: str = ""
    area: int | None = None


@dataclass(frozen=True)
class Partner:
    """One line of the list."""

    agency: Agency
    channel: AgencyChannel | None
    representatives: int
    open: int
    last_delivery: datetime | None
    dead: int


def agencies(filters: Filters) -> "QuerySet[Agency]":
    """Partners by name, as far as they fit."""
    rows = Agency.objects.exclude(kind=Agency.Kind.POLICE).order_by("name", "pk")
    if filters.words:
        rows = rows.filter(name__icontains=filters.words)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.way == AgencyChannel.Way.INBOX:
        rows = rows.filter(Q(channel__isnull=True) | Q(channel__way=filters.way))
    elif filters.way:
        rows = rows.filter(channel__way=filters.way)
    if filters.area is not None:
        everywhere = Q(channel__isnull=True) | Q(channel__area__isnull=True)
        rows = rows.filter(everywhere | Q(channel__area=filters.area))
    return rows


def lines(page: Sequence[Agency], *, reader: User, at: datetime) -> list[Partner]:
    """The lines of these agencies; five queries, however many they are."""
    keys = [agency.pk for agency in page]
    channels = {
        row.agency_id: row
        for row in AgencyChannel.objects.filter(agency__in=keys).select_related("area")
    }
    people = dict(
        representatives_of(keys)
        .filter(is_active=True)
        .values_list("team__agency")
        .annotate(Count("pk"))
    )
    waiting = dict(
        open_with(keys, reader=reader, at=at).values_list("agency").annotate(Count("pk"))
    )
    messages = Outgoing.objects.visible_to(reader).filter(agency__in=keys)
    sent = dict(messages.filter(state="sent").values_list("agency").annotate(Max("settled_at")))
    dead = dict(messages.dead().values_list("agency").annotate(Count("pk")))
    return [
        Partner(
            agency,
            channels.get(agency.pk),
            people.get(agency.pk, 0),
            waiting.get(agency.pk, 0),
            sent.get(agency.pk),
            dead.get(agency.pk, 0),
        )
        for agency in page
    ]


def representatives_of(agency_ids: Sequence[int]) -> "QuerySet[User]":
    """The accounts of these agencies that are a representative's, also those switched off."""
    return User.objects.filter(
        team__agency__in=agency_ids, groups__name=Role.AGENCY_REPRESENTATIVE
    ).order_by("-is_active", "name")


def has_a_reader(agency_id: int) -> bool:
    """Whether anybody there, or a system of theirs, takes what the agency is told."""
    webhook = AgencyChannel.objects.filter(agency=agency_id, way=AgencyChannel.Way.WEBHOOK)
    return representatives_of([agency_id]).filter(is_active=True).exists() or webhook.exists()


def open_with(agency_ids: Sequence[int], *, reader: User, at: datetime) -> "QuerySet[Sharing]":
    """What these agencies were told and have not answered, as far as the reader may see it."""
    rows = Sharing.objects.in_force(at).visible_to(reader)
    return rows.filter(agency__in=agency_ids, answered_at__isnull=True)


def last_messages(agency_id: int, *, reader: User) -> list[Outgoing]:
    """The agency's newest messages."""
    rows = Outgoing.objects.visible_to(reader).filter(agency=agency_id)
    return list(rows.select_related("sharing").order_by("-created_at", "-pk")[:MOST])


def undelivered(reader: User) -> "QuerySet[Outgoing]":
    """What was given up, newest first."""
    rows = Outgoing.objects.visible_to(reader).dead()
    return rows.select_related("sharing", "agency").order_by("-settled_at", "-pk")


def attempts_of(messages: Sequence[Outgoing]) -> dict[int, list[OutgoingAttempt]]:
    """Every attempt of these messages, in order; one query."""
    found: dict[int, list[OutgoingAttempt]] = {message.pk: [] for message in messages}
    for row in OutgoingAttempt.objects.filter(message__in=list(found)).order_by("at", "pk"):
        found[row.message_id].append(row)
    return found
