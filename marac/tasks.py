"""Celery shells: a wake-up call each. What is to be done is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from marac import services
from marac.services import actions


@shared_task
def plan_meetings() -> None:
    services.plan_all(actor=User.objects.system(), at=clock.now())


@shared_task
def lapse_flags() -> None:
    services.lapse_flags(actor=User.objects.system(), at=clock.now())


@shared_task
def pass_on_actions() -> None:
    actions.pass_on_of_leavers(actor=User.objects.system(), at=clock.now())
