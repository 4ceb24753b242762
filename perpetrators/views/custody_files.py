"""Files of custody messages: dropped, how far they are, and the lines that are to be mended."""

import csv
from dataclasses import fields

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from perpetrators.forms.custody_files import DropForm
from perpetrators.messages import NAMES, Message
from perpetrators.models import CustodyFile
from perpetrators.permissions import can_send_custody_events
from perpetrators.services import files as services
from perpetrators.tasks import take_in_files

ON_A_PAGE = 25
REFUSED_ON_A_PAGE = 100
#: Bytes of a request beside its file.
BESIDE_FILE = 100_000
FIRST_LINE = {"system": "custody"}
#: Columns in the order in which a message is described.
IN_ORDER = [one.name for one in fields(Message) if one.name in NAMES]


def _sender(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_send_custody_events(reader):
        raise PermissionDenied("Only the custody system and custody officers drop these files.")
    return reader


def _too_large(request: HttpRequest) -> bool:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    length = int(announced) if announced.isascii() and announced.isdigit() else 0
    return length > services.MOST_BYTES + BESIDE_FILE


# The body is read only inside, once its length was looked at; the token is checked there.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """What was dropped, the newest first; by POST one more."""
    _sender(request)
    if request.method != "POST":
        return _page(request, DropForm(initial=FIRST_LINE))
    if _too_large(request):
        most = services.MOST_BYTES // 1_000_000
        words = f"The file is larger than {most} MB. Split it, with the first line in every part."
        return _page(request, DropForm(initial=FIRST_LINE), refusal=words, status=413)
    return _drop(request)


@csrf_protect
def _drop(request: HttpRequest) -> HttpResponse:
    form, reader, at = DropForm(request.POST, request.FILES), _sender(request), clock.now()
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        with transaction.atomic():
            dropped = services.drop(actor=reader, at=at, **form.details())
            if not dropped.is_short:
                transaction.on_commit(take_in_files.delay)
    except DomainError as error:
        form.refuse(error)
        return _page(request, form, status=error.status)
    if dropped.is_short:
        services.go_on(file_id=dropped.file.pk, at=at)
    if dropped.was_there:
        messages.info(request, "This file was dropped before; nothing changed.")
    return redirect("perpetrators:custody_file", file=dropped.file.reference)


def _page(
    request: HttpRequest, form: DropForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    rows = CustodyFile.objects.defer("content", "refused").select_related("sent_by")
    context = {
        "page": Paginator(rows.order_by("-received_at", "-pk"), ON_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "form": form,
        "forms": [form],
        "refusal": refusal,
        "columns": IN_ORDER,
        "now": clock.now(),
    }
    return render(request, "perpetrators/custody_files/list.html", context, status=status)


def _file(request: HttpRequest, reference: str) -> CustodyFile:
    """The file of our own reference, "CF-000123", for those who may drop files; else 404."""
    _sender(request)
    number = reference.removeprefix("CF-")
    is_one = reference.startswith("CF-") and number.isascii() and number.isdigit()
    rows = CustodyFile.objects.defer("content").select_related("sent_by")
    return get_object_or_404(rows, pk=int(number) if is_one and len(number) < 18 else 0)


@require_safe
def file(request: HttpRequest, file: str) -> HttpResponse:
    """One file: how far it is, what became of its lines, and those to be mended."""
    found = _file(request, file)
    context = {
        "file": found,
        "page": Paginator(found.refused, REFUSED_ON_A_PAGE).get_page(request.GET.get("page")),
        "percent": 100 * found.done // found.lines if found.lines else 100,
        "now": clock.now(),
    }
    return render(request, "perpetrators/custody_files/file.html", context)


@require_safe
def refused(request: HttpRequest, file: str) -> HttpResponse:
    """The lines that were not taken in, as a file to be mended and dropped again."""
    found = _file(request, file)
    rows = [cells for *_, cells in found.refused if cells]
    said = {name for cells in rows for name in cells}
    names = [name for name in IN_ORDER if name in said]
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.reference}-to-mend.csv"'
    writer = csv.DictWriter(answer, names)
    writer.writeheader()
    writer.writerows(rows)
    return answer
