"""The page of a call: one page from the first ring to the reference."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.calls import (
    CallForms,
    draft_fields,
    key_of,
    row_count,
    typed,
    with_another_person,
)
from incidents.forms.people import new_row
from incidents.models import CallDraft, Incident
from incidents.pages.call import beside, sections
from incidents.permissions import may_log_calls
from incidents.services.calls import MOST_PEOPLE, log_call
from incidents.services.drafts import discard_draft, keep_draft

View = Callable[..., HttpResponse]
#: Unfinished calls offered at the top of the page.
MOST_DRAFTS = 5
#: What a page without script sends that keeps the call and logs nothing.
KEPT_ONLY = {"add_person", "look_up"}


def refuses_huge(view: View) -> View:
    """Answer more than a form may hold in words, before anything tries to read it.

    The check of the form's token reads the body, so it has to come after this one.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if length.isascii() and length.isdigit() and int(length) > most:
            return _too_large(request, int(length), most)
        return protected(request, *args, **kwargs)

    return csrf_exempt(checked)


def _too_large(request: HttpRequest, length: int, most: int) -> HttpResponse:
    sent, limit = f"{length / 1_000_000:.1f} MB", f"{most / 1_000_000:g} MB"
    words = (
        f"What was sent is {sent}; a call holds at most {limit}. "
        "Nothing was saved. Go back and shorten what is happening; the rest is as it was."
    )
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"detail": words}, status=413)
    error = DomainError(words, field="narrative")
    return render(request, "refused.html", {"error": error}, status=413)


def logger_of(request: HttpRequest) -> User:
    """Whoever is signed in, if they may log calls. Raises PermissionDenied."""
    user = reader_of(request)
    if not may_log_calls(user):
        raise PermissionDenied("Only the control room logs calls.")
    return user


@refuses_huge
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Show a call as it was left, or take it: log it, add a row, or look up without script."""
    at, handler = clock.now(), logger_of(request)
    key = key_of(request.GET.get("draft", ""))
    if key is None:
        return redirect(f"{reverse('incidents:call')}?draft={uuid4()}")
    if request.method == "POST" and request.POST.get("act") not in KEPT_ONLY:
        return _take(request, key, handler, at)
    draft = _own_draft(str(key), handler)
    if draft and (logged := Incident.objects.filter(draft=draft).first()):
        return redirect("incidents:detail", reference=logged.reference)
    if request.method == "POST":
        return _keep_only(request, str(key), handler, at)
    area = handler.team.area if handler.team else None
    forms = CallForms.kept(draft) if draft else CallForms.empty(at, area)
    return _page(request, forms, str(key), draft, at)


def _take(request: HttpRequest, key: UUID, handler: User, at: datetime) -> HttpResponse:
    """Log the call; what was sent a second time leads to what became of the first."""
    forms = CallForms.sent(request.POST)
    if incident := _log(forms, key, handler, at):
        return _after(request, incident, str(key), request.POST.get("act", "log"))
    draft = _own_draft(str(key), handler)
    if draft and (logged := Incident.objects.filter(draft=draft).first()):
        return redirect("incidents:detail", reference=logged.reference)
    return refused(request, forms, str(key), handler, at)


def _log(forms: CallForms, key: UUID, handler: User, at: datetime) -> Incident | None:
    """Log the call, or say in the forms what is wrong.

    The draft is not looked at before: the service does that, under lock, and here every round trip
    counts.
    """
    if not forms.is_valid():
        return None
    try:
        return log_call(actor=handler, at=at, call=forms.details(handler), draft_key=key)
    except DomainError as error:
        forms.refuse(error)
    except PermissionDenied:
        # Somebody else's draft, which is said as it is on every page of a call: there is none.
        _own_draft(str(key), handler)
        raise
    return None


def _keep_only(request: HttpRequest, key: str, handler: User, at: datetime) -> HttpResponse:
    """Another row of people, or a look-up without script: kept, and shown again."""
    fields = draft_fields(request.POST)
    if request.POST["act"] == "add_person":
        fields = with_another_person(fields)
    _keep(key, handler, fields, request.POST.get("version", ""), at)
    return redirect(f"{reverse('incidents:call')}?draft={key}#people")


def refused(
    request: HttpRequest, forms: CallForms, key: str, handler: User, at: datetime
) -> HttpResponse:
    """The call page again as it was sent, what is wrong said at its fields; kept as typed."""
    fields, draft = draft_fields(request.POST), _own_draft(key, handler)
    try:
        draft = _keep(key, handler, fields, request.POST.get("version", ""), at)
    except DomainError as error:
        forms.refuse(error)
    return _page(request, forms, key, draft, at, fields=fields, status=400)


def _keep(
    key: str,
    handler: User,
    fields: dict[str, list[str]],
    version: str,
    at: datetime,
    writer: str = "",
) -> CallDraft:
    call = typed(fields, at=at, reader=handler)
    uuid = key_of(key)
    assert uuid is not None
    return keep_draft(
        key=uuid,
        handler=handler,
        fields=fields,
        answered_at=call.received_at,
        at=at,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        writer=writer,
    )


def _after(request: HttpRequest, incident: Incident, key: str, act: str) -> HttpResponse:
    """To the incident, where officers are sent; or to the next call."""
    path, reader = reverse("incidents:detail", args=[incident.reference]), reader_of(request)
    if reader.withheld_victims and not _sees(reader, incident):
        messages.success(request, f"{incident.reference} is logged. Whoever leads has it now.")
        return redirect(f"{reverse('incidents:call')}?draft={uuid4()}&logged={key}")
    if act != "log_only":
        messages.success(request, f"{incident.reference} is logged.")
        return redirect(path)
    messages.success(
        request, format_html('<a href="{}">{}</a> is logged.', path, incident.reference)
    )
    return redirect(f"{reverse('incidents:call')}?draft={uuid4()}&logged={key}")


def _sees(reader: User, incident: Incident) -> bool:
    return Incident.objects.visible_to(reader).filter(pk=incident.pk).exists()


def _page(
    request: HttpRequest,
    forms: CallForms,
    key: str,
    draft: CallDraft | None,
    at: datetime,
    *,
    fields: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    handler = reader_of(request)
    so_far = fields or (draft.fields if draft else {})
    aside = beside(typed(so_far, at=at, reader=handler), at=at, reader=handler)
    drafts = CallDraft.objects.visible_to(handler).unfinished().exclude(key=key)
    logged = key_of(request.GET.get("logged", ""))
    context = {
        "form": forms.call,
        "people": forms.people,
        "forms": forms.all if status != 200 else [],
        "rows": _rows(forms, aside),
        "beside": aside,
        "draft": draft,
        "key": key,
        "now": at,
        "answered_at": draft.answered_at if draft else at,
        "autosave_key": autosave_key(handler, key),
        "most_people": MOST_PEOPLE,
        "is_dropped": bool(forms.call["call_dropped"].value()),
        "clear_copy": autosave_key(handler, str(logged)) if logged else "",
        "sections": sections(forms.call),
        "drafts": [
            {"draft": one, "call": typed(one.fields, at=at, reader=handler)}
            for one in drafts.order_by("-updated_at")[:MOST_DRAFTS]
        ],
    }
    return render(request, "incidents/call.html", context, status=status)


def _rows(forms: CallForms, aside: object) -> list[dict[str, object]]:
    offers = getattr(aside, "offers", ())
    return [
        {
            "form": form,
            "index": index,
            "offers": offers[index] if index < len(offers) else (),
            "chosen": form["person"].value() or "",
        }
        for index, form in enumerate(forms.people)
    ]


def autosave_key(handler: User, key: str) -> str:
    """Names the person and the call, so that a shared computer shows nobody another's words."""
    return f"call:{handler.pk}:{key}"


