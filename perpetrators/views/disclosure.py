"""The disclosure scheme: what waits, a new application, one application with its steps."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from audit import services as audit
from core import clock
from perpetrators.forms.disclosure import RecordForm
from perpetrators.forms.orders import StepForm
from perpetrators.models import DisclosureApplication
from perpetrators.pages import disclosure as pages
from perpetrators.permissions import can_decide_disclosure, can_work_disclosure
from perpetrators.services import disclosure as services
from victims.models import SafeContact, Victim
from victims.safe_way import Rules, rules_of
from victims.views.common import note_reading, seen_by

ON_A_PAGE = 25


@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """Open applications by time left."""
    at, reader = clock.now(), reader_of(request)
    if not (can_work_disclosure(reader) or can_decide_disclosure(reader)):
        raise PermissionDenied("The disclosure scheme is for those who work on it.")
    page = Paginator(pages.waiting(reader), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "now": at}
    return render(request, "perpetrators/disclosure/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """Record an application for a victim."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    if not can_work_disclosure(reader):
        raise PermissionDenied("Your role does not record applications.")
    form = RecordForm(request.POST or None, victim=victim, initial={"received_at": at})
    if request.method != "POST":
        note_reading(reader, request.path, victim, at)
    elif form.carries_out(services.record_application, victim_id=victim.pk, actor=reader, at=at):
        made = form.result
        messages.success(request, f"{made.reference} is recorded.")
        return redirect("perpetrators:disclosure", reference=made.reference)
    context = {"victim": victim, "form": form, "now": at}
    return render(request, "perpetrators/disclosure/new.html", context, status=form.status)


def _application(request: HttpRequest, reference: str) -> DisclosureApplication:
    """The application if this person may see it, else 404."""
    rows = DisclosureApplication.objects.visible_to(reader_of(request)).select_related(
        "victim__person",
        "person",
        "received_by",
        "owner",
        "team",
        "checked_by",
        "decided_by",
        "visited_by",
    )
    return get_object_or_404(rows, reference=reference)


@require_safe
def disclosure(request: HttpRequest, reference: str) -> HttpResponse:
    """One application with what may be done next; opening it is on record."""
    found, at = _application(request, reference), clock.now()
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=found.reference,
        victim_id=found.victim_id,
    )
    return _shown(request, found, at, {}, 200)


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One step of an application; refused, the page shows again with what was typed."""
    found, at, reader = _application(request, reference), clock.now(), reader_of(request)
    taken = pages.STEPS[name]
    if not taken.may(reader):
        raise PermissionDenied("This step is not for your role.")
    form = pages.form_of(taken, request.POST)
    if form.carries_out(taken.act, application_id=found.pk, actor=reader, at=at):
        messages.success(request, taken.done)
        return redirect("perpetrators:disclosure", reference=reference)
    return _shown(request, found, at, {name: form}, form.status)


def _shown(
    request: HttpRequest,
    found: DisclosureApplication,
    at: datetime,
    bound: dict[str, StepForm],
    status: int,
) -> HttpResponse:
    steps = pages.open_steps(found, reader_of(request), bound)
    is_visited = any(one.name == "visit" for one, _ in steps)
    context = {
        "application": found,
        "victim": found.victim,
        "steps": steps,
        "forms": [form for _, form in steps if form.is_bound],
        "clocks": pages.clocks_of(found),
        "rules": _how_to_reach(found.victim, at) if is_visited else None,
        "now": at,
    }
    return render(request, "perpetrators/disclosure/one.html", context, status=status)


def _how_to_reach(victim: Victim, at: datetime) -> Rules:
    """Stands above the form of the visit."""
    current = SafeContact.objects.filter(victim=victim, is_current=True)
    return rules_of(current.select_related("checked_by").first(), at)
