"""`manage.py check_sweep`: fails when nobody watches the clocks; for checks of containers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from deadlines import heartbeat


class Command(BaseCommand):
    help = "Fail when no sweep of the deadlines has finished for three minutes."

    def handle(self, *_: Any, **__: Any) -> None:
        watched = heartbeat.state(clock.now())
        if watched.is_late:
            raise CommandError(f"No sweep has finished since {watched.last_finished or 'ever'}.")
        self.stdout.write(f"The newest sweep finished at {watched.last_finished:%H:%M:%S} UTC.")
