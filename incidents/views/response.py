"""The officers' pages, for a telephone first: my incidents, briefing, arrival, first response."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.clock import local
from core.errors import DomainError, Stale
from incidents.forms.response import FirstResponseForm
from incidents.forms.response_begun import draft_fields, from_draft, initial_of, progress
from incidents.models import FirstResponse, Incident
from incidents.pages.briefing import brief
from incidents.pages.first_response import aid_shown, prompts
from incidents.pages.mine import deployments_of, own_duty, rows_for
from incidents.permissions import may_attend, may_look_up
from incidents.services import response as services
from incidents.versions import side_by_side
from incidents.views.incident import autosave_key, note_reading, seen_by

ON_A_PAGE = 20


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    at, officer = clock.now(), reader_of(request)
    if not may_attend(officer):
        raise PermissionDenied("This page is for officers who attend incidents.")
    page = Paginator(deployments_of(officer), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = rows_for(officer, list(page.object_list), at)
    context = {"page": page, "rows": rows, "now": at, "duty": own_duty(officer, at)}
    return render(request, "incidents/mine.html", context)


@require_safe
def briefing(request: HttpRequest, reference: str) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    incident = seen_by(request, reference)
    if not may_look_up(reader):
        raise PermissionDenied("A briefing is for officers and the control room.")
    note_reading(request, incident, at)
    deployment = services.read_briefing(incident_id=incident.pk, actor=reader, at=at)
    context = {
        "incident": incident,
        "brief": brief(incident, reader, at),
        "deployment": deployment,
        "now": at,
        "may_attend": may_attend(reader),
    }
    return render(request, "incidents/briefing.html", context)


@require_POST
def arrived(request: HttpRequest, reference: str) -> HttpResponse:
    incident = seen_by(request, reference)
    services.record_arrival(incident_id=incident.pk, actor=reader_of(request), at=clock.now())
    messages.success(request, "Your arrival is noted, and the control room sees it.")
    return redirect("incidents:first_response", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def first_response(request: HttpRequest, reference: str) -> HttpResponse:
    at, officer = clock.now(), reader_of(request)
    incident = seen_by(request, reference)
    if not may_attend(officer):
        raise PermissionDenied("Only officers who attend incidents record a first response.")
    if request.method != "POST":
        note_reading(request, incident, at)
        return _form_page(request, incident, _begun(incident, officer, at), at)
    if "more_children" in request.POST:
        form = _typed_so_far(request.POST, incident, at, more_children=True)
        return _form_page(request, incident, form, at, opened="children")
    form = FirstResponseForm(request.POST, incident=incident, today=local(at).date())
    record = services.record_first_response
    if form.carries_out(record, incident_id=incident.pk, actor=officer, at=at):
        messages.success(request, "The first response is recorded.")
        return redirect(reverse("incidents:detail", args=[reference]) + "?recorded")
    return _form_page(request, incident, form, at, stale=form.stale)


def _begun(incident: Incident, officer: User, at: datetime) -> FirstResponseForm:
    """The form as it was left: the officer's own draft, else what is on record."""
    response = (
        FirstResponse.objects.filter(incident=incident).select_related("counter_protect").first()
    )
    draft = services.draft_of(incident=incident, officer=officer)
    recorded = list(incident.crimes.order_by("pk"))
    return FirstResponseForm(
        initial=initial_of(response, incident, draft, recorded),
        incident=incident,
        recorded=recorded,
        today=local(at).date(),
    )


def _typed_so_far(
    posted: QueryDict, incident: Incident, at: datetime, *, more_children: bool = False
) -> FirstResponseForm:
    """What was typed, not pressed yet: nothing is asked for and nothing is lost."""
    return FirstResponseForm(
        initial=from_draft(draft_fields(posted)),
        incident=incident,
        today=local(at).date(),
        more_children=more_children,
    )


def _form_page(
    request: HttpRequest,
    incident: Incident,
    form: FirstResponseForm,
    at: datetime,
    *,
    stale: Stale | None = None,
    opened: str = "",
) -> HttpResponse:
    officer = reader_of(request)
    deployments = list(incident.deployments.select_related("officer__team"))
    on_record = FirstResponse.objects.select_related("officer").filter(incident=incident).first()
    context = {
        "incident": incident,
        "form": form,
        "now": at,
        "stale": stale,
        "versions": side_by_side(stale) if stale else [],
        "deployment": next((row for row in deployments if row.officer_id == officer.pk), None),
        "puts_right": services.may_put_right(officer, on_record, deployments),
        "on_record": on_record,
        "draft": services.draft_of(incident=incident, officer=officer),
        "autosave_key": autosave_key(officer, incident),
        "progress": progress(form, incident, opened=opened),
        "aid": aid_shown(incident, form, at),
        "prompts": prompts(form),
    }
    status = 409 if stale else 400 if form.errors else 200
    return render(request, "incidents/first_response.html", context, status=status)


@require_POST
def first_response_draft(request: HttpRequest, reference: str) -> JsonResponse:
    at = clock.now()
    incident = seen_by(request, reference)
    version = request.POST.get("version", "")
    try:
        draft = services.keep_first_response_draft(
            incident=incident,
            officer=reader_of(request),
            fields=draft_fields(request.POST),
            at=at,
            version=int(version)
            if version.isascii() and version.isdigit() and len(version) < 9
            else 0,
            writer=request.headers.get("X-Autosave-Token", "")[:60],
        )
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=error.status)
    except PermissionDenied as error:
        return JsonResponse({"detail": str(error)}, status=403)
    kept = {"kept_at": at.isoformat(), "version": draft.version}
    return JsonResponse(kept | {"fragments": _fragments(request, incident, at)})


def _fragments(request: HttpRequest, incident: Incident, at: datetime) -> dict[str, str]:
    """What follows from what was typed: how far it is, what can be used, the two side by side."""
    form = _typed_so_far(request.POST, incident, at)
    far = progress(form, incident)
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "#progress": ("_first_response_progress", {"progress": far}),
        "#prompts": ("_evidence_prompts", {"prompts": prompts(form)}),
        "#aid": ("_counter_aid", {"aid": aid_shown(incident, form, at)}),
        **{
            f"#state-{section.code}": ("_first_response_state", {"section": section})
            for section in far.sections
        },
    }
    return {
        selector: render_to_string(f"incidents/{name}.html", context)
        for selector, (name, context) in parts.items()
    }
