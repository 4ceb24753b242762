"""The whole year, told in order of time and handed to a sink table by table."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from core.policy import ForcePolicy
from core.references import Kind
from demo.answers import CallAnswers, RiskAnswers
from demo.assessments import Assessments, each_victim
from demo.case import Case
from demo.clocks import Clocks
from demo.closures import Closures
from demo.dispatch import Dispatch
from demo.households import People, Warnings
from demo.lives import Lives
from demo.non_crimes import NonCrimes
from demo.plan import Plan, make
from demo.referrals import Referrals
from demo.response import Response
from demo.story import Story
from demo.supervision import Supervision
from demo.tables import Lines, Sink, Table
from demo.world import DAY, Cast, Starts, World
from demo.year import Calls

#: Incidents between two batches: large enough for COPY, small enough for memory.
BATCH = 1_000


@dataclass
class Told:
    """What was generated: lines per table, and the last identifiers and numbers used."""

    counts: dict[Table, int]
    last_ids: dict[Table, int]
    last_numbers: dict[Kind, int]
    plan: Plan
    #: Incidents of the story, by what they are found by.
    tagged: dict[str, int]


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing made here refers back to itself, so looking for cycles would only cost time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def generate(
    sink: Sink,
    *,
    incidents: int,
    seed: int,
    at: datetime,
    policy: ForcePolicy,
    cast: Cast,
    starts: Starts,
    addresses: dict[str, int] | None = None,
    progress: Callable[[int], None] = lambda number: None,
) -> Told:
    """Generate a year with so many incidents up to `at`; the same arguments give the same bytes.

    `starts` says from which identifiers and numbers to count, `addresses` which address keys are on
    record already. `progress` is told how many incidents were added.
    """
    lines = Lines(sink)
    world = World(seed=seed, at=at, policy=policy, cast=cast, lines=lines, starts=starts)
    people, warnings, clocks = People(world), Warnings(world), Clocks(world)
    # Before the calls: the database takes a closed incident only after its signed closure.
    closures = Closures(world, clocks)
    people.addresses_known = addresses or {}
    story = Story(world, people)
    scripted = story.events() if incidents >= 50 else []
    plan = make(world.random, people, incidents, world.at, scripted)
    calls = Calls(world, people, CallAnswers(world.random, policy))
    dispatch, response = Dispatch(world, clocks), Response(world, clocks)
    supervision, non_crimes = Supervision(world, clocks), NonCrimes(world, clocks)
    size = 60 + min(incidents, 4_000) // 40
    answers = RiskAnswers(world.random, policy, (size, size // 2, size // 2))
    assessments, referrals = Assessments(world, clocks, answers), Referrals(world, clocks)
    tagged: dict[str, Case] = {}
    for position, event in enumerate(plan.events):
        case = calls.begin(event, plan.crimes.get(position, []))
        calls.times(case)
        assessments.times(case)
        closures.times(case)
        supervision.times(case)
        calls.write(case)
        dispatch.write(case)
        response.write(case)
        non_crimes.follow(case)
        for one in each_victim(case):
            judged = assessments.write(one)
            if judged:
                referrals.write(one, judged)
        closures.write(case)
        supervision.write(case)
        if case.script.tag:
            tagged[case.script.tag] = case
        if position % BATCH == BATCH - 1:
            lines.flush()
            progress(BATCH)
    _warn(world, people, warnings)
    non_crimes.write()
    if scripted:
        story.warn(warnings)
        story.tell_more(tagged, clocks)
    Lives(world, clocks).write(people.everybody)
    people.write()
    lines.flush()
    progress(len(plan.events) % BATCH)
    return Told(lines.counts, world.last_ids(), world.last_numbers(), plan,
                {tag: case.id for tag, case in tagged.items()})  # fmt: skip


def _warn(world: World, people: People, warnings: Warnings) -> None:
    """Safe contacts for most who are at risk; markers on some addresses and people."""
    draw, named = world.random.random, world.cast.named
    by = (named["ds.okafor"], named["investigator"])
    kinds = ("weapons", "violent", "child_at_risk", "self_harm")
    for number, person in enumerate(people.everybody):
        record = person.victim
        if record is None or record.last < world.at - 380 * DAY:
            continue
        since = record.since or record.last
        if record.grade in {"medium", "high"} and person.family != "O'Neill" and draw() < 0.6:
            warnings.safe_contact(person, record.responsible or by[0], min(since + DAY, world.at))
        if record.grade == "high" and person.homes and draw() < 0.16:
            kind = "emergency" if draw() < 0.2 else kinds[int(draw() * 4)]
            until = world.at + int((20 + 300 * draw()) * DAY)
            target = (
                {"person": person.id} if kind == "self_harm" else {"address": person.homes[-1][0]}
            )
            warnings.marker(kind, by[number % 2], since, until, **target)  # type: ignore[arg-type]
