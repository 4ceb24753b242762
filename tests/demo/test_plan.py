"""The year's numbers, without a database."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.policy import ForcePolicy
from demo import county
from demo.households import People
from demo.plan import CRIMES, INCIDENTS, Plan, Stage, crimes_of_year, make, shared_out
from demo.tables import Lines, seconds, stamp
from demo.world import Cast, Starts, Worker, World
from victims import addresses, postcodes, telephones

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def plan_of(incidents: int, seed: int = 1) -> Plan:
    nobody = Worker(1, "Nobody", "nobody", 1)
    cast = Cast([], [], 1, 1, [], [1, 2, 3], nobody, {}, {}, {}, {}, {}, {})
    world = World(
        seed=seed,
        at=AT,
        policy=ForcePolicy(),
        cast=cast,
        lines=Lines(lambda table, data: None),
        starts=Starts(),
    )
    return make(Random(seed), People(world), incidents, world.at, [])


def test_the_default_year_has_the_inspections_crimes() -> None:
    plan = plan_of(INCIDENTS)
    crimes = [crime for crimes in plan.crimes.values() for crime in crimes]
    mix = Counter(crime.category for crime in crimes)
    outcomes = Counter(crime.outcome for crime in crimes)
    assert len(plan.events) == INCIDENTS
    assert len(crimes) == CRIMES == 2_927
    assert mix["assault_intent"] == 31
    assert mix["assault_injury"] == 1_021
    assert mix["harassment"] == 255
    assert mix["sexual"] == 81
    # 37, 9 and 2 per cent of 2,927; 54 arrests for each 100 crimes.
    assert outcomes["charge"] == 1_083
    assert outcomes["caution"] == 263
    assert outcomes["out_of_court"] == 59
    assert sum(crime.arrests for crime in crimes) == 1_581


def test_crimes_and_events_lie_in_the_last_twelve_months() -> None:
    plan = plan_of(INCIDENTS)
    times = [event.received for event in plan.events]
    assert times == sorted(times)
    assert times[0] >= seconds(AT - timedelta(days=365))
    assert times[-1] <= seconds(AT)
    for position in plan.crimes:
        script = plan.events[position].script
        assert script is None or script.stage.value >= Stage.RECORDED.value


def test_other_sizes_keep_the_proportions() -> None:
    plan = plan_of(22_000)
    crimes = [crime for crimes in plan.crimes.values() for crime in crimes]
    mix = Counter(crime.category for crime in crimes)
    assert len(crimes) == 2 * CRIMES
    assert mix["assault_injury"] == 2_042
    assert mix["assault_intent"] == 62


@pytest.mark.parametrize("incidents", [1, 2, 7, 40, 300])
def test_small_years_have_exactly_as_many(incidents: int) -> None:
    assert len(plan_of(incidents).events) == incidents


def test_most_households_call_once_and_a_few_many_times() -> None:
    calls = Counter(id(event.home) for event in plan_of(INCIDENTS).events)
    once = sum(number == 1 for number in calls.values())
    assert 0.7 < once / len(calls) < 0.9
    assert max(calls.values()) >= 10


def test_shares_add_up_to_the_total() -> None:
    for total in range(60):
        assert sum(shared_out(total, {"a": 5, "b": 3, "c": 1}).values()) == total
    assert Counter(crime.outcome for crime in crimes_of_year(Random(1), 0)) == Counter()


def test_places_and_numbers_are_well_formed_and_belong_to_nobody() -> None:
    random = Random(5)
    for area, _ in county.AREAS:
        for _ in range(200):
            place = county.somewhere(random, area)
            assert postcodes.normalise(place.postcode) == place.postcode
            assert place.postcode.startswith("ZF")
            assert place.key == addresses.key(place.line, place.postcode)
            assert place.building_key == addresses.building_key(place.line, place.postcode)
    for _ in range(200):
        number = county.number(random)
        assert re.fullmatch(r"\+44(7700900\d{3}|1632\d{6})", number)
        assert number not in county.RESERVED
        assert telephones.e164(telephones.shown(number)) == number


def test_every_name_has_a_key_and_is_heard_differently() -> None:
    for name in (*county.GIRLS, *county.BOYS, *county.FAMILIES):
        assert county.given_key(name)
        assert county.heard(name)
    assert county.given_key("Siobhán") == county.given_key("Shevaun")
    assert county.family_keys("O'Neill") == county.family_keys("Oneil")


def test_instants_are_written_as_the_database_reads_them() -> None:
    moment = datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC)
    assert stamp(seconds(moment)) == "2024-02-29T23:59:58Z"
    assert datetime.fromisoformat(stamp(seconds(moment))) == moment
