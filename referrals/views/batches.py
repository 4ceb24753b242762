"""Several referrals at once: the ticked ones, and what became of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from referrals import details, services
from referrals.forms.batches import BatchForm, ticked
from referrals.services.batches import ACTS
from referrals.views.queue import back_of, refuse, workers_only


@require_POST
@workers_only
def batch(request: HttpRequest) -> HttpResponse:
    """Do it, and say of each what became of it; handing over and giving back ask first."""
    rows = ticked(request.POST)
    if not rows or request.POST.get("act") not in ACTS:
        messages.error(request, "Tick at least one referral, then say what is done with them.")
        return redirect(back_of(request))
    sure = request.POST.get("act") == "claim" or "sure" in request.POST
    form = BatchForm(request.POST if sure else None, workers=details.workers())
    results: list[services.Result] = []
    status = 200
    if sure and form.is_valid():
        try:
            results = services.batch(
                ticked=rows, actor=reader_of(request), at=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
    if sure and not results:
        status = 400
    context = {
        "act": request.POST["act"],
        "what": ACTS[request.POST["act"]],
        "ticked": rows,
        "form": form,
        "forms": [form],
        "results": results,
        "done": sum(one.is_done for one in results),
        "back": back_of(request),
    }
    return render(request, "referrals/batch.html", context, status=status)
