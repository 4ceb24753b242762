"""`manage.py check_responsibility`: fails while a duty of an open victim must be passed on."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from victims import unanswered


class Command(BaseCommand):
    help = (
        "List the open victims for whom the person responsible for contact, risk or the safety "
        "plan has left, is away with nobody in their place, or is missing; exit code 1 if any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="As of this instant (ISO 8601); now, if left out.")
        parser.add_argument("--most", type=int, default=1_000, help="Lines at most.")

    def handle(self, *_: Any, at: str | None, most: int, **__: Any) -> None:
        instant = datetime.fromisoformat(at) if at else clock.now()
        count = unanswered.tally(instant)
        for row in unanswered.found(instant, most):
            self.stdout.write(f"{row.reference}  {row.duty.label}: {row.why} ({row.team})")
        if count.with_nobody:
            raise CommandError(
                f"{count.with_nobody} duties have nobody at all: neither leader nor head is here."
            )
        if count.to_pass_on:
            raise CommandError(f"{count.to_pass_on} duties of open victims must be passed on.")
        self.stdout.write("Every duty of every open victim has somebody who is here.")
