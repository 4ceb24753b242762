"""`manage.py sweep_deadlines`: one sweep by hand, or a look at what one would do."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from accounts.models import User
from core import clock
from deadlines import sweep


class Command(BaseCommand):
    help = "Look at every deadline whose time has come: warn, breach, tell. Harmless to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", type=_instant, help="as if it were 2026-11-23T10:00+00:00")
        parser.add_argument("--dry-run", action="store_true", help="list only; write nothing")
        parser.add_argument(
            "--take-up-again",
            action="store_true",
            help="first watch again what was set aside, once its cause is put right",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        at = options["at"] or clock.now()
        if options["dry_run"]:
            self._preview(at)
            return
        if options["take_up_again"]:
            count = sweep.take_up_again(actor=User.objects.system(), at=at)
            self.stdout.write(f"{count} deadlines are watched again.")
        done = sweep.sweep(at=at)
        self.stdout.write(
            f"Looked at {done.looked_at}: {done.steps} steps, {done.breaches} out of time, "
            f"{done.told} notifications, {done.fallen_away} no longer owed, "
            f"{done.set_aside} set aside."
        )

    def _preview(self, at: datetime) -> None:
        count = 0
        for row, steps in sweep.preview(at=at):
            count += 1
            words = ", ".join(f"{clock.local(step):%d %b %Y %H:%M}" for step in steps) or "none"
            over = " (out of time)" if row.due_at <= at and row.paused_at is None else ""
            self.stdout.write(f"{row.kind} {row.subject_reference}{over}: steps of {words}")
        self.stdout.write(f"{count} would be looked at. Nothing was written.")


def _instant(words: str) -> datetime:
    """An instant with its zone, or a refusal in words."""
    try:
        instant = parse_datetime(words)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise CommandError(f"{words!r} is no instant with a zone, such as 2026-11-23T10:00+00:00.")
    return instant
