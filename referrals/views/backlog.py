"""The backlog in numbers, and the same as a file."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from referrals import backlog, backlog_page
from referrals.forms.backlog import BacklogForm
from referrals.permissions import can_view_backlog


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What came and went, what is open, why it took long, and what follows with more hands."""
    _reader(request)
    form = BacklogForm.asked(request.GET)
    found = backlog.read(form.wanted, at=clock.now())
    context = {**backlog_page.of(found), "form": form}
    return render(request, "referrals/backlog/page.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The numbers of the page as CSV; that they were taken is on record."""
    reader, at = _reader(request), clock.now()
    found = backlog.read(BacklogForm.asked(request.GET).wanted, at=at)
    _record(reader, found.wanted, at)
    answer = StreamingHttpResponse(backlog_page.csv_lines(found), content_type="text/csv")
    name = f"backlog-{clock.local(at):%Y-%m-%d-%H%M}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _record(reader: User, wanted: backlog.Wanted, at: datetime) -> None:
    audit.record(
        actor=reader,
        at=at,
        verb="referral.backlog_exported",
        subject="backlog",
        headline="Numbers of the referral backlog exported",
        detail={"by": wanted.by, "days": wanted.days, "more": wanted.more},
    )


def _reader(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_view_backlog(reader):
        raise PermissionDenied(
            "The backlog in numbers is for the MARU and those who answer for it."
        )
    return reader
