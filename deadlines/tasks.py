"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from core import clock
from deadlines import delivery, digests
from deadlines import sweep as sweeping


@shared_task
def sweep() -> None:
    sweeping.sweep(at=clock.now())


@shared_task
def deliver() -> None:
    delivery.deliver(at=clock.now())


@shared_task
def make_digests() -> None:
    at = clock.now()
    digests.escalate(at=at)
    digests.make_if_due(at=at)
