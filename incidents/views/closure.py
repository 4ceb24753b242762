"""The closure gate: asking, withdrawing, deciding, and the inspector's list."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.closure import ClosureForm, DecisionForm, initial_of
from incidents.models import Closure, Incident
from incidents.pages.closure import ClosurePage, closure_page, decision_context
from incidents.pages.closures import closures_waiting
from incidents.permissions import may_request_closure, may_sign_off
from incidents.services import closure as services
from incidents.views.incident import copy_key, note_reading, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, or look at what was asked; for an inspector, decide."""
    at, reader = clock.now(), reader_of(request)
    incident = seen_by(request, reference)
    if not (may_request_closure(reader) or may_sign_off(reader)):
        raise PermissionDenied("Closing is for who was there, and for the control room.")
    if request.method != "POST":
        note_reading(request, incident, at)
        return _page(request, incident, at)
    acts = {"withdraw": _withdraw, "decide": _decide}
    return acts.get(request.POST.get("act", ""), _ask)(request, incident, at)


def _ask(request: HttpRequest, incident: Incident, at: datetime) -> HttpResponse:
    reader = reader_of(request)
    form = ClosureForm(request.POST, incident=incident, reader=reader)
    if form.carries_out(services.request_closure, incident_id=incident.pk, actor=reader, at=at):
        key = copy_key("closure", reader, incident)
        messages.success(request, "Closure is asked for. An inspector decides.", extra_tags=key)
        return redirect("incidents:closure", reference=incident.reference)
    return _page(request, incident, at, ask_form=form, status=form.status)


def _withdraw(request: HttpRequest, incident: Incident, at: datetime) -> HttpResponse:
    try:
        services.withdraw_closure(
            incident_id=incident.pk,
            closure_id=_number(request, "closure"),
            actor=reader_of(request),
            at=at,
        )
    except Closure.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The request is withdrawn. Your answers are kept below.")
    return redirect("incidents:closure", reference=incident.reference)


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _decide(request: HttpRequest, incident: Incident, at: datetime) -> HttpResponse:
    if not may_sign_off(reader_of(request)):
        raise PermissionDenied("Only a control-room inspector decides about closure.")
    form = DecisionForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            decided = _decided(form, request, incident, at)
        except Closure.DoesNotExist as error:
            raise Http404 from error
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            done = "signed off and closed" if decided.decision == "signed_off" else "sent back"
            messages.success(request, f"{incident.reference} is {done}.")
            return redirect("incidents:closures")
    return _page(request, seen_by(request, incident.reference), at, decision=form, status=status)


def _decided(form: DecisionForm, request: HttpRequest, incident: Incident, at: datetime) -> Closure:
    data = form.cleaned_data
    return services.decide_closure(
        incident_id=incident.pk,
        closure_id=data["closure"],
        actor=reader_of(request),
        decision=data["decision"],
        words=data["words"],
        version=data["version"],
        at=at,
    )


def _page(
    request: HttpRequest,
    incident: Incident,
    at: datetime,
    *,
    ask_form: ClosureForm | None = None,
    decision: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; a refused form comes back with what was typed."""
    reader = reader_of(request)
    found = closure_page(incident, reader, at)
    if ask_form is None and found.may_ask and not found.missing:
        initial = initial_of(found.newest)
        ask_form = ClosureForm(incident=incident, reader=reader, initial=initial)
    context = {
        "incident": incident,
        "found": found,
        "now": at,
        "ask_form": ask_form,
        "autosave_key": copy_key("closure", reader, incident),
        "decision_form": _decision_form(found, incident, decision),
        "forms": [form for form in (ask_form, decision) if form is not None],
    }
    if not may_sign_off(reader) or not (found.waits or decision):
        return render(request, "incidents/closure/ask.html", context, status=status)
    context |= decision_context(incident, reader, at)
    return render(request, "incidents/closure/decide.html", context, status=status)


def _decision_form(
    found: ClosurePage, incident: Incident, refused: DecisionForm | None
) -> DecisionForm | None:
    """A fresh form for the request that waits; one that was refused answers it from now on."""
    if not found.may_decide or found.newest is None:
        return None
    read = {"closure": found.newest.pk, "version": incident.version}
    return DecisionForm(initial=read) if refused is None else refused.read_again(read)


@require_safe
def closures(request: HttpRequest) -> HttpResponse:
    """The inspector's home: what waits for a signature, oldest first."""
    at, reader = clock.now(), reader_of(request)
    if not may_sign_off(reader):
        raise PermissionDenied("Closures are decided by control-room inspectors.")
    context = closures_waiting(reader, at, page=request.GET.get("page")) | {"now": at}
    return render(request, "incidents/closure/list.html", context)
