"""Who sees a record beyond their role, and records opened in an emergency."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock, csv_export
from victims import permissions, register, services
from victims.forms.withholding import GlassForm, LookedForm
from victims.models import Victim, VictimAccess
from victims.views.common import note_reading, seen_by, tabs_of

PER_PAGE = 50
HEADINGS = ("Use", "Opened", "By", "Team", "Victim", "Reason", "Until", "Ended", "Found", "Words")


def _filters(request: HttpRequest) -> register.Filters:
    return register.Filters.of(request.GET.dict(), register.USES, "all")


def _lister(request: HttpRequest) -> User:
    user = reader_of(request)
    if not register.may_list_uses(user):
        raise PermissionDenied("Your role opens no records in an emergency.")
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def glass(request: HttpRequest) -> HttpResponse:
    """Open a record in an emergency; below, the uses that this reader may see."""
    at, user = clock.now(), _lister(request)
    form = GlassForm(request.POST or None)
    if request.method == "POST":
        if not permissions.can_break_glass(user):
            raise PermissionDenied("Your role opens no records in an emergency.")
        if form.carries_out(services.open_in_emergency, actor=user, at=at):
            victim = form.result.victim.reference
            messages.success(request, f"{victim} is open to you. Whoever leads you is told.")
            return redirect("victims:detail", reference=victim)
    filters = _filters(request)
    context = {
        "form": form,
        "may_open": permissions.can_break_glass(user),
        "may_export": permissions.can_see_all_broken_glass(user),
        "page": Paginator(register.uses(user, filters), PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "shows": register.USES,
        "now": at,
    }
    return render(request, "victims/access/glass.html", context, status=form.status)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV for those who audit, and on record who took it."""
    at, user = clock.now(), _lister(request)
    if not permissions.can_see_all_broken_glass(user):
        raise PermissionDenied("Only those who audit take this list.")
    rows = list(register.uses(user, _filters(request)))
    audit.record(
        actor=user,
        at=at,
        verb="access.exported",
        headline=f"List of records opened in an emergency exported: {len(rows)} rows",
        subject="break-glass",
        detail={"uses": [row.called for row in rows]},
        is_grave=True,
    )
    lines = csv_export.lines(HEADINGS, (_cells(row) for row in rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="break-glass-{at:%Y%m%d-%H%M}.csv"'
    return response


def _cells(row: VictimAccess) -> tuple[object, ...]:
    found = {True: "right", False: "not right", None: ""}[row.found_right]
    when = [at.isoformat(timespec="minutes") if at else "" for at in (row.until_at, row.ended_at)]
    return (
        row.called,
        row.from_at.isoformat(timespec="minutes"),
        row.person,
        row.person.team or "",
        row.victim.reference,
        row.reason,
        *when,
        found,
        row.looked_at_words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def one_glass(request: HttpRequest, reference: str) -> HttpResponse:
    """One use: who, why, until when; and whoever leads them says whether it was right."""
    at, user = clock.now(), reader_of(request)
    row = register.use_called(reference, user)
    may_look = permissions.can_look_at_broken_glass(user, row.person)
    form = LookedForm(request.POST or None)
    if request.method == "POST":
        if not may_look:
            raise PermissionDenied("Whoever leads them says whether it was right.")
        if form.carries_out(services.look_at_broken_glass, access_id=row.pk, actor=user, at=at):
            messages.success(request, "What you think of it is on record.")
            return redirect("victims:broken_glass", reference=reference)
    context = {
        "row": row,
        "reference": reference,
        "form": form,
        "may_look": may_look and row.looked_at is None,
        "is_mine": row.person_id == user.pk,
        "is_open": row.ended_at is None and row.until_at is not None and row.until_at > at,
        "sees": Victim.objects.visible_to(user).filter(pk=row.victim_id).exists(),
        "now": at,
    }
    return render(request, "victims/access/one.html", context, status=form.status)


@require_POST
def close_glass(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a record back before its time."""
    user = reader_of(request)
    row = register.use_called(reference, user)
    services.close_glass(access_id=row.pk, actor=user, at=clock.now())
    messages.success(request, "The record is closed to you again.")
    return redirect("victims:broken_glass", reference=reference)


@require_safe
def access(request: HttpRequest, reference: str) -> HttpResponse:
    """Who may see this record beyond their role: why, since when, until when."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_see_access(user, victim):
        raise PermissionDenied("Who answers for this victim, who leads them, and auditors see it.")
    note_reading(user, request.path, victim, at)
    context = {
        "victim": victim,
        "now": at,
        "reasons": register.reasons_to_see(victim, at),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/access/of_victim.html", context)
