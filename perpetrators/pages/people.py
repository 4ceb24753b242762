"""What is known of one person complained of, part by part, for their page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Max, When

from accounts.models import User
from core.clock import local
from incidents.models import Incident, Involvement
from perpetrators.messages import from_content
from perpetrators.models import CourtDate, CustodyEpisode, CustodyEvent, ExpectedRelease
from perpetrators.pages.whereabouts import State
from perpetrators.services.receiving.consequences import BAIL_ENDED, EFFECTS
from perpetrators.services.releases import times
from victims.models import Marker, Person, Victim

#: Of the newest; what is older is a line that says how much more there is.
MOST_EVENTS, MOST_INCIDENTS, MOST_VICTIMS, MOST_HEARINGS = 40, 20, 30, 20
#: A hearing that is over stays so long on the page.
HEARD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Entry:
    """One line of the custody history, as components/timeline.html reads it."""

    what: str
    at: datetime
    detail: str = ""
    tone: str = ""
    by: str = ""
    reference: str = ""


def custody_history(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """What custody, prisons and courts told of the person, newest first."""
    rows = CustodyEvent.objects.visible_to(reader).filter(person=person)
    newest = list(rows.select_related("episode").order_by("-happened_at", "-pk")[: MOST_EVENTS + 1])
    if not newest:
        return None
    return {
        "entries": [_entry(row) for row in newest[:MOST_EVENTS]],
        "more": len(newest) > MOST_EVENTS,
        "most": MOST_EVENTS,
    }


def _entry(row: CustodyEvent) -> Entry:
    message = from_content(row.content, at=row.received_at)
    effect = EFFECTS[row.kind]
    if row.kind == CustodyEvent.Kind.BAIL_CHANGE and message.bail_ended:
        effect = BAIL_ENDED
    said = [message.where, message.offence, message.hearing, message.court]
    if message.bail_until:
        said.append(f"until {times.moment(message.bail_until)}")
    if message.hearing_at:
        said.append(f"on {times.moment(message.hearing_at)}")
    if message.expected_at:
        day_only = message.release_on is not None
        said.append(f"for {times.moment(message.expected_at, day_only=day_only)}")
    if row.is_late:
        said.append(f"reported late, {times.moment(row.received_at)}")
    return Entry(
        what=effect.words.capitalize(),
        at=row.happened_at,
        detail=", ".join(filter(None, said)),
        tone="h" if effect.is_grave else "",
        reference=row.episode.reference if row.episode else "",
    )


def bail(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Bail that binds now, with its conditions and its end."""
    rows = CustodyEpisode.objects.visible_to(reader).filter(person=person, state=State.ON_BAIL)
    found = list(rows.select_related("investigator", "incident").order_by("bail_until", "pk"))
    return {"runs": found} if found else None


def court(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Hearings to come, then those of the last weeks; vacated ones are marked."""
    episodes = CustodyEpisode.objects.visible_to(reader).filter(person=person)
    rows = CourtDate.objects.filter(episode__in=episodes, at__gte=at - HEARD_FOR)
    rows = rows.order_by(Case(When(at__lt=at, then=1), default=0), "at")
    found = list(rows[:MOST_HEARINGS])
    return {"hearings": found} if found else None


def releases(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Releases to come, those overdue first by their time; done and cancelled ones after them."""
    rows = ExpectedRelease.objects.visible_to(reader).filter(episode__person=person)
    found = list(rows.select_related("episode").order_by("-expected_at")[:MOST_HEARINGS])
    if not found:
        return None
    # To come: the soonest first, which is whatever is overdue; of those over the newest.
    to_come = [row for row in reversed(found) if row.state == ExpectedRelease.State.EXPECTED]
    found = to_come + [row for row in found if row.state != ExpectedRelease.State.EXPECTED]
    return {"releases": [(row, times.words(row)) for row in found]}


def victims(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Whom the person harmed, of those whom the reader may see: with how often and when last."""
    harmed = Involvement.objects.filter(
        role=Involvement.Role.VICTIM,
        incident__in=_accused_in(person),
        victim__in=Victim.objects.visible_to(reader),
    ).exclude(person=person)
    counted = (
        harmed.values("victim").annotate(times=Count("incident"), last=Max("received_at"))
    ).order_by("-last")[: MOST_VICTIMS + 1]
    numbers = {row["victim"]: row for row in counted}
    if not numbers:
        return None
    rows = Victim.objects.select_related("person").in_bulk(list(numbers)[:MOST_VICTIMS])
    return {
        "victims": [
            (rows[pk], row["times"], row["last"]) for pk, row in numbers.items() if pk in rows
        ],
        "more": len(numbers) > MOST_VICTIMS,
    }


def incidents(person: Person, reader: User, at: datetime) -> dict[str, Any] | None:
    """Incidents in which the person was complained of, newest first."""
    rows = Incident.objects.visible_to(reader).filter(pk__in=_accused_in(person))
    newest = list(rows.select_related("address").order_by("-received_at")[: MOST_INCIDENTS + 1])
    if not newest:
        return None
    return {
        "incidents": newest[:MOST_INCIDENTS],
        "more": len(newest) > MOST_INCIDENTS,
        "most": MOST_INCIDENTS,
    }


def also_known_as(person: Person, reader: User, at: datetime) -> dict[str, Any]:
    """Other names, where they live or lived, numbers of other systems, markers in force."""
    names = person.names.filter(is_current=False).order_by("family_name", "given_name", "pk")
    homes = person.residences.select_related("address").order_by("until_at", "-from_at")
    today = local(at).date()
    return {
        "victim": Victim.objects.visible_to(reader).filter(person=person).first(),
        "names": list(names[:MOST_HEARINGS]),
        "homes": list(homes[:5]),
        "identities": list(person.identities.order_by("system", "number")[:MOST_HEARINGS]),
        "markers": list(
            Marker.objects.in_force(today).concerning(address_ids=[], person_ids=[person.pk])
        ),
    }


def _accused_in(person: Person) -> Any:
    """The incidents in which the person had the role of perpetrator, as a subquery."""
    return Involvement.objects.filter(person=person, role=Involvement.Role.PERPETRATOR).values(
        "incident_id"
    )
