"""One's own notices: what is to be read and passed, the notice, its test."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import InvalidInput
from learning import owed, services
from learning.forms.test import AnswerForm
from learning.models import Notice
from learning.permissions import can_view_results, can_write
from learning.sheet import sheet_of
from learning.views.common import seen


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Mine: what is to be done first, by its time; then what is done."""
    reader, at = reader_of(request), clock.now()
    mine = owed.of_user(reader.pk, at)
    context = {
        "now": at,
        "to_do": [row for row in mine if row.passed_at is None],
        "done": [row for row in mine if row.passed_at is not None],
        "kinds": dict(Notice.Kind.choices),
        "may_see_results": can_view_results(reader),
        "may_write": can_write(reader),
    }
    return render(request, "learning/notices.html", context)


@require_safe
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole notice, then its test. Opening it is on record as read."""
    row, at = seen(request, reference), clock.now()
    if row.is_draft:
        return redirect("learning:edit", reference)
    if request.method == "GET":
        services.note_reading(notice=row, actor=reader_of(request), at=at)
    return shown(request, row, at)


@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the test: what was wrong, and why, stands above the notice afterwards."""
    row, reader, at = seen(request, reference), reader_of(request), clock.now()
    if owed.of_user_and_notice(reader.pk, row.pk, at) is None:
        raise PermissionDenied("This notice does not ask you anything, or no longer.")
    form = AnswerForm(
        request.POST,
        questions=list(row.questions.all()),
        user_id=reader.pk,
        number=_number(request),
    )
    if form.carries_out(services.answer, notice_id=row.pk, actor=reader, at=at):
        if form.result.passed:
            messages.success(request, f"Passed: {row.title}. It is on record.")
        return redirect(reverse("learning:notice", args=[reference]))
    return shown(request, row, at, form, status=400)


def _number(request: HttpRequest) -> int:
    """The number of the attempt that the page was made for."""
    words = request.POST.get("number", "1")
    if not (words.isascii() and words.isdigit() and 0 < int(words[:6]) < 10_000 and len(words) < 6):
        raise InvalidInput("This is no page of ours. Open the notice again.")
    return int(words)


def shown(
    request: HttpRequest,
    row: Notice,
    at: datetime,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; a test that was refused comes back with what was chosen."""
    sheet = sheet_of(row, reader_of(request), at)
    test = form if form is not None else sheet.form
    context = {
        "notice": row,
        "sheet": sheet,
        "test": test if sheet.is_open else None,
        "forms": [form] if form is not None else [],
        "now": at,
        "may_write": can_write(reader_of(request)),
    }
    return render(request, "learning/notice.html", context, status=status)
