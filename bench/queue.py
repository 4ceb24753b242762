"""The referral queue's page at 1,000, 100,000 and 1,000,000 referrals, against a bare page.

`python -m bench.queue [--largest N] [--requests N] [--explain]`. Through gunicorn, four clients at
a time. The bare page (sign-in, 25 rows, three queries) is asked in turn with the queue in every
round, so that a busy machine slows both. A few hundred are open, as in life, while the history
grows; the last case has 5,000 open.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from bench import scratch
from bench.table import Row, show

# Only now do the settings name the scratch database.
from django.contrib.auth.models import Group  # isort: skip
from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from bench import served  # isort: skip
from core import clock  # isort: skip
from incidents.models import Incident  # isort: skip
from referrals import services  # isort: skip
from referrals.models import Referral, ReferralDay  # isort: skip
from risk.models import Assessment, Instrument  # isort: skip
from victims.models import Person, Victim  # isort: skip

SIZES = (1_000, 100_000, 1_000_000)
OPEN, MANY_OPEN = 300, 5_000
WORKERS = 8
ROUNDS = 5
YEARS = 10
MODELS: tuple[type[models.Model], ...] = (
    Person,
    Victim,
    Incident,
    Assessment,
    Referral,
    ReferralDay,
)
TABLES = [model._meta.db_table for model in MODELS]
AIM_BARE, AIM_SIZE, AIM_QUERIES = 3.0, 1.2, 9

#: Every fifth is high; every tenth of the open is over time; half of the open are with somebody.
OPEN_ROWS = """
UPDATE referrals_referral SET
    state = CASE WHEN id % 2 = 0 THEN 'claimed' ELSE 'waiting' END,
    claimed_by_id = CASE WHEN id % 2 = 0 THEN %(worker)s + id % %(workers)s END,
    claimed_at = CASE WHEN id % 2 = 0 THEN %(now)s END,
    completed_at = NULL, outcome = '', late_reason = '',
    submitted_at = %(now)s - interval '78 hours' * id / %(open)s,
    due_at = %(now)s - interval '78 hours' * id / %(open)s + interval '72 hours'
WHERE id <= %(open)s
""".replace("% 2", "%% 2").replace("id % %(", "id %% %(")


@dataclass(frozen=True)
class Unit:
    """The people that all rows share."""

    area: Area
    team: Team
    workers: list[User]


def unit() -> Unit:
    """A unit of eight, made on the first run."""
    agency, _ = Agency.objects.get_or_create(name="Bench police", defaults={"kind": "police"})
    area, _ = Area.objects.get_or_create(name="Bench")
    team, _ = Team.objects.get_or_create(
        name="Bench MARU", defaults={"kind": "maru", "agency": agency, "area": area}
    )
    names = [f"bench-maru-{number}" for number in range(WORKERS)]
    if not User.objects.filter(username=names[0]).exists():
        for name in names:
            user = User.objects.create_user(name, name=name, team=team)
            user.groups.set([Group.objects.get(name=Role.MARU_WORKER)])
    return Unit(area, team, list(User.objects.filter(username__in=names).order_by("pk")))


def multiply(model: type[models.Model], count: int, **changed: str) -> None:
    """Copy row 1 of a model to rows 2 to `count`; `changed` gives columns as SQL of n."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    values = [{"id": "n", **changed}.get(column, f"first.{column}") for column in columns]
    scratch.run_sql(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM generate_series(2, {count}) AS n, {table} AS first WHERE first.id = 1"
    )


def load(count: int, people: Unit, now: datetime) -> None:
    """`count` referrals of as many victims over ten years, the newest `OPEN` of them open."""
    scratch.empty(*TABLES)
    _first_rows(people, now)
    # Foreign keys and history hold by construction: rows n of all tables hang together.
    scratch.run_sql("SET session_replication_role = replica")
    when = f"first.{{}} - interval '{YEARS} years' * n / {count}"
    multiply(Person, count, reference="'P-X-' || n", given_name="'Given' || n")
    multiply(Victim, count, reference="'V-X-' || n", person_id="n")
    multiply(Incident, count, reference="'DA-X-' || n", received_at=when.format("received_at"))
    multiply(Assessment, count, reference="'RA-X-' || n", incident_id="n", victim_id="n")
    multiply(
        Referral,
        count,
        reference="'RF-X-' || n",
        victim_id="n",
        incident_id="n",
        assessment_id="n",
        grade="CASE WHEN n % 5 = 0 THEN 'high' ELSE 'medium' END",
        risk_rank="CASE WHEN n % 5 = 0 THEN 3 ELSE 2 END",
        claimed_by_id=f"first.claimed_by_id + n % {WORKERS}",
        **{
            name: when.format(name)
            for name in ("submitted_at", "due_at", "claimed_at", "completed_at")
        },
    )
    open_up(min(OPEN, count), people, now)


def open_up(count: int, people: Unit, now: datetime) -> None:
    """Make the first `count` open, counts and statistics following."""
    scratch.run_sql("SET session_replication_role = replica")
    scratch.run_sql(
        OPEN_ROWS,
        {
            "open": count,
            "now": now,
            "worker": people.workers[0].pk,
            "workers": WORKERS,
        },
    )
    scratch.run_sql("SET session_replication_role = DEFAULT")
    services.rebuild_tallies()
    scratch.analyse(*TABLES)


