"""The plan for somebody who harms: read, written, looked at again, passed on, ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import reader_of
from audit import services as audit
from core import clock
from perpetrators.forms.management import WriteForm
from perpetrators.pages import management as pages
from perpetrators.permissions import can_manage_perpetrator
from perpetrators.services import management as services
from perpetrators.views.people import complained_of

PAGE = "perpetrators/management/plan.html"


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """A person's plan; posted, the first one or the next. Opening it is on record."""
    at, reader = clock.now(), reader_of(request)
    person = complained_of(reader, reference)
    if request.method != "POST":
        audit.record_read(user=reader, at=at, path=request.path, subject=person.reference)
        return render(request, PAGE, pages.plan_page(person, reader, at, {}))
    if not can_manage_perpetrator(reader):
        raise PermissionDenied("Your role does not keep management plans.")
    form = WriteForm(request.POST, auto_id="write_%s")
    if form.carries_out(services.write_plan, person_id=person.pk, actor=reader, at=at):
        messages.success(request, "The plan is written.")
        return redirect("perpetrators:plan", reference=reference)
    context = pages.plan_page(person, reader, at, {"write": form})
    return render(request, PAGE, context, status=form.status)


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One step of a plan; refused, the page shows again with what was typed."""
    at, reader, taken = clock.now(), reader_of(request), pages.STEPS[name]
    person = complained_of(reader, reference)
    if not can_manage_perpetrator(reader):
        raise PermissionDenied("Your role does not keep management plans.")
    found = pages.plan_of(person)
    if found is None:
        raise Http404
    form = pages.form_of(taken, found, request.POST)
    if form.carries_out(taken.act, plan_id=found.pk, actor=reader, at=at):
        messages.success(request, taken.done)
        return redirect("perpetrators:plan", reference=reference)
    context = {**pages.plan_page(person, reader, at, {name: form}), "stale": form.stale}
    return render(request, PAGE, context, status=form.status)
