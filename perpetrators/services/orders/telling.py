"""What follows from orders and notices for a victim: risk is looked at again, and they are told."""

from datetime import datetime, timedelta

from accounts.models import User
from core import policy
from core.trigger_rules import Trigger
from incidents.models import Crime
from perpetrators.models import Order, OrderBreach, ProtectionNotice
from perpetrators.services.orders.rows import day, when
from risk.services.triggers import Fired, fire
from victims import services as victims
from victims.models import VictimUpdate

About = VictimUpdate.About


def order_made(order: Order, *, actor: User, at: datetime) -> None:
    """An order is made: a reassessment, and the victim is told."""
    until = f", until {day(order.until)}" if order.until else ""
    kind = order.get_kind_display()
    words = f"{kind} made against {order.person} on {when(order.made_at)}{until}"
    _fire(Trigger.ORDER_MADE, order, order.victim_id, order.made_at, words, About.ORDER, actor, at)


def breached(breach: OrderBreach, words: str, *, is_told: bool, actor: User, at: datetime) -> None:
    """A breach is recorded; `is_told`: the victim is told of its incident's crime already."""
    about = "" if is_told else About.ORDER_BREACH
    _fire(
        Trigger.ORDER_BREACHED,
        breach,
        breach.victim_id,
        breach.happened_at,
        words,
        about,
        actor,
        at,
    )


def breached_by_crime(
    crime: Crime, victim_ids: list[int], words: str, *, actor: User, at: datetime
) -> None:
    """A crime of this category is recorded of each of these victims' incident."""
    happened_at = crime.incident.received_at
    late = _is_late(happened_at, at)
    fired = [
        Fired(
            victim_id=victim_id,
            trigger=Trigger.ORDER_BREACHED,
            happened_at=happened_at,
            words=words,
            source_type=crime._meta.label_lower,
            source_id=crime.pk,
            is_late=late,
            about=About.ORDER_BREACH,
        )
        for victim_id in victim_ids
    ]
    fire(fired=fired, actor=actor, at=at)


def news_of(
    row: ProtectionNotice | Order, words: str, happened_at: datetime, *, actor: User, at: datetime
) -> None:
    """The victim is told that a notice was served or is over, or that an order ended."""
    news = victims.News(
        victim_id=row.victim_id,
        about=About.ORDER,
        words=words,
        happened_at=happened_at,
        source_type=row._meta.label_lower,
        source_id=row.pk,
        is_late=_is_late(happened_at, at),
    )
    victims.owe_updates(news=[news], actor=actor, at=at)


def _fire(
    trigger: Trigger,
    source: Order | OrderBreach,
    victim_id: int,
    happened_at: datetime,
    words: str,
    about: str,
    actor: User,
    at: datetime,
) -> None:
    one = Fired(
        victim_id=victim_id,
        trigger=trigger,
        happened_at=happened_at,
        words=words,
        source_type=source._meta.label_lower,
        source_id=source.pk,
        is_late=_is_late(happened_at, at),
        about=about,
    )
    fire(fired=[one], actor=actor, at=at)


def _is_late(happened_at: datetime, at: datetime) -> bool:
    return at - happened_at > timedelta(minutes=policy.at(at).late_minutes)