def _first_rows(people: Unit, now: datetime) -> None:
    worker, instrument = people.workers[0], Instrument.objects.filter(in_use=True).first()
    assert instrument is not None
    person = Person.objects.create(
        pk=1, reference="P-X-1", given_name="Given1", family_name="Family", created_at=now
    )
    victim = Victim.objects.create(
        pk=1,
        reference="V-X-1",
        person=person,
        area=people.area,
        created_at=now,
        contact_team=people.team,
        risk_team=people.team,
        plan_team=people.team,
    )
    incident = Incident.objects.create(
        pk=1,
        reference="DA-X-1",
        source="999",
        received_at=now,
        logged_at=now,
        logged_by=worker,
        narrative="He is outside.",
        suggested_grade="priority",
        grade="priority",
        area=people.area,
        earlier_in_year=3,
    )
    assessment = Assessment.objects.create(
        pk=1,
        reference="RA-X-1",
        incident=incident,
        victim=victim,
        instrument=instrument,
        officer=worker,
        state="submitted",
        due_because="every domestic incident",
        started_at=now,
        judged_grade="medium",
        judged_reason="Her account",
        grade="medium",
        submitted_at=now,
    )
    Referral.objects.create(
        pk=1,
        reference="RF-X-1",
        victim=victim,
        incident=incident,
        assessment=assessment,
        grade="medium",
        risk_rank=2,
        state="completed",
        submitted_at=now,
        due_at=now + timedelta(hours=72),
        earlier_in_year=3,
        children=2,
        about="assault with injury",
        claimed_by=worker,
        claimed_at=now,
        completed_at=now + timedelta(hours=40),
        outcome="shared",
        outcome_words="Shared.",
    )


def queries(people: Unit, path: str) -> int:
    """How many queries the page takes, session, person, navigation and all."""
    client = TestClient(headers={"host": "127.0.0.1"})
    client.force_login(people.workers[0], backend=served.BACKEND)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, response.status_code
    return len(captured)


@dataclass(frozen=True)
class Case:
    """One size measured: milliseconds at the middle of the rounds."""

    what: str
    page: float
    page_p95: float
    bare: float
    queries: int
    memory: int

    @property
    def ratio(self) -> float:
        return self.page / self.bare


def measure(what: str, people: Unit, requests: int) -> Case:
    """The queue and the bare page in turn, round by round."""
    with served.gunicorn() as (port, memory):

        def ask(path: str) -> Callable[[served.Client, int], tuple[int, str]]:
            return lambda client, _: client.get(path)

        rounds = []
        for turn in range(ROUNDS + 1):
            floor = served.timed(port, people.workers, ask("/bare/"), requests=requests)
            ours = served.timed(port, people.workers, ask("/referrals/"), requests=requests)
            if turn:  # the first warms both up
                rounds.append((ours.p50, ours.p95, floor.p50))
        page, tail, bare = (statistics.median(part) for part in zip(*rounds, strict=True))
        return Case(what, page, tail, bare, queries(people, "/referrals/"), memory())


def explain(people: Unit) -> None:
    """What the two statements of the page cost in the database."""
    client = TestClient(headers={"host": "127.0.0.1"})
    client.force_login(people.workers[0], backend=served.BACKEND)
    with CaptureQueriesContext(connection) as captured:
        client.get("/referrals/")
    for query in captured.captured_queries:
        if "referrals_referral" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"])
                print("\n".join(line for (line,) in cursor.fetchall()), "\n")


def rows(cases: list[Case]) -> list[Row]:
    """The cases as lines of the table."""
    lines = [
        Row(
            f"queue page, {case.what}",
            case.ratio,
            AIM_BARE,
            f"p50 {case.page:.1f} ms, p95 {case.page_p95:.1f} ms",
            f"bare p50 {case.bare:.1f} ms",
            f"{case.queries} queries (aim {AIM_QUERIES} at most); web {case.memory} MB",
        )
        for case in cases
    ]
    small, large = cases[0], cases[-2]
    lines.append(
        Row(
            f"queue page, {large.what} over {small.what}",
            large.ratio / small.ratio,
            AIM_SIZE,
            f"{large.ratio:.2f} bare pages",
            f"{small.ratio:.2f} bare pages",
        )
    )
    return lines


def run(largest: int = SIZES[-1], requests: int = 200, *, plans: bool = False) -> list[Row]:
    """Load each size in turn and time the page; the last case has many open."""
    people, cases = unit(), []
    for size in sorted({*(size for size in SIZES if size < largest), largest}):
        load(size, people, clock.now())
        cases.append(measure(f"{size:,} referrals", people, requests))
    open_up(min(MANY_OPEN, largest), people, clock.now())
    if plans:
        explain(people)
    cases.append(measure(f"{largest:,}, {MANY_OPEN:,} open", people, requests))
    return rows(cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--explain", action="store_true")
    wanted = parser.parse_args()
    print(show(run(wanted.largest, wanted.requests, plans=wanted.explain)))


if __name__ == "__main__":
    main()
