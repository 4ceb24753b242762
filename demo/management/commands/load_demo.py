"""`manage.py load_demo`: a synthetic year of one invented county, in seconds."""

import argparse
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core import clock
from core.errors import DomainError
from demo.load import Loaded, load
from demo.plan import INCIDENTS


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            "Give an instant such as 2026-11-23T10:00+00:00."
        ) from error
    if instant.tzinfo is None:
        return instant.replace(tzinfo=clock.LOCAL)
    return instant


def _number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 5_000_000:
        raise argparse.ArgumentTypeError("Give a whole number from 1 to 5,000,000.")
    return int(text)


class Command(BaseCommand):
    help = "Load a synthetic year of one invented county, with its people and their sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--incidents", type=_number, default=INCIDENTS, metavar="N")
        parser.add_argument("--seed", type=int, default=2014, help="Same seed, same year.")
        parser.add_argument(
            "--as-of", type=_instant, metavar="INSTANT", help="When the year ends; now by default."
        )
        parser.add_argument("--add", action="store_true", help="Put a year beside what is there.")
        parser.add_argument("--replace", action="store_true", help="Remove every case first.")
        parser.add_argument("--no-progress", action="store_true")
        parser.add_argument(
            "--yes", action="store_true", help="Load under production settings all the same."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if _is_production() and not options["yes"]:
            raise CommandError(
                "These are production settings: the demo's people all have one known password. "
                "Say --yes if this is meant."
            )
        if options["add"] and options["replace"]:
            raise CommandError("Choose --add or --replace.")
        at = (options["as_of"] or clock.now()).replace(second=0, microsecond=0)
        with tqdm(
            total=options["incidents"],
            unit=" incidents",
            desc="Loading the year",
            disable=options["no_progress"],
            leave=False,
        ) as bar:
            try:
                loaded = load(
                    incidents=options["incidents"],
                    seed=options["seed"],
                    at=at,
                    add=options["add"],
                    replace=options["replace"],
                    progress=bar.update,
                )
            except DomainError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(_in_words(loaded))


def _is_production() -> bool:
    return str(settings.SETTINGS_MODULE).endswith(".production")


def _in_words(loaded: Loaded) -> str:
    rows = loaded.rows
    return (
        f"Loaded {loaded.incidents:,} incidents with {loaded.crimes:,} crimes, "
        f"{rows['victims_person']:,} people, {rows['victims_victim']:,} victims, "
        f"{rows.get('risk_assessment', 0):,} assessments, "
        f"{rows.get('referrals_referral', 0):,} referrals "
        f"and {rows['deadlines_deadline']:,} deadlines: {sum(rows.values()):,} rows "
        f"in {loaded.seconds:.1f} seconds."
    )
