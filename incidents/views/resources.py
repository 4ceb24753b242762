"""The resource board; one officer's duty; officers who book themselves on and off."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from core.forms import RefusableForm
from incidents.forms.dispatch import DutyForm, OnDutyForm, UnavailableForm, UnitForm
from incidents.models import Duty
from incidents.officers import officer_now, those_who_may_attend
from incidents.pages.resources import resources
from incidents.permissions import (
    may_attend,
    may_manage_resources,
    may_see_resources,
    may_send_officers,
)
from incidents.services import dispatch


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    if not may_see_resources(reader):
        raise PermissionDenied("The resource board is for the control room and officers.")
    if request.method == "POST":
        return _put_on_duty(request, reader, at)
    context = {"board": resources(request.GET.get("area", ""), at), "now": at}
    context["may_manage"] = may_manage_resources(reader)
    if request.headers.get("HX-Request"):
        return render(request, "incidents/dispatch/_resources.html", context)
    form = OnDutyForm() if context["may_manage"] else None
    return render(request, "incidents/resources.html", context | {"form": form})


def _put_on_duty(request: HttpRequest, actor: User, at: datetime) -> HttpResponse:
    if not may_manage_resources(actor):
        raise PermissionDenied("Only the control room puts others on duty.")
    form = OnDutyForm(request.POST)
    if form.is_valid() and (duty := _started(form, form.cleaned_data["officer"], actor, at)):
        messages.success(request, f"{duty.officer} is on duty.")
        return redirect("incidents:resources")
    context = {"board": resources("", at), "now": at, "may_manage": True, "form": form}
    return render(request, "incidents/resources.html", context, status=400)


def _started(form: DutyForm, officer: User, actor: User, at: datetime) -> Duty | None:
    """The duty that a valid form begins, or None with the refusal at its field."""
    try:
        return dispatch.start_duty(
            officer=officer,
            actor=actor,
            unit=form.cleaned_data["unit"],
            ends_at=form.ends_at(at),
            at=at,
        )
    except DomainError as error:
        form.refuse(error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def officer(request: HttpRequest, username: str) -> HttpResponse:
    """One officer's duty, and what the control room changes of it."""
    at, actor = clock.now(), reader_of(request)
    if not may_manage_resources(actor):
        raise PermissionDenied("Only the control room changes who can be sent.")
    person = get_object_or_404(those_who_may_attend(), username=username)
    act = request.POST.get("act", "")
    form = FORMS[act](request.POST) if act in FORMS else None
    if form is not None and form.is_valid():
        try:
            messages.success(request, _change(act, person, actor, form, at))
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("incidents:officer", username=username)
    return _officer_page(request, person, at, act, form)


def _officer_page(
    request: HttpRequest, person: User, at: datetime, act: str, form: RefusableForm | None
) -> HttpResponse:
    """A refused form keeps what was typed; the others begin with what holds now."""
    now = officer_now(person, at)
    unit = {"unit": now.unit.pk if now.unit else None}
    began: dict[str, RefusableForm] = {"move": UnitForm(initial=unit)} if now.duty else {}
    shown = {"on": DutyForm(), "unavailable": UnavailableForm(), **began}
    if form is not None:
        shown[act] = form
    context = {
        "officer": now,
        "shown": shown,
        "forms": [form] if form else [],
        "now": at,
        "may_send": may_send_officers(reader_of(request)),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "incidents/dispatch/officer.html", context, status=status)


#: What each button of the page sends.
FORMS: dict[str, type[RefusableForm]] = {
    "on": DutyForm,
    "off": RefusableForm,
    "unavailable": UnavailableForm,
    "available": RefusableForm,
    "move": UnitForm,
}

Change = Callable[[Duty, User, RefusableForm, datetime], object]
_CHANGES: dict[str, tuple[Change, str]] = {
    "off": (
        lambda duty, actor, form, at: dispatch.end_duty(duty_id=duty.pk, actor=actor, at=at),
        "is off duty",
    ),
    "unavailable": (
        lambda duty, actor, form, at: dispatch.make_unavailable(
            duty_id=duty.pk, actor=actor, reason=form.cleaned_data["reason"], at=at
        ),
        "is not available",
    ),
    "available": (
        lambda duty, actor, form, at: dispatch.make_available(duty_id=duty.pk, actor=actor, at=at),
        "is available again",
    ),
    "move": (
        lambda duty, actor, form, at: dispatch.change_unit(
            duty_id=duty.pk, unit=form.cleaned_data["unit"], actor=actor, at=at
        ),
        "has moved",
    ),
}


def _change(act: str, person: User, actor: User, form: RefusableForm, at: datetime) -> str:
    """Do it, and say so. Raises DomainError."""
    if isinstance(form, DutyForm):
        dispatch.start_duty(
            officer=person,
            actor=actor,
            unit=form.cleaned_data["unit"],
            ends_at=form.ends_at(at),
            at=at,
        )
        return f"{person} is on duty."
    duty = Duty.objects.filter(officer=person, ended_at__isnull=True).first()
    if duty is None:
        if act == "off":
            return f"{person} is off duty."
        raise DomainError(f"{person} is not on duty any more.")
    change, words = _CHANGES[act]
    change(duty, actor, form, at)
    return f"{person} {words}."


@require_POST
def my_duty(request: HttpRequest) -> HttpResponse:
    """Officers say whether they are on duty and can be sent; whoever they are, only themselves."""
    at, own = clock.now(), reader_of(request)
    if not may_attend(own):
        raise PermissionDenied("Only officers who attend incidents are on duty here.")
    act = request.POST.get("act", "")
    act = act if act in _OWN_WORDS else "off"
    form = FORMS[act](request.POST)
    try:
        if form.is_valid():
            _change(act, own, own, form, at)
            messages.success(request, _OWN_WORDS[act])
        else:
            messages.error(request, _why(form))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("incidents:mine")


#: What an officer is told who pressed a button of their own home.
_OWN_WORDS = {
    "on": "You are on duty.",
    "off": "You are off duty.",
    "unavailable": "You are not available. The control room sees it.",
    "available": "You are available again.",
}


def _why(form: RefusableForm) -> str:
    if isinstance(form, UnavailableForm):
        return " ".join(str(words) for errors in form.errors.values() for words in errors)
    return "Choose a unit from the list, and a time like 18:30."
