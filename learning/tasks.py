"""Celery shells: a wake-up call each."""

from celery import shared_task

from accounts.models import User
from core import clock
from learning import services


@shared_task
def keep_in_step() -> None:
    services.keep_in_step(actor=User.objects.system(), at=clock.now())
