"""Homes of the IDVA service: an adviser's clients, and the advisers of whoever leads them."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.cover import stood_in_for
from accounts.requests import reader_of
from audit import services as audit
from core import clock, csv_export
from referrals import advisers, clients
from referrals.permissions import can_support
from referrals.services.advising import serving

View = Callable[..., HttpResponseBase]


def advisers_only(view: View) -> View:
    """403 for whoever is not of the IDVA service."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not can_support(reader_of(request)):
            raise PermissionDenied("This page is for IDVAs and who leads them.")
        return view(request)

    return guarded


@require_GET
@advisers_only
def my_clients(request: HttpRequest) -> HttpResponse:
    """The clients, the newest first: how to reach them stands before everything else."""
    at, reader = clock.now(), reader_of(request)
    filters = clients.Filters.from_query(request.GET)
    listed = clients.Clients(reader, filters, at)
    page = listed.page(request.GET.get("page"))
    context = {
        "now": at,
        "filters": filters,
        "page": page,
        "lines": [(row, row.rules(at)) for row in page.object_list],
        "standing_in": stood_in_for(reader.pk, at) if reader.stands_in_for else [],
        "advisers": listed.led,
        "choices": clients.choices(filters, reader),
    }
    return render(request, "referrals/advising/clients.html", context)


@require_GET
@advisers_only
def export_clients(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV: exactly its rows, and on record who took them."""
    at, reader = clock.now(), reader_of(request)
    filters = clients.Filters.from_query(request.GET)
    rows = clients.Clients(reader, filters, at).everything()
    audit.record(
        actor=reader,
        at=at,
        verb="idva_case.exported",
        subject="clients",
        is_grave=True,
        headline=f"List of clients exported: {len(rows)} rows",
        detail={"filters": filters.query, "references": [row.reference for row in rows]},
    )
    lines = csv_export.lines(clients.HEADINGS, clients.cells(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="clients-{at:%Y%m%d-%H%M}.csv"'
    return response


@require_GET
@advisers_only
def service(request: HttpRequest) -> HttpResponse:
    """What waits for an answer or for an adviser, and each adviser's load; for who leads."""
    at, reader = clock.now(), reader_of(request)
    teams = serving.led_by(reader, at)
    if not teams:
        raise PermissionDenied("This page is for those who lead IDVAs.")
    people = advisers.all_advisers(teams, at)
    waiting = advisers.waiting(reader, teams)
    kept = advisers.unallocated(reader, teams)
    context = {
        "now": at,
        "advisers": people,
        "waiting": advisers.with_suggestions(waiting, people),
        "unallocated": advisers.with_suggestions(kept, people),
        "clients": sum(one.clients for one in people),
        "room": sum(max(one.full - one.clients, 0) for one in people if one.absence is None),
    }
    return render(request, "referrals/advising/team.html", context)