def _own_draft(key: str, handler: User) -> CallDraft | None:
    """The draft of this key; none where it is new. 404 for somebody else's, or one put away."""
    draft = CallDraft.objects.filter(key=key).first()
    if draft and (draft.handler_id != handler.pk or draft.discarded_at):
        raise Http404("There is no such draft.")
    return draft


@refuses_huge
@require_POST
def draft(request: HttpRequest) -> JsonResponse:
    """Keep what is typed, as the page sends it while somebody types."""
    at, handler = clock.now(), logger_of(request)
    key = key_of(request.POST.get("draft", ""))
    if key is None:
        return JsonResponse({"detail": "This page has no draft. Load it again."}, status=400)
    _own_draft(str(key), handler)
    try:
        kept = _keep(
            str(key),
            handler,
            draft_fields(request.POST),
            request.POST.get("version", ""),
            at,
            writer=request.headers.get("X-Autosave-Token", ""),
        )
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=error.status)
    return JsonResponse({"kept_at": at.isoformat(), "version": kept.version})


@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Put an unfinished call away."""
    handler = logger_of(request)
    draft = get_object_or_404(CallDraft.objects.visible_to(handler), key=key)
    discard_draft(key=draft.key, handler=handler, at=clock.now())
    messages.success(request, "The unfinished call is discarded.")
    return redirect("incidents:call")


@refuses_huge
@require_POST
def history(request: HttpRequest) -> HttpResponse:
    """What is known, the suggestion and people offered, while somebody types."""
    at, handler = clock.now(), logger_of(request)
    aside = beside(typed(draft_fields(request.POST), at=at, reader=handler), at=at, reader=handler)
    rows = [
        {"index": index, "offers": offers, "chosen": request.POST.get(f"people-{index}-person", "")}
        for index, offers in enumerate(aside.offers)
    ]
    context = {"beside": aside, "rows": rows, "now": at, "is_fragment": True}
    return render(request, "incidents/_beside.html", context)


@refuses_huge
@require_POST
def person_row(request: HttpRequest) -> HttpResponse:
    """One more row of people."""
    logger_of(request)
    index = row_count(request.POST.dict())
    if index >= MOST_PEOPLE:
        return HttpResponse(status=204)
    row = {"form": new_row(index), "index": index, "offers": (), "chosen": ""}
    return render(request, "incidents/_person_row.html", {"row": row, "count": index + 1})
