"""What an assessment left unknown, settled topic by topic."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from risk import overview, services
from risk.forms import FindOutForm
from risk.models import Assessment, UnknownAnswer
from risk.permissions import can_find_out, can_judge
from risk.services.unknowns import Settled
from risk.views.assess import note_reading, seen_by
from victims.models import RiskGrade


@require_http_methods(["GET", "HEAD", "POST"])
def unknowns(request: HttpRequest, reference: str) -> HttpResponse:
    """Every unknown answer of one assessment: the open ones with a form each."""
    at, reader = clock.now(), reader_of(request)
    assessment = seen_by(request, reference)
    if request.method != "POST":
        note_reading(request, assessment, at)
        return _page(request, assessment, None, at)
    if not can_find_out(reader):
        raise PermissionDenied("Only those who look at risk settle what was not known.")
    unknown = assessment.unknowns.filter(topic=request.POST.get("topic", "")).first()
    if unknown is None:
        messages.error(request, "Choose one of the answers that were not known.")
        return _page(request, assessment, None, at, 400)
    form = FindOutForm(request.POST, prefix=unknown.topic)
    if form.is_valid():
        try:
            settled = _settle(form, unknown, reader, at)
        except DomainError as error:
            form.refuse(error)
            return _page(request, assessment, form, at, error.status)
        _tell(request, settled)
        return redirect("risk:unknowns", reference=reference)
    return _page(request, assessment, form, at, 400)


def _settle(form: FindOutForm, unknown: UnknownAnswer, reader: User, at: datetime) -> Settled:
    return services.find_out(
        unknown_id=unknown.pk,
        found=form.cleaned_data["found"],
        words=form.cleaned_data["words"],
        actor=reader,
        at=at,
    )


def _tell(request: HttpRequest, settled: Settled) -> None:
    if settled.raises:
        label = RiskGrade(settled.suggestion.grade).label.lower()
        messages.warning(
            request, f"Kept. The answers now suggest at least {label}: judge the risk anew."
        )
    else:
        messages.success(request, "Kept.")


def _page(
    request: HttpRequest,
    assessment: Assessment,
    sent: FindOutForm | None,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    rows = list(assessment.unknowns.select_related("owner", "team", "settled_by"))
    named = overview.named(assessment, rows)
    still_open = [one for one in named if one.row.state == UnknownAnswer.State.OPEN]
    reader = reader_of(request)
    sent_by_topic = {sent.prefix: sent} if sent is not None else {}
    context = {
        "assessment": assessment,
        "now": at,
        "to_settle": [
            (one, sent_by_topic.get(one.row.topic) or FindOutForm(prefix=one.row.topic))
            for one in still_open
        ],
        "forms": list(sent_by_topic.values()),
        "refused": sent if sent is not None and sent.prefix not in _topics(still_open) else None,
        "done": [one for one in named if one.row.state != UnknownAnswer.State.OPEN],
        "clock": overview.find_out_clock(assessment),
        "suggested": overview.raised_by_what_was_found(assessment.victim, at),
        "may_find_out": can_find_out(reader),
        "may_judge": can_judge(reader),
    }
    return render(request, "risk/unknowns.html", context, status=status)


def _topics(named: list[overview.Unknown]) -> set[str]:
    return {one.row.topic for one in named}
