"""Protection notices and orders for tests, through the services."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from core.clock import local
from incidents.models import Incident, Involvement
from perpetrators.models import Order, ProtectionNotice
from perpetrators.services import orders
from perpetrators.services.orders import Condition
from tests.factories.incidents import incident
from tests.personas import PASSWORD, person, team
from tests.worlds import remembered
from victims.models import Person, Victim

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CONDITIONS = (
    Condition("no_contact", "No contact with Siobhán O'Neill by any means"),
    Condition("keep_away", "Not to go within 200 metres of 18 Tanglewood Court"),
)


@remembered
def second_superintendent() -> User:
    """Another one, for decisions at once and for what the first asked for."""
    existing = User.objects.filter(username="superintendent_b").first()
    if existing:
        return existing
    user = User.objects.create_user(
        "superintendent_b",
        PASSWORD,
        name="Supt Q. Vane",
        email="superintendent_b@example.invalid",
        team=team("headquarters"),
    )
    user.groups.add(Group.objects.get(name=Role.SUPERINTENDENT))
    return user


def parties(of: Incident) -> tuple[Victim, Person]:
    """The victim of an incident, and who was complained of."""
    rows = of.involvements.select_related("person", "victim")
    harmed = rows.get(role=Involvement.Role.VICTIM).victim
    assert harmed is not None
    return harmed, rows.get(role=Involvement.Role.PERPETRATOR).person


@remembered
def asked(at: datetime, *, of: Incident | None = None, **changes: Any) -> ProtectionNotice:
    """A notice that an officer asks a superintendent for."""
    of = of or incident(at=at)
    victim, complained_of = parties(of)
    said: dict[str, Any] = {
        "victim_id": victim.pk,
        "person_id": complained_of.pk,
        "incident_id": of.pk,
        "grounds": "He was at the door three times this week and says he will not stop.",
        "victims_view": "She wants him kept away; the children sleep in her room.",
        "conditions": CONDITIONS,
        "actor": person("officer"),
        "at": at,
    }
    return orders.ask_for_notice(**{**said, **changes})


@remembered
def authorised(at: datetime, **changes: Any) -> ProtectionNotice:
    notice = asked(at, **changes)
    return orders.decide_notice(
        notice_id=notice.pk,
        authorise=True,
        words="Necessary and proportionate.",
        actor=person("superintendent"),
        at=at,
    )


@remembered
def served(at: datetime, **changes: Any) -> ProtectionNotice:
    """Asked for, authorised and served at one instant."""
    notice = authorised(at, **changes)
    return orders.serve_notice(notice_id=notice.pk, served_at=at, actor=person("officer"), at=at)


@remembered
def order(at: datetime, *, of: Incident | None = None, **changes: Any) -> Order:
    """A non-molestation order, recorded at the instant at which it was made."""
    of = of or incident(at=at)
    victim, bound = parties(of)
    until: date = local(at).date() + timedelta(days=180)
    said: dict[str, Any] = {
        "victim_id": victim.pk,
        "person_id": bound.pk,
        "kind": "non_molestation",
        "court": "Fenwick County Court",
        "made_at": at,
        "until": until,
        "conditions": CONDITIONS,
        "actor": person("officer"),
        "at": at,
    }
    return orders.record_order(**{**said, **changes})
