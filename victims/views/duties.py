"""Handing over and answering: a duty of a victim passes from one to another."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.forms import RefusableForm
from victims import services
from victims.duties import Named, all_named
from victims.forms.duties import AnswerForm, HandOverForm, ReasonForm
from victims.models import Duty, Handover, Victim
from victims.services.duties import Held, givable, leads, may_answer, may_withdraw
from victims.views.common import note_reading, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer a duty to somebody, or give it at once where one leads."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    names = all_named([victim], at)[victim.pk]
    duties = givable(user, victim, names)
    if not duties:
        raise PermissionDenied("Who has a duty hands it over, or whoever leads their team.")
    options: dict[str, Any] = {
        "victim": victim,
        "duties": duties,
        "leads": any(leads(user, victim, duty) for duty in duties),
        "reader": user,
    }
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        chosen = request.GET.get("duty", "")
        form = HandOverForm(**options, initial={"duty": chosen})
        return _hand_over_page(request, victim, form, names, at)
    form = HandOverForm(request.POST, **options)
    if form.carries_out(_give, victim=victim, user=user, at=at):
        messages.success(request, form.result)
        return redirect("victims:detail", reference=reference)
    return _hand_over_page(request, victim, form, names, at, status=400)


def _give(
    *, victim: Victim, user: User, at: datetime, to: User, duty: str, words: str, **more: bool
) -> str:
    what = Duty(duty).label.lower()
    if more.get("at_once"):
        rows = [Held(victim.pk, duty, getattr(victim, f"{duty}_owner_id"))]
        services.assign(rows=rows, to=to, words=words, actor=user, at=at)
        return f"{to} has {what} now."
    services.hand_over(victim_id=victim.pk, duty=duty, to=to, words=words, actor=user, at=at)
    return f"Offered to {to}. Until they take it, {what} stays where it is."


def _hand_over_page(
    request: HttpRequest,
    victim: Victim,
    form: HandOverForm,
    names: dict[Duty, Named],
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    offers = victim.handovers.open().select_related("to_person")
    context = {"victim": victim, "form": form, "names": names, "offers": offers, "now": at}
    return render(request, "victims/duties/hand_over.html", context, status=status)


@require_safe
def handover(request: HttpRequest, reference: str, handover_id: int) -> HttpResponse:
    """What is offered, to whom, and what they must know; who may, answers or withdraws it."""
    at, user = clock.now(), reader_of(request)
    row = _handover(user, reference, handover_id)
    note_reading(user, request.path, row.victim, at)
    return _handover_page(request, row, at)


@require_POST
def answer_handover(request: HttpRequest, reference: str, handover_id: int) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    row = _handover(user, reference, handover_id)
    if not may_answer(row, user, at):
        raise PermissionDenied(f"This is offered to {row.to_person}.")
    form = AnswerForm(request.POST)
    if form.carries_out(services.answer_handover, handover_id=row.pk, actor=user, at=at):
        said = f"{row.to_person} has {row.get_duty_display().lower()} now."
        messages.success(request, said if form.details()["takes"] else "Declined.")
        return redirect("victims:detail", reference=reference)
    return _handover_page(request, row, at, answer=form, status=400)


@require_POST
def withdraw_handover(request: HttpRequest, reference: str, handover_id: int) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    row = _handover(user, reference, handover_id)
    if not may_withdraw(row, user, at):
        raise PermissionDenied("Who offered this withdraws it, or whoever has the duty.")
    form = ReasonForm(request.POST)
    if form.carries_out(services.withdraw_handover, handover_id=row.pk, actor=user, at=at):
        messages.success(request, "The offer is withdrawn.")
        return redirect("victims:detail", reference=reference)
    return _handover_page(request, row, at, withdraw=form, status=400)


def _handover(user: User, reference: str, handover_id: int) -> Handover:
    victim = seen_by(user, reference)
    rows = Handover.objects.filter(victim=victim).select_related(
        "from_person", "from_team", "to_person", "to_team", "offered_by", "answered_by"
    )
    row = get_object_or_404(rows, pk=handover_id)
    row.victim = victim
    return row


def _handover_page(
    request: HttpRequest,
    row: Handover,
    at: datetime,
    answer: RefusableForm | None = None,
    withdraw: RefusableForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, is_open = reader_of(request), row.state == Handover.State.OFFERED
    answer, withdraw = answer or AnswerForm(), withdraw or ReasonForm()
    context = {
        "victim": row.victim,
        "row": row,
        "now": at,
        "answer": answer if is_open and may_answer(row, user, at) else None,
        "withdraw": withdraw if is_open and may_withdraw(row, user, at) else None,
        "forms": [answer, withdraw],
    }
    return render(request, "victims/duties/handover.html", context, status=status)
