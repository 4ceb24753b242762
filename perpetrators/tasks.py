"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from perpetrators.services import files, management, releases, serial


@shared_task
def look_ahead() -> None:
    releases.look_ahead(at=clock.now())


#: A first pass over a large force finds much; what it committed stays when it is stopped.
LONGEST_SECONDS = 3_600


@shared_task(time_limit=LONGEST_SECONDS + 60, soft_time_limit=LONGEST_SECONDS)
def find_serial() -> None:
    actor, at = User.objects.system(), clock.now()
    management.pass_on_of_leavers(actor=actor, at=at)
    serial.find_all(actor=actor, at=at)


@shared_task(time_limit=LONGEST_SECONDS + 60, soft_time_limit=LONGEST_SECONDS)
def take_in_files() -> None:
    files.go_on_with_all(at=clock.now())
