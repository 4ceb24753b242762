"""`manage.py keep_learning_in_step`: what the worker does every half minute, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from core import clock
from learning import services


class Command(BaseCommand):
    help = "Ask newcomers, let go who left, and watch what is owed. Harmless to repeat."

    def handle(self, *_: Any, **__: Any) -> None:
        changed = services.keep_in_step(actor=User.objects.system(), at=clock.now())
        self.stdout.write(f"{changed} rows were brought into step.")
