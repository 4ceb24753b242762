"""Notes about a victim: what this reader may read, and the form that adds to it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from victims import permissions, services
from victims.forms.notes import NoteForm, StrikeForm
from victims.models import Note, Victim
from victims.views.common import note_reading, seen_by, tabs_of

PER_PAGE = 25
#: Notes kept apart that an auditor is told of, without their words.
MOST_KEPT = 100


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, reference: str) -> HttpResponse:
    """Every note that this reader may read, the newest first; above them the form."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _page(request, victim, NoteForm(writer=user), at)
    if not permissions.can_write_note(user):
        raise PermissionDenied("Your role does not write notes about victims.")
    form = NoteForm(request.POST, writer=user)
    if form.carries_out(services.write_note, victim_id=victim.pk, actor=user, at=at):
        messages.success(request, "The note is on record.")
        return redirect("victims:notes", reference=reference)
    return _page(request, victim, form, at, form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def strike(request: HttpRequest, reference: str, note_id: int) -> HttpResponse:
    """Strike one note out, with the reason."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note = get_object_or_404(readable_by(user, victim), pk=note_id)
    if not permissions.can_strike_note(user, note):
        raise PermissionDenied("Only whoever wrote a note, or who leads them, strikes it out.")
    form = StrikeForm(request.POST or None)
    given = {"note_id": note.pk, "actor": user, "at": at}
    if request.method == "POST" and form.carries_out(services.strike_note, **given):
        messages.success(request, "The note is struck out.")
        return redirect("victims:notes", reference=reference)
    context = {"victim": victim, "note": note, "form": form}
    return render(request, "victims/notes/strike.html", context, status=form.status)


def readable_by(user: User, victim: Victim) -> QuerySet[Note]:
    """The notes of one victim that somebody may read, with who wrote and struck them."""
    rows = Note.objects.visible_to(user).filter(victim=victim)
    return rows.select_related("written_by", "struck_by", "contact")


def kept_from(user: User, victim: Victim) -> list[Note]:
    """For those who audit: that there are notes which they do not read; never the words."""
    if not permissions.can_see_who_looked(user):
        return []
    rows = Note.objects.filter(victim=victim).exclude(kept_among__in=permissions.note_sides(user))
    rows = rows.select_related("written_by").defer("words", "struck_because")
    return list(rows.order_by("-written_at", "-pk")[:MOST_KEPT])


def _page(
    request: HttpRequest, victim: Victim, form: NoteForm, at: datetime, status: int = 200
) -> HttpResponse:
    user = reader_of(request)
    rows = readable_by(user, victim).order_by("-written_at", "-pk")
    led = set(user.supervises.values_list("pk", flat=True))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "victim": victim,
        "now": at,
        "form": form,
        "page": page,
        "may_write": permissions.can_write_note(user),
        "may_strike": {
            row.pk for row in page if row.written_by == user or row.written_by.team_id in led
        },
        "kept": kept_from(user, victim),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/notes/list.html", context, status=status)
