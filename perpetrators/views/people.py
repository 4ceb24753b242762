"""The page of a person complained of: where they are, what binds them, whom they harmed."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from incidents.models import Involvement
from perpetrators import parts
from perpetrators.models import CustodyEvent
from perpetrators.pages.whereabouts import whereabouts
from perpetrators.permissions import can_view_custody
from victims.at_a_glance import age_on
from victims.models import Person


def complained_of(user: User, reference: str) -> Person:
    """Somebody who was complained of or of whom custody told; 404 for whoever may not see them.

    Nobody else has such a page: roles belong to incidents, and who was only ever harmed has none.
    """
    accused = Involvement.objects.filter(person=OuterRef("pk"), role=Involvement.Role.PERPETRATOR)
    told_of = CustodyEvent.objects.filter(person=OuterRef("pk"))
    people = Person.objects.visible_to(user).filter(Q(Exists(accused)) | Q(Exists(told_of)))
    person = get_object_or_404(people, reference=reference)
    if not can_view_custody(user):
        raise PermissionDenied("Custody is for roles that police.")
    return person


@require_safe
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person, part by part; opening it is on record."""
    at, reader = clock.now(), reader_of(request)
    found = complained_of(reader, reference)
    audit.record_read(user=reader, at=at, path=request.path, subject=found.reference)
    (where,) = whereabouts([found], at)
    context = {
        "person": found,
        "where": where,
        "age": age_on(clock.local(at).date(), found),
        "panels": parts.shown_to(reader, found, at),
        "now": at,
    }
    return render(request, "perpetrators/people/person.html", context)
