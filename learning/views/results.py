"""Who has read, who has passed, who has not."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Team
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from learning import export, results
from learning.models import Notice
from learning.permissions import sees_all_teams
from learning.results import NO_TEAM, STATES, Filters
from learning.views.common import results_readers_only

PAGE_SIZE = 50


@require_GET
@results_readers_only
def by_team(request: HttpRequest) -> HttpResponse:
    """How far each team is, for one notice or all that are in force."""
    at, filters = clock.now(), Filters.from_query(request.GET)
    teams = results.teams_of(reader_of(request))
    rows = [
        (row, results.overdue_words(row.overdue, row.oldest_due, at))
        for row in results.by_team(Filters(filters.notice), teams=teams, at=at)
    ]
    asked = sum(row.asked for row, _ in rows)
    passed = sum(row.passed for row, _ in rows)
    context = {
        **_filter_context(filters),
        "rows": rows,
        "asked": asked,
        "passed": passed,
        "overdue": sum(row.overdue for row, _ in rows),
        "percent": passed * 100 // asked if asked else None,
        "sees_all": teams is None,
    }
    return render(request, "learning/results.html", context)


@require_GET
@results_readers_only
def team(request: HttpRequest) -> HttpResponse:
    """One team by name, with dates."""
    reader, at, filters = reader_of(request), clock.now(), Filters.from_query(request.GET)
    chosen = filters.team if filters.team is not None else reader.team_id or NO_TEAM
    teams = results.teams_of(reader)
    if teams is not None and chosen not in teams:
        raise PermissionDenied("You see the results of your own team.")
    name = get_object_or_404(Team, pk=chosen).name if chosen else "In no team"
    filters = Filters(filters.notice, filters.state, chosen)
    rows = results.by_name(filters, teams=teams, at=at)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **_filter_context(filters),
        "name": name,
        "team": chosen,
        "now": at,
        "page": page,
        "rows": [(row, row.is_overdue(at)) for row in page.object_list],
    }
    return render(request, "learning/team.html", context)


@require_GET
@results_readers_only
def export_results(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered names as CSV: exactly the rows of the filter, and on record who took it."""
    at, reader, filters = clock.now(), reader_of(request), Filters.from_query(request.GET)
    rows = results.by_name(filters, teams=results.teams_of(reader), at=at)
    audit.record(
        actor=reader,
        at=at,
        verb="notice.exported",
        subject="learning",
        headline=f"Learning results exported: {len(rows)} rows",
        detail={
            "notice": filters.notice.reference if filters.notice else "",
            "show": filters.state,
            "team": filters.team,
            "all_teams": sees_all_teams(reader),
        },
    )
    response = StreamingHttpResponse(export.lines(rows, at), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="learning-{at:%Y%m%d-%H%M}.csv"'
    return response


def _filter_context(filters: Filters) -> dict[str, Any]:
    return {
        "filters": filters,
        "notices": Notice.objects.in_force().order_by("-published_at"),
        "states": [(code, words) for code, (words, _) in STATES.items()],
    }
