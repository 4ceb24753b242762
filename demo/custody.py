"""Arrests of the last weeks and what became of them, as the custody system and prisons told it.

Pure planning: which messages, in what order of time. `demo.aftermath` plays them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from incidents.models import Crime, Incident, Involvement

#: Days back in which arrests are told, and the most of them.
DAYS, MOST = 56, 45
#: One in so many messages reaches us hours after it happened.
LATE_ONE_IN = 14
_SUITES = ("Ashmere custody suite", "Kingsholt custody suite")
_PRISON = "HMP Saltfen"
_COURTS = ("Ashmere Magistrates' Court", "Kingsholt Crown Court")
_BAIL = (
    {"kind": "no_contact", "words": "with the person harmed, directly or through others"},
    {"kind": "keep_away", "words": "from the home and the street"},
)
_CURFEW = {"kind": "curfew", "words": "21:00 to 06:00, with his mother"}

#: A message and when it reaches us.
Told = tuple[datetime, dict[str, Any]]


@dataclass(frozen=True)
class Arrested:
    """Somebody arrested for an incident."""

    incident: str
    person: str
    number: str
    offence: str
    began: datetime
    outcome: str
    outcome_at: datetime | None


def arrests(at: datetime, *, without: Collection[int] = ()) -> list[Arrested]:
    """Those of the last weeks, oldest first, thinned out evenly to at most MOST.

    `without`: incidents that are told otherwise.
    """
    crimes = (
        Crime.objects.filter(arrests__gt=0, recorded_at__gt=at - timedelta(days=DAYS))
        .exclude(incident__in=without)
        .select_related("incident")
        .order_by("incident", "pk")
        .distinct("incident")
    )
    found = list(crimes)
    parties = dict(
        Involvement.objects.filter(
            incident__in=[crime.incident_id for crime in found], role="perpetrator"
        ).values_list("incident", "person__reference")
    )
    chosen = found[:: max(1, -(-len(found) // MOST))]
    return sorted(
        (_arrested(crime, parties[crime.incident_id]) for crime in chosen),
        key=lambda one: one.began,
    )


def _arrested(crime: Crime, person: str) -> Arrested:
    return Arrested(
        incident=crime.incident.reference,
        person=person,
        number=f"MC/26/{crime.incident_id:05}",
        offence=str(crime.get_category_display()),
        began=crime.recorded_at - timedelta(minutes=12),
        outcome=crime.outcome,
        outcome_at=crime.outcome_at,
    )


class Custody:
    """Makes the messages of each run; `random` decides what nobody decided yet."""

    def __init__(self, random: Random, at: datetime) -> None:
        self.random, self.at = random, at
        self._count = 0

    def messages(self, runs: list[Arrested]) -> list[Told]:
        """All of them in the order in which they reach us, up to the end of the year."""
        told = [message for one in runs for message in self._run(one)]
        return sorted((one for one in told if one[0] <= self.at), key=lambda one: one[0])

    def _run(self, one: Arrested) -> Iterator[Told]:
        draw = self.random.random
        yield self.told(one, "arrest", one.began)
        decided = one.began + timedelta(hours=5 + 12 * draw())
        match one.outcome:
            case Crime.Outcome.CHARGE:
                yield from self._charged(one, decided)
            case Crime.Outcome.NO_FURTHER_ACTION | Crime.Outcome.CAUTION:
                yield from self._let_go(one, decided)
            case _ if draw() < 0.3:
                yield self.told(one, "under-investigation", decided)
            case _:
                yield self.bailed(one, decided)

    def _charged(self, one: Arrested, decided: datetime) -> Iterator[Told]:
        draw = self.random.random
        lately = self.at - timedelta(hours=2)
        if one.outcome_at and decided + timedelta(days=1) < one.outcome_at < lately:
            yield self.bailed(one, decided)
            decided = one.outcome_at
        yield self.told(one, "charge", decided, offence=one.offence)
        hearing = (decided + timedelta(days=21 + 30 * draw())).replace(hour=10, minute=0)
        if draw() < 0.4:
            yield self.told(one, "remand", decided + timedelta(hours=9))
        else:
            yield self.bailed(one, decided + timedelta(minutes=40), bail_by_court=True)
        yield self.told(
            one,
            "court-date",
            decided + timedelta(hours=20),
            hearing_at=hearing.isoformat(),
            court=_COURTS[int(draw() * 2)],
            hearing="plea" if draw() < 0.6 else "trial",
            listing=f"L{one.number[3:]}",
        )

    def _let_go(self, one: Arrested, decided: datetime) -> Iterator[Told]:
        yield self.bailed(one, decided)
        if one.outcome_at:
            ended = max(one.outcome_at, decided + timedelta(hours=2))
            yield self.told(one, "no-further-action", ended)

    def bailed(self, one: Arrested, when: datetime, **more: Any) -> Told:
        """Bail with conditions, for four weeks or twelve."""
        conditions = [*_BAIL, _CURFEW] if self.random.random() < 0.3 else [*_BAIL]
        days = 28 if self.random.random() < 0.6 else 84
        until = (when + timedelta(days=days)).replace(hour=17, minute=0)
        return self.told(
            one, "bail", when, bail_until=until.isoformat(), conditions=conditions, **more
        )

    def told(
        self, one: Arrested, kind: str, when: datetime, *, at_once: bool = False, **more: Any
    ) -> Told:
        """A message and when it reaches us: some hours after it happened, unless `at_once`."""
        self._count += 1
        when = when.replace(microsecond=0)
        delay = timedelta(minutes=4 + 20 * self.random.random())
        if not at_once and self._count % LATE_ONE_IN == 0:
            delay += timedelta(hours=5)
        return when + delay, {
            "system": "custody",
            "message_id": f"demo-{one.number}-{kind}-{when:%m%d%H%M}",
            "kind": kind,
            "happened_at": when.isoformat(),
            "person": one.person,
            "custody_number": one.number,
            "incident": one.incident,
            **({"where": _SUITES[self._count % 2]} if kind == "arrest" else {}),
            **more,
        }


#: (days from now to the release as first planned, days to it once moved, whether it is cancelled):
#: one in six days, one moved from tomorrow to the day after, one who stays after all, and one who
#: was to be out by now, of which nobody said anything.
_PLANNED: tuple[tuple[float, float | None, bool], ...] = (
    (6, None, False),
    (1, 2, False),
    (9, None, True),
    (-0.07, None, False),
)


def imprisoned(custody: Custody, runs: list[Arrested], at: datetime) -> Iterator[Told]:
    """Sentenced within days of the arrest, and their releases planned."""
    for one, (ahead, moved, is_cancelled) in zip(runs, _PLANNED, strict=False):
        yield custody.told(one, "arrest", one.began)
        yield custody.told(one, "charge", one.began + timedelta(hours=9), offence=one.offence)
        yield custody.told(one, "remand", one.began + timedelta(hours=20))
        yield custody.told(one, "prison", one.began + timedelta(days=6), where=_PRISON)
        said = at - timedelta(days=7)
        yield _planned(custody, one, said, at + timedelta(days=ahead))
        if moved:
            yield _planned(custody, one, at - timedelta(days=2), at + timedelta(days=moved))
        if is_cancelled:
            yield custody.told(one, "prison-release-cancelled", at - timedelta(days=1))


def _planned(custody: Custody, one: Arrested, said: datetime, release: datetime) -> Told:
    release = release.replace(second=0, microsecond=0)
    return custody.told(one, "prison-release-planned", said, release_at=release.isoformat())


def to_prison(runs: list[Arrested], at: datetime) -> list[Arrested]:
    """Who of these is sent to prison: some who were charged, long enough ago."""
    before = at - timedelta(days=20)
    charged = [one for one in runs if one.outcome == Crime.Outcome.CHARGE and one.began < before]
    return charged[: len(_PLANNED)]


def of_the_story(
    custody: Custody, autumn: Incident, yesterday: Incident, at: datetime
) -> Iterator[Told]:
    """Darren Pike: charged in autumn and soon in court; arrested last night, bailed just now."""
    before = _by_hand(autumn, "Assault with injury", autumn.received_at + timedelta(hours=2))
    yield custody.told(before, "arrest", before.began)
    charged = before.began + timedelta(hours=14)
    yield custody.told(before, "charge", charged, offence=before.offence)
    yield custody.bailed(before, charged + timedelta(minutes=40), bail_by_court=True)
    hearing = (at + timedelta(days=10)).replace(hour=10, minute=0, second=0)
    yield custody.told(
        before,
        "court-date",
        charged + timedelta(days=1),
        hearing_at=hearing.isoformat(),
        court=_COURTS[0],
        hearing="trial",
        listing="L26-0417",
    )
    now = _by_hand(yesterday, "Assault without injury", at - timedelta(hours=10))
    yield custody.told(now, "arrest", now.began, at_once=True)
    yield custody.bailed(now, at - timedelta(minutes=75), at_once=True)


def _by_hand(incident: Incident, offence: str, began: datetime) -> Arrested:
    person = incident.involvements.get(role="perpetrator").person
    return Arrested(
        incident.reference,
        person.reference,
        f"MC/26/{incident.pk:05}",
        offence,
        began,
        "",
        None,
    )


def stranger(at: datetime) -> Told:
    """Somebody whom nobody here knows by this number: the matching list has them."""
    when = at - timedelta(minutes=50)
    return when + timedelta(minutes=8), {
        "system": "custody",
        "message_id": "demo-stranger",
        "kind": "arrest",
        "happened_at": when.isoformat(),
        "person_number": "MP-26-40811",
        "given_name": "Daren",
        "family_name": "Pyke",
        "date_of_birth": "1987-09-02",
        "custody_number": "MC/26/99001",
        "where": _SUITES[0],
        "offence": "Criminal damage",
    }
