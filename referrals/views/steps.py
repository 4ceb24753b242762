"""What is done with one referral beside sharing and finishing: opinions, grade, clock, lateness."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import reader_of
from core import clock
from referrals import details, services
from referrals.forms.working import (
    AnswerForm,
    AskForm,
    GradeForm,
    LateForm,
    PauseForm,
    TakeBackForm,
)
from referrals.models import SecondOpinion
from referrals.views.queue import seen, worked, workers_only


@require_POST
@workers_only
def ask_opinion(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a colleague for a second opinion."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.ask_opinion(referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned)
        return f"{cleaned['of']} was asked for a second opinion."

    workers = details.workers(about=referral.victim_id)
    form = AskForm(request.POST, workers=workers, auto_id="ask_%s")
    return worked(request, referral, at, "ask", form, save)


@require_POST
@workers_only
def answer_opinion(request: HttpRequest, reference: str, opinion: int) -> HttpResponse:
    """Give the second opinion that one was asked for."""
    referral, at = seen(request, reference), clock.now()
    row = get_object_or_404(SecondOpinion, pk=opinion, referral=referral)

    def save(cleaned: dict[str, Any]) -> str:
        services.answer_opinion(opinion_id=row.pk, actor=reader_of(request), at=at, **cleaned)
        return "Your opinion is recorded, and whoever has the referral was told."

    form = AnswerForm(request.POST, auto_id="answer_%s")
    return worked(request, referral, at, "answer", form, save)


@require_POST
@workers_only
def withdraw_opinion(request: HttpRequest, reference: str, opinion: int) -> HttpResponse:
    """Take a question back."""
    referral, at = seen(request, reference), clock.now()
    row = get_object_or_404(SecondOpinion, pk=opinion, referral=referral)

    def save(cleaned: dict[str, Any]) -> str:
        services.withdraw_opinion(opinion_id=row.pk, actor=reader_of(request), at=at, **cleaned)
        return "It is no longer asked."

    form = TakeBackForm(request.POST, auto_id="take_back_%s")
    return worked(request, referral, at, "take_back", form, save)


@require_POST
@workers_only
def check_grade(request: HttpRequest, reference: str) -> HttpResponse:
    """Look at the grade again: agree, or send it back to risk."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        check = services.check_grade(
            referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned
        )
        if check.would_be == check.grade:
            return "Recorded: the unit agrees with the grade."
        return "Sent back to risk. The grade stays as it is until they have looked."

    form = GradeForm(request.POST, stands=referral.grade, auto_id="grade_%s")
    return worked(request, referral, at, "grade", form, save)


@require_POST
@workers_only
def pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the clock stand still."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.pause(referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned)
        return "The clock stands still until somebody lets it run again."

    form = PauseForm(request.POST, allowed=[], auto_id="pause_%s")
    return worked(request, referral, at, "pause", form, save)


@require_POST
@workers_only
def resume(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the clock run again."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.resume(referral_id=referral.pk, actor=reader_of(request), at=at)
        return "The clock runs again."

    return worked(request, referral, at, "resume", forms.Form(request.POST), save)


@require_POST
@workers_only
def say_why_late(request: HttpRequest, reference: str) -> HttpResponse:
    """Say why it is over its time."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.say_why_late(referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned)
        return "Recorded why it is late."

    form = LateForm(request.POST, auto_id="late_%s")
    return worked(request, referral, at, "late", form, save)
