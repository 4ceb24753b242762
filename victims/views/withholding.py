"""The register of who must not receive anything, of one victim and of all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import reader_of
from core import clock
from victims import permissions, register, services
from victims.forms.withholding import EndWithholdingForm, WithholdForm
from victims.views.common import note_reading, seen_by, tabs_of

PER_PAGE = 50


@require_safe
def withheld_list(request: HttpRequest) -> HttpResponse:
    """All of it that the reader may see, by person and agency."""
    user = reader_of(request)
    filters = register.Filters.of(request.GET.dict(), register.SHOWN, "standing")
    rows = register.withheld_list(user, filters)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "shows": register.SHOWN,
        "agencies": [(str(one.pk), one.name) for one in register.agencies()],
        "now": clock.now(),
    }
    return render(request, "victims/withholding/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withheld(request: HttpRequest, reference: str) -> HttpResponse:
    """From whom one victim is withheld, and the form that adds somebody."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    rows = register.withheld_seen_by(user).filter(victim=victim)
    form = WithholdForm(request.POST or None)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
    elif form.carries_out(services.withhold, victim_id=victim.pk, actor=user, at=at):
        messages.success(request, "Nothing about this victim reaches them from now on.")
        return redirect("victims:withheld", reference=reference)
    context = {
        "victim": victim,
        "now": at,
        "form": form,
        "rows": rows.order_by(F("ended_at").desc(nulls_first=True), "-set_at", "-pk"),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/withholding/of_victim.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, reference: str, withholding_id: int) -> HttpResponse:
    """Say why it ends; afterwards the record may be seen again as the role allows."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_keep_withholdings(user):
        raise PermissionDenied("Your role does not keep who must not receive what.")
    row = get_object_or_404(register.withheld_seen_by(user), victim=victim, pk=withholding_id)
    form, given = EndWithholdingForm(request.POST or None), {"actor": user, "at": at}
    if request.method == "POST" and form.carries_out(
        services.end_withholding, withholding_id=row.pk, **given
    ):
        messages.success(request, "It has ended.")
        return redirect("victims:withheld", reference=reference)
    context = {"victim": victim, "row": row, "form": form, "now": at}
    return render(request, "victims/withholding/end.html", context, status=form.status)
