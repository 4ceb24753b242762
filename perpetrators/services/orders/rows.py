"""What the services of notices and orders share: locked rows, words, the audit."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit import services as audit
from core import policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from perpetrators.models import Order, ProtectionNotice
from perpetrators.permissions import can_ask_for_notice
from victims.at_a_glance import age_on
from victims.models import Person

LONGEST_WORDS = 4_000
LONGEST_REASON = 300
LONGEST_COURT = 120
#: What happened before nobody records, and no court lists later.
FIRST_YEAR, LAST_YEAR = 1900, 2200


def lock_notice(notice_id: int) -> ProtectionNotice:
    """The notice, held until the end of the transaction: of two decisions the second sees one.

    What others write is read by its own column: who waited for the lock finds the new row, but
    beside it whatever a join had found before.
    """
    rows = ProtectionNotice.objects.select_for_update(of=("self",))
    return rows.select_related("victim", "person", "asked_by").get(pk=notice_id)


def lock_order(order_id: int) -> Order:
    rows = Order.objects.select_for_update(of=("self",))
    return rows.select_related("victim", "person").get(pk=order_id)


def needs_asker(actor: User) -> None:
    """Raises PermissionDenied for whoever may not ask for, serve and bring notices to court."""
    if not can_ask_for_notice(actor):
        raise PermissionDenied("Only officers and investigators work on protection notices.")


def needs_state(notice: ProtectionNotice, state: str, otherwise: str) -> None:
    """Raises DomainError with words and what became of the notice."""
    if notice.state != state:
        raise DomainError(f"{otherwise} It is: {notice.get_state_display().lower()}.")


def needs_version(row: ProtectionNotice | Order, version: int, **values: tuple[str, str]) -> None:
    """Raises Stale with both versions, each value a pair (what is on record, what was typed)."""
    if row.version != version:
        raise Stale(
            "Somebody changed this since you opened the page. Look at both, and save again.",
            theirs={name: pair[0] for name, pair in values.items()},
            yours={name: pair[1] for name, pair in values.items()},
            version=row.version,
        )


def needs_adult(person: Person, words: str, at: datetime) -> str:
    """The age in words, where the recipient may have a notice or an order of this kind.

    Under the age of force policy is refused (18: Domestic Abuse Act 2021, section 22). Where no
    birth date is on record, `words` say how the age is known. Raises InvalidInput at `age_words`,
    DomainError for somebody too young.
    """
    youngest = policy.at(at).notice_youngest
    if person.date_of_birth is None:
        if not words:
            raise InvalidInput(
                f"No birth date is on record. Say how you know that they are {youngest} or over.",
                field="age_words",
            )
        return f"no birth date on record: {words}"
    age = age_on(local(at).date(), person) or 0
    if age < youngest:
        raise DomainError(
            f"{person} is {age}. A protection notice needs somebody of {youngest} or over.",
            code="too_young",
        )
    return f"{age} years"


def save(row: ProtectionNotice | Order, *names: str) -> None:
    """Write what changed, and that it changed."""
    row.version += 1
    row.save(update_fields=[*names, "version"])


def not_before(instant: datetime, earliest: datetime, *, field: str, words: str) -> None:
    """Raises InvalidInput at `field`. A form knows no seconds: within the minute is not before."""
    if instant < earliest.replace(second=0, microsecond=0):
        raise InvalidInput(f"{words}, {when(earliest)}.", field=field)


def not_ahead(instant: datetime, at: datetime, *, field: str) -> None:
    """Raises InvalidInput at `field` for what has not happened yet, or before anybody's time."""
    in_our_time(instant, field=field)
    if instant > at:
        raise InvalidInput("This lies in the future.", field=field)


def in_our_time(instant: datetime, *, field: str) -> None:
    """Raises InvalidInput at `field` for a year that can only be a slip of the keys."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise InvalidInput("Check the year.", field=field)


def when(instant: datetime) -> str:
    """An instant on the wall clock: "24 Nov 2026, 09:40"."""
    there = local(instant)
    return f"{there.day} {there:%b %Y, %H:%M}"


def day(one: date) -> str:
    """A day: "24 Nov 2026"."""
    return f"{one.day} {one:%b %Y}"


def in_words(conditions: list[dict[str, str]]) -> str:
    """Conditions as one line."""
    return "; ".join(row["words"] for row in conditions)


def record(
    row: ProtectionNotice | Order,
    verb: str,
    headline: str,
    *,
    actor: User,
    at: datetime,
    is_grave: bool = False,
    **detail: Any,
) -> None:
    """Write to the audit; it stands on the victim's timeline."""
    is_notice = isinstance(row, ProtectionNotice)
    audit.record(
        actor=actor,
        at=at,
        verb=f"{'notice' if is_notice else 'order'}.{verb}",
        headline=headline,
        subject=row.reference if isinstance(row, ProtectionNotice) else row.victim.reference,
        victim_id=row.victim_id,
        incident_id=row.incident_id if isinstance(row, ProtectionNotice) else None,
        is_grave=is_grave,
        detail={"person": row.person.pk, **detail},
    )
