"""What tests of contacts and updates share: a victim with a safe contact and news for them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import victims as make
from tests.personas import person as persona
from victims import services
from victims.models import Contact, Victim, VictimUpdate

#: A Friday; one working day later is Monday.
BAILED = datetime(2026, 11, 20, 10, 10, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: As long as policy asks and at the same hour, which is a safe one.
APART = timedelta(days=1)


def known_victim(at: datetime = BAILED - timedelta(days=30), **contact: Any) -> Victim:
    """Somebody for whose contact an officer answers; a text message may be sent 09:30-14:30."""
    row = make.victim(at=at)
    services.set_responsible(
        victim_id=row.pk, person=persona("officer"), actor=persona("supervisor"), at=at
    )
    make.safe_contact(row, at=at, **contact)
    row.refresh_from_db()
    return row


def news(victim: Victim, **changes: Any) -> services.News:
    one = services.News(
        victim_id=victim.pk,
        about="bail",
        words="Darren Pike was released on bail on 20 Nov at 10:10",
        happened_at=BAILED,
        source_type="perpetrators.custodyevent",
        source_id=7,
    )
    return replace(one, **changes)


def owed(victim: Victim, *, at: datetime = BAILED, **changes: Any) -> VictimUpdate:
    """One thing that this victim must be told."""
    rows = services.owe_updates(
        news=[news(victim, **changes)], actor=persona("custody_system"), at=at
    )
    return rows[0]


def logged(victim: Victim, *about: VictimUpdate, **changes: Any) -> Contact:
    """A text message that was answered, unless `changes` says otherwise."""
    said: dict[str, Any] = {
        "way": "text",
        "outcome": "reached",
        "words": "She knows; her sister stays tonight.",
        "updates": {row.pk: row.version for row in about},
        "seen": 1,
        "actor": persona("officer"),
        "at": BAILED + HOUR,
    }
    return services.log_contact(victim_id=victim.pk, **{**said, **changes})


def tried(victim: Victim, *about: VictimUpdate, times: int = 1, **changes: Any) -> None:
    """So many attempts without an answer, far enough apart for each to count."""
    begin: datetime = changes.pop("at", BAILED + HOUR)
    for number in range(times):
        logged(victim, *about, **{"outcome": "no_answer", "at": begin + number * APART, **changes})


def seen_by(victim: Victim, who: str) -> None:
    """Somebody sees this victim, whose role alone would not show them."""
    services.give_access(
        victim_id=victim.pk,
        person=persona(who),
        why="given",
        reason="Their client",
        actor=persona("supervisor"),
        at=BAILED,
    )
