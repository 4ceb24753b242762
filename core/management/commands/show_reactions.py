"""Print the force's procedure: when which fact is announced, then what follows with it."""

from argparse import ArgumentParser
from itertools import groupby

from django.core.management.base import BaseCommand

from core.events import Reaction, reactions


def sentence(event: type) -> str:
    """The first line of the event's docstring, or its name in words."""
    return (event.__doc__ or event.__name__).strip().splitlines()[0].rstrip(".")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="as a table for the docs")

    def handle(self, *args: object, **options: object) -> None:
        rows = sorted(reactions(), key=lambda row: row.event.__module__ + row.event.__name__)
        if options["markdown"]:
            self.stdout.write("| when | then | where |\n|---|---|---|")
        for event, group in groupby(rows, key=lambda row: row.event):
            self._show(event, list(group), markdown=bool(options["markdown"]))

    def _show(self, event: type, rows: list[Reaction], *, markdown: bool) -> None:
        if not markdown:
            self.stdout.write(f"when {sentence(event)}")
        for row in rows:
            if markdown:
                self.stdout.write(f"| {sentence(event)} | {row.then} | `{row.app}` |")
            else:
                self.stdout.write(f"  then {row.then}  [{row.app}]")
