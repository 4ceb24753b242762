"""`manage.py scan_risk`: the nightly look for silence and for periodic reviews, now."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from core import clock
from risk.services import scans


class Command(BaseCommand):
    help = "Open reassessments for victims who have gone quiet or are due for review."

    def handle(self, *_: Any, **__: Any) -> None:
        found = scans.scan(actor=User.objects.system(), at=clock.now())
        self.stdout.write(f"{found.quiet} have gone quiet, {found.to_review} are to be reviewed.")
