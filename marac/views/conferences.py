"""Conferences: what each is, and a coordinator's changes to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from marac import meetings as pages
from marac.forms.conferences import ConferenceForm
from marac.models import Conference
from marac.permissions import can_keep
from marac.services import meetings as services
from marac.services.meetings.conferences import details_of

#: On the page of a conference: the next ones.
MOST_SHOWN = 6


def _seen(request: HttpRequest, pk: int) -> Conference:
    rows = Conference.objects.visible_to(reader_of(request))
    return get_object_or_404(rows.select_related("team", "chair", "coordinator"), pk=pk)


def _coordinator(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_keep(reader, Conference()):
        raise PermissionDenied("Only coordinators keep conferences.")
    return reader


@require_http_methods(["GET", "HEAD", "POST"])
def conference(request: HttpRequest, conference_id: int) -> HttpResponse:
    """What a conference is; by POST it is changed."""
    at, found, reader = clock.now(), _seen(request, conference_id), reader_of(request)
    if request.method != "POST":
        begun = {**_begun(found), "version": found.version}
        form = ConferenceForm(initial=begun) if can_keep(reader, found) else None
        return _shown(request, found, form)
    form = ConferenceForm(request.POST)
    if form.is_valid():
        try:
            services.edit_conference(
                conference_id=found.pk,
                **form.details(),
                version=form.cleaned_data["version"] or 0,
                actor=_coordinator(request),
                at=at,
            )
        except DomainError as error:
            return _shown(request, found, form, error)
        messages.success(request, "Saved. Its meetings ahead follow.")
        return redirect("marac:conference", conference_id=found.pk)
    _coordinator(request)
    return _shown(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_conference(request: HttpRequest) -> HttpResponse:
    """Another conference."""
    at, reader = clock.now(), _coordinator(request)
    form = ConferenceForm(request.POST or None)
    if request.method == "POST" and form.carries_out(services.open_conference, actor=reader, at=at):
        messages.success(request, "Its meetings are planned, and agencies are invited.")
        return redirect("marac:conference", conference_id=form.result.pk)
    return render(request, "marac/conferences/new.html", {"form": form}, status=form.status)


@require_POST
def plan(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Plan ahead now; it happens every night by itself."""
    at, found = clock.now(), _seen(request, conference_id)
    made = services.plan_meetings(conference_id=found.pk, actor=_coordinator(request), at=at)
    said = f"{len(made)} more meetings are planned." if made else "Everything is planned already."
    messages.success(request, said)
    return redirect("marac:conference", conference_id=found.pk)


def _begun(found: Conference) -> dict[str, object]:
    details = details_of(found)
    return {name: getattr(details, name) for name in details.__slots__}


def _shown(
    request: HttpRequest,
    found: Conference,
    form: ConferenceForm | None,
    error: DomainError | None = None,
) -> HttpResponse:
    status = 200 if form is None or not form.is_bound else 400
    if error is not None and form is not None:
        form.refuse(error)
        status = error.status
        if isinstance(error, Stale):
            form.data = {**form.data, "version": error.version}
    reader = reader_of(request)
    context = {
        "conference": found,
        "form": form,
        "stale": error if isinstance(error, Stale) else None,
        "members": found.members.select_related("agency").order_by("-is_core", "agency__name"),
        "covers": found.covers.select_related("area").order_by("area__name"),
        "meetings": pages.listed(reader, conference=found)[:MOST_SHOWN],
    }
    return render(request, "marac/conferences/one.html", context, status=status)
