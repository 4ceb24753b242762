"""Markers whose last day comes near: renewed, let end, or ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.clock import local
from core.errors import DomainError, Stale
from deadlines.models import Deadline
from deadlines.shown import BoundedPaginator
from victims import permissions, services
from victims.deadlines.markers import REVIEW, id_of, reference_of
from victims.forms import ReviewMarkerForm
from victims.models import Marker, Victim

PER_PAGE = 50
#: What is due later than this is nobody's business yet.
AHEAD = timedelta(days=14)
_DONE = {
    "renew": "The marker is renewed.",
    "let_end": "Noted: the marker ends on its last day.",
    "end": "The marker has ended.",
}


@dataclass(frozen=True)
class ToReview:
    """A marker with its clock."""

    marker: Marker
    deadline: Deadline

    @property
    def reference(self) -> str:
        return reference_of(self.marker.pk)


@require_safe
def to_review(request: HttpRequest) -> HttpResponse:
    """Markers to review, by time left: one's own, or all."""
    at, user = clock.now(), _reader(request)
    whose = "all" if request.GET.get("whose") == "all" else "mine"
    every = Deadline.objects.open() if whose == "all" else Deadline.objects.waiting_for(user, at)
    rows = every.filter(kind=REVIEW, due_at__lte=at + AHEAD)
    ordered = rows.select_related("owner", "team").order_by("due_at", "pk")
    page = BoundedPaginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    clocks = list(page.object_list)
    known = Marker.objects.visible_to(user).select_related("address", "person", "set_by")
    markers = known.in_bulk([row.subject_id for row in clocks])
    shown = [ToReview(markers[row.subject_id], row) for row in clocks if row.subject_id in markers]
    context = {"rows": shown, "page": page, "whose": whose, "now": at}
    return render(request, "victims/markers/to_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, marker: str) -> HttpResponse:
    at, user = clock.now(), _reader(request)
    number = id_of(marker)
    if number is None:
        raise Http404
    known = Marker.objects.visible_to(user).select_related("address", "person", "set_by")
    row = get_object_or_404(known, pk=number)
    if request.method != "POST":
        return _page(request, row, ReviewMarkerForm(initial={"seen_until": row.until}), at)
    form = ReviewMarkerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, at, status=400)
    try:
        _decide(form, row, user, at)
    except DomainError as error:
        stale = error if isinstance(error, Stale) else None
        if stale is not None:
            row.refresh_from_db(fields=["until"])
            form.know(row.until)
        else:
            form.refuse(error)
        return _page(request, row, form, at, stale, error.status)
    messages.success(request, _DONE[form.cleaned_data["decision"]])
    return redirect("victims:markers_to_review")


def _decide(form: ReviewMarkerForm, row: Marker, user: User, at: datetime) -> None:
    said = form.cleaned_data
    reason, seen = said["reason"], said["seen_until"]
    match said["decision"]:
        case "renew":
            services.renew_marker(
                marker_id=row.pk,
                until=said["until"],
                reason=reason,
                seen_until=seen,
                actor=user,
                at=at,
            )
        case "let_end":
            services.let_marker_end(
                marker_id=row.pk, reason=reason, seen_until=seen, actor=user, at=at
            )
        case _:
            services.end_marker(marker_id=row.pk, reason=reason, actor=user, at=at)


def _page(
    request: HttpRequest,
    row: Marker,
    form: ReviewMarkerForm,
    at: datetime,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    user = reader_of(request)
    victim = Victim.objects.visible_to(user).filter(person=row.person_id).first()
    if request.method != "POST":
        audit.record_read(
            user=user,
            at=at,
            path=request.path,
            subject=victim.reference if victim else reference_of(row.pk),
            victim_id=victim.pk if victim else None,
        )
    context = {
        "marker": row,
        "victim": victim,
        "clock": Deadline.objects.open().of(row).filter(kind=REVIEW).first(),
        "has_lapsed": row.ended_at is None and row.until < local(at).date(),
        "form": form,
        "stale": stale,
        "now": at,
    }
    return render(request, "victims/markers/review.html", context, status=status)


def _reader(request: HttpRequest) -> User:
    user = reader_of(request)
    if not permissions.can_set_marker(user):
        raise PermissionDenied("Your role does not review markers.")
    return user
