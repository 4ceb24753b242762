"""Pages of the referral unit: the queue, and one referral."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError, Stale
from referrals import board, details, export, overview, services
from referrals.around import kin_of
from referrals.forms.working import (
    AnswerForm,
    AskForm,
    CompleteForm,
    GradeForm,
    HandOverForm,
    LateForm,
    PauseForm,
    ReasonForm,
    TakeBackForm,
)
from referrals.markup import Rows
from referrals.models import Referral
from referrals.permissions import can_view_queue, can_work
from referrals.queue import PAGE_SIZE, Filters, Queue, everything

View = Callable[..., HttpResponseBase]


def queue_readers_only(view: View) -> View:
    """403 for whoever may not see the queue; the middleware has sent strangers to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_view_queue(reader_of(request)):
            raise PermissionDenied("The referral queue belongs to the MARU.")
        return view(request, *args, **kwargs)

    return guarded


def workers_only(view: View) -> View:
    """403 for whoever sees the queue but does not work it; said before anything typed is read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_work(reader_of(request)):
            raise PermissionDenied("Only MARU workers and their manager work referrals.")
        return view(request, *args, **kwargs)

    return guarded


def seen(request: HttpRequest, reference: str) -> Referral:
    """The referral if this person may see it, else 404."""
    rows = Referral.objects.visible_to(reader_of(request)).select_related(
        "victim__person",
        "agency",
        "incoming__agency",
        "incoming__sent_by",
        "incident__address",
        "assessment__officer",
        "assessment__instrument",
        "claimed_by",
    )
    return get_object_or_404(rows, reference=reference)


@require_GET
@queue_readers_only
def queue(request: HttpRequest) -> HttpResponse:
    """The queue, filtered and a page at a time, with the board's numbers beside it."""
    at, reader, filters = clock.now(), reader_of(request), Filters.from_query(request.GET)
    numbers = board.read(reader, at, filters)
    rows = Queue(filters, numbers.sizes(filters), reader=reader, at=at)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = overview.of(numbers, filters, reader=reader, at=at)
    written = Rows(
        reader_id=reader.pk,
        can_work=context["can_work"],
        now=at,
        token=get_token(request),
        back=request.get_full_path(),
    ).write(page.object_list)
    return render(
        request, "referrals/queue.html", {**context, "page": page, "rows": written, "now": at}
    )


@require_GET
@queue_readers_only
def export_queue(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered queue as CSV: exactly the rows of the filter, and on record who took it."""
    at, reader, filters = clock.now(), reader_of(request), Filters.from_query(request.GET)
    rows = everything(filters, reader=reader, at=at)
    audit.record(
        actor=reader,
        at=at,
        verb="referral.exported",
        subject="referrals",
        is_grave=True,
        headline=f"Referral queue exported: {len(rows)} rows",
        detail={
            "filters": filters.as_dict,
            "references": [row.reference for row in rows],
        },
    )
    response = StreamingHttpResponse(export.lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="referrals-{at:%Y%m%d-%H%M}.csv"'
    return response


@require_GET
@queue_readers_only
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral with what its worker must know; opening it is on record."""
    referral, at = seen(request, reference), clock.now()
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=referral.reference,
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
    )
    return shown(request, referral, at)


def shown(
    request: HttpRequest,
    referral: Referral,
    at: datetime,
    *,
    status: int = 200,
    **bound: forms.Form,
) -> HttpResponse:
    """The page; a form that was refused comes back with what was typed and what is wrong."""
    found = details.read(referral, reader=reader_of(request), at=at)
    others: list[User] = []
    if found.can_reassign or found.around.can_ask:
        others = details.workers(besides=referral.claimed_by, about=referral.victim_id)
    blank: dict[str, forms.Form] = {
        "complete": CompleteForm(
            initial={
                "version": referral.version,
                "late_because": referral.late_because,
                "late_reason": referral.late_reason,
            },
            auto_id="complete_%s",
        ),
        **_beside(referral, others, found.allowed_pauses),
        "hand_over": HandOverForm(workers=others, auto_id="hand_over_%s"),
        "release": ReasonForm(auto_id="release_%s"),
    }
    context = {
        "referral": referral,
        "found": found,
        "now": at,
        "forms": list(bound.values()),
        "form_for": {**blank, **bound},
    }
    return render(request, "referrals/detail.html", context, status=status)


