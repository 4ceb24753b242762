"""The force's table of triggers: to read, to change from a day on, and what it was."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock, policy
from core.errors import DomainError, Stale
from core.trigger_rules import Trigger
from deadlines.permissions import can_view_clocks
from risk import services, trigger_table
from risk.forms.trigger_rules import TriggerRuleForm
from risk.services.trigger_rules import merged, wanted_rules


@require_safe
def trigger_rules(request: HttpRequest) -> HttpResponse:
    """Every trigger with its times, who looks again, and what changed when."""
    at, user = clock.now(), reader_of(request)
    if not (can_view_clocks(user) or _may_change(user)):
        raise PermissionDenied("Your role does not watch what is due.")
    versions = trigger_table.history(at)
    context = {
        "rows": trigger_table.table(policy.at(at).trigger_rules),
        "versions": versions,
        "ahead": [version for version in versions if version.is_ahead],
        "may_change": _may_change(user),
        "now": at,
    }
    return render(request, "risk/trigger_rules/table.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_trigger_rule(request: HttpRequest, trigger: str) -> HttpResponse:
    """One trigger's rules: changed, looked at before, put in force."""
    at, user = clock.now(), reader_of(request)
    if not _may_change(user):
        raise PermissionDenied("Only those who keep the force policy may change it.")
    if trigger not in set(Trigger):
        raise Http404
    which, last = Trigger(trigger), trigger_table.newest()
    row = trigger_table.row_of(trigger_table.rules_of(last), which)
    if request.method != "POST":
        form = TriggerRuleForm.starting_from(row, last.pk if last else 0)
        return _page(request, row, form)
    form = TriggerRuleForm(request.POST, trigger=which)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    try:
        if "preview" in request.POST:
            return _page(request, row, form, changes=_preview(form, which))
        _change(form, which, user, at)
    except Stale as error:
        form.know(error.version)
        return _page(request, row, form, stale=error, status=409)
    except DomainError as error:
        form.refuse(error)
        return _page(request, row, form, status=error.status)
    messages.success(request, f"The rules for “{which.words}” are changed.")
    return redirect("risk:trigger_rules")


def _preview(form: TriggerRuleForm, trigger: Trigger) -> list[trigger_table.Changed]:
    before = trigger_table.rules_of(trigger_table.newest())
    return trigger_table.differences(before, merged(before, wanted_rules(trigger, form.rows())))


def _change(form: TriggerRuleForm, trigger: Trigger, user: User, at: datetime) -> None:
    said = form.cleaned_data
    services.change_trigger_rule(
        trigger=trigger.value,
        rows=form.rows(),
        from_day=said["from_day"],
        reason=said["reason"],
        seen=said["seen"],
        actor=user,
        at=at,
    )


def _may_change(user: User) -> bool:
    return user.has_perm("core.change_policy")


def _page(
    request: HttpRequest,
    row: trigger_table.Row,
    form: TriggerRuleForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"row": row, "form": form, "is_preview": "changes" in more, **more}
    return render(request, "risk/trigger_rules/change.html", context, status=status)
