"""Everything on record about one incident, read for one page in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.models import RecordRead
from core.clock import local
from incidents import panels, questions
from incidents.models import Crime, Deployment, FirstResponse, Incident, Involvement
from incidents.pages.calling import WholeCall, whole_call
from incidents.panels import Shown
from incidents.permissions import may_attend
from incidents.seeing import events_seen, sees_whole
from victims import telephones
from victims.models import Marker, Victim

#: Entries of the timeline on the page. A response has about ten.
MOST_ENTRIES = 100
MOST_READS = 20


@dataclass(frozen=True)
class Entry:
    """One line of the timeline, as the component draws it."""

    what: str
    at: datetime
    by: str
    tone: str


@dataclass(frozen=True)
class InvolvedPerson:
    """Somebody in the incident; `victim` only where the reader may open that record.

    `is_whole` is False for who is complained of by the only victim that the reader may see, where
    another is hidden: then the name alone is shown.
    """

    involvement: Involvement
    victim: Victim | None
    is_whole: bool


@dataclass(frozen=True)
class WholeLog:
    """What the page shows."""

    call: WholeCall
    answers: list[tuple[questions.Question, questions.Answer]]
    caller_number: str
    people: list[InvolvedPerson]
    markers: list[Marker]
    own_deployment: Deployment | None
    first_response: FirstResponse | None
    crimes: list[Crime]
    numbers_owed: int
    timeline: list[Entry]
    reads: list[RecordRead]
    top_panels: list[Shown]
    panels: list[Shown]
    aside_top_panels: list[Shown]
    aside_panels: list[Shown]
    may_attend: bool
    #: False where somebody else was harmed too whom this reader must not see.
    is_whole: bool


def whole_log(incident: Incident, reader: User, at: datetime) -> WholeLog:
    """Read the incident for somebody who may see it (the caller asked `visible_to`)."""
    involvements = list(incident.involvements.select_related("person", "victim").order_by("pk"))
    response = FirstResponse.objects.select_related("officer").filter(incident=incident).first()
    crimes = list(incident.crimes.select_related("recorded_by").order_by("pk"))
    is_whole = sees_whole(incident, reader)
    owed = max(0, len(response.crimes_committed) - len(crimes)) if response else 0
    people = _people(involvements, reader)
    if not is_whole:
        people, crimes = _one_side(people), _crimes_of(crimes, people)
    return WholeLog(
        call=whole_call(incident, reader),
        answers=questions.in_words(incident.answers),
        caller_number=telephones.shown(incident.caller_number),
        people=people,
        markers=_markers(incident, people, at, is_whole=is_whole),
        own_deployment=incident.deployments.filter(officer=reader).first(),
        first_response=response,
        crimes=crimes,
        numbers_owed=owed if is_whole else 0,
        timeline=_timeline(incident, reader),
        reads=list(
            RecordRead.objects.visible_to(reader)
            .filter(incident_id=incident.pk)
            .order_by("-at")[:MOST_READS]
        ),
        top_panels=panels.shown_to(reader, incident, at, slot="top", is_whole=is_whole),
        panels=panels.shown_to(reader, incident, at, slot="main", is_whole=is_whole),
        aside_top_panels=panels.shown_to(reader, incident, at, slot="aside_top", is_whole=is_whole),
        aside_panels=panels.shown_to(reader, incident, at, slot="aside", is_whole=is_whole),
        may_attend=may_attend(reader),
        is_whole=is_whole,
    )


def markers_for(incident: Incident, person_ids: list[int], at: datetime) -> list[Marker]:
    """Warnings in force on the address and the people, most urgent kind first."""
    address_ids = [incident.address_id] if incident.address_id else []
    found = (
        Marker.objects.in_force(local(at).date())
        .concerning(address_ids=address_ids, person_ids=person_ids)
        .select_related("person", "address", "set_by")
    )
    order = list(Marker.Kind)
    return sorted(found, key=lambda marker: (order.index(Marker.Kind(marker.kind)), marker.pk))


def _people(involvements: list[Involvement], reader: User) -> list[InvolvedPerson]:
    ids = [row.victim_id for row in involvements if row.victim_id]
    seen = {row.pk: row for row in Victim.objects.visible_to(reader).filter(pk__in=ids)}
    return [InvolvedPerson(row, seen.get(row.victim_id or 0), True) for row in involvements]


def _one_side(people: list[InvolvedPerson]) -> list[InvolvedPerson]:
    """The victims whom the reader may see, and by name alone whom they complain of."""
    own = {row.involvement.person_id for row in people if row.victim}
    shown = []
    for row in people:
        if row.involvement.person_id in own:
            shown.append(row)
        elif row.involvement.role == Involvement.Role.PERPETRATOR:
            shown.append(InvolvedPerson(row.involvement, None, False))
    return shown


def _crimes_of(crimes: list[Crime], people: list[InvolvedPerson]) -> list[Crime]:
    """Those recorded of a victim whom the reader may see."""
    own = {row.victim.pk for row in people if row.victim}
    return [crime for crime in crimes if crime.victim_id in own]


def _markers(
    incident: Incident, people: list[InvolvedPerson], at: datetime, *, is_whole: bool
) -> list[Marker]:
    """All of them; of one side alone those on its people, for the address may be the other's."""
    if is_whole:
        return markers_for(incident, [row.involvement.person_id for row in people], at)
    own = {row.involvement.person_id for row in people if row.is_whole}
    return [row for row in markers_for(incident, list(own), at) if row.person_id in own]


def _timeline(incident: Incident, reader: User) -> list[Entry]:
    events = events_seen(incident, reader).order_by("-at", "-pk")
    return [
        Entry(event.headline, event.at, event.actor_name, "h" if event.is_grave else "")
        for event in events[:MOST_ENTRIES]
    ]
