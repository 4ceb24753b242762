"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from core import clock
from referrals.services.outgoing import sending


@shared_task
def tell_agencies() -> None:
    sending.deliver(at=clock.now())
