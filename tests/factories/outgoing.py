"""Agencies with a channel, and what they are owed; and an agency's own system to call."""

import itertools
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Agency
from core import references
from referrals.models import AgencyChannel, Outgoing, Sharing
from referrals.services.outgoing import owe, signing
from tests.factories import victims
from tests.factories.referrals import an_agency
from tests.personas import person
from victims.models import Victim

#: Seconds after which a test's system gives a connection up by itself.
PATIENCE = 5

SECRET = signing.new_secret()


def a_channel(agency: Agency, at: datetime, **said: Any) -> AgencyChannel:
    """How the agency is reached: by webhook where nothing else is said."""
    values = {
        "way": "webhook",
        "webhook_url": "http://127.0.0.1:9/",
        "webhook_secret": SECRET,
        "email": "duty@housing.example.invalid",
        "changed_at": at,
        "changed_by": person("manager"),
        **said,
    }
    return AgencyChannel.objects.update_or_create(agency=agency, defaults=values)[0]


def a_sharing(
    at: datetime, *, victim: Victim | None = None, agency: Agency | None = None, **said: Any
) -> Sharing:
    """A row as `share` writes it, without a word to anybody."""
    return Sharing.objects.create(
        reference=references.take(references.Kind.SHARING, at),
        victim=victim or victims.victim(at=at),
        agency=agency or an_agency(),
        what=["identity"],
        why="She asked to be moved.",
        basis="public_task",
        consent="given",
        shared_by=person("worker"),
        shared_at=at,
        **said,
    )


def owed(
    at: datetime,
    *,
    url: str = "",
    agency: Agency | None = None,
    victim: Victim | None = None,
    **said: Any,
) -> Outgoing:
    """One message that waits; `url` is where the agency's system stands, `said` of the channel."""
    agency = agency or an_agency()
    a_channel(agency, at, **({"webhook_url": url} if url else {}), **said)
    message = owe(sharing=a_sharing(at, agency=agency, victim=victim), about="shared", at=at)
    assert message is not None
    return message


def dead(at: datetime, **made: Any) -> Outgoing:
    """One that was given up."""
    message = owed(at, **made)
    message.state, message.try_at, message.settled_at = "dead", None, at
    message.attempts, message.last_words = 8, "Answered 500. Not taken."
    message.save()
    return message


@dataclass(frozen=True)
class Request:
    """What one connection brought."""

    first_line: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> uuid.UUID:
        return uuid.UUID(self.headers["webhook-id"])


Behaviour = Callable[[socket.socket, threading.Event], None]


class System:
    """An agency's system on this machine: answers each connection as the next behaviour says.

    The last behaviour stays. `received` holds the requests; `over` is set when it is to stop.
    """

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = itertools.chain(behaviours, itertools.repeat(behaviours[-1]))
        self.received: list[Request] = []
        self.over, self.called = threading.Event(), threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/hooks?for=lodestar"

    def serve(self) -> None:
        while not self.over.is_set():
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            behaviour = next(self.behaviours)
            threading.Thread(target=self._answer, args=(line, behaviour), daemon=True).start()

    def _answer(self, line: socket.socket, behaviour: Behaviour) -> None:
        with line, suppress(OSError):
            line.settimeout(PATIENCE)
            self.received.append(read_request(line))
            self.called.set()
            behaviour(line, self.over)


def read_request(line: socket.socket) -> Request:
    with line.makefile("rb") as lines:
        first = lines.readline().decode().strip()
        headers = {}
        while (row := lines.readline().decode().strip()) != "":
            name, _, value = row.partition(": ")
            headers[name.lower()] = value
        return Request(first, headers, lines.read(int(headers["content-length"])))


@contextmanager
def a_system(*behaviours: Behaviour) -> Iterator[System]:
    """A system that runs while the block does."""
    system = System(*behaviours)
    thread = threading.Thread(target=system.serve, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        system.over.set()
        with suppress(OSError):
            system.listening.shutdown(socket.SHUT_RDWR)
        system.listening.close()
        thread.join(PATIENCE)


def answers(status: int, head: str = "") -> Behaviour:
    """A plain answer with this status."""

    def behave(line: socket.socket, over: threading.Event) -> None:
        line.sendall(f"HTTP/1.1 {status} So\r\n{head}Content-Length: 0\r\n\r\n".encode())

    return behave


def hangs(line: socket.socket, over: threading.Event) -> None:
    """Takes the message and says nothing."""
    over.wait(PATIENCE)


def late(after: float) -> Behaviour:
    """Takes the message, and answers after so many seconds."""

    def behave(line: socket.socket, over: threading.Event) -> None:
        over.wait(after)
        answers(200)(line, over)

    return behave


def closes(line: socket.socket, over: threading.Event) -> None:
    """Takes the message and hangs up."""


def sends(piece: bytes, *, first: bytes = b"", every: float = 0) -> Behaviour:
    """Sends `first`, then `piece` again and again, every so many seconds, while anybody listens."""

    def behave(line: socket.socket, over: threading.Event) -> None:
        line.sendall(first)
        while not over.wait(every):
            line.sendall(piece)

    return behave


TRICKLES = sends(b"H", every=0.01)
GARBAGE = sends(b"\x00\xffnot http\r\n")
HUGE_HEAD = sends(b"X-More: " + b"a" * 500 + b"\r\n", first=b"HTTP/1.1 200 OK\r\n")
HUGE_BODY = sends(b"a" * 10_000, first=b"HTTP/1.1 200 OK\r\n\r\n")
