"""Celery shells: a wake-up call each. What is found is decided from the database."""

from celery import shared_task

from core import clock
from victims.services.warning import warn_of_unanswered


@shared_task
def check_responsibility() -> None:
    warn_of_unanswered(at=clock.now())
