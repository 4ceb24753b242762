"""`make demo`: everything on this machine, with a synthetic year of one county, until Ctrl-C."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = "config.settings.local"
SECONDS_TO_ANSWER = 60


def main() -> int:
    """Set up, load the year if there is none, run until interrupted, stop everything started."""
    port = _port()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    (embedded.VAR / "log").mkdir(parents=True, exist_ok=True)
    _say("Starting PostgreSQL and Redis under var/ ...")
    _manage("migrate", "--verbosity", "0")
    _load_year()
    supervisor = _start(port)
    try:
        if not _answers(port, "/health/live/"):
            _say(f"The web server does not answer: see {embedded.VAR / 'log' / 'web.log'}")
            return 1
        if not _answers(port, "/health/"):
            _say(f"The service is not well ({port}/health/ says why): see {embedded.VAR / 'log'}")
        _welcome(port)
        return supervisor.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(supervisor)


def _port() -> int:
    wanted = os.environ.get("PORT", "8000")
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except OSError:
            raise SystemExit(
                f"Port {wanted} is in use on this machine. Choose another: make demo PORT=8010"
            ) from None
    return int(wanted)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def _load_year() -> None:
    import django

    django.setup()
    from django.db import connection

    from incidents.models import Incident

    first = Incident.objects.order_by("-logged_at").values_list("logged_at", flat=True).first()
    connection.close()
    if first is None or os.environ.get("FRESH"):
        _manage("load_demo", *(["--replace"] if first else []))
    else:
        _say(f"Using the year already loaded (newest call {first:%d %b %Y %H:%M} UTC).")
        _say("For a fresh one, with deadlines around the present hour: make demo FRESH=1")


def _start(port: int) -> "subprocess.Popen[bytes]":
    program = shutil.which("supervisord", path=str(Path(sys.executable).parent))
    if program is None:
        raise SystemExit("supervisord is missing: install requirements/local.txt")
    environment = {
        **os.environ,
        "PORT": str(port),
        "DEMO_VAR": str(embedded.VAR),
        "DEMO_PYTHON": sys.executable,
        "DEMO_USER": getpass.getuser(),
    }
    return subprocess.Popen(
        [program, "-c", str(ROOT / "deploy" / "demo.conf")], cwd=ROOT, env=environment
    )


def _answers(port: int, path: str) -> bool:
    """Whether a path is answered with success in time; /health/ is once the first sweep is done."""
    for _ in range(SECONDS_TO_ANSWER * 4):
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
            return True
        time.sleep(0.25)
    return False


def _welcome(port: int) -> None:
    from demo.people import DEMO_PASSWORD, SIGN_INS

    _say("")
    _say(f"  Lodestar is running:  http://127.0.0.1:{port}/")
    _say(f"  Password of everybody below:  {DEMO_PASSWORD}")
    _say("")
    for username, who in SIGN_INS:
        _say(f"    {username:<12} {who}")
    _say("")
    _say("  Invented people only. Logs are in var/log. Ctrl-C stops everything.")


def _stop(supervisor: "subprocess.Popen[bytes]") -> None:
    # Ctrl-C reaches the supervisor by itself; a plain kill of this process does not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if supervisor.poll() is None:
        supervisor.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        supervisor.wait(timeout=30)
    embedded.stop()
    _say("Stopped.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    sys.exit(main())
