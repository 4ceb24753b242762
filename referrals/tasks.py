"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from referrals import services
from referrals.services import voice
from referrals.services.outgoing import sending


@shared_task
def tell_agencies() -> None:
    sending.deliver(at=clock.now())


@shared_task
def end_sharings() -> None:
    services.end_sharings_over(actor=User.objects.system(), at=clock.now())


@shared_task
def end_links_over() -> None:
    voice.end_links_over(actor=User.objects.system(), at=clock.now())
