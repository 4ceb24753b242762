"""What is added to an incident later: news, links, corrections, and who else is writing."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, InvalidInput, Stale
from incidents.forms.calls import CallForm, CallForms, key_of
from incidents.forms.editing import SHOWN, EditForm, EndLinkForm, LinkForm
from incidents.models import CallDraft, FurtherCall, Incident, IncidentLink
from incidents.pages.call import sections
from incidents.pages.editing import Linked, candidates_for, links_of
from incidents.services.calls import CallDetails
from incidents.services.editing import presence
from incidents.services.editing.correcting import correct
from incidents.services.editing.further_calls import add_further_call
from incidents.services.editing.linking import end_link, link_incidents
from incidents.versions import last_correction
from incidents.views import calls
from incidents.views.incident import copy_key, note_reading, seen_by

# --- Further calls -------------------------------------------------------------------------------


@calls.refuses_huge
@require_POST
def further_call(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the whole form of a call to an open incident as news of it."""
    at, incident, handler = clock.now(), seen_by(request, reference), calls.logger_of(request)
    key = key_of(request.GET.get("draft", "")) or uuid4()
    forms = CallForms.sent(request.POST)
    if forms.is_valid():
        try:
            further = _add(incident, handler, forms.details(handler), key, at)
        except DomainError as error:
            forms.refuse(error)
        else:
            return _added(request, incident, further)
    return calls.refused(request, forms, str(key), handler, at)


@calls.refuses_huge
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """Take news down without the page of a call; what is typed is kept as a draft like one."""
    at, incident, handler = clock.now(), seen_by(request, reference), calls.logger_of(request)
    key = key_of(request.GET.get("draft", ""))
    if key is None:
        return redirect(f"{reverse('incidents:news', args=[reference])}?draft={uuid4()}")
    if request.method != "POST":
        note_reading(request, incident, at)
        return _news_page(request, incident, _begun(key, handler, at), key, at)
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            further = _add(incident, handler, form.details(()), key, at)
        except DomainError as error:
            CallForms(form, ()).refuse(error)
        else:
            return _added(request, incident, further)
    return _news_page(request, incident, form, key, at, status=400)


def _add(
    incident: Incident, handler: User, call: CallDetails, key: UUID, at: datetime
) -> FurtherCall:
    return add_further_call(incident_id=incident.pk, actor=handler, at=at, call=call, draft_key=key)


def _added(request: HttpRequest, incident: Incident, further: FurtherCall) -> HttpResponse:
    raised = further.grade_after != further.grade_before
    words = f"Added to {incident.reference} as news of it."
    if raised:
        words += f" Its grade is now {further.get_grade_after_display().lower()}."
    messages.success(request, words)
    return redirect("incidents:detail", reference=incident.reference)


def _begun(key: UUID, handler: User, at: datetime) -> CallForm:
    """What was typed before; else an empty form. 404 for somebody else's draft."""
    draft = CallDraft.objects.filter(key=key).first()
    if draft is not None and (draft.handler_id != handler.pk or draft.discarded_at):
        raise Http404("There is no such draft.")
    return CallForms.kept(draft).call if draft else CallForms.empty(at, None).call


