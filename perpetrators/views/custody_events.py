"""Recording an event of custody by hand."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError
from perpetrators.forms.custody_events import EventForm, WhomForm
from perpetrators.models import CustodyEvent
from perpetrators.permissions import can_record_custody
from perpetrators.services.receiving import Status
from perpetrators.services.recording import record_event
from victims.models import Person


def _recorder(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_record_custody(reader):
        raise PermissionDenied("Only custody officers, investigators and supervisors record this.")
    return reader


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Whom and what first, by GET; then the fields of that kind."""
    reader, at = _recorder(request), clock.now()
    asked = request.GET if "person" in request.GET or "kind" in request.GET else None
    whom = WhomForm(asked, initial={"kind": CustodyEvent.Kind.ARREST})
    person = whom.whom() if whom.is_valid() else None
    if person is None:
        is_refused = request.method == "POST" or bool(asked and "kind" in asked)
        context = {"whom": whom, "forms": [whom], "now": at}
        template = "perpetrators/custody_events/whom.html"
        return render(request, template, context, status=400 if is_refused else 200)
    kind = CustodyEvent.Kind(whom.cleaned_data["kind"])
    form = EventForm(request.POST or None, person=person, kind=kind, at=at)
    if request.method == "POST":
        return _record(request, person, kind, form, at)
    audit.record_read(user=reader, at=at, path=request.path, subject=person.reference)
    return _page(request, person, kind, form, at)


def _record(
    request: HttpRequest, person: Person, kind: CustodyEvent.Kind, form: EventForm, at: datetime
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, person, kind, form, at, status=400)
    try:
        outcome = record_event(person=person, actor=reader_of(request), at=at, **form.details())
    except DomainError as error:
        form.refuse(error)
        return _page(request, person, kind, form, at, status=error.status)
    done = "Recorded" if outcome.status == Status.APPLIED else "It was recorded already"
    messages.success(request, f"{done}: {kind.label.lower()}, {person}.")
    return redirect("perpetrators:person", reference=person.reference)


def _page(
    request: HttpRequest,
    person: Person,
    kind: CustodyEvent.Kind,
    form: EventForm,
    at: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"person": person, "kind": kind.label, "form": form, "forms": [form], "now": at}
    return render(request, "perpetrators/custody_events/new.html", context, status=status)
