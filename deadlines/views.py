"""What waits for one person, and everything that is due."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from core.clock import local
from core.errors import InvalidInput
from deadlines import digests, services
from deadlines.filters import ClockFilter
from deadlines.models import Deadline, Digest, Notification
from deadlines.permissions import can_view_clocks
from deadlines.shown import BoundedPaginator, all_shown

#: Rows on the page "Waiting for you"; how many lie beyond is said there.
MOST = 50
#: Earlier digests on the page, a person's own and their teams'.
EARLIER = 30


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Waiting for you: what is new first, then what is to be done by time left."""
    user, at = _reader(request), clock.now()
    unseen = Notification.objects.visible_to(user).unseen().order_by("-created_at", "-pk")
    mine = Deadline.objects.waiting_for(user, at).select_related("owner", "team")
    context = {
        "now": at,
        "notifications": unseen[:MOST],
        "unseen_count": unseen.count(),
        "clocks": all_shown(mine.order_by("due_at", "pk")[:MOST]),
        "mine_count": mine.count(),
        "may_view_clocks": can_view_clocks(user),
    }
    return render(request, "deadlines/waiting.html", context)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark as seen exactly the notifications that the page showed."""
    ids = request.POST.getlist("notification")
    if not all(words.isascii() and words.isdigit() and len(words) < 19 for words in ids):
        raise InvalidInput("These are no notifications. Go back and try again.")
    services.mark_seen(
        user=_reader(request), notification_ids=[int(words) for words in ids], at=clock.now()
    )
    return redirect("deadlines:waiting")


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Everything due that this person may see, the overdue first."""
    user, at = _reader(request), clock.now()
    if not can_view_clocks(user):
        raise PermissionDenied("Your role does not watch what is due.")
    visible = Deadline.objects.visible_to(user).select_related("owner", "team")
    chosen = ClockFilter(request.GET, queryset=visible, request=request, at=at)
    rows = chosen.qs.order_by(*chosen.order) if chosen.is_valid() else visible.none()
    page = BoundedPaginator(rows, 50).get_page(request.GET.get("page"))
    context = {"now": at, "form": chosen.form, "page": page, "clocks": all_shown(page.object_list)}
    return render(request, "deadlines/clocks.html", context)


@require_safe
def digests_page(request: HttpRequest) -> HttpResponse:
    """Today's digest, one's own and those of teams that one leads, and the earlier ones."""
    user, at = _reader(request), clock.now()
    today = local(at).date()
    rows = list(
        Digest.objects.visible_to(user)
        .select_related("team", "acknowledged_by")
        .order_by("-on", F("person_id").asc(nulls_last=True), "pk")[:EARLIER]
    )
    mine = digests.shown([row for row in rows if row.on == today], reader=user)
    context = {
        "now": at,
        "today": today,
        "digests": mine,
        "earlier": [row for row in rows if row.on != today],
        "people": digests.answers([row.digest for row in mine if row.of_team]),
    }
    return render(request, "deadlines/digests.html", context)


@require_safe
def one_digest(request: HttpRequest, digest: int) -> HttpResponse:
    """One digest of these weeks, as its reader may read it now."""
    row = _digest(request, digest)
    context = {
        "now": clock.now(),
        "one": digests.shown([row], reader=_reader(request))[0],
        "people": digests.answers([row] if row.person_id is None else []),
    }
    return render(request, "deadlines/digest.html", context)


@require_POST
def acknowledge_digest(request: HttpRequest, digest: int) -> HttpResponse:
    """One's own, or one's team's; again changes nothing."""
    row = _digest(request, digest)
    digests.acknowledge(digest_id=row.pk, actor=_reader(request), at=clock.now())
    return redirect("deadlines:digests")


def _digest(request: HttpRequest, digest: int) -> Digest:
    rows = Digest.objects.visible_to(_reader(request))
    return get_object_or_404(rows.select_related("team", "acknowledged_by"), pk=digest)


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
