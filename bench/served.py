"""The service behind gunicorn, and clients that sign in and ask it things, four at a time."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

import bench.scratch  # noqa: F401  (points Django at the scratch database)
from accounts.models import User

CLIENTS = 4
ROUNDS = 8
BACKEND = "accounts.backends.RoleBackend"
TOKEN = "b" * 32


@dataclass(frozen=True)
class Timings:
    """What one kind of request took, in milliseconds, and how many a second."""

    p50: float
    p95: float
    per_second: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms, {self.per_second:.0f}/s"


class Client:
    """One signed-in person on one kept connection."""

    def __init__(self, port: int, user: User) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        self.connection.request("GET", path, headers={"Cookie": self.cookies, **headers})
        return self._answer()

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        self.connection.request(
            "POST",
            path,
            body=urlencode({"csrfmiddlewaretoken": TOKEN, **fields}),
            headers={
                "Cookie": self.cookies,
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": TOKEN,
            },
        )
        return self._answer()

    def _answer(self) -> tuple[int, str]:
        response = self.connection.getresponse()
        return response.status, response.read().decode()


#: One request by a client; the number says which of all it is.
Ask = Callable[[Client, int], tuple[int, str]]
Took = tuple[list[float], float]


@contextmanager
def gunicorn(workers: int = 2) -> Iterator[tuple[int, Callable[[], int]]]:
    """Run the service; gives its port and a function that tells its peak memory in MB."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(workers),
            "--threads",
            "4",
            "--log-level",
            "warning",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"},
    )
    try:
        _wait(port)
        yield port, lambda: memory(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def memory(pid: int) -> int:
    """The most resident memory of one child of a process, in MB (VmHWM, from the kernel)."""
    peaks = []
    for child in psutil.Process(pid).children(recursive=True):
        with open(f"/proc/{child.pid}/status") as status:
            found = re.search(r"VmHWM:\s+(\d+)", status.read())
        peaks.append(int(found.group(1)) // 1024 if found else 0)
    return max(peaks, default=0)


def timed(
    port: int,
    users: list[User],
    ask: Ask,
    *,
    requests: int,
    expected: tuple[int, ...] = (200,),
) -> Timings:
    """Let CLIENTS people do `ask(client, n)` `requests` times; another status is an error."""
    return _timings([_took(port, users, ask, range(requests), expected)])


def by_turns(
    port: int,
    users: list[User],
    *,
    floor: Ask,
    ours: Ask,
    requests: int,
    expected: tuple[int, ...] = (200,),
) -> tuple[Timings, Timings]:
    """Timings of both, in ROUNDS turns: what else the machine does meanwhile meets both alike."""
    parts: dict[str, list[Took]] = {"floor": [], "ours": []}
    for turn in range(ROUNDS):
        asked = range(turn * requests // ROUNDS, (turn + 1) * requests // ROUNDS)
        parts["floor"].append(_took(port, users, floor, asked, (200,)))
        parts["ours"].append(_took(port, users, ours, asked, expected))
    return _timings(parts["floor"]), _timings(parts["ours"])


def _took(
    port: int, users: list[User], ask: Ask, asked: range, expected: tuple[int, ...]
) -> tuple[list[float], float]:
    """Milliseconds of each request, and the seconds of all of them."""
    clients = [Client(port, users[number % len(users)]) for number in range(CLIENTS)]

    def work(number: int) -> list[float]:
        took = []
        for turn in asked[number::CLIENTS]:
            began = time.perf_counter()
            status, body = ask(clients[number], turn)
            took.append((time.perf_counter() - began) * 1000)
            if status not in expected:
                raise RuntimeError(f"answered {status}: {body[:2000]}")
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        took = [ms for part in pool.map(work, range(CLIENTS)) for ms in part]
    return took, time.perf_counter() - began


def _timings(parts: list[Took]) -> Timings:
    took = sorted(ms for part, _ in parts for ms in part)
    seconds = sum(seconds for _, seconds in parts)
    return Timings(statistics.median(took), took[int(len(took) * 0.95)], len(took) / seconds)