def _news_page(
    request: HttpRequest,
    incident: Incident,
    form: CallForm,
    key: UUID,
    at: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    handler = reader_of(request)
    context = {
        "incident": incident,
        "form": form,
        "sections": sections(form),
        "key": key,
        "draft": CallDraft.objects.filter(key=key, handler=handler).first(),
        "autosave_key": calls.autosave_key(handler, str(key)),
        "now": at,
    }
    return render(request, "incidents/editing/news.html", context, status=status)


# --- Links ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that another incident is about the same event, or that it is not after all."""
    at, incident, handler = clock.now(), seen_by(request, reference), calls.logger_of(request)
    if request.method != "POST":
        note_reading(request, incident, at)
        return _links_page(request, incident, LinkForm(), at)
    is_end = request.POST.get("act") == "end"
    form = EndLinkForm(request.POST) if is_end else LinkForm(request.POST)
    act = _end if is_end else _link
    if form.carries_out(act, incident=incident, handler=handler, at=at):
        messages.success(request, form.result)
        return redirect("incidents:detail", reference=reference)
    return _links_page(request, incident, form, at, status=400)


def _link(*, incident: Incident, handler: User, at: datetime, **given: str) -> str:
    other = Incident.objects.visible_to(handler).filter(reference=given["reference"]).first()
    if other is None:
        raise InvalidInput(
            "There is no incident of this reference. One looks like DA-2026-000000.",
            field="reference",
        )
    link_incidents(
        incident_id=incident.pk, other_id=other.pk, words=given["words"], actor=handler, at=at
    )
    return f"{incident.reference} and {other.reference} are linked as one event."


def _end(*, incident: Incident, handler: User, at: datetime, **given: Any) -> str:
    link = get_object_or_404(
        IncidentLink.objects.filter(Q(first=incident) | Q(second=incident)), pk=given["link"]
    )
    end_link(link_id=link.pk, words=given["ended_reason"], actor=handler, at=at)
    return "The link is ended. It stays in the log."


def _links_page(
    request: HttpRequest,
    incident: Incident,
    form: LinkForm | EndLinkForm,
    at: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    reader = reader_of(request)
    ending = form if isinstance(form, EndLinkForm) else None
    rows = [
        (one, ending if ending and str(one.link.pk) == ending.data.get("link") else _to_end(one))
        for one in links_of(incident, reader)
    ]
    context = {
        "incident": incident,
        "link_form": form if ending is None else LinkForm(),
        "rows": rows,
        "forms": [form],
        "candidates": candidates_for(incident, reader, at),
    }
    return render(request, "incidents/editing/links.html", context, status=status)


def _to_end(one: Linked) -> EndLinkForm:
    return EndLinkForm(initial={"link": one.link.pk}, auto_id=f"id_{one.link.pk}_%s")


# --- Correcting ----------------------------------------------------------------------------------


@calls.refuses_huge
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Put right what was taken down; a stale save is answered with both versions."""
    at, incident, handler = clock.now(), seen_by(request, reference), calls.logger_of(request)
    if request.method != "POST":
        note_reading(request, incident, at)
        return _edit_page(request, incident, EditForm.of(incident))
    form = EditForm(request.POST)
    if form.is_valid():
        try:
            _correct(form, incident, handler, at)
        except Stale as error:
            return _versions_page(request, reference, form, error.message, status=409)
        except DomainError as error:
            form.refuse(error)
        else:
            key = copy_key("edit", handler, incident)
            messages.success(request, "What was taken down is put right.", extra_tags=key)
            return redirect("incidents:detail", reference=reference)
    if form.is_choosing:
        return _versions_page(request, reference, form, "", status=400)
    return _edit_page(request, incident, form, status=400)


def _correct(form: EditForm, incident: Incident, handler: User, at: datetime) -> None:
    correct(
        incident_id=incident.pk,
        actor=handler,
        changes=form.changes(),
        version=form.cleaned_data["version"],
        at=at,
    )


def _edit_page(
    request: HttpRequest, incident: Incident, form: EditForm, *, status: int = 200
) -> HttpResponse:
    key = copy_key("edit", reader_of(request), incident)
    context = {"incident": incident, "form": form, "autosave_key": key}
    return render(request, "incidents/editing/edit.html", context, status=status)


def _versions_page(
    request: HttpRequest, reference: str, form: EditForm, message: str, *, status: int
) -> HttpResponse:
    """Both versions as they stand at this moment, which is the version that is then answered."""
    incident = seen_by(request, reference)
    versions = form.both_versions(incident, last_correction(incident, list(SHOWN)))
    if not versions:
        messages.info(request, "Somebody wrote the same before you. Nothing differs.")
        return redirect("incidents:detail", reference=reference)
    context = {
        "incident": incident,
        "forms": [],
        "versions": versions,
        "kept": form.kept(versions),
        "message": message,
    }
    return render(request, "incidents/editing/both_versions.html", context, status=status)


# --- Who else is writing -------------------------------------------------------------------------


@require_POST
def who_writes(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that this page is open for writing, or was left, and say who else has one open."""
    at, incident, person = clock.now(), seen_by(request, reference), reader_of(request)
    if request.POST.get("left"):
        presence.left(incident_id=incident.pk, person=person)
        return HttpResponse(status=204)
    page = request.POST.get("page", "")
    writers = presence.writing(incident_id=incident.pk, person=person, page=page, at=at)
    return render(request, "incidents/editing/_writers.html", {"writers": writers})
