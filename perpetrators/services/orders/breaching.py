"""An order or a notice in force is breached."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core import events
from core.clock import local
from core.errors import DomainError, InvalidInput
from core.text import clean
from incidents.models import Crime, Involvement
from perpetrators.events import OrderBreached
from perpetrators.models import Order, OrderBreach, ProtectionNotice
from perpetrators.permissions import can_record_order
from perpetrators.services.orders import telling
from perpetrators.services.orders.hearing import court_due
from perpetrators.services.orders.rows import lock_notice, lock_order, not_ahead, record, when

LONGEST_BREACH = 1_000


@transaction.atomic
def record_breach(
    *,
    happened_at: datetime,
    words: str,
    actor: User,
    at: datetime,
    order_id: int | None = None,
    notice_id: int | None = None,
    incident_id: int | None = None,
) -> OrderBreach:
    """Somebody did what an order or a notice forbids, at an instant at which it was in force.

    Exactly one of `order_id` and `notice_id`. Risk is looked at again and the victim is told. The
    same breach again changes nothing. Raises PermissionDenied, InvalidInput at `happened_at`,
    `words` or `incident` (one of the victim's), DomainError where it was not in force then.
    """
    if (order_id is None) == (notice_id is None):
        raise ValueError("a breach is of an order or of a notice")
    row = lock_order(order_id) if order_id is not None else lock_notice(notice_id or 0)
    if not can_record_order(actor):
        raise PermissionDenied("Only those on duty with victims record a breach.")
    words = clean(words, field="words", longest=LONGEST_BREACH, required=True)
    not_ahead(happened_at, at, field="happened_at")
    existing = row.breaches.filter(happened_at=happened_at, words=words).first()
    if existing is not None:
        return existing
    _needs_force(row, happened_at)
    _needs_own_incident(row.victim_id, incident_id)
    breach = OrderBreach.objects.create(
        victim=row.victim,
        order_id=order_id,
        notice_id=notice_id,
        incident_id=incident_id,
        happened_at=happened_at,
        words=words,
        recorded_by=actor,
        recorded_at=at,
    )
    name = row.get_kind_display() if isinstance(row, Order) else "Protection notice"
    headline = f"{name} breached, {when(happened_at)}"
    record(row, "breached", headline, actor=actor, at=at, is_grave=True, words=words)
    is_told = incident_id is not None and _crimes_of(incident_id).exists()
    said = f"{name} against {row.person} breached on {when(happened_at)}"
    telling.breached(breach, said, is_told=is_told, actor=actor, at=at)
    events.announce(OrderBreached(breach_id=breach.pk, victim_id=row.victim_id, actor=actor, at=at))
    return breach


def breach_by_crime(*, crime_id: int, actor: User, at: datetime) -> None:
    """A crime of breaching an order is recorded: risk is looked at again, the victim is told.

    Nothing for crimes of other categories, and nothing more for victims of whose order a breach is
    recorded from the same incident already. The caller asked who may record a crime.
    """
    crime = _crimes().filter(pk=crime_id).select_related("incident").first()
    if crime is None:
        return
    done = OrderBreach.objects.filter(incident=crime.incident_id).values("victim")
    rows = Involvement.objects.filter(incident=crime.incident_id, role=Involvement.Role.VICTIM)
    if crime.victim_id is not None:
        rows = rows.filter(victim=crime.victim_id)
    ids = rows.exclude(victim__in=done).order_by("victim").values_list("victim", flat=True)
    victim_ids = [pk for pk in ids.distinct() if pk is not None]
    if victim_ids:
        words = f"Breach of an order recorded as a crime, {crime.incident.reference}"
        telling.breached_by_crime(crime, victim_ids, words, actor=actor, at=at)


def was_in_force(row: Order | ProtectionNotice, instant: datetime) -> bool:
    """Whether it bound anybody at an instant: from service or making to its end."""
    if isinstance(row, Order):
        ran_out = row.until is not None and local(instant).date() > row.until
        is_over = row.ended_at is not None and row.ended_at <= instant
        return row.made_at.replace(second=0) <= instant and not ran_out and not is_over
    if row.served_at is None or instant < row.served_at:
        return False
    match row.state:
        case ProtectionNotice.State.SERVED:
            return True
        case ProtectionNotice.State.LAPSED:
            return instant < max(court_due(row), row.hearing_at or row.served_at)
        case _:
            return row.heard_at is not None and instant < row.heard_at


def _needs_force(row: Order | ProtectionNotice, instant: datetime) -> None:
    if not was_in_force(row, instant):
        raise DomainError("It was not in force then.", field="happened_at")


def _needs_own_incident(victim_id: int, incident_id: int | None) -> None:
    if incident_id is None:
        return
    if not Involvement.objects.filter(victim=victim_id, incident=incident_id).exists():
        raise InvalidInput("Choose an incident of this victim's.", field="incident")


def _crimes() -> QuerySet[Crime]:
    return Crime.objects.filter(category=Crime.Category.BREACH_OF_ORDER)


def _crimes_of(incident_id: int) -> QuerySet[Crime]:
    return _crimes().filter(incident=incident_id)
