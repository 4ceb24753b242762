"""The officer's page, for a telephone first; read only for everybody else who may see it."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError, Stale
from risk import page, services
from risk.answers import changes
from risk.deadlines import ASSESSMENT, REVIEW
from risk.forms import AssessmentForm, initial_of, typed_answers, unknown_topics
from risk.instruments import questionnaire
from risk.models import Assessment
from risk.permissions import can_review
from risk.services.rows import may_write

EDITABLE = (Assessment.State.DRAFT, Assessment.State.RETURNED)


def seen_by(request: HttpRequest, reference: str) -> Assessment:
    """The assessment of this reference, or 404 for whoever may not see it."""
    assessments = Assessment.objects.visible_to(reader_of(request)).for_page()
    return get_object_or_404(assessments, reference=reference)


def note_reading(request: HttpRequest, assessment: Assessment, at: datetime) -> None:
    """Every opening of an assessment is kept with its victim and incident."""
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; by POST the button "Save", for those without script."""
    at, assessment = clock.now(), seen_by(request, reference)
    if request.method == "POST":
        try:
            _keep(request, assessment, at)
        except DomainError as error:
            return _refused(request, assessment, error, at)
        messages.success(request, "Saved. It is not submitted yet.")
        return redirect("risk:assess", reference=reference)
    note_reading(request, assessment, at)
    if assessment.state in EDITABLE and may_write(reader_of(request), assessment, at):
        return _form_page(request, assessment, _form(assessment), at)
    return _read_only(request, assessment, at)


@require_POST
def keep(request: HttpRequest, reference: str) -> JsonResponse:
    """Autosave: answers with the instant, the version, and the parts of the page that follow."""
    at, assessment = clock.now(), seen_by(request, reference)
    try:
        kept = _keep(request, assessment, at)
    except DomainError as error:
        detail = _with_place(error, assessment)
        return JsonResponse({"detail": detail, "code": error.code}, status=error.status)
    except PermissionDenied as error:
        return JsonResponse({"detail": str(error)}, status=403)
    shown = {"progress": page.progress(kept)}
    fragments = {
        f"#{part}": render_to_string(f"risk/parts/{part}.html", shown)
        for part in ("suggestion", "answered")
    }
    return JsonResponse(
        {"kept_at": at.isoformat(), "version": kept.version, "fragments": fragments}
    )


@require_POST
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what the page holds, then submit it: a refused submission loses nothing typed."""
    at, assessment = clock.now(), seen_by(request, reference)
    try:
        kept = _keep(request, assessment, at)
        done = services.submit_assessment(
            assessment_id=kept.pk,
            actor=reader_of(request),
            version=kept.version,
            at=at,
            judged_grade=request.POST.get("judged_grade", ""),
            judged_reason=request.POST.get("judged_reason", ""),
        )
    except DomainError as error:
        return _refused(request, assessment, error, at)
    messages.success(request, f"Submitted: {done.get_grade_display()} counts from now on.")
    return redirect("risk:assess", reference=reference)


def _keep(request: HttpRequest, assessment: Assessment, at: datetime) -> Assessment:
    read = questionnaire(assessment.instrument)
    answers = typed_answers(request.POST, read) | unknown_topics(request.POST, read)
    version = request.POST.get("version", "")
    return services.keep_answers(
        assessment_id=assessment.pk,
        actor=reader_of(request),
        answers=answers,
        version=int(version) if version.isascii() and version.isdigit() else 0,
        judged_grade=request.POST.get("judged_grade", ""),
        judged_reason=request.POST.get("judged_reason", ""),
        writer=_writer(request),
        at=at,
    )


def _writer(request: HttpRequest) -> str:
    """Which page writes: made with the page, carried by its addresses."""
    return request.GET.get("page", "")[:60]


def _form(assessment: Assessment) -> AssessmentForm:
    return AssessmentForm(
        questionnaire(assessment.instrument),
        initial=initial_of(assessment),
        words=page.words_label(assessment),
    )


def _refused(
    request: HttpRequest, assessment: Assessment, error: DomainError, at: datetime
) -> HttpResponse:
    """The page again with everything typed and each refusal at its field."""
    assessment = seen_by(request, assessment.reference)
    if assessment.state not in EDITABLE:
        messages.error(request, error.message)
        return redirect("risk:assess", reference=assessment.reference)
    form = AssessmentForm(
        questionnaire(assessment.instrument), request.POST, words=page.words_label(assessment)
    )
    form.refuse(error)
    stale = error if isinstance(error, Stale) else None
    return _form_page(request, assessment, form, at, stale=stale, status=error.status)


def _form_page(
    request: HttpRequest,
    assessment: Assessment,
    form: AssessmentForm,
    at: datetime,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    previous = page.previous_of(assessment)
    sections, follow_ups = page.parts(form, page.earlier_yes(previous, form.read, at))
    context = _shared(request, assessment, at) | {
        "form": form,
        "sections": sections,
        "follow_ups": follow_ups,
        "previous": previous,
        "returned_with": assessment.reviews.select_related("reviewer").order_by("-pk").first(),
        "page_token": _writer(request) or secrets.token_urlsafe(12),
        "differences": _differences(form, stale) if stale else [],
    }
    return render(request, "risk/assess.html", context, status=status)


def _read_only(request: HttpRequest, assessment: Assessment, at: datetime) -> HttpResponse:
    read = questionnaire(assessment.instrument)
    earlier = page.earlier_yes(page.previous_of(assessment), read, at)
    context = _shared(request, assessment, at) | {
        "sections": page.given(assessment, earlier),
        "reviews": assessment.reviews.select_related("reviewer").order_by("pk"),
        "review_clock": page.running_deadline(assessment, REVIEW),
        "may_review": assessment.state == Assessment.State.SUBMITTED
        and can_review(reader_of(request), assessment),
    }
    return render(request, "risk/assessment.html", context)


def _shared(request: HttpRequest, assessment: Assessment, at: datetime) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "now": at,
        "progress": page.progress(assessment),
        "clock": page.running_deadline(assessment, ASSESSMENT),
        "note": questionnaire(assessment.instrument).note,
        "autosave_key": page.autosave_key(reader_of(request), assessment),
    }


def _differences(form: AssessmentForm, stale: Stale) -> list[tuple[str, str, str]]:
    """Topic by topic: on record now, and as this page has it."""
    theirs = stale.theirs["answers"]
    return changes(form.read, theirs, {**theirs, **stale.yours.get("answers", {})})


def _with_place(error: DomainError, assessment: Assessment) -> str:
    """The refusal with the topic that it is about, for the one line that autosave shows."""
    code = (error.field or "").split("_")[0]
    topic = questionnaire(assessment.instrument).by_code.get(code)
    return f"{topic.number} {topic.text}: {error.message}" if topic else error.message
