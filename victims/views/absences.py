"""Who is away and who stands in: one's own, whom one stands in for, and the people one leads."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Absence, User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from victims import permissions, services
from victims.forms.absences import AbsenceForm, ChangeAbsenceForm
from victims.people import led_by
from victims.services.absences import stamp

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away now or will be, and the form that arranges it."""
    at, user = clock.now(), reader_of(request)
    if request.method != "POST":
        form = AbsenceForm(reader=user, initial={"person": user.username})
        return _list_page(request, user, form, at)
    form = AbsenceForm(request.POST, reader=user)
    if form.carries_out(services.arrange_absence, actor=user, at=at):
        row = form.result
        messages.success(request, f"{row.cover} stands in for {row.person}.")
        return redirect("victims:absences")
    return _list_page(request, user, form, at, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Change one that is arranged: other times, or somebody else."""
    at, user = clock.now(), reader_of(request)
    row = _arranged(absence_id, user)
    if request.method != "POST":
        return _change_page(request, row, ChangeAbsenceForm(absence=row, reader=user), at)
    form, stale = ChangeAbsenceForm(request.POST, absence=row, reader=user), None
    if form.is_valid():
        try:
            services.change_absence(absence_id=row.pk, **form.details(), actor=user, at=at)
        except Stale as error:
            row.refresh_from_db()
            form.know(stamp(row))
            stale = error
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "Changed.")
            return redirect("victims:absences")
    return _change_page(request, row, form, at, stale, status=409 if stale else 400)


@require_POST
def end_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    row = _arranged(absence_id, user)
    try:
        services.end_absence(absence_id=row.pk, actor=user, at=at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{row.person} is here.")
    return redirect("victims:absences")


def _arranged(absence_id: int, user: User) -> Absence:
    """The absence, or 404 for whoever has nothing to do with it."""
    row = get_object_or_404(Absence.objects.select_related("person__team", "cover"), pk=absence_id)
    if not permissions.can_arrange_cover(user, row.person):
        raise Http404
    return row


def _list_page(
    request: HttpRequest, user: User, form: AbsenceForm, at: datetime, status: int = 200
) -> HttpResponse:
    leads = user.has_perm("accounts.arrange_cover")
    mine = Q(person=user) | Q(cover=user)
    if leads:
        mine |= Q(person__in=led_by(user).values("pk"))
    rows = list(
        Absence.objects.filter(mine, until_at__gt=at)
        .select_related("person__team", "cover")
        .order_by("from_at", "pk")[:MOST]
    )
    theirs = led_by(user).filter(pk__in={row.person_id for row in rows}) if leads else ()
    may_change = {user.pk, *(person.pk for person in theirs)}
    context = {
        "now": at,
        "form": form,
        "leads": leads,
        "rows": [(row, row.person_id in may_change) for row in rows],
    }
    return render(request, "victims/duties/absences.html", context, status=status)


def _change_page(
    request: HttpRequest,
    row: Absence,
    form: ChangeAbsenceForm,
    at: datetime,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"row": row, "form": form, "now": at, "stale": stale}
    return render(request, "victims/duties/absence.html", context, status=status)
