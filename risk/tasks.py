"""Celery shells: a wake-up call each. What is found is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from risk.services import scans

#: A first scan of a large force finds much; what it committed stays when it is stopped.
LONGEST_SECONDS = 3_600


@shared_task(time_limit=LONGEST_SECONDS + 60, soft_time_limit=LONGEST_SECONDS)
def scan() -> None:
    scans.scan(actor=User.objects.system(), at=clock.now())
