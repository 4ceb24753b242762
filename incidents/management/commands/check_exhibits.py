"""Read every photograph and document again and name what is missing, changed or nobody's."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from core import clock
from incidents.services.exhibits import check_files, remove_orphans

#: Files between two lines of progress.
TELL_EVERY = 500


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="delete files of no exhibit that are older than a day",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Exit code 1 where anything is wrong."""
        found = check_files(self._tell)
        for words in found.missing:
            self.stdout.write(f"missing: {words}")
        for words in found.changed:
            self.stdout.write(f"changed: {words}")
        if options["remove_orphans"]:
            for place in remove_orphans(found.orphans, at=clock.now()):
                self.stdout.write(f"removed: {place}")
                found.orphans.remove(place)
        for place in found.orphans:
            self.stdout.write(f"orphan: {place}")
        summary = (
            f"{found.looked_at} exhibits: {len(found.missing)} missing, {len(found.changed)} "
            f"changed, {len(found.orphans)} files of none."
        )
        if not found.is_well:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _tell(self, count: int) -> None:
        if count % TELL_EVERY == 0:
            self.stdout.write(f"{count} read")
            self.stdout.flush()
