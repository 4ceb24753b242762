"""Orders and notices in force, for the history look-up of a call and for the briefing."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from accounts.models import User
from core.clock import local
from core.prepared import Statement
from incidents.history import told
from incidents.history.told import Asked, Told
from perpetrators.models import Order
from victims.models import Victim

#: More than so many are not read on the telephone; the longest in force are left out.
MOST = 20

_IN_FORCE = Statement(
    "perpetrators_in_force",
    f"""
    (SELECT orders.kind, orders.person_id, orders.made_at, orders.until, orders.conditions::json,
            '', victim.reference, harmed.given_name || ' ' || harmed.family_name
     FROM perpetrators_order orders
     JOIN victims_victim victim ON victim.id = orders.victim_id
     JOIN victims_person harmed ON harmed.id = victim.person_id
     WHERE orders.person_id = ANY(%(people)s) AND orders.ended_at IS NULL
       AND (orders.until IS NULL OR orders.until >= %(today)s)
     ORDER BY orders.made_at DESC LIMIT {MOST})
    UNION ALL
    (SELECT 'notice', notice.person_id, notice.served_at, NULL, notice.conditions::json,
            notice.reference, victim.reference, harmed.given_name || ' ' || harmed.family_name
     FROM perpetrators_protectionnotice notice
     JOIN victims_victim victim ON victim.id = notice.victim_id
     JOIN victims_person harmed ON harmed.id = victim.person_id
     WHERE notice.person_id = ANY(%(people)s) AND notice.state = 'served'
     ORDER BY notice.served_at DESC LIMIT {MOST})
    """,  # noqa: S608 - only this module's own number is written into the SQL.
    {"people": "bigint[]", "today": "date"},
)


def orders_and_notices(asked: Asked) -> Iterable[Told]:
    """What binds these people now, each in words with its conditions. One query."""
    people = sorted({*asked.person_ids, *asked.perpetrator_ids})
    if not people:
        return
    rows = _IN_FORCE.rows({"people": people, "today": local(asked.at).date()})
    hidden = _withheld_from(asked.reader)
    for kind, person_id, since, until, conditions, notice, victim, harmed in rows:
        if victim in hidden:
            continue
        words = "; ".join(one["words"] for one in conditions)
        if notice:
            url = reverse("perpetrators:notice", args=[notice])
            yield Told(
                f"Protection notice for {harmed}, served {_day(since)}: {words}",
                person_id=person_id,
                reference=notice,
                url=url,
            )
        else:
            label = Order.Kind(kind).label
            last = f", until {until.day} {until:%b %Y}" if until else ""
            yield Told(
                f"{label} for {harmed}, made {_day(since)}{last}: {words}",
                person_id=person_id,
                reference=victim,
                url=reverse("perpetrators:orders", args=[victim]),
            )


def _withheld_from(reader: User) -> set[str]:
    """References of victims of whom this reader is told nothing; no query where there is none."""
    if not reader.withheld_victims:
        return set()
    rows = Victim.objects.filter(pk__in=sorted(reader.withheld_victims))
    return set(rows.values_list("reference", flat=True))


def _day(instant: datetime | date) -> str:
    there = local(instant).date() if isinstance(instant, datetime) else instant
    return f"{there.day} {there:%b %Y}"


told.register(told.ORDERS, orders_and_notices)
