"""Take in a file of custody messages: `manage.py import_custody_events FILE --user NAME`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from core import clock
from core.errors import DomainError
from perpetrators.services import files


class Command(BaseCommand):
    help = "Take in a CSV file of custody messages; lines that cannot be read are listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="in whose name: who may send events")
        parser.add_argument("--system", default="custody", help="of lines that name none")

    def handle(self, *args: Any, file: Path, user: str, system: str, **options: Any) -> None:
        """Exits with an error where anything was refused; what could be read is taken in."""
        actor = User.objects.filter(username=user, is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody called {user} signs in here.")
        try:
            content = file.read_bytes()
            dropped = files.drop(
                name=file.name, content=content, system=system, actor=actor, at=clock.now()
            )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (DomainError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        if dropped.was_there:
            self.stdout.write("This file was dropped before.")
        row = files.go_on(file_id=dropped.file.pk, at=clock.now())
        self.stdout.write(
            f"{row.reference}: {row.lines:,} lines, {row.applied:,} applied, {row.repeated:,} came "
            f"before, {row.unmatched:,} to be matched, {row.refused_count:,} not taken in."
        )
        for line, column, words, _ in row.refused:
            place = f"line {line}, column {column}" if column else f"line {line}"
            self.stderr.write(f"{place}: {words}")
        if row.refused_count:
            raise CommandError("Not every line was taken in: mend those above, drop them again.")
