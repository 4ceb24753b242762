"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from marac import services


@shared_task
def plan_meetings() -> None:
    services.plan_all(actor=User.objects.system(), at=clock.now())
