"""What will happen: how many incidents, when, to whom, which crimes, and how far each has come.

The mix of crimes and outcomes is that of the inspection's table (12 months to 31 August 2013):
2,927 domestic crimes, of them 31 assaults with intent, 1,021 with injury, 255 harassment and 81
sexual; charge 37 %, caution 9 %, other out-of-court 2 %; 54 arrests for 100 crimes. The table does
not say how many incidents there were beside the crimes: 11,000 in all, about three without a crime
for each one with, is our own choice.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import NamedTuple

from demo import words
from demo.county import Place
from demo.households import Household, People
from demo.world import DAY, HOUR, MINUTE

INCIDENTS = 11_000
CRIMES = 2_927

#: Category and its number among CRIMES; the inspection counts the first four, the rest is spread.
CATEGORIES: dict[str, int] = {
    "assault_intent": 31, "assault_injury": 1_021, "harassment": 255, "sexual": 81,
    "assault_no_injury": 736, "criminal_damage": 318, "coercive_control": 96, "stalking": 92,
    "threats_to_kill": 74, "breach_of_order": 131, "other": 92,
}  # fmt: skip
#: Per cent of crimes.
OUTCOMES = {"charge": 37, "caution": 9, "out_of_court": 2}
ARRESTS = 54

#: Incidents of the last days, whose ages are chosen so that every page has something on it.
TAIL = 80 * HOUR


class Stage(Enum):
    """How far an incident has come at the instant of loading."""

    WAITING = auto()
    SENT = auto()
    ARRIVED = auto()
    RECORDED = auto()
    SUBMITTED = auto()
    RETURNED = auto()
    REVIEWED = auto()
    REFERRED = auto()
    CLOSED = auto()


#: Stages of the board with how many and the youngest and oldest age in minutes.
BOARD: tuple[tuple[Stage, int, int, int], ...] = (
    (Stage.WAITING, 6, 1, 42),
    (Stage.SENT, 4, 2, 17),
    (Stage.ARRIVED, 5, 30, 190),
    (Stage.RECORDED, 6, 150, 490),
    (Stage.SUBMITTED, 12, 130, 1_530),
    (Stage.RETURNED, 4, 600, 1_700),
    (Stage.REVIEWED, 6, 500, 2_100),
)
#: Minutes left (over: below nought) of the requests for closure that wait for an inspector.
CLOSURES = (-35, 47, 16, 205, 98, 158)
#: Minutes left (over: below nought) of closed incidents whose referral is open, and who has it:
#: d. (demo worker), a colleague, or nobody; with the grade. The order is that of the page's draft.
REFERRALS: tuple[tuple[int, str, str], ...] = (
    (-250, "worker", "high"), (-14, "s.lal", "medium"), (4, "d.marsh", "high"), (11, "", "medium"),
    (38, "worker", "medium"), (155, "d.marsh", "high"), (310, "", "high"),
    (542, "j.fenn", "medium"), (700, "s.lal", "medium"), (868, "worker", "high"),
    (1_004, "d.marsh", "medium"), (1_307, "t.grady", "medium"), (1_440, "s.lal", "high"),
    (1_702, "d.marsh", "medium"), (1_999, "worker", "medium"), (2_160, "d.marsh", "medium"),
    (2_300, "s.lal", "high"), (2_471, "j.fenn", "medium"), (2_588, "t.grady", "high"),
    (2_702, "d.marsh", "medium"), (2_810, "s.lal", "medium"), (2_930, "d.marsh", "high"),
)  # fmt: skip
#: Who the first of them are about.
NAMED = (
    ("Priya", "Raman"), ("Nicola", "Fairhurst"), ("Keisha", "Browne"), ("Angela", "Whitmore"),
    ("Tomasz", "Kowalski"), ("Hannah", "Cole"),
)  # fmt: skip


@dataclass(slots=True)
class Script:
    """What an event must be, where chance does not decide."""

    stage: Stage = Stage.CLOSED
    gravity: int | None = None
    grade: str = ""
    officer: str = ""
    team: str = ""
    worker: str = ""
    left: int = 0
    crime: str | None = None
    topics: tuple[str, ...] = ()
    place: Place | None = None
    number: str = ""
    heard: str = ""
    is_mild: bool = False
    #: How many minutes ago closure was asked for; whether it was refused since, and in which words.
    asked: int = 0
    is_refused: bool = False
    refused_with: str = ""
    #: A supervisor asks something of the officer.
    is_asked_of: bool = False
    #: Nobody is sent, and why.
    not_sent: str = ""
    #: A visit is agreed, so many hours from now.
    visit: int = 0
    caller: str = ""
    narrative: str = ""
    #: The other one alleges against the victim.
    is_counter: bool = False
    #: By what it is found again, once the year is told.
    tag: str = ""


class Event(NamedTuple):
    """One incident to come: when the call is received, whose it is, and what is fixed about it."""

    received: int
    home: Household
    script: Script | None


@dataclass(slots=True)
class CrimeToCome:
    """A crime with its outcome and arrests; the incident is found when the year is told."""

    category: str
    outcome: str = ""
    arrests: int = 0


@dataclass
class Plan:
    """The year: events in order of time, and the crimes of some of them by position."""

    events: list[Event] = field(default_factory=list)
    crimes: dict[int, list[CrimeToCome]] = field(default_factory=dict)


def shared_out(total: int, weights: dict[str, int]) -> dict[str, int]:
    """`total` in the proportion of the weights, as whole numbers (largest remainders)."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(weights, key=lambda name: (parts[name] - exact[name], name))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def crimes_of_year(random: Random, total: int) -> list[CrimeToCome]:
    """The crimes in random order; outcomes and arrests in the inspection's proportions."""
    crimes = [
        CrimeToCome(category)
        for category, number in shared_out(total, CATEGORIES).items()
        for _ in range(number)
    ]
    random.shuffle(crimes)
    position = 0
    for outcome, per_cent in OUTCOMES.items():
        number = round(total * per_cent / 100)
        for crime in crimes[position : position + number]:
            crime.outcome = outcome
        position += number
    for crime in crimes[position : position + int((total - position) * 0.93)]:
        crime.outcome = "no_further_action"
    # Most who are charged were arrested first, and some of the others.
    likely = {"charge": 3.0, "caution": 2.0}
    by_chance = sorted(crimes, key=lambda each: -random.random() * likely.get(each.outcome, 1.0))
    for crime in by_chance[: round(total * ARRESTS / 100)]:
        crime.arrests = 1
    random.shuffle(crimes)
    return crimes


