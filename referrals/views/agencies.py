"""Pages of those who keep partner agencies: which there are, and how each is reached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, InvalidInput, Stale
from referrals import partners
from referrals.forms.agencies import (
    AgencyFilterForm,
    AgencyForm,
    ChannelForm,
    SwitchForm,
    VersionForm,
)
from referrals.models import AgencyChannel
from referrals.permissions import can_manage_agencies
from referrals.services import agencies as services

ON_A_PAGE = 50

View = Callable[..., HttpResponse]


def managers_only(view: View) -> View:
    """403 for whoever does not keep partner agencies."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_manage_agencies(reader_of(request)):
            raise PermissionDenied("Your role does not keep partner agencies.")
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@managers_only
def agencies(request: HttpRequest) -> HttpResponse:
    """Every partner, how it is reached, and what is open with it."""
    at, reader = clock.now(), reader_of(request)
    form = AgencyFilterForm(request.GET)
    page = Paginator(partners.agencies(form.filters()), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "now": at,
        "form": form,
        "page": page,
        "lines": partners.lines(list(page.object_list), reader=reader, at=at),
        "dead": partners.undelivered(reader).count(),
    }
    return render(request, "referrals/agencies/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def add(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    given = {"actor": reader_of(request), "at": clock.now()}
    if request.method == "POST" and form.carries_out(services.add_agency, **given):
        agency = form.result
        messages.success(request, f"{agency} is added. Say now how it is reached.")
        return redirect("referrals:agency", agency_id=agency.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "referrals/agencies/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """One partner; a POST says how it is reached."""
    found = _partner(agency_id)
    if request.method != "POST":
        return _page(request, found, None)
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        kept = services.keep_channel(
            agency_id=found.pk, **form.details(), actor=reader_of(request), at=clock.now()
        )
    except Stale as stale:
        form.know(stale.version)
        return _page(request, found, form, stale=stale, status=stale.status)
    except DomainError as error:
        form.refuse(error)
        return _page(request, found, form, status=error.status)
    return _kept(request, found, kept)


@require_POST
@managers_only
def renew_secret(request: HttpRequest, agency_id: int) -> HttpResponse:
    """A new secret, shown on the very answer: nothing keeps it for a second look."""
    found, form = _partner(agency_id), VersionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("The page was not sent whole. Go back and try again.")
    try:
        kept = services.renew_secret(
            agency_id=found.pk,
            version=form.cleaned_data["version"],
            actor=reader_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("referrals:agency", agency_id=found.pk)
    return _kept(request, found, kept)


@require_POST
@managers_only
def try_channel(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Send a test message and say what came of it."""
    found = _partner(agency_id)
    try:
        answer = services.try_channel(agency_id=found.pk, actor=reader_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        say = messages.success if answer.arrived else messages.error
        say(request, f"Test message: {answer.words}")
    return redirect("referrals:agency", agency_id=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def representative(request: HttpRequest, agency_id: int, person_id: int) -> HttpResponse:
    """Let one representative sign in no more, or again."""
    found = _partner(agency_id)
    person = get_object_or_404(partners.representatives_of([found.pk]), pk=person_id)
    form = SwitchForm(request.POST or None, initial={"on": "0" if person.is_active else "1"})
    given = {"person_id": person.pk, "actor": reader_of(request), "at": clock.now()}
    if request.method == "POST" and form.carries_out(services.switch_representative, **given):
        again = "again" if form.cleaned_data["on"] else "no more"
        messages.success(request, f"{person} may sign in {again}.")
        return redirect("referrals:agency", agency_id=found.pk)
    context = {"agency": found, "person": person, "form": form}
    status = 400 if request.method == "POST" else 200
    return render(request, "referrals/agencies/representative.html", context, status=status)


def _partner(agency_id: int) -> Agency:
    return get_object_or_404(Agency.objects.exclude(kind=Agency.Kind.POLICE), pk=agency_id)


def _kept(request: HttpRequest, found: Agency, kept: services.Kept) -> HttpResponse:
    if kept.secret:
        context = {"agency": found, "kept": kept}
        return render(request, "referrals/agencies/secret.html", context)
    messages.success(request, f"It is recorded how {found} is reached.")
    return redirect("referrals:agency", agency_id=found.pk)


def _page(
    request: HttpRequest,
    found: Agency,
    form: ChannelForm | None,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    channels = AgencyChannel.objects.select_related("area", "changed_by")
    channel = channels.filter(agency=found).first()
    waiting = partners.open_with([found.pk], reader=reader, at=at).order_by("shared_at", "pk")
    people = list(partners.representatives_of([found.pk]).select_related("team"))
    context = {
        "now": at,
        "agency": found,
        "channel": channel,
        "form": form or ChannelForm.of(channel),
        "stale": stale,
        "people": people,
        "teams": found.teams.all(),
        "waiting": waiting[: partners.MOST],
        "waiting_count": waiting.count(),
        "sent": partners.last_messages(found.pk, reader=reader),
    }
    return render(request, "referrals/agencies/agency.html", context, status=status)
