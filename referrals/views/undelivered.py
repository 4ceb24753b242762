"""What could not be delivered to agencies: try again, or drop it with reasons."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from referrals import partners
from referrals.forms.agencies import DropForm
from referrals.models import Outgoing
from referrals.services import outgoing as services
from referrals.views.agencies import managers_only

ON_A_PAGE = 25


@require_safe
@managers_only
def undelivered(request: HttpRequest) -> HttpResponse:
    """Every message that was given up, with each attempt."""
    at, reader = clock.now(), reader_of(request)
    page = Paginator(partners.undelivered(reader), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    attempts = partners.attempts_of(rows)
    context = {"now": at, "page": page, "rows": [(row, attempts[row.pk]) for row in rows]}
    return render(request, "referrals/agencies/undelivered.html", context)


@require_POST
@managers_only
def try_again(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _seen(request, message_id)
    try:
        services.try_again(message_id=message.pk, actor=reader_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"{message.agency} is told of {message.sharing.reference} again within a minute."
        messages.success(request, words)
    return redirect("referrals:undelivered")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def drop(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _seen(request, message_id)
    form = DropForm(request.POST or None)
    given = {"message_id": message.pk, "actor": reader_of(request), "at": clock.now()}
    if request.method == "POST" and form.carries_out(services.drop, **given):
        messages.success(request, f"{message.sharing.reference}: sent no more.")
        return redirect("referrals:undelivered")
    context = {"message": message, "form": form, "now": clock.now()}
    status = 400 if request.method == "POST" else 200
    return render(request, "referrals/agencies/drop.html", context, status=status)


def _seen(request: HttpRequest, message_id: int) -> Outgoing:
    rows = Outgoing.objects.visible_to(reader_of(request)).select_related("sharing", "agency")
    return get_object_or_404(rows, pk=message_id)
