"""What victims thought: whom to ask, asking them, and the results in numbers."""

import csv
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock, policy
from core.errors import DomainError, Stale
from referrals.forms.voice import AskForm, NotAskedForm, PeriodForm
from referrals.models import Survey
from referrals.permissions import can_ask_voice, can_view_voice
from referrals.services import voice
from referrals.voice_results import Results, Wanted, results, wanted_from, words_for
from victims import safe_way
from victims.models import SafeContact, Victim
from victims.services.once import SentAlready
from victims.views.common import note_reading, seen_by

PER_PAGE = 25


@require_safe
def to_ask(request: HttpRequest) -> HttpResponse:
    """The victims to be asked, least time left first: one's own, the team's, or all one sees."""
    at, user = clock.now(), reader_of(request)
    if not can_ask_voice(user):
        raise PermissionDenied("Your role does not ask victims what they thought.")
    whose = request.GET.get("whose", "team")
    rows = Survey.objects.visible_to(user).filter(state=Survey.State.TO_ASK)
    if whose == "mine":
        rows = rows.filter(owner=user)
    elif whose != "all":
        rows = rows.filter(Q(team=user.team_id) | Q(owner=user))
    rows = rows.select_related("victim__person", "team", "owner").order_by("due_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "now": at, "whose": whose}
    return render(request, "referrals/voice/to_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """How to reach one victim, what is to be asked, and what came of it."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not can_ask_voice(user):
        raise PermissionDenied("Your role does not ask victims what they thought.")
    survey = _chosen(request, victim)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
    if survey is None:
        return render(request, "referrals/voice/ask.html", {"victim": victim, "now": at})
    if request.method != "POST":
        form = AskForm.blank(_current(victim), survey.about)
        return _page(request, victim, survey, form, NotAskedForm(), at)
    if request.POST.get("act") == "not_asked":
        return _not_asked(request, victim, survey, user, at)
    return _asked(request, victim, survey, user, at)


def _asked(
    request: HttpRequest, victim: Victim, survey: Survey, user: User, at: datetime
) -> HttpResponse:
    form, stale, status = AskForm(request.POST, about=survey.about), None, 400
    if form.is_valid():
        try:
            done = voice.ask(
                survey_id=survey.pk,
                result=form.cleaned_data["result"],
                how=form.how(),
                answers=form.answers(),
                words=form.cleaned_data["said"],
                actor=user,
                at=at,
            )
        except DomainError as error:
            status = error.status
            stale = _show(form, error, victim)
        else:
            return _after(request, victim, done)
    return _page(request, victim, survey, form, NotAskedForm(), at, status=status, stale=stale)


def _show(form: AskForm, error: DomainError, victim: Victim) -> Stale | None:
    """The refusal at its field; a safe contact changed meanwhile is shown above the form."""
    if isinstance(error, Stale):
        current = _current(victim)
        form.know(current)
        return error
    if isinstance(error, SentAlready):
        form.renew()
    form.refuse(error)
    return None


def _after(request: HttpRequest, victim: Victim, done: voice.Asked) -> HttpResponse:
    """The link is shown this once: nobody here keeps its secret."""
    if done.secret:
        path = reverse("referrals:voice_link", args=[done.secret])
        address = request.build_absolute_uri(path)
        context = {"victim": victim, "survey": done.survey, "address": address}
        return render(request, "referrals/voice/link_given.html", context)
    messages.success(request, f"On record: {done.survey.get_state_display().lower()}.")
    return redirect("referrals:voice_to_ask")


def _not_asked(
    request: HttpRequest, victim: Victim, survey: Survey, user: User, at: datetime
) -> HttpResponse:
    form = NotAskedForm(request.POST)
    if form.carries_out(voice.not_asked, survey_id=survey.pk, actor=user, at=at):
        messages.success(request, "It is on record.")
        return redirect("referrals:voice_to_ask")
    blank = AskForm.blank(_current(victim), survey.about)
    return _page(request, victim, survey, blank, form, at, status=form.status)


def _chosen(request: HttpRequest, victim: Victim) -> Survey | None:
    """The one that the form or the address names, else the first that is open."""
    rows = Survey.objects.filter(victim=victim).select_related("owner", "team")
    said = request.POST.get("survey") or request.GET.get("survey", "")
    if said.isascii() and said.isdigit() and len(said) < 18:
        return rows.filter(pk=int(said)).first()
    return rows.filter(state__in=Survey.OPEN).order_by("due_at", "pk").first()


def _current(victim: Victim) -> SafeContact | None:
    found = SafeContact.objects.select_related("checked_by")
    return found.filter(victim=victim, is_current=True).first()


def _page(
    request: HttpRequest,
    victim: Victim,
    survey: Survey,
    form: AskForm,
    not_asked: NotAskedForm,
    at: datetime,
    *,
    status: int = 200,
    stale: Stale | None = None,
) -> HttpResponse:
    others = Survey.objects.filter(victim=victim, state__in=Survey.OPEN).exclude(pk=survey.pk)
    context: dict[str, Any] = {
        "victim": victim,
        "now": at,
        "survey": survey,
        "others": others,
        "form": form,
        "not_asked": not_asked,
        "forms": [form, not_asked],
        "rules": safe_way.rules_of(_current(victim), at),
        "stale": stale,
    }
    return render(request, "referrals/voice/ask.html", context, status=status)


def _results_for(request: HttpRequest) -> tuple[User, PeriodForm, Wanted, Results]:
    at, user = clock.now(), reader_of(request)
    if not can_view_voice(user):
        raise PermissionDenied("Those who lead see what victims thought.")
    form = PeriodForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = wanted_from(said.get("since"), said.get("until"), said.get("about", ""), at)
    return user, form, wanted, results(wanted, policy.at(at).survey_fewest)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Answered of asked of closed, and each question's answers, by side and team."""
    user, form, wanted, found = _results_for(request)
    words = words_for(user, wanted, found.wholes)
    context = {"form": form, "wanted": wanted, "found": found, "words": words}
    return render(request, "referrals/voice/numbers.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table for other programs; what is hidden stays empty."""
    _, _, wanted, found = _results_for(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"voice-{wanted.first}-{wanted.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    table = csv.writer(response)
    scale = [f"answered {value}" for value in range(1, 6)]
    table.writerow(["about", "team", "closed", "asked", "answered", "question", "mean", *scale])
    for group in [*found.wholes, *found.teams]:
        for row in group.questions:
            mean = "" if row.mean is None else f"{row.mean:.2f}"
            counts = row.counts if row.is_shown else [""] * 5
            said = [group.about, group.team or "all", group.closed, group.asked, group.answered]
            table.writerow([*said, row.question.short, mean, *counts])
    return response
