"""The list of serial perpetrators, and whose record is whose."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from perpetrators.forms.management import ApartForm
from perpetrators.pages import management as pages
from perpetrators.permissions import can_manage_perpetrator, can_view_custody
from perpetrators.services import serial as services
from perpetrators.views.people import complained_of
from victims.models import Person

ON_A_PAGE = 25


@require_safe
def serial(request: HttpRequest) -> HttpResponse:
    """Everybody with several unconnected victims, most first."""
    at, reader = clock.now(), reader_of(request)
    if not can_view_custody(reader):
        raise PermissionDenied("Serial perpetrators are for roles that police.")
    shown = request.GET.get("plan", "")
    rows = pages.serial_list(reader, shown)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": pages.with_plans(list(page.object_list)),
        "shown": shown,
        "choices": pages.SHOWN.items(),
        "now": at,
    }
    return render(request, "perpetrators/serial/list.html", context)


@require_POST
def apart(request: HttpRequest, reference: str, other: str, back: bool = False) -> HttpResponse:
    """Say that two records are two people, or take it back."""
    at, reader = clock.now(), reader_of(request)
    person = complained_of(reader, reference)
    there = get_object_or_404(Person.objects.visible_to(reader), reference=other)
    if not can_manage_perpetrator(reader):
        raise PermissionDenied("Your role does not say whose record is whose.")
    form, status = ApartForm(request.POST), 400
    if form.is_valid():
        act = services.take_back if back else services.say_not_the_same
        try:
            act(person_id=person.pk, other_id=there.pk, actor=reader, at=at, **form.details())
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, f"Recorded for {person.reference} and {there.reference}.")
            return redirect("perpetrators:person", reference=reference)
    context = {"person": person, "other": there, "form": form, "back": back, "now": at}
    return render(request, "perpetrators/serial/apart.html", context, status=status)
