"""Crimes of an incident, what became of them, and repeated incidents without one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from audit import services as audit
from core import clock
from incidents.forms.crimes import ArrestsForm, CrimeForm, DecisionForm, OutcomeForm
from incidents.models import Crime, NonCrimeReview
from incidents.pages.crimes import SETTLED, WAITING, review_of, reviews_for, side_by_side
from incidents.permissions import may_record_crime, may_record_outcome, may_review_non_crimes
from incidents.services import crimes as outcomes
from incidents.services import response as services
from incidents.views.incident import note_reading, page, seen_by

ON_A_PAGE = 25


@require_POST
def crime(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    incident, actor = seen_by(request, reference), reader_of(request)
    if not may_record_crime(actor):
        raise PermissionDenied("Only who was there, or the control room, records a crime.")
    form = CrimeForm(request.POST, incident=incident)
    if form.carries_out(services.record_crime, incident_id=incident.pk, actor=actor, at=at):
        recorded = form.result
        messages.success(request, f"Crime {recorded.number} is recorded.")
        return redirect("incidents:detail", reference=reference)
    return page(request, incident, at, crime_form=form, status=400)


# --- What became of a crime -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """One crime: its outcome and its arrests; each has a form of its own on the page."""
    at, incident = clock.now(), seen_by(request, reference)
    if not may_record_outcome(reader_of(request)):
        raise PermissionDenied("Only those who investigate record what became of a crime.")
    found = get_object_or_404(incident.crimes.select_related("incident"), number=number)
    if request.method != "POST":
        note_reading(request, incident, at)
        return _crime_page(request, found, at)
    if "arrests" in request.POST:
        return _arrests(request, found, at)
    return _outcome(request, found, at)


def _outcome(request: HttpRequest, crime: Crime, at: datetime) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if form.carries_out(
        outcomes.record_outcome, crime_id=crime.pk, actor=reader_of(request), at=at
    ):
        messages.success(request, f"The outcome of {crime.number} is recorded.")
        return redirect("incidents:detail", reference=crime.incident.reference)
    return _crime_page(request, crime, at, outcome_form=form)


def _arrests(request: HttpRequest, crime: Crime, at: datetime) -> HttpResponse:
    form, actor = ArrestsForm(request.POST), reader_of(request)
    if form.carries_out(outcomes.record_arrests, crime_id=crime.pk, actor=actor, at=at):
        messages.success(request, f"The arrests for {crime.number} are recorded.")
        return redirect("incidents:detail", reference=crime.incident.reference)
    return _crime_page(request, crime, at, arrests_form=form)


def _crime_page(
    request: HttpRequest,
    crime: Crime,
    at: datetime,
    *,
    outcome_form: OutcomeForm | None = None,
    arrests_form: ArrestsForm | None = None,
) -> HttpResponse:
    given = [form for form in (outcome_form, arrests_form) if form is not None]
    context: dict[str, Any] = {
        "crime": crime,
        "incident": crime.incident,
        "now": at,
        "stale": outcome_form.stale if outcome_form else None,
        "forms": given,
        "outcome_form": outcome_form or OutcomeForm(initial=_outcome_of(crime, at)),
        "arrests_form": arrests_form
        or ArrestsForm(initial={"arrests": crime.arrests, "arrests_version": crime.version}),
    }
    status = given[0].status if given else 200
    return render(request, "incidents/crimes/outcome.html", context, status=status)


def _outcome_of(crime: Crime, at: datetime) -> dict[str, Any]:
    return {
        "version": crime.version,
        "outcome": crime.outcome,
        "at_when": crime.outcome_at or at,
        "words": crime.outcome_words,
    }


# --- Repeated incidents without a crime ----------------------------------------------------------


@require_safe
def non_crime_reviews(request: HttpRequest) -> HttpResponse:
    """What waits, one's own team's first and least time left; or what was settled."""
    reader = reader_of(request)
    if not may_review_non_crimes(reader):
        raise PermissionDenied("This page is for supervisors, who decide on repeated non-crimes.")
    shown = SETTLED if request.GET.get("shown") == SETTLED else WAITING
    listed = Paginator(reviews_for(reader, shown), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": listed, "shown": shown, "now": clock.now()}
    return render(request, "incidents/crimes/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def non_crime_review(request: HttpRequest, victim: str) -> HttpResponse:
    """The incidents side by side; a supervisor decides. `victim` is a reference."""
    at, reader = clock.now(), reader_of(request)
    review = review_of(reader, victim)
    if review is None:
        raise Http404
    if not may_review_non_crimes(reader):
        raise PermissionDenied("Only supervisors decide on repeated non-crimes.")
    if request.method != "POST":
        _note_review(request, review, at)
        form = DecisionForm(initial={"version": review.version}, counted=review.incidents_counted)
        return _review_page(request, review, form, at)
    form = DecisionForm(request.POST, counted=review.incidents_counted)
    if form.carries_out(outcomes.decide, review_id=review.pk, actor=reader, at=at):
        messages.success(request, "Your decision is recorded.")
        return redirect("incidents:non_crime_reviews")
    return _review_page(request, review, form, at)


def _note_review(request: HttpRequest, review: NonCrimeReview, at: datetime) -> None:
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=review.victim.reference,
        victim_id=review.victim_id,
        incident_id=review.incident_id,
    )


def _review_page(
    request: HttpRequest,
    review: NonCrimeReview,
    form: DecisionForm,
    at: datetime,
) -> HttpResponse:
    review.refresh_from_db()
    context = {
        "review": review,
        "beside": side_by_side(review),
        "form": form,
        "stale": form.stale,
        "now": at,
        "waits": not review.decision and review.fell_away_at is None,
    }
    return render(request, "incidents/crimes/review.html", context, status=form.status)
