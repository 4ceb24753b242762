"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from core import clock
from perpetrators.services import releases


@shared_task
def look_ahead() -> None:
    releases.look_ahead(at=clock.now())
