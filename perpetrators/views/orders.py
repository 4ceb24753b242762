"""Protection notices: asked for from an incident, decided, served, heard. Orders of a victim."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import Stale
from incidents.models import Incident
from perpetrators.forms.orders import AskForm, BreachForm, EndForm, OrderForm, StepForm
from perpetrators.models import Order, ProtectionNotice
from perpetrators.pages import orders as pages
from perpetrators.permissions import can_ask_for_notice, can_authorise_notice, can_record_order
from perpetrators.services import orders as services
from victims.models import Victim
from victims.views.common import note_reading, seen_by

ON_A_PAGE = 25


def _notice(request: HttpRequest, reference: str) -> ProtectionNotice:
    """The notice if this person may see it, else 404."""
    rows = ProtectionNotice.objects.visible_to(reader_of(request)).select_related(
        "victim__person", "person", "incident", "asked_by", "decided_by", "served_by"
    )
    return get_object_or_404(rows, reference=reference)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What waits for a superintendent, for service or for a court."""
    at, reader = clock.now(), reader_of(request)
    if not (can_authorise_notice(reader) or can_ask_for_notice(reader)):
        raise PermissionDenied("Protection notices are for officers and superintendents.")
    page = Paginator(pages.waiting(reader), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "now": at, "decides": can_authorise_notice(reader)}
    return render(request, "perpetrators/orders/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a superintendent for a notice from an incident."""
    at, reader = clock.now(), reader_of(request)
    incident = get_object_or_404(Incident.objects.visible_to(reader), reference=reference)
    if not can_ask_for_notice(reader):
        raise PermissionDenied("Only officers and investigators ask for a protection notice.")
    harmed = Victim.objects.visible_to(reader).filter(involvements__incident=incident).distinct()
    victims = list(harmed.select_related("person"))
    form = AskForm(request.POST or None, incident=incident, victims=victims)
    if request.method == "POST" and form.carries_out(
        services.ask_for_notice, incident_id=incident.pk, actor=reader, at=at
    ):
        notice = form.result
        messages.success(request, f"{notice.reference} waits for a superintendent.")
        return redirect("perpetrators:notice", reference=notice.reference)
    context = {"incident": incident, "form": form, "now": at}
    return render(request, "perpetrators/orders/ask.html", context, status=form.status)


@require_safe
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """One notice with what may be done next; opening it is on record."""
    found, at = _notice(request, reference), clock.now()
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=found.reference,
        victim_id=found.victim_id,
        incident_id=found.incident_id,
    )
    return _shown(request, found, at)


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One step of a notice; refused, the page shows again with what was typed."""
    found, at, reader = _notice(request, reference), clock.now(), reader_of(request)
    taken = pages.STEPS[name]
    if not taken.may(reader):
        raise PermissionDenied("This step is not for your role.")
    form = pages.form_of(taken, found, request.POST)
    if form.carries_out(taken.act, notice_id=found.pk, actor=reader, at=at):
        messages.success(request, taken.done)
        return redirect("perpetrators:notice", reference=reference)
    return _shown(request, found, at, bound={name: form}, status=form.status, stale=form.stale)


def _shown(
    request: HttpRequest,
    found: ProtectionNotice,
    at: datetime,
    *,
    bound: dict[str, StepForm] | None = None,
    status: int = 200,
    stale: Stale | None = None,
) -> HttpResponse:
    steps = pages.open_steps(found, reader_of(request), bound or {})
    context = {
        "notice": found,
        "steps": steps,
        "forms": [form for _, form in steps if form.is_bound],
        "clock": pages.clock_of(found),
        "order": Order.objects.filter(notice=found).first(),
        "breaches": found.breaches.select_related("recorded_by").order_by("-happened_at"),
        "stale": stale,
        "now": at,
    }
    return render(request, "perpetrators/orders/notice.html", context, status=status)


# --- Orders of a victim ---------------------------------------------------------------------------


@require_safe
def orders(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that was ordered for a victim."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    note_reading(reader, request.path, victim, at)
    breaches = victim.breaches.select_related("recorded_by", "order", "notice", "incident")
    context: dict[str, Any] = {
        "victim": victim,
        "found": pages.of_victim(victim, at),
        "breaches": breaches.order_by("-happened_at"),
        "may_record": can_record_order(reader),
        "now": at,
    }
    return render(request, "perpetrators/orders/of_victim.html", context)


def _for_record(request: HttpRequest, reference: str, at: datetime) -> Victim:
    """The victim, for those who record orders; that they looked is kept."""
    reader = reader_of(request)
    victim = seen_by(reader, reference)
    if not can_record_order(reader):
        raise PermissionDenied("Your role does not record orders.")
    if request.method != "POST":
        note_reading(reader, request.path, victim, at)
    return victim


@require_http_methods(["GET", "HEAD", "POST"])
def new_order(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    victim = _for_record(request, reference, at)
    form = OrderForm(request.POST or None, victim=victim)
    said = {
        "title": "Record an order",
        "button": "Record the order",
        "done": "The order is recorded.",
    }
    return _form_page(
        request,
        victim,
        form,
        said,
        lambda **more: services.record_order(victim_id=victim.pk, **more),
        at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_order(request: HttpRequest, reference: str, order_id: int) -> HttpResponse:
    at = clock.now()
    victim = _for_record(request, reference, at)
    order = get_object_or_404(victim.orders.select_related("person"), pk=order_id)
    form = EndForm(request.POST or None, initial={"version": order.version})
    said = {"title": "A court ended it", "button": "Record its end", "done": "Its end is recorded."}
    return _form_page(
        request,
        victim,
        form,
        said,
        lambda **more: services.end_order(order_id=order.pk, **more),
        at,
        order,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def breach(request: HttpRequest, reference: str, order_id: int) -> HttpResponse:
    at = clock.now()
    victim = _for_record(request, reference, at)
    order = get_object_or_404(victim.orders.select_related("person"), pk=order_id)
    form = BreachForm(request.POST or None, victim=victim)
    said = {"title": "A breach", "button": "Record the breach", "done": "The breach is recorded."}
    return _form_page(
        request,
        victim,
        form,
        said,
        lambda **more: services.record_breach(order_id=order.pk, **more),
        at,
        order,
    )


def _form_page(
    request: HttpRequest,
    victim: Victim,
    form: StepForm,
    said: dict[str, str],
    act: Any,
    at: datetime,
    order: Order | None = None,
) -> HttpResponse:
    """One form about a victim's orders: done it leads back to them, refused it shows again."""
    if request.method == "POST" and form.carries_out(act, actor=reader_of(request), at=at):
        messages.success(request, said["done"])
        return redirect("perpetrators:orders", reference=victim.reference)
    context = {
        "victim": victim,
        "form": form,
        "order": order,
        "stale": form.stale,
        "now": at,
        **said,
    }
    return render(request, "perpetrators/orders/form.html", context, status=form.status)
