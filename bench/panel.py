"""The history panel over HTTP while four people type at once, against a bare page.

    python -m bench.panel

Uses whatever history the scratch database holds (bench.history leaves a million incidents). Each
request is what the page sends while somebody types: the whole form of a call with a number, an
address and a name that are on record, answered with the questions, the matches and the suggestion.
"""

from bench import scratch, served
from bench.calls import fields, handlers
from bench.history import victim_of
from bench.table import Row, show

from django.db import connection  # isort: skip

from core import clock  # isort: skip
from incidents.models import Incident  # isort: skip
from victims.models import Telephone, Victim  # isort: skip

AIM = 2.0
REQUESTS = 400
WARM = 80


def typed(area: object, number: int, victims: int) -> dict[str, str]:
    """The form as it stands when the number, the address and her name are typed."""
    pk = victim_of(number, victims)
    home = 1 + pk % victims
    with connection.cursor() as cursor:
        cursor.execute("SELECT given_name, family_name FROM victims_person WHERE id = %s", [pk])
        given, family = cursor.fetchone()
    return {
        **fields(area),  # type: ignore[arg-type]
        "caller_number": own_number(number, pk),
        "caller_name": f"{given} {family}",
        "address_line": f"Flat {home % 10}, {home // 10} Bench Street",
        "postcode": f"PE{1 + home // 50000} {home // 5000 % 10}AA",
        "people-0-given_name": given,
        "people-0-family_name": family,
        "people-0-date_of_birth": "",
    }


def own_number(number: int, person: int) -> str:
    """A number that can be dialled and is this person's: the bench's own are none."""
    telephone = f"+441632960{number % 1000:03d}"
    now = clock.now()
    Telephone.objects.get_or_create(
        number=telephone,
        person_id=person,
        defaults={"first_used_at": now, "last_used_at": now},
    )
    return telephone


def run(requests: int = REQUESTS) -> list[Row]:
    people, area = handlers()
    stored = Incident.objects.count()
    victims = Victim.objects.filter(reference__startswith="V-2026-B").count()
    asked = [typed(area, number, victims) for number in range(requests + WARM)]
    found: list[int] = []

    def panel(client: served.Client, turn: int) -> tuple[int, str]:
        status, body = client.post("/calls/history/", asked[turn])
        found.append(body.count('class="match"'))
        return status, body

    def bare(client: served.Client, _: int) -> tuple[int, str]:
        return client.get("/bare/")

    with served.gunicorn() as (port, peak):
        for ask in (bare, panel):
            served.timed(port, people, ask, requests=WARM)
        floor = served.timed(port, people, bare, requests=requests)
        ours = served.timed(port, people, panel, requests=requests)
        again = served.timed(port, people, bare, requests=requests)
        memory = peak()
    assert min(found) > 0, "a panel without a match measures nothing"
    least = min(floor.p95, again.p95)
    return [
        Row(
            f"history panel over HTTP, 4 at once, {stored:,} incidents stored: p95",
            ours.p95 / least,
            AIM,
            str(ours),
            f"bare page {floor if floor.p95 == least else again}",
            f"{sum(found) / len(found):.0f} people and incidents shown; web worker {memory} MB",
        )
    ]


if __name__ == "__main__":
    print(show(run()))
    print(f"peak memory {scratch.peak_memory_mb()} MB")
