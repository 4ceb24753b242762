"""Adult women of each conference: `manage.py import_population FILE --user NAME`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core import clock
from core.errors import DomainError
from marac.services.population import BadTable, import_population


class Command(BaseCommand):
    help = (
        "Take in a CSV table of adult women (conference,year,adult_women,source), whole or not at "
        "all; lines that are wrong are listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="in whose name: a coordinator")

    def handle(self, *args: Any, file: Path, user: str, **options: Any) -> None:
        """Exits with an error where the table is not taken in."""
        actor = User.objects.filter(username=user, is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody called {user} signs in here.")
        try:
            done = import_population(content=file.read_bytes(), actor=actor, at=clock.now())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except BadTable as error:
            for line in error.lines:
                self.stderr.write(str(line))
            raise CommandError(error.message) from error
        except (DomainError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.added} added, {done.changed} replaced, {done.same} as they were.")
