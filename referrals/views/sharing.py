"""The unit's pages: who was told what of a victim, telling an agency, taking it back."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from referrals import partners, services, sharings, told
from referrals.forms.sharing import ShareForm, WithdrawForm
from referrals.models import Referral, Sharing
from referrals.permissions import can_view_queue, can_work, holds
from victims.models import Victim
from victims.views.common import note_reading, seen_by, tabs_of

ON_A_PAGE = 25


def _worker(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_work(reader):
        raise PermissionDenied("Only MARU workers and their manager share with agencies.")
    return reader


@require_http_methods(["GET", "HEAD", "POST"])
def of_victim(request: HttpRequest, victim: str) -> HttpResponse:
    """What each agency was told of a victim, when and by whom; by POST one is told."""
    at, reader = clock.now(), reader_of(request)
    found = seen_by(reader, victim)
    if request.method != "POST":
        note_reading(reader, request.path, found, at)
        begin = request.GET.get("more", "")
        form = sharings.form_for(found, reader, at, begin=begin) if can_work(reader) else None
        return _list(request, found, form, at)
    reader = _worker(request)
    form = sharings.form_for(found, reader, at, data=request.POST)
    return _told(request, found, None, form, at)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell an agency of a referral, by whoever has it."""
    at, reader = clock.now(), reader_of(request)
    if not can_view_queue(reader):
        raise PermissionDenied("The referral queue belongs to the MARU.")
    reader = _worker(request)
    referral = _referral(reader, reference)
    if request.method != "POST":
        note_reading(reader, request.path, referral.victim, at)
        begin = request.GET.get("more", "")
        form = sharings.form_for(referral.victim, reader, at, referral=referral, begin=begin)
        return _of_referral(request, referral, form, at)
    form = sharings.form_for(referral.victim, reader, at, data=request.POST)
    return _told(request, referral.victim, referral, form, at)


def _referral(reader: User, reference: str) -> Referral:
    rows = Referral.objects.visible_to(reader).select_related("victim__person", "claimed_by")
    return get_object_or_404(rows, reference=reference)


def _told(
    request: HttpRequest, victim: Victim, referral: Referral | None, form: ShareForm, at: datetime
) -> HttpResponse:
    """Tell, and go back; or the page with what was typed and what is wrong."""
    given = {"actor": reader_of(request), "at": at}
    if referral is not None:
        given["referral_id"] = referral.pk
    if form.carries_out(services.share, victim_id=victim.pk, **given):
        row = form.result
        messages.success(request, f"Recorded: {row.agency} was told ({row.reference}).")
        _warn_of_no_reader(request, row)
        return redirect(_after(victim, referral))
    if referral is not None:
        return _of_referral(request, referral, form, at, status=form.status)
    return _list(request, victim, form, at, status=form.status)


def _warn_of_no_reader(request: HttpRequest, row: Sharing) -> None:
    if not partners.has_a_reader(row.agency_id):
        messages.warning(
            request,
            f"Nobody of {row.agency} has an account here, and no system of theirs takes it: it "
            "waits unread. Ring them, and ask for an account for whoever answers.",
        )


def _after(victim: Victim, referral: Referral | None) -> str:
    if referral is not None:
        return reverse("referrals:detail", args=[referral.reference])
    return reverse("referrals:sharings", args=[victim.reference])


def _of_referral(
    request: HttpRequest, referral: Referral, form: ShareForm, at: datetime, *, status: int = 200
) -> HttpResponse:
    context = {
        "referral": referral,
        "victim": referral.victim,
        "form": form,
        "holds": holds(reader_of(request), referral) and referral.state == "claimed",
        "rows": sharings.of_referral(referral, at),
        "now": at,
    }
    return render(request, "referrals/sharing/share.html", context, status=status)


def _list(
    request: HttpRequest,
    victim: Victim,
    form: ShareForm | None,
    at: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    reader, show = reader_of(request), request.GET.get("show", "")
    rows = sharings.of_victim(victim, show, at)
    context = {
        "victim": victim,
        "form": form,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "show": show if show in sharings.SHOWN else "",
        "shown": sharings.SHOWN.items(),
        "may_share": can_work(reader),
        "queue": can_view_queue(reader),
        "now": at,
        **tabs_of(request, reader, victim, at),
    }
    return render(request, "referrals/sharing/list.html", context, status=status)


def seen(reader: User, reference: str) -> Sharing:
    """The sharing, if the reader may see the victim; else 404."""
    return get_object_or_404(sharings.visible(reader), reference=reference)


@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One sharing as the unit keeps it: what was told that day, and what became of it."""
    at, reader = clock.now(), reader_of(request)
    row = seen(reader, reference)
    audit.record_read(
        user=reader, at=at, path=request.path, subject=row.reference, victim_id=row.victim_id
    )
    return _one(request, row, WithdrawForm(), at)


@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what an agency was told."""
    at, reader = clock.now(), reader_of(request)
    row = seen(reader, reference)
    _worker(request)
    form = WithdrawForm(request.POST)
    if form.carries_out(services.withdraw_sharing, sharing_id=row.pk, actor=reader, at=at):
        messages.success(request, f"Withdrawn: {row.agency} sees nothing of it any more.")
        return redirect("referrals:sharing", reference=reference)
    return _one(request, seen(reader, reference), form, at, status=form.status)


def _one(
    request: HttpRequest, row: Sharing, form: WithdrawForm, at: datetime, *, status: int = 200
) -> HttpResponse:
    context = {
        "sharing": row,
        "stands": row.is_in_force(at),
        "is_over": row.is_over(at),
        "parts": told.as_told(row),
        "documents": told.documents_of(row),
        "answers": told.answers_of(row),
        "form": form,
        "may_share": can_work(reader_of(request)),
        "more": sharings.more_url(row),
        "now": at,
    }
    return render(request, "referrals/sharing/one.html", context, status=status)
