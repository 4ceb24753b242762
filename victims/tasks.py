"""Celery shells: a wake-up call each. What is found is decided from the database."""

from celery import shared_task

from accounts.models import User
from core import clock
from victims.services.access import end_what_ran_out
from victims.services.warning import warn_of_unanswered


@shared_task
def check_responsibility() -> None:
    warn_of_unanswered(at=clock.now())


@shared_task
def end_access_for_a_time() -> None:
    end_what_ran_out(actor=User.objects.system(), at=clock.now())
