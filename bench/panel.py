"""The history panel over HTTP while four people type at once, against a bare page.

    python -m bench.panel

Uses the history that bench.history leaves in the scratch database, a million incidents. Each
request is what the page sends while somebody types: the whole form of a call with a number, an
address and a name that are on record, answered with the questions, the matches and the suggestion.
"""

from bench import scratch, served
from bench.calls import fields, handlers, households
from bench.table import Row, show

from incidents.models import Incident  # isort: skip

AIM = 2.0
REQUESTS = 400
WARM = 80


def run(requests: int = REQUESTS) -> list[Row]:
    scratch.forget_logged()
    people, area = handlers()
    stored = Incident.objects.count()
    asked = [fields(area, caller) for caller in households(requests)]
    found: list[int] = []

    def panel(client: served.Client, turn: int) -> tuple[int, str]:
        status, body = client.post("/calls/history/", asked[turn])
        found.append(body.count('class="match"'))
        return status, body

    def bare(client: served.Client, _: int) -> tuple[int, str]:
        return client.get("/bare/")

    with served.gunicorn() as (port, peak):
        # Each is asked once untimed, so that no disk is measured.
        served.timed(port, people, panel, requests=requests)
        served.timed(port, people, bare, requests=WARM)
        floor, ours = served.by_turns(port, people, floor=bare, ours=panel, requests=requests)
        memory = peak()
    assert min(found) > 0, "a panel without a match measures nothing"
    return [
        Row(
            f"history panel over HTTP, 4 at once, {stored:,} incidents stored: p95",
            ours.p95 / floor.p95,
            AIM,
            str(ours),
            f"bare page {floor}",
            f"{sum(found) / len(found):.0f} people and incidents shown; web worker {memory} MB",
        )
    ]


if __name__ == "__main__":
    print(show(run()))
    print(f"peak memory {scratch.peak_memory_mb()} MB")
