"""Two assessments of a victim, question by question."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from core import clock
from risk import page
from risk.comparing import compare as compared
from risk.models import Assessment
from victims.views.common import note_reading, seen_by

#: Newest assessments to choose from; the two that are named are always among them.
OFFERED = 40


@require_safe
def compare(request: HttpRequest, reference: str) -> HttpResponse:
    """The two that the address names (`then`, `now`), else the last two that were submitted."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    note_reading(reader, request.path, victim, at)
    rows = Assessment.objects.filter(victim=victim).select_related("instrument", "officer")
    offered = list(rows.order_by("-started_at", "-pk")[:OFFERED])
    named = {request.GET.get(name, "") for name in ("then", "now")} - {""}
    if older := named - {row.reference for row in offered}:
        offered += rows.filter(reference__in=older)
    then, now_ = _chosen(offered, request.GET.get("then", ""), request.GET.get("now", ""))
    shows_all = request.GET.get("show") == "all"
    context = {"victim": victim, "now": at, "offered": offered, "shows_all": shows_all}
    if then is not None and now_ is not None:
        both = compared(then, now_)
        sides = [(title, one, page.progress(one)) for title, one in (("Then", then), ("Now", now_))]
        context |= {"then": then, "later": now_, "sides": sides, "both": both}
        context["parts"] = both.parts if shows_all else both.changed
        context["changes"] = sum(row.is_changed for row in both.rows)
    return render(request, "risk/compare.html", context)


def _chosen(
    offered: Sequence[Assessment], then: str, now: str
) -> tuple[Assessment | None, Assessment | None]:
    """Which two: as named, else the newest submitted and the one submitted before it."""
    whole = [row for row in offered if row.submitted_at is not None]
    later = _named(offered, now) if now else next(iter(whole), None)
    if then:
        return _named(offered, then), later
    if later is None:
        return None, None
    before = [row for row in whole if row.started_at < later.started_at]
    return (before[0] if before else None), later


def _named(offered: Sequence[Assessment], reference: str) -> Assessment:
    for row in offered:
        if row.reference == reference:
            return row
    raise Http404
