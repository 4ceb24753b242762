"""Lists of who has what: one's own duties, one's people, and what one of them still has."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.cover import covers_of, stood_in_for
from accounts.models import User
from accounts.requests import reader_of
from core import clock
from victims import holdings, permissions, services
from victims.forms.duties import PassOnForm


@require_safe
def my_duties(request: HttpRequest) -> HttpResponse:
    """What is offered to me first; then my victims, and those of whom I stand in for."""
    at, user = clock.now(), reader_of(request)
    if not permissions.can_hand_over(user):
        raise PermissionDenied("Your role holds no duties of victims.")
    standing_in = stood_in_for(user.pk, at)
    people = [user, *(absence.person for absence in standing_in)]
    context = {
        "now": at,
        "offers": holdings.offered_to([one.pk for one in people], user),
        "offered": holdings.offered_by(user),
        "standing_in": standing_in,
        "lines": holdings.lines_of(people, user),
        "most": holdings.MOST,
    }
    return render(request, "victims/duties/mine.html", context)


@require_safe
def people_here(request: HttpRequest) -> HttpResponse:
    """The people I lead with what they have; who is not here and still has something, first."""
    at, user = clock.now(), reader_of(request)
    if not permissions.can_assign(user):
        raise PermissionDenied("Your role leads nobody here.")
    people = holdings.people_of(user, at)
    context = {
        "now": at,
        "urgent": [one for one in people if one.is_urgent],
        "others": [one for one in people if not one.is_urgent],
    }
    return render(request, "victims/duties/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duties_of(request: HttpRequest, username: str) -> HttpResponse:
    """What somebody still has; the duties that are ticked are given to another at once."""
    at, user = clock.now(), reader_of(request)
    person = _led(user, username)
    if request.method != "POST":
        return _page(request, person, PassOnForm(without=person, reader=user), at)
    form = PassOnForm(request.POST, without=person, reader=user)
    if form.carries_out(services.assign, actor=user, at=at):
        number = form.result
        many = "1 duty" if number == 1 else f"{number} duties"
        messages.success(request, f"{form.cleaned_data['to']} has {many} more.")
        return redirect("victims:duties_of", username=username)
    return _page(request, person, form, at, status=400)


def _led(leader: User, username: str) -> User:
    """Somebody of one's people, or who has left; 404 for anybody else."""
    if not permissions.can_assign(leader):
        raise Http404
    # An address may hold what no text in the database can.
    known = User.objects.none() if "\x00" in username else User.objects.filter(username=username)
    person = known.filter(is_system=False).select_related("team").first()
    if person is None:
        raise Http404
    if person.is_active and not permissions.is_of_theirs(leader, person):
        raise Http404
    return person


def _page(
    request: HttpRequest, person: User, form: PassOnForm, at: datetime, status: int = 200
) -> HttpResponse:
    context = {
        "now": at,
        "person": person,
        "person_key": str(person.pk),
        "form": form,
        "ticked": set(form.data.getlist("rows")) if form.is_bound else None,  # type: ignore[attr-defined]
        "absence": covers_of([person.pk], at).get(person.pk),
        "has": holdings.holdings_of(person, reader_of(request)),
    }
    return render(request, "victims/duties/of_person.html", context, status=status)