def counts_of_households(random: Random, total: int) -> list[int]:
    """How many incidents each household has: three quarters have one, a few have many."""
    counts: list[int] = []
    left = total
    while left > 0:
        chance = random.random()
        if chance < 0.78:
            number = 1
        elif chance < 0.905:
            number = 2
        elif chance < 0.955:
            number = 3
        elif chance < 0.99:
            number = 4 + int(random.random() * 3)
        else:
            number = 7 + int(random.paretovariate(1.6) * 3) % 24
        number = min(number, left)
        counts.append(number)
        left -= number
    return counts


def moments(random: Random, number: int, start: int, end: int) -> list[int]:
    """Instants in order: more in the evening and the small hours, more on Fridays and Saturdays."""
    found: list[int] = []
    draw = random.random
    length = end - start
    while len(found) < number:
        at = start + int(draw() * length)
        hour, weekday = at // HOUR % 24, (at // DAY + 3) % 7
        weight = 1.0 if hour >= 17 or hour < 2 else 0.45 if hour < 9 else 0.6
        if weekday in (4, 5):
            weight *= 1.25
        if draw() * 1.25 < weight:
            found.append(at)
    found.sort()
    return found


def tail_of(random: Random, at: int, share: float) -> list[tuple[int, Script]]:
    """The last days: (received, script), as many as fit a year of this size."""
    events: list[tuple[int, Script]] = []
    for stage, number, youngest, oldest in BOARD:
        wanted = max(1, round(number * share))
        for position in range(wanted):
            part = (position + 0.2 + 0.6 * random.random()) / wanted
            age = youngest + (oldest - youngest) * part
            events.append((at - int(age * MINUTE), _script(stage, position)))
    for left, worker, grade in REFERRALS[: max(3, round(len(REFERRALS) * share))]:
        script = Script(
            Stage.REFERRED,
            gravity=2 if grade == "high" else 1,
            grade=grade,
            worker=worker,
            left=left,
        )
        # Submitted seventy-two hours before it is due, about two hours after the call.
        age = 72 * HOUR - left * MINUTE + 130 * MINUTE
        events.append((at - age, script))
    for position, left in enumerate(CLOSURES[: max(3, round(len(CLOSURES) * share))]):
        asked = 240 - left
        script = Script(Stage.REVIEWED, gravity=position % 3, asked=asked)
        events.append((at - int((asked + 235 + 150 * random.random()) * MINUTE), script))
    refused = Script(Stage.REVIEWED, gravity=1, asked=610, is_refused=True)
    events.append((at - 905 * MINUTE, refused))
    # Nobody was free: somebody should have been there by now.
    events.append((at - 71 * MINUTE, Script(Stage.WAITING, gravity=2)))
    visit = Script(Stage.WAITING, gravity=0, visit=26)
    events.append((at - 190 * MINUTE, visit))
    for number, not_sent in enumerate(words.NOT_SENT[: max(1, round(2 * share))]):
        events.append(
            (
                at - (260 + 300 * number) * MINUTE,
                Script(Stage.WAITING, gravity=0, not_sent=not_sent),
            )
        )
    return sorted(events, key=lambda event: event[0])


