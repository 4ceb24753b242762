"""Actions: the list, one action, and what people say became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.forms import VersionedForm
from marac import actions_export, followed
from marac.forms.actions import ActionFilter, PassForm, ReopenForm, SettleForm
from marac.models import MaracAction
from marac.permissions import can_settle_action, can_view_conferences
from marac.querysets import ActionQuerySet
from marac.services import actions

ON_A_PAGE = 25
MOST_EXPORTED = 5_000


@dataclass(frozen=True)
class Step:
    """A step of an action: its form, its service, and what is said when it is done."""

    form: type[VersionedForm]
    act: Callable[..., MaracAction]
    done: str


STEPS = {
    "settle": Step(SettleForm, actions.settle_action, "It is on record."),
    "pass": Step(PassForm, actions.pass_action, "It is passed on."),
    "reopen": Step(ReopenForm, actions.reopen_action, "It is open again."),
}


def lister(request: HttpRequest) -> User:
    """Who asks, if they may see the list. Raises PermissionDenied otherwise."""
    reader = reader_of(request)
    if not followed.can_list(reader):
        raise PermissionDenied("Your role does not follow the actions of conferences.")
    return reader


def seen(reader: User, reference: str) -> MaracAction:
    """The action of this reference, or 404 for whoever may not see it."""
    rows = followed.with_people(MaracAction.objects.visible_to(reader))
    return get_object_or_404(rows.select_related("agreed_by"), reference=reference)


def chosen(reader: User, form: ActionFilter, at: datetime) -> ActionQuerySet:
    """The rows of the list that the filter asks for."""
    said = form.cleaned_data if form.is_valid() else {}
    return followed.with_people(followed.found(followed.listed(reader), said, reader, at))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is to be done and what became of it: all, or one's own agency's."""
    at, reader, form = clock.now(), lister(request), ActionFilter(request.GET)
    rows = chosen(reader, form, at)
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "keeps": can_view_conferences(reader),
        "agency": reader.team.agency if reader.team else None,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "now": at,
    }
    return render(request, "marac/actions/list.html", context)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as CSV, and on record who took it."""
    at, reader = clock.now(), lister(request)
    rows = list(chosen(reader, ActionFilter(request.GET), at)[:MOST_EXPORTED])
    audit.record(
        actor=reader,
        at=at,
        verb="marac.actions_exported",
        subject="marac actions",
        is_grave=True,
        headline=f"Actions of conferences exported: {len(rows)} rows",
        detail={"references": [row.reference for row in rows]},
    )
    response = StreamingHttpResponse(
        actions_export.lines(rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="actions-{at:%Y%m%d-%H%M}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One action; that it was opened is on record."""
    at, reader = clock.now(), reader_of(request)
    action = seen(reader, reference)
    audit.record_read(
        user=reader, at=at, path=request.path, subject=reference, victim_id=action.victim_id
    )
    return render(request, "marac/actions/one.html", shown(action, reader, at, {}))


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One step of an action; refused, the page shows again with what was typed."""
    at, reader, taken = clock.now(), reader_of(request), STEPS[name]
    action = seen(reader, reference)
    if not can_settle_action(reader, action):
        raise PermissionDenied(f"Those of {action.agency} say what became of this.")
    form = form_of(name, action, request.POST)
    if form.carries_out(taken.act, action_id=action.pk, actor=reader, at=at):
        messages.success(request, taken.done)
        return redirect("marac:action", reference=reference)
    context = shown(seen(reader, reference), reader, at, {name: form}) | {"stale": form.stale}
    return render(request, "marac/actions/one.html", context, status=form.status)


def form_of(name: str, action: MaracAction, data: Any = None) -> VersionedForm:
    """The step's form, blank or with what was sent; each has ids of its own on the page."""
    initial = {"version": action.version, "owner_id": action.owner_id}
    more: dict[str, Any] = {"people": followed.colleagues(action)} if name == "pass" else {}
    return STEPS[name].form(data, initial=initial, auto_id=f"{name}_%s", **more)


def shown(
    action: MaracAction, reader: User, at: datetime, sent: dict[str, VersionedForm]
) -> dict[str, Any]:
    """The page with its forms: those of an open action, or that of a settled one."""
    context = followed.page_of(action, reader, at)
    is_open = action.state == MaracAction.State.OPEN
    names = ["settle", "pass"] if is_open else ["reopen"]
    # What was sent stays to be read, although the action moved on in the meantime.
    names += [name for name in sent if name not in names]
    forms = {name: sent.get(name) or form_of(name, action) for name in names}
    return {
        **context,
        "steps_to_take": forms if context["may_settle"] else {},
        "forms": list(sent.values()),
    }
