"""Logging a call through the web by four people at once, against a bare page.

    python -m bench.calls

Uses the history that bench.history leaves in the scratch database, a million incidents; what
earlier runs logged is removed first. Each call is what the page sends: a POST of the whole form
with the number, address and name of somebody on record, which looks history up for the grade,
writes the incident, its people, clock, audit and reactions, and answers with a redirect.
"""

import itertools
from dataclasses import dataclass
from threading import Lock
from uuid import uuid4

from bench import scratch, served
from bench.history import victim_of
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from core import clock  # isort: skip
from incidents.models import Incident  # isort: skip
from victims.models import Person, Telephone, Victim  # isort: skip

AIM = 3.0
REQUESTS = 400
WARM = 40
_numbers = itertools.count()


def handlers() -> tuple[list[User], Area]:
    """Four call handlers and the area whose calls they take."""
    agency, _ = Agency.objects.get_or_create(name="Bench Police", kind="police")
    area, _ = Area.objects.get_or_create(name="Bench area")
    team, _ = Team.objects.get_or_create(
        name="Bench response", kind="response", agency=agency, defaults={"area": area}
    )
    people = []
    for number in range(served.CLIENTS):
        user, _ = User.objects.get_or_create(
            username=f"bench-handler-{number}", defaults={"name": f"Handler {number}", "team": team}
        )
        user.groups.add(Group.objects.get(name=Role.CALL_HANDLER))
        people.append(user)
    return people, area


@dataclass(frozen=True)
class Household:
    """Somebody on record with five incidents before: what they would say on the telephone."""

    given: str
    family: str
    telephone: str
    line: str
    postcode: str


def households(wanted: int) -> list[Household]:
    """So many victims of the million, each at home and with a number of their own."""
    victims = Victim.objects.filter(reference__startswith="V-2026-B").count()
    numbers = {victim_of(n, victims): n for n in range(wanted)}
    people = Person.objects.filter(pk__in=numbers).order_by("pk")
    return [_household(person, numbers[person.pk], 1 + person.pk % victims) for person in people]


def _household(person: Person, number: int, home: int) -> Household:
    # The numbers that the million rows came with are nobody's: too long to be dialled.
    telephone = f"+441632960{number % 1000:03d}"
    now = clock.now()
    Telephone.objects.get_or_create(
        number=telephone, person=person, defaults={"first_used_at": now, "last_used_at": now}
    )
    return Household(
        given=person.given_name,
        family=person.family_name,
        telephone=telephone,
        line=f"Flat {home % 10}, {home // 10} Bench Street",
        postcode=f"PE{1 + home // 50000} {home // 5000 % 10}AA",
    )


def fields(area: Area, known: Household) -> dict[str, str]:
    """What the page would send for one call from a household that is on record."""
    number = next(_numbers)
    row = {
        "people-TOTAL_FORMS": "2",
        "people-INITIAL_FORMS": "0",
        "people-MIN_NUM_FORMS": "0",
        "people-MAX_NUM_FORMS": "20",
        "people-0-role": "victim",
        "people-0-given_name": known.given,
        "people-0-family_name": known.family,
        "people-0-lives_here": "on",
        "people-1-role": "perpetrator",
        "people-1-given_name": "Darren",
        "people-1-family_name": f"Pike{number % 89}",
        "people-1-age": "39",
    }
    return {
        "source": "999",
        "caller_number": known.telephone,
        "caller_name": f"{known.given} {known.family}",
        "caller_is": "victim",
        "address_line": known.line,
        "postcode": known.postcode,
        "area": str(area.pk),
        "safe_callback": "text only",
        "language": "",
        "narrative": "He is outside, banging on the door. " * 5,
        "answered_at": clock.now().isoformat(),
        "act": "log",
        "version": "0",
        "q_danger": "yes",
        **row,
    }


def run(requests: int = REQUESTS) -> list[Row]:
    scratch.forget_logged()
    scratch.settle_sequences()
    people, area = handlers()
    stored = Incident.objects.count()
    known = households(requests + WARM)
    callers = itertools.cycle(known)
    taking_turns = Lock()

    def look_up(client: served.Client, turn: int) -> tuple[int, str]:
        return client.post("/calls/history/", fields(area, known[turn]))

    def log(client: served.Client, _: int) -> tuple[int, str]:
        with taking_turns:
            caller = next(callers)
        return client.post(f"/calls/new/?draft={uuid4()}", fields(area, caller))

    def bare(client: served.Client, _: int) -> tuple[int, str]:
        return client.get("/bare/")

    with served.gunicorn() as (port, peak):
        # Each household is looked up once untimed, so that no disk is measured.
        served.timed(port, people, look_up, requests=len(known))
        for ask, good in ((bare, (200,)), (log, (302,))):
            served.timed(port, people, ask, requests=WARM, expected=good)
        floor, ours = served.by_turns(
            port, people, floor=bare, ours=log, requests=requests, expected=(302,)
        )
        memory = peak()
    logged = Incident.objects.count() - stored
    assert logged == requests + WARM, f"{logged} incidents of {requests + WARM} calls"
    return [
        Row(
            f"log a call, 4 at once, {stored:,} incidents stored: p95",
            ours.p95 / floor.p95,
            AIM,
            str(ours),
            f"bare page {floor}",
            f"web worker {memory} MB at most",
        )
    ]


if __name__ == "__main__":
    print(show(run()))
