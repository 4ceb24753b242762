"""Judging a victim's risk between assessments, and a supervisor's agreement to a lower grade."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from risk import conference, overview, services
from risk.forms import DecideForm, JudgeForm
from risk.models import GradeJudgement
from risk.permissions import can_decide_judgement, can_judge, can_see_queue
from victims.models import Victim
from victims.views.common import note_reading, seen_by

State = GradeJudgement.State


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, reference: str) -> HttpResponse:
    """The form to judge, beside the grade and why it is what it is."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    if not can_judge(reader):
        raise PermissionDenied("Only those who look at risk judge it.")
    if request.method != "POST":
        note_reading(reader, request.path, victim, at)
        initial = {"seen": victim.grade, "grade": request.GET.get("grade", "")}
        return _judge_page(request, victim, JudgeForm(initial=initial), at)
    form = JudgeForm(request.POST)
    if form.is_valid():
        try:
            judged = _judge(form, victim, reader, at)
        except DomainError as error:
            form.refuse(error)
            return _judge_page(request, seen_by(reader, reference), form, at, error)
        messages.success(request, _done(judged))
        return redirect("risk:of_victim", reference=reference)
    return _judge_page(request, victim, form, at, status=400)


def _judge(form: JudgeForm, victim: Victim, reader: User, at: datetime) -> GradeJudgement:
    return services.judge(
        victim_id=victim.pk,
        grade=form.cleaned_data["grade"],
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        actor=reader,
        at=at,
    )


def _done(judged: GradeJudgement) -> str:
    label = judged.get_grade_display()
    if judged.state == State.WAITING:
        return f"{label} waits for a supervisor's agreement; the grade stays until then."
    return f"{label} counts from now on."


def _judge_page(
    request: HttpRequest,
    victim: Victim,
    form: JudgeForm,
    at: datetime,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    if isinstance(error, Stale):
        # What was typed stays; the next try is made knowing the grade that this page shows.
        form.data = {**request.POST.dict(), "seen": victim.grade}
    context = {
        "victim": victim,
        "form": form,
        "now": at,
        "criteria": conference.criteria(victim.pk, at),
        "judgements": overview.judgements_of(victim)[:5],
    }
    return render(request, "risk/judge.html", context, status=error.status if error else status)


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    """The lower grade that waits, with its reasons; a supervisor answers."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    if request.method != "POST":
        note_reading(reader, request.path, victim, at)
        return _agree_page(request, victim, None, at)
    if not can_see_queue(reader):
        raise PermissionDenied("Only supervisors agree to a lower grade.")
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            decided = _decide(form, victim, reader, at)
        except DomainError as error:
            form.refuse(error)
            return _agree_page(request, seen_by(reader, reference), form, at, error.status)
        agreed = decided.state == State.AGREED
        messages.success(request, "Agreed: it counts now." if agreed else "Not agreed: it stays.")
        return redirect("risk:of_victim", reference=reference)
    return _agree_page(request, victim, form, at, 400)


def _decide(form: DecideForm, victim: Victim, reader: User, at: datetime) -> GradeJudgement:
    said = form.cleaned_data
    judgement = GradeJudgement.objects.filter(victim=victim, pk=said["judgement"]).first()
    if judgement is None:
        raise DomainError("This is no judgement about this victim. Load the page again.")
    return services.decide_judgement(
        judgement_id=judgement.pk,
        agrees=said["agrees"] == "yes",
        words=said["words"],
        actor=reader,
        at=at,
    )


def _agree_page(
    request: HttpRequest, victim: Victim, form: DecideForm | None, at: datetime, status: int = 200
) -> HttpResponse:
    reader = reader_of(request)
    judgements = list(overview.judgements_of(victim)[:5])
    waiting = next((row for row in judgements if row.state == State.WAITING), None)
    may_decide = waiting is not None and can_decide_judgement(reader, waiting)
    if form is None and waiting is not None:
        form = DecideForm(initial={"judgement": waiting.pk})
    context = {
        "victim": victim,
        "form": form,
        "now": at,
        "waiting": waiting,
        "agreement": overview.agreement_clock(waiting),
        "may_decide": may_decide,
        "is_own": waiting is not None and waiting.by_id == reader.pk,
        "criteria": conference.criteria(victim.pk, at),
        "judgements": judgements,
    }
    return render(request, "risk/agree.html", context, status=status)
