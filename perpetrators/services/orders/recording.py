"""Orders of a court are recorded, and end."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core import events, policy
from core.clock import local
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from incidents.models import Involvement
from perpetrators.events import OrderMade
from perpetrators.models import Order, ProtectionNotice
from perpetrators.permissions import can_record_order
from perpetrators.services.orders import telling
from perpetrators.services.orders.conditions import Condition, stored
from perpetrators.services.orders.rows import (
    LONGEST_COURT,
    LONGEST_REASON,
    day,
    in_our_time,
    in_words,
    lock_order,
    needs_adult,
    needs_version,
    not_ahead,
    not_before,
    record,
    save,
    when,
)
from victims.models import Person, Victim

Kind = Order.Kind


@transaction.atomic
def record_order(
    *,
    victim_id: int,
    person_id: int,
    kind: str,
    court: str,
    made_at: datetime,
    until: date | None,
    conditions: Sequence[Condition],
    actor: User,
    at: datetime,
    age_words: str = "",
) -> Order:
    """Record an order that a court made without a notice of ours, or of another kind.

    Risk is looked at again and the victim is told. The same order again changes nothing. Raises
    PermissionDenied; InvalidInput at `person`, `kind`, `court`, `made_at`, `until`, `conditions` or
    `age_words`; DomainError for a protection order against somebody under the age of force policy.
    """
    # Held until the end: of the same order recorded twice at once, the second finds the first.
    victim = Victim.objects.select_for_update(of=("self",)).get(pk=victim_id)
    _needs_recorder(actor)
    if kind not in Kind.values:
        raise InvalidInput("Choose which order it is.", field="kind")
    person = _known_to(victim, person_id)
    not_ahead(made_at, at, field="made_at")
    existing = victim.orders.filter(person=person, kind=kind, made_at=made_at).first()
    if existing is not None:
        return existing
    age = ""
    if kind == Kind.PROTECTION:
        age_words = clean(age_words, field="age_words", longest=LONGEST_REASON)
        age = needs_adult(person, age_words, made_at)
    return make_order(
        victim=victim,
        person=person,
        notice=None,
        kind=kind,
        court=clean(court, field="court", longest=LONGEST_COURT, required=True),
        made_at=made_at,
        until=until,
        conditions=conditions,
        actor=actor,
        at=at,
        age=age,
    )


def make_order(
    *,
    victim: Victim,
    person: Person,
    notice: ProtectionNotice | None,
    kind: str,
    court: str,
    made_at: datetime,
    until: date | None,
    conditions: Sequence[Condition],
    actor: User,
    at: datetime,
    age: str = "",
) -> Order:
    """Write an order that the caller has checked but for its length and conditions.

    `age`: of whom it binds, in words with how it is known, where that was asked.
    """
    _check_until(kind, made_at, until, at)
    order = Order.objects.create(
        victim=victim,
        person=person,
        notice=notice,
        kind=kind,
        court=court,
        made_at=made_at,
        until=until,
        conditions=stored(conditions),
        recorded_by=actor,
        recorded_at=at,
    )
    last = f", until {day(until)}" if until else ""
    headline = f"{order.get_kind_display()} recorded, made {when(made_at)}{last}"
    said = in_words(order.conditions)
    known = {"age": age} if age else {}
    record(order, "made", headline, actor=actor, at=at, is_grave=True, conditions=said, **known)
    telling.order_made(order, actor=actor, at=at)
    events.announce(OrderMade(order_id=order.pk, victim_id=victim.pk, actor=actor, at=at))
    return order


@transaction.atomic
def end_order(
    *, order_id: int, ended_at: datetime, reason: str, version: int, actor: User, at: datetime
) -> Order:
    """A court ended the order before its last day; the victim is told.

    The same again changes nothing. Raises PermissionDenied, InvalidInput at `ended_at` or `reason`,
    AlreadyTaken where it ended otherwise or ran out, and Stale.
    """
    order = lock_order(order_id)
    _needs_recorder(actor)
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    if order.ended_at is not None:
        if (order.ended_at, order.ended_reason) == (ended_at, reason):
            return order
        raise AlreadyTaken(f"It ended already, {when(order.ended_at)}: {order.ended_reason}")
    in_our_time(ended_at, field="ended_at")
    needs_version(order, version, ended_at=("", when(ended_at)), reason=("", reason))
    not_ahead(ended_at, at, field="ended_at")
    said = "This is before it was made"
    not_before(ended_at, order.made_at, field="ended_at", words=said)
    if order.until and local(ended_at).date() > order.until:
        raise InvalidInput(f"It ran out before, on {day(order.until)}.", field="ended_at")
    order.ended_at, order.ended_reason = ended_at, reason
    save(order, "ended_at", "ended_reason")
    kind = order.get_kind_display()
    headline = f"{kind} ended by a court, {when(ended_at)}"
    record(order, "ended", headline, actor=actor, at=at, is_grave=True, reason=reason)
    words = (
        f"The {kind[0].lower()}{kind[1:]} against {order.person}, made {when(order.made_at)}, "
        f"ended on {when(ended_at)}"
    )
    telling.news_of(order, words, ended_at, actor=actor, at=at)
    return order


def _needs_recorder(actor: User) -> None:
    if not can_record_order(actor):
        raise PermissionDenied("Only those on duty with victims record orders.")


def _known_to(victim: Victim, person_id: int) -> Person:
    """Raises InvalidInput for somebody never complained of in an incident of the victim's."""
    mine = Involvement.objects.filter(victim=victim).values("incident")
    row = (
        Involvement.objects.filter(
            person=person_id, role=Involvement.Role.PERPETRATOR, incident__in=mine
        )
        .exclude(person=victim.person_id)
        .select_related("person")
        .first()
    )
    if row is None:
        raise InvalidInput("Choose somebody complained of by this victim.", field="person")
    return row.person


def _check_until(kind: str, made_at: datetime, until: date | None, at: datetime) -> None:
    """A protection order lasts as long as force policy allows; others from their own day on."""
    made = local(made_at).date()
    if kind != Kind.PROTECTION:
        if until and until < made:
            raise InvalidInput("This is before it was made.", field="until")
        return
    rules = policy.at(made_at)
    shortest, longest = rules.order_shortest_days, rules.order_longest_days
    if until is None or not shortest <= (until - made).days <= longest:
        first, last = made + timedelta(days=shortest), made + timedelta(days=longest)
        raise InvalidInput(
            f"A protection order lasts {shortest} to {longest} days: give a day from {day(first)} "
            f"to {day(last)}.",
            field="until",
        )
