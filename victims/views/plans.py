"""The safety plan: what counts, writing a version, looking at it again, and what is shared."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from victims import permissions, safety_plan, services
from victims.duties import named
from victims.forms import PlanForms, PlanReviewForm, StepDoneForm
from victims.models import Duty, PlanStep, SafetyPlan, Victim
from victims.people import team_mates
from victims.views.common import note_reading, seen_by, tabs_of

#: Of a team; a longer list would be no choice.
MOST_PEOPLE = 60


@require_safe
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """The version that counts, its steps by time left, and the versions before."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    return _page(request, victim, None, at)


@require_POST
def review_plan(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_write_plan(user):
        raise PermissionDenied("Your role does not review safety plans.")
    form = PlanReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, victim, form, at, 400)
    try:
        services.review_plan(victim_id=victim.pk, **form.cleaned_data, actor=user, at=at)
    except DomainError as error:
        form.refuse(error)
        return _page(request, victim, form, at, error.status)
    messages.success(request, "The plan was looked at and stands as it is.")
    return redirect("victims:plan", reference=reference)


@require_POST
def mark_step(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Done, or not done after all."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    step = get_object_or_404(
        PlanStep, plan__victim=victim, plan__is_current=True, position=position
    )
    if not permissions.can_mark_step(user, step):
        raise PermissionDenied("Only those who write plans, and whoever does the step, say so.")
    form = StepDoneForm(request.POST)
    if not form.is_valid():
        return _page(request, victim, None, at, 400)
    said = form.cleaned_data
    services.mark_step(
        victim_id=victim.pk,
        version=said["version"],
        position=position,
        is_done=said["is_done"] == "yes",
        actor=user,
        at=at,
    )
    return redirect("victims:plan", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def write_plan(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_write_plan(user):
        raise PermissionDenied("Your role does not write safety plans.")
    current = safety_plan.current_of(victim)
    people = _people(victim, current, user)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _form_page(request, victim, current, PlanForms.starting_from(current, people))
    if "more" in request.POST:
        more = PlanForms.with_more_rows(request.POST, people)
        return _form_page(request, victim, current, more)
    return _written(request, victim, current, PlanForms(people, request.POST), at)


def _written(
    request: HttpRequest,
    victim: Victim,
    current: SafetyPlan | None,
    plan_forms: PlanForms,
    at: datetime,
) -> HttpResponse:
    if not plan_forms.is_valid():
        return _form_page(request, victim, current, plan_forms, status=400)
    try:
        row = services.write_plan(
            victim_id=victim.pk, **plan_forms.details(), actor=reader_of(request), at=at
        )
    except Stale as error:
        plan_forms.know(error.version)
        return _form_page(request, victim, current, plan_forms, error, 409)
    except DomainError as error:
        plan_forms.refuse(error)
        return _form_page(request, victim, current, plan_forms, status=error.status)
    messages.success(request, f"Version {row.version} of the safety plan counts from now on.")
    return redirect("victims:plan", reference=victim.reference)


@require_safe
def shared_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """What the victim is given: the shared steps and nothing else, to be read or printed."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    current = safety_plan.current_of(victim)
    steps = [step for step in current.steps.all() if step.is_shared] if current else []
    context = {"victim": victim, "plan": current, "steps": steps, "now": at}
    return render(request, "victims/plans/shared.html", context)


@require_safe
def plan_version(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """One version as it was, and what it changed."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    rows = victim.plans.select_related("written_by", "reviewed_by").prefetch_related("steps__owner")
    row = get_object_or_404(rows, version=version)
    before = rows.filter(version=version - 1).first()
    earlier = list(before.steps.all()) if before else []
    context = {
        "victim": victim,
        "plan": row,
        "before": before,
        "changes": safety_plan.changes(earlier, list(row.steps.all())),
        "now": at,
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/plans/version.html", context)


def _people(victim: Victim, current: SafetyPlan | None, user: User) -> dict[str, User]:
    """Who may be given a step: the teams that answer for the victim, who has steps, the writer."""
    teams = {victim.plan_team_id, victim.contact_team_id}
    if user.team_id is not None:
        teams.add(user.team_id)
    people = {row.username: row for row in team_mates(victim, teams)[:MOST_PEOPLE]}
    steps = current.steps.all() if current else []
    for person in (user, victim.plan_owner, *(step.owner for step in steps)):
        if person is not None and person.is_active:
            people.setdefault(person.username, person)
    return people


def _page(
    request: HttpRequest,
    victim: Victim,
    form: PlanReviewForm | None,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    user = reader_of(request)
    current = safety_plan.current_of(victim)
    may_write = permissions.can_write_plan(user)
    if form is None and current is not None and may_write:
        form = PlanReviewForm(initial={"version": current.version})
    context = {
        "victim": victim,
        "plan": current,
        "steps": safety_plan.by_time_left(current) if current else [],
        "is_missing": safety_plan.is_missing(victim, current),
        "versions": victim.plans.select_related("written_by").order_by("-version"),
        "form": form,
        "may_write": may_write,
        "reader": user,
        "answers": named(victim, Duty.PLAN, at),
        "now": at,
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/plans/plan.html", context, status=status)


def _form_page(
    request: HttpRequest,
    victim: Victim,
    current: SafetyPlan | None,
    plan_forms: PlanForms,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "victim": victim,
        "plan": current,
        "form": plan_forms.whole,
        "steps": plan_forms.steps,
        "forms": [plan_forms.whole, plan_forms.steps],
        "stale": stale,
    }
    return render(request, "victims/plans/write.html", context, status=status)
