"""A call taken by somebody from whom a victim is withheld: the victim is protected all the same.

The handler is shown nothing of the record; what they log is joined to it, and whoever leads the
control room is told at once, in the same transaction, that somebody else goes on with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

import deadlines.services
from accounts.models import User
from accounts.roles import Role
from deadlines.models import Notification
from incidents.models import Incident, Involvement
from incidents.services.people import PersonInCall
from victims import names
from victims.models import Address, Person


def joined(
    people: Sequence[PersonInCall], *, number: str, address: Address | None, actor: User
) -> tuple[PersonInCall, ...]:
    """The people of a call, those who are surely withheld from the handler joined to their record.

    Surely: the name by sound, and the birth date, the caller's or their own number or the address.
    Nothing is asked where nothing is withheld from the handler.
    """
    if not actor.withheld_victims:
        return tuple(people)
    return tuple(
        replace(one, person_id=found) if (found := _meant(one, number, address, actor)) else one
        for one in people
    )


def tell_of_withheld(*, incident_id: int, actor: User, at: datetime) -> None:
    """Tell those who lead the control room of a call whose handler must know nothing of it."""
    if not actor.withheld_victims:
        return
    parts = Involvement.objects.filter(incident=incident_id).of_victims(actor.withheld_victims)
    victim_id = parts.values_list("person__victim", flat=True).order_by("pk").first()
    if victim_id is None:
        return
    reference = Incident.objects.values_list("reference", flat=True).get(pk=incident_id)
    inspectors = User.objects.filter(groups__name=Role.CONTROL_INSPECTOR, is_active=True)
    deadlines.services.notify(
        users=inspectors,
        level=Notification.Level.WARNING,
        headline=f"Take {reference} over now: its handler must not work with it",
        reference=reference,
        path=reverse("incidents:detail", args=[reference]),
        victim_id=victim_id,
        at=at,
    )


def _meant(one: PersonInCall, number: str, address: Address | None, actor: User) -> int | None:
    given, families = names.given_key(one.given_name), names.family_keys(one.family_name)
    if one.person_id is not None or not (given and families):
        return None
    sure = Q(date_of_birth=one.date_of_birth) if one.date_of_birth else Q(pk__in=[])
    if said := {spoken for spoken in (number, one.number) if spoken}:
        sure |= Q(telephones__number__in=said)
    if address is not None:
        sure |= Q(residences__address=address)
    rows = Person.objects.filter(
        sure,
        victim__in=sorted(actor.withheld_victims),
        names__given_key=given,
        names__family_key__in=families,
    )
    return rows.order_by("pk").values_list("pk", flat=True).first()
