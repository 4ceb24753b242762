"""One case of the IDVA service: asked for, answered, allocated, passed on, not reached."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.forms import VersionedForm
from referrals import advisers, case_parts, one_case, services
from referrals.forms.advising import (
    AcceptForm,
    GiveForm,
    GiveUpForm,
    ReferForm,
    RefuseForm,
)
from referrals.models import IdvaCase
from referrals.permissions import can_refer_to_advisers
from referrals.services.advising import serving
from referrals.services.advising.referring import is_high
from victims.views.common import note_reading, seen_by, tabs_of

Do = Callable[..., IdvaCase]


def seen(reader: User, reference: str) -> IdvaCase:
    """The case if this person may see the victim, else 404."""
    cases = IdvaCase.objects.visible_to(reader).select_related(
        "victim__person", "victim__area", "owner__team", "team", "referred_by", "answered_by"
    )
    return get_object_or_404(cases, reference=reference)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case, how to reach the client first; opening it is on record."""
    at, reader = clock.now(), reader_of(request)
    found = seen(reader, reference)
    note_reading(reader, request.path, found.victim, at)
    context = {
        "case": found,
        "victim": found.victim,
        "now": at,
        **one_case.read(found, reader, at),
        "panels": case_parts.shown_to(reader, found, at),
    }
    return render(request, "referrals/advising/case.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the IDVA service to stand beside a victim."""
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    if not can_refer_to_advisers(reader):
        raise PermissionDenied("Your role does not refer victims to the IDVA service.")
    form = ReferForm(request.POST or None, is_high=is_high(victim.grade))
    given = {"victim_id": victim.pk, "actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(services.refer_to_advisers, **given):
        made = form.result
        messages.success(request, f"{made.owner} is asked, and has {made.reference}.")
        return redirect("referrals:idva_case", reference=made.reference)
    context = {"victim": victim, "form": form, "now": at, **tabs_of(request, reader, victim, at)}
    return render(request, "referrals/advising/refer.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept a referral to the service, or say why not."""
    at, reader = clock.now(), reader_of(request)
    found = seen(reader, reference)
    if not serving.leads(reader, found, at):
        raise PermissionDenied(f"Whoever leads {found.team} answers this.")
    people = advisers.offered(found, advisers.all_advisers({found.team_id}, at))
    given = request.POST if request.method == "POST" else None
    does_accept = given is None or given.get("answer") != "refuse"
    first = {"version": found.version}
    accept = AcceptForm(given if does_accept else None, initial=first, choices=people)
    refuse = RefuseForm(None if does_accept else given, initial=first, auto_id="refuse_%s")
    form: VersionedForm = accept if does_accept else refuse
    do: Do = services.accept_idva_case if does_accept else services.refuse_idva_case
    context = {"accept": accept, "refuse": refuse, "people": people}
    return _act(request, found, form, do, "referrals/advising/answer.html", at, context)


@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever leads gives the case to an adviser."""
    at, reader = clock.now(), reader_of(request)
    found = seen(reader, reference)
    if not serving.leads(reader, found, at):
        raise PermissionDenied(f"Whoever leads {found.team} allocates this.")
    return _give(request, found, services.allocate_idva_case, at, words_needed=False)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, reference: str) -> HttpResponse:
    """An adviser passes a client on to another, with what they must know."""
    at, reader = clock.now(), reader_of(request)
    found = seen(reader, reference)
    if not serving.works_on(reader, found, at):
        raise PermissionDenied(f"{found.owner} has this case. They pass it on.")
    return _give(request, found, services.pass_on_idva_case, at, words_needed=True)


def _give(
    request: HttpRequest, found: IdvaCase, do: Do, at: datetime, *, words_needed: bool
) -> HttpResponse:
    teams = {team.pk for team in serving.teams_of(found)}
    people = advisers.offered(found, advisers.all_advisers(teams, at))
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        initial={"version": found.version},
        choices=people,
        words_needed=words_needed,
    )
    context = {"people": people, "words_needed": words_needed}
    return _act(request, found, form, do, "referrals/advising/give.html", at, context)


@require_http_methods(["GET", "HEAD", "POST"])
def gave_up(request: HttpRequest, reference: str) -> HttpResponse:
    """The client could not be reached, and what then."""
    at, reader = clock.now(), reader_of(request)
    found = seen(reader, reference)
    if not serving.works_on(reader, found, at):
        raise PermissionDenied(f"{found.owner} has this case. They say so.")
    given = request.POST if request.method == "POST" else None
    form = GiveUpForm(given, initial={"version": found.version})
    context = {"attempts": one_case.attempts(found, at)}
    do = services.give_up_idva_contact
    return _act(request, found, form, do, "referrals/advising/gave_up.html", at, context)


def _act(
    request: HttpRequest,
    found: IdvaCase,
    form: VersionedForm,
    do: Do,
    template: str,
    at: datetime,
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form, or do what it says; refused, it comes back with what was typed."""
    reader = reader_of(request)
    if request.method != "POST":
        note_reading(reader, request.path, found.victim, at)
    elif form.carries_out(do, case_id=found.pk, actor=reader, at=at):
        messages.success(request, one_case.said(form.result))
        return redirect(one_case.next_page(form.result, reader))
    shown = {"case": found, "victim": found.victim, "form": form, "stale": form.stale, "now": at}
    return render(request, template, {**shown, **context}, status=form.status)
