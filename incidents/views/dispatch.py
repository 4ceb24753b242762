"""Officers are sent to an incident, turned back and free again; or nobody is sent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.dispatch import NobodyForm, SendForm, StandDownForm
from incidents.models import Incident
from incidents.pages.sent import sent_elsewhere_too
from incidents.permissions import may_send_officers
from incidents.services import dispatch
from incidents.services import response as services
from incidents.views.incident import page, seen_by


@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    incident, actor = _for_the_control_room(request, reference), reader_of(request)
    form = SendForm(request.POST, incident=incident, at=at)
    if form.carries_out(services.send_officers, incident_id=incident.pk, actor=actor, at=at):
        sent = form.result
        who = ", ".join(str(row.officer) for row in sent)
        messages.success(request, f"Sent: {who}." if who else "They were sent already.")
        for words in sent_elsewhere_too(incident, sent, at):
            messages.warning(request, words)
        return redirect("incidents:detail", reference=reference)
    return page(request, incident, at, send_form=form, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
def send_nobody(request: HttpRequest, reference: str) -> HttpResponse:
    incident = _for_the_control_room(request, reference)
    form = NobodyForm(_posted(request), initial={"reason": incident.not_sent_reason})
    actor, at = reader_of(request), clock.now()
    if form.carries_out(dispatch.send_nobody, incident_id=incident.pk, actor=actor, at=at):
        messages.success(request, "It is noted that nobody is sent, and why.")
        return redirect("incidents:detail", reference=reference)
    return _ask(request, "nobody", incident, form)


@require_http_methods(["GET", "HEAD", "POST"])
def stand_down(request: HttpRequest, reference: str, username: str) -> HttpResponse:
    incident = _for_the_control_room(request, reference)
    officer = _sent_to(incident, username)
    form = StandDownForm(_posted(request))
    given = {"officer": officer, "actor": reader_of(request), "at": clock.now()}
    if form.carries_out(dispatch.stand_down, incident_id=incident.pk, **given):
        messages.success(request, f"{officer} is stood down.")
        return redirect("incidents:detail", reference=reference)
    return _ask(request, "stand_down", incident, form, officer)


@require_POST
def clear(request: HttpRequest, reference: str, username: str) -> HttpResponse:
    incident, actor = seen_by(request, reference), reader_of(request)
    if actor.username != username and not may_send_officers(actor):
        raise PermissionDenied("Officers say for themselves that they are free.")
    officer = _sent_to(incident, username)
    try:
        dispatch.clear(incident_id=incident.pk, officer=officer, actor=actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        own = officer.pk == actor.pk
        words = "It is noted that you are free." if own else f"{officer} is free again."
        messages.success(request, words)
    if actor.pk == officer.pk:
        return redirect("incidents:mine")
    return redirect("incidents:detail", reference=reference)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _for_the_control_room(request: HttpRequest, reference: str) -> Incident:
    incident = seen_by(request, reference)
    if not may_send_officers(reader_of(request)):
        raise PermissionDenied("Only the control room sends officers.")
    return incident


def _sent_to(incident: Incident, username: str) -> User:
    return get_object_or_404(User, username=username, deployments__incident=incident)


def _ask(
    request: HttpRequest,
    what: str,
    incident: Incident,
    form: NobodyForm | StandDownForm,
    officer: User | None = None,
) -> HttpResponse:
    context = {"incident": incident, "form": form, "officer": officer, "now": clock.now()}
    status = 400 if form.errors else 200
    return render(request, f"incidents/dispatch/{what}.html", context, status=status)
