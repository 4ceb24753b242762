"""Messages of custody and prisons for tests, received through the service as all others are."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from incidents.models import Involvement
from perpetrators.messages import Message, parse
from perpetrators.models import CustodyEvent, CustodyFile, OutsideIdentity
from perpetrators.services import files
from perpetrators.services.receiving import Outcome, receive
from tests.factories.incidents import incident
from tests.personas import person as persona
from tests.worlds import remembered
from victims.models import Person, Victim

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
#: What the custody system calls Darren.
DARRENS = "N/87/1"

_numbers = count(1)


@remembered
def couple(at: datetime = AT - timedelta(days=30), **changes: Any) -> tuple[Person, Victim]:
    """Darren, whom the custody system knows by a number, and Siobhán, whom he harmed."""
    row = incident(at=at, **changes)
    involved = Involvement.objects.select_related("person", "victim").filter(incident=row)
    darren = involved.get(role="perpetrator").person
    known_as(darren)
    victim = involved.get(role="victim").victim
    assert victim is not None
    return darren, victim


@remembered
def known_as(person: Person, number: str = DARRENS, system: str = "custody") -> OutsideIdentity:
    """A system's number is that of this person."""
    return OutsideIdentity.objects.create(
        person=person,
        system=system,
        number=number,
        confirmed_by=persona("custody"),
        confirmed_at=AT - timedelta(days=30),
    )


def saying(kind: str, *, at: datetime = AT, **changes: Any) -> dict[str, Any]:
    """A message about Darren as the custody system sends it, half an hour after it happened."""
    happened_at = changes.pop("happened_at", at - timedelta(minutes=30))
    said: dict[str, Any] = {
        "system": "custody",
        "message_id": f"m-{next(_numbers)}",
        "kind": kind,
        "happened_at": happened_at.isoformat(),
        "person_number": DARRENS,
        "given_name": "Darren",
        "family_name": "Pike",
        "custody_number": "C/26/100",
    }
    return {**said, **{name: _plain(value) for name, value in changes.items()}}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def message(kind: str, *, at: datetime = AT, **changes: Any) -> Message:
    """The same, checked."""
    return parse(saying(kind, at=at, **changes), at=at)


def deliver(
    *messages: Message | Mapping[str, Any], at: datetime = AT, actor: User | None = None
) -> list[Outcome]:
    """Deliver them in one batch, as the custody system does."""
    read = [one if isinstance(one, Message) else parse(one, at=at) for one in messages]
    return receive(messages=read, actor=actor or persona("custody_system"), at=at)


def custody_event(kind: str, *, at: datetime = AT, **changes: Any) -> CustodyEvent:
    """One message about Darren, received."""
    (outcome,) = deliver(message(kind, at=at, **changes), at=at)
    assert outcome.event is not None
    return outcome.event


def file_of_nothing(at: datetime) -> CustodyFile:
    """A file that was dropped and taken in: a line that could not be read, nothing else."""
    content = b"message_id,kind,happened_at\nf-1,sent home,yesterday\n"
    dropped = files.drop(
        name="night.csv", content=content, system="custody", actor=persona("custody"), at=at
    )
    return files.go_on(file_id=dropped.file.pk, at=at)