def _script(stage: Stage, position: int) -> Script:
    """The demo officer has one on the way, one attended and one returned; half of the reviews wait
    for the demo supervisor."""
    script = Script(stage)
    mine = {Stage.SENT: 0, Stage.ARRIVED: 0, Stage.RETURNED: 0, Stage.SUBMITTED: 3}
    if mine.get(stage) == position:
        script.officer = "officer"
        script.is_asked_of = stage is Stage.RETURNED
    if stage is Stage.SUBMITTED and position == 4:
        script.is_counter = True
    if stage is Stage.ARRIVED and position == 1:
        script.tag = "news"
    if stage is Stage.SUBMITTED and position % 2:
        script.team = "supervisor"
    if stage in {Stage.SUBMITTED, Stage.REVIEWED, Stage.RETURNED}:
        script.gravity = (0, 1, 0, 2, 0, 0)[position % 6]
    return script


def make(random: Random, people: People, incidents: int, at: int, scripted: list[Event]) -> Plan:
    """The year up to `at`, with so many incidents in all, the scripted ones among them."""
    share = min(1.0, incidents / 4_000)
    tail = tail_of(random, at, share)[-max(0, incidents - len(scripted)) :]
    ordinary = incidents - len(scripted) - len(tail)
    # An hour is left free at the far end, so that every crime is recorded within the year.
    times = moments(random, ordinary, at - 365 * DAY + HOUR, at - TAIL)
    homes: list[Household] = []
    for number in counts_of_households(random, ordinary):
        homes.extend([people.household()] * number)
    random.shuffle(homes)
    plan = Plan(
        [Event(time, home, None) for time, home in zip(times, homes, strict=True)] + scripted
    )
    plan.events += [_tail_event(random, people, homes, *row) for row in tail]
    plan.events.sort(key=lambda event: event.received)
    _name_some(plan)
    _place_crimes(random, plan, round(incidents * CRIMES / INCIDENTS), at)
    return plan


def _tail_event(
    random: Random, people: People, homes: list[Household], received: int, script: Script
) -> Event:
    if script.officer and script.stage is Stage.ARRIVED and homes:
        return Event(received, _often_called(homes), script)
    # Half of them have called before.
    known = homes and script.gravity is None and random.random() < 0.5
    home = homes[int(random.random() * len(homes))] if known else people.household()
    if (script.officer or script.team) and not known:
        home.area = 0
    return Event(received, home, script)


def _often_called(homes: list[Household]) -> Household:
    """A family of the first area that has rung several times: who was what to whom is on record."""
    calls = Counter(map(id, homes))
    here = [home for home in homes if home.area == 0 and home.children] or homes
    return max(here, key=lambda home: (3 <= calls[id(home)] <= 5, calls[id(home)] < 3))


def _name_some(plan: Plan) -> None:
    referred = [
        event for event in plan.events if event.script and event.script.stage is Stage.REFERRED
    ]
    for event, (given, family) in zip(referred, NAMED, strict=False):
        person = event.home.victim
        person.given, person.family = given, family
        person.sex = "male" if given == "Tomasz" else "female"
        person.spellings = [(given, family)]


def _place_crimes(random: Random, plan: Plan, total: int, at: int) -> None:
    """Give the crimes to incidents that officers have attended; some have two."""
    crimes = crimes_of_year(random, total)
    able = []
    for position, event in enumerate(plan.events):
        script = event.script
        if script and script.crime is not None:
            if script.crime:
                plan.crimes[position] = [_taken(crimes, script.crime)]
            continue
        attended = script is None or script.stage.value >= Stage.RECORDED.value
        if attended and event.received >= at - 365 * DAY:
            able.append(position)
    chosen = sorted(random.sample(able, min(len(able), max(1, int(len(crimes) / 1.06)))))
    for position, crime in zip(chosen, crimes, strict=False):
        plan.crimes[position] = [crime]
    for crime in crimes[len(chosen) :] if chosen else ():
        plan.crimes[chosen[int(random.random() * len(chosen))]].append(crime)
    _no_outcome_yet(plan, at)


def _taken(crimes: list[CrimeToCome], wanted: str) -> CrimeToCome:
    """Take a crime "category:outcome" out of the list, so that the totals stay."""
    category, outcome = wanted.split(":")
    for same_outcome in (True, False):
        for position, crime in enumerate(crimes):
            if crime.category == category and (crime.outcome == outcome or not same_outcome):
                return crimes.pop(position)
    return crimes.pop()


def _no_outcome_yet(plan: Plan, at: int) -> None:
    """Crimes of the last days have no outcome yet: they change places with older ones."""
    fresh, old = [], []
    for position, crimes in plan.crimes.items():
        recent = plan.events[position].received > at - 6 * DAY
        for crime in crimes:
            if recent and crime.outcome:
                fresh.append(crime)
            elif not recent and not crime.outcome:
                old.append(crime)
    for new, other in zip(fresh, old, strict=False):
        new.outcome, other.outcome = other.outcome, new.outcome
