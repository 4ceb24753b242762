"""Logging a call through the web by four people at once, against a bare page.

    python -m bench.calls

Uses whatever history the scratch database holds (bench.history leaves a million incidents). Each
call is what the page sends: a POST of the whole form with a known couple, which writes the
incident, its people, audit and reactions, and answers with a redirect.
"""

import itertools
from uuid import uuid4

from bench import scratch, served
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from core import clock  # isort: skip
from incidents.models import Incident  # isort: skip

AIM = 5.0
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


def fields(area: Area) -> dict[str, str]:
    """What the page would send for one call."""
    number = next(_numbers)
    row = {
        "people-TOTAL_FORMS": "2",
        "people-INITIAL_FORMS": "0",
        "people-MIN_NUM_FORMS": "0",
        "people-MAX_NUM_FORMS": "20",
        "people-0-role": "victim",
        "people-0-given_name": "Siobhán",
        "people-0-family_name": f"O'Neill{number % 97}",
        "people-0-date_of_birth": "14/3/1991",
        "people-0-lives_here": "on",
        "people-1-role": "perpetrator",
        "people-1-given_name": "Darren",
        "people-1-family_name": f"Pike{number % 89}",
        "people-1-age": "39",
    }
    return {
        "source": "999",
        "caller_number": f"07700 900{number % 1000:03d}",
        "caller_name": "Shevaun Oneil",
        "caller_is": "victim",
        "address_line": f"Flat {number % 40}, {number % 300} Tanglewood Court",
        "postcode": "PE1 9ZZ",
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
    scratch.settle_sequences()
    people, area = handlers()
    stored = Incident.objects.count()

    def log(client: served.Client, _: int) -> tuple[int, str]:
        return client.post(f"/calls/new/?draft={uuid4()}", fields(area))

    def bare(client: served.Client, _: int) -> tuple[int, str]:
        return client.get("/bare/")

    with served.gunicorn() as (port, peak):
        for ask, good in ((bare, (200,)), (log, (302,))):
            served.timed(port, people, ask, requests=WARM, expected=good)
        floor = served.timed(port, people, bare, requests=requests)
        ours = served.timed(port, people, log, requests=requests, expected=(302,))
        again = served.timed(port, people, bare, requests=requests)
        memory = peak()
    least = min(floor.p95, again.p95)
    logged = Incident.objects.count() - stored
    assert logged == requests + WARM, f"{logged} incidents of {requests + WARM} calls"
    return [
        Row(
            f"log a call, 4 at once, {stored:,} incidents stored: p95",
            ours.p95 / least,
            AIM,
            str(ours),
            f"bare page {floor}",
            f"web worker {memory} MB at most",
        )
    ]


if __name__ == "__main__":
    print(show(run()))
