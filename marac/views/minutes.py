"""Minutes: read by those who may, approved by the chair, sent to the agencies."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from marac import minutes_page, services
from marac.forms.after import ApproveForm
from marac.meetings import seen as meetings_seen
from marac.minutes.content import Content, fingerprint
from marac.minutes_file import file_of, name_of
from marac.models import Meeting, Minutes
from marac.permissions import can_chair, can_keep
from marac.services.minutes.opening import NotSigned, whole_for
from marac.views.agenda import sign_first


def seen(request: HttpRequest, reference: str) -> Meeting:
    """The meeting if this person may see it, else 404."""
    return get_object_or_404(meetings_seen(reader_of(request)), reference=reference)


@require_safe
def minutes(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes as this person may read them; that they did is on record."""
    try:
        return _page(request, seen(request, reference))
    except NotSigned:
        return sign_first(request, reference)


@require_safe
def minutes_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a file, every page stamped with who opened it and when."""
    at, reader, meeting = clock.now(), reader_of(request), seen(request, reference)
    asked = {key: request.GET.get(key, "") for key in ("agency", "version")}
    path = request.get_full_path()
    copy = minutes_page.opened(meeting, reader, **asked, path=path, at=at)
    if copy is None:
        raise Http404("There are no minutes yet.")
    response = HttpResponse(file_of(copy, reader=reader, at=at), content_type="application/pdf")
    header = content_disposition_header(as_attachment=False, filename=name_of(copy))
    response["Content-Disposition"] = header or "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """The chair approves what stands on the page."""
    meeting, reader = seen(request, reference), reader_of(request)
    if not can_chair(reader, meeting.conference):
        raise PermissionDenied("The chair approves the minutes.")
    form = _form(request, whole_for(meeting, reader))
    if not form.is_valid():
        return _page(request, meeting, form, 400)
    try:
        row = services.approve_minutes(
            meeting_id=meeting.pk,
            because=form.cleaned_data["because"],
            corrections=form.corrections(),
            seen=form.cleaned_data["seen"],
            actor=reader,
            at=clock.now(),
        )
    except DomainError as error:
        form.refuse(error)
        return _page(request, meeting, form, error.status)
    messages.success(request, f"Version {row.number} is approved. Send it to the agencies.")
    return redirect("marac:minutes", reference=reference)


@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest approved version goes to every invited agency."""
    meeting, reader = seen(request, reference), reader_of(request)
    if not (can_keep(reader, meeting.conference) or can_chair(reader, meeting.conference)):
        raise PermissionDenied("The coordinator sends minutes.")
    row = Minutes.objects.filter(meeting=meeting).order_by("-number").first()
    if row is None:
        messages.warning(request, "The chair has not approved them yet.")
        return redirect("marac:minutes", reference=reference)
    services.send_minutes(minutes_id=row.pk, actor=reader, at=clock.now())
    messages.success(request, "Sent: each agency may open its own copy now.")
    return redirect("marac:minutes", reference=reference)


def _form(request: HttpRequest, content: Content) -> ApproveForm:
    """The form of approval for what stands in the minutes as they read today."""
    cases = content["cases"]
    named = [(case["hearing_id"], f"{case['reference']}, {case['victim']}") for case in cases]
    start = {"seen": fingerprint(content)}
    return ApproveForm(request.POST or None, cases=named, initial=start)


def _page(
    request: HttpRequest, meeting: Meeting, form: ApproveForm | None = None, status: int = 200
) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    asked = {key: request.GET.get(key, "") for key in ("agency", "version")}
    copy = minutes_page.opened(meeting, reader, **asked, path=request.get_full_path(), at=at)
    context = {**minutes_page.page_of(meeting, reader, copy), "now": at}
    if context["may_approve"]:
        context["form"] = form or _form(request, whole_for(meeting, reader))
    return render(request, "marac/after/minutes.html", context, status=status)
