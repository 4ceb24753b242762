"""The supervisor's pages: what waits for review, and one assessment beside its history."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.models import Involvement
from incidents.pages import first_response
from risk import page, services
from risk.comparing import compare
from risk.deadlines import REVIEW
from risk.forms import QueueFilter, ReviewForm
from risk.instruments import questionnaire
from risk.models import Assessment
from risk.permissions import can_review, can_see_queue
from risk.views.assess import note_reading, seen_by
from risk.waiting import SHOWN_LOWER, lower_grades, waiting_for_review

ON_A_PAGE = 25
#: Earlier assessments and incidents that stand beside a review.
BESIDE = 8


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, least time left first; whose and which grade by the address."""
    reader = reader_of(request)
    if not can_see_queue(reader):
        raise PermissionDenied("This page is for supervisors who review assessments.")
    choice = QueueFilter(request.GET).chosen()
    listed = waiting_for_review(reader, **choice)
    shown = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    lower = lower_grades(reader, whose=choice.get("whose", "all"))[:SHOWN_LOWER]
    context = {"page": shown, "choice": choice, "now": clock.now(), "lower": lower}
    return render(request, "risk/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """One assessment beside what was known before; a supervisor decides on it."""
    at, assessment, reader = clock.now(), seen_by(request, reference), reader_of(request)
    if not can_see_queue(reader):
        raise PermissionDenied("Only supervisors review assessments.")
    if request.method != "POST":
        note_reading(request, assessment, at)
        return _page(request, assessment, ReviewForm(initial={"version": assessment.version}), at)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            _decide(form, assessment, reader, at)
        except DomainError as error:
            form.refuse(error)
            return _page(request, seen_by(request, reference), form, at, status=error.status)
        messages.success(request, f"{reference}: {_done(form.cleaned_data['decision'])}.")
        return redirect("risk:reviews")
    return _page(request, assessment, form, at, status=400)


def _decide(form: ReviewForm, assessment: Assessment, reader: User, at: datetime) -> None:
    services.review_assessment(
        assessment_id=assessment.pk,
        actor=reader,
        decision=form.cleaned_data["decision"],
        grade=form.cleaned_data["grade"],
        rationale=form.cleaned_data["rationale"],
        version=form.cleaned_data["version"],
        at=at,
    )


def _done(decision: str) -> str:
    return {"accept": "accepted", "return": "returned to the officer", "regrade": "regraded"}[
        decision
    ]


def _page(
    request: HttpRequest, assessment: Assessment, form: ReviewForm, at: datetime, status: int = 200
) -> HttpResponse:
    reader = reader_of(request)
    waits = assessment.state == Assessment.State.SUBMITTED
    context = _beside(assessment, reader, at) | {
        "assessment": assessment,
        "form": form,
        "now": at,
        "progress": page.progress(assessment),
        "clock": page.running_deadline(assessment, REVIEW),
        "may_decide": waits and can_review(reader, assessment),
        "is_own": waits and not can_review(reader, assessment),
        "lowers": assessment.grade != assessment.judged_grade,
        "reviews": assessment.reviews.select_related("reviewer").order_by("pk"),
    }
    return render(request, "risk/review.html", context, status=status)


def _beside(assessment: Assessment, reader: User, at: datetime) -> dict[str, Any]:
    """Earlier assessments and what changed since the last, the victim's incidents, the response."""
    read = questionnaire(assessment.instrument)
    previous = page.previous_of(assessment)
    incidents = Involvement.objects.filter(victim=assessment.victim_id)
    return {
        "previous": previous,
        "changed": [
            row
            for row in (compare(previous, assessment).rows if previous else ())
            if row.is_other_answer and row.is_changed
        ],
        "sections": page.given(assessment, page.earlier_yes(previous, read, at)),
        "earlier": Assessment.objects.filter(victim=assessment.victim_id)
        .before(assessment.started_at)
        .exclude(pk=assessment.pk)
        .with_scoring()
        .select_related("officer")[:BESIDE],
        "incidents": incidents.select_related("incident").order_by("-received_at")[:BESIDE],
        "incident_count": incidents.count(),
        "response": first_response.shown(assessment.incident, reader),
    }
