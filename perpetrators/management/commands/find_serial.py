"""`manage.py find_serial`: the nightly look for serial perpetrators, now."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from core import clock
from perpetrators.services import serial


class Command(BaseCommand):
    help = "Recognise whoever has several unconnected victims, and end what no longer holds."

    def handle(self, *_: Any, **__: Any) -> None:
        passed = serial.find_all(actor=User.objects.system(), at=clock.now())
        self.stdout.write(
            f"{passed.looked_at} people looked at: {passed.found} recognised, "
            f"{passed.ended} no longer."
        )
