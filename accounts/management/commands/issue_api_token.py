"""Issue an API token for a user: printed once, kept only as a hash."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from knox.models import AuthToken

from accounts.models import User


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=90, help="valid for so many days (1-365)")

    def handle(self, *args: object, **options: object) -> None:
        days = int(str(options["days"]))
        if not 1 <= days <= 365:
            raise CommandError("Give 1 to 365 days.")
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None or user.is_system:
            raise CommandError(f"Nobody called {options['username']} may sign in.")
        _, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
        self.stderr.write(f"Token of {user}, valid for {days} days. It is not shown again:")
        self.stdout.write(token)