def _beside(
    referral: Referral, others: list[User], allowed: list[tuple[str, str]]
) -> dict[str, forms.Form]:
    """The blank forms of what is done beside sharing and finishing."""
    version, said = {"version": referral.version}, ("late_because", "late_reason")
    return {
        "ask": AskForm(workers=others, auto_id="ask_%s"),
        "answer": AnswerForm(auto_id="answer_%s"),
        "grade": GradeForm(stands=referral.grade, initial=version, auto_id="grade_%s"),
        "pause": PauseForm(allowed=allowed, auto_id="pause_%s"),
        "late": LateForm(
            initial={name: getattr(referral, name) for name in said}, auto_id="late_%s"
        ),
        "take_back": TakeBackForm(auto_id="take_back_%s"),
    }


@require_POST
@workers_only
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Claim one; whoever comes second sees at once who has it."""
    referral = seen(request, reference)
    return _take(
        request, lambda actor, at: services.claim(referral_id=referral.pk, actor=actor, at=at)
    )


@require_POST
@workers_only
def claim_next(request: HttpRequest) -> HttpResponse:
    """Claim the first that nobody has."""
    return _take(request, lambda actor, at: services.claim_next(actor=actor, at=at))


def _take(request: HttpRequest, take: Callable[[User, datetime], Referral]) -> HttpResponse:
    try:
        referral = take(reader_of(request), clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back_of(request))
    messages.success(request, f"You have {referral.reference} now.{kin_words(referral)}")
    return redirect("referrals:detail", referral.reference)


def kin_words(referral: Referral) -> str:
    """ " Another open referral is about the same victim: ..." or nothing."""
    kin = [one.reference for one in kin_of(referral)]
    if not kin:
        return ""
    what = "Another open referral is" if len(kin) == 1 else f"{len(kin)} other open referrals are"
    return f" {what} about the same victim: {', '.join(kin)}. They can be taken together below."


def back_of(request: HttpRequest) -> str:
    """The list that the button stood in, with its filters; never another site."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return back
    return reverse("referrals:queue")


@require_POST
@workers_only
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """Finish a referral."""
    referral, at = seen(request, reference), clock.now()
    form = CompleteForm(request.POST, auto_id="complete_%s")

    def save(cleaned: dict[str, Any]) -> str:
        done = services.complete(
            referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned
        )
        late = ", late" if done.late_reason else ", within its time"
        return f"{done.reference} is finished{late}."

    return worked(request, referral, at, "complete", form, save)


@require_POST
@workers_only
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a referral back to the queue."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.release(referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned)
        return f"{referral.reference} is back in the queue; its time runs on."

    form = ReasonForm(request.POST, auto_id="release_%s")
    return worked(request, referral, at, "release", form, save)


@require_POST
@workers_only
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a referral to somebody else."""
    referral, at = seen(request, reference), clock.now()

    def save(cleaned: dict[str, Any]) -> str:
        services.hand_over(referral_id=referral.pk, actor=reader_of(request), at=at, **cleaned)
        return f"{cleaned['to']} has {referral.reference} now."

    form = HandOverForm(request.POST, workers=details.workers(), auto_id="hand_over_%s")
    return worked(request, referral, at, "hand_over", form, save)


def worked(
    request: HttpRequest,
    referral: Referral,
    at: datetime,
    name: str,
    form: forms.Form,
    save: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Save what a form gives and go back to the page, or show the page with what is wrong."""
    status = 400
    if form.is_valid():
        try:
            messages.success(request, save(dict(form.cleaned_data)))
            return HttpResponseRedirect(reverse("referrals:detail", args=[referral.reference]))
        except DomainError as error:
            status = error.status
            refuse(form, error)
            referral = seen(request, referral.reference)
    return shown(request, referral, at, status=status, **{name: form})


def refuse(form: forms.Form, error: DomainError) -> None:
    """Put a refusal at its field. After a stale edit the next attempt is against what is now."""
    field = error.field if error.field in form.fields else None
    if isinstance(error, Stale):
        form.data = {**form.data.dict(), "version": error.version}  # type: ignore[attr-defined]
        changed = ", ".join(f"{name}: {value or 'nobody'}" for name, value in error.theirs.items())
        form.add_error(None, f"{error.message} It is now {changed}. What you typed is still here.")
        return
    form.add_error(field, error.message)
