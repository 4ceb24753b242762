"""Agencies refer, and see what became of it; the unit says whom it is about."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError, Stale
from referrals import incoming as pages
from referrals import services
from referrals.forms.incoming import AnswerForm, ReferForm, TakeOverForm, WhoForm
from referrals.models import AgencyReferral
from referrals.permissions import can_refer, can_work
from victims.models import SafeContact

ON_A_PAGE = 25


def _sender(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_refer(reader):
        raise PermissionDenied("Agencies' own representatives refer somebody to the unit.")
    return reader


@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """Refer somebody; refused, the form shows again with all that was typed."""
    at, reader = clock.now(), _sender(request)
    form = ReferForm(request.POST or None)
    if request.method == "POST" and form.carries_out(services.refer_to_unit, actor=reader, at=at):
        referral = form.result.referral
        messages.success(request, f"Sent: {referral.reference}. The unit has it now.")
        return redirect("referrals:referred", incoming=referral.reference)
    context = {"form": form, "agency": reader.team.agency if reader.team else None}
    return render(request, "referrals/incoming/refer.html", context, status=form.status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What the agency referred, the newest first."""
    reader, state = _sender(request), request.GET.get("state", "")
    rows = pages.sent_by_agency_of(reader, state)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    found = [pages.as_sent(row, reader) for row in page.object_list]
    context = {
        "page": page,
        "rows": found,
        "state": state if state in pages.FILTERS else "",
        "states": [(code, pages.STATES[value]) for code, value in pages.FILTERS.items()],
        "now": clock.now(),
    }
    return render(request, "referrals/incoming/sent.html", context)


@require_safe
def one_sent(request: HttpRequest, incoming: str) -> HttpResponse:
    """One of the agency's own referrals: what it said, where it stands, the unit's answer."""
    reader, at = _sender(request), clock.now()
    rows = pages.sent_by_agency_of(reader).select_related("agency")
    found = get_object_or_404(rows, referral__reference=incoming)
    audit.record_read(
        user=reader, at=at, path=request.path, subject=incoming, victim_id=found.victim_id
    )
    context = {"incoming": found, "sent": pages.as_sent(found, reader), "now": at}
    return render(request, "referrals/incoming/one_sent.html", context)


def _worker(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_work(reader):
        raise PermissionDenied("Only the unit's workers say whom a referral is about.")
    return reader


def _incoming(reader: User, reference: str) -> AgencyReferral:
    """What an agency sent under this reference, if the reader may see it; else 404."""
    rows = AgencyReferral.objects.visible_to(reader).select_related(
        "referral__claimed_by", "victim__person", "agency", "sent_by", "identified_by"
    )
    return get_object_or_404(rows, referral__reference=reference)


@require_safe
def who(request: HttpRequest, incoming: str) -> HttpResponse:
    """Whom an agency's referral may be about, with the reasons; that it was read is kept."""
    reader, at = _worker(request), clock.now()
    found = _incoming(reader, incoming)
    audit.record_read(
        user=reader, at=at, path=request.path, subject=incoming, victim_id=found.victim_id
    )
    return _shown(request, found)


@require_POST
def say_who(request: HttpRequest, incoming: str) -> HttpResponse:
    """It is about this person on record, or about nobody on record."""
    reader, at = _worker(request), clock.now()
    found, form = _incoming(reader, incoming), WhoForm(request.POST)
    is_new = "nobody" in request.POST
    person_id = form.person_id() if not is_new and form.is_valid() else None
    if person_id is None and not is_new:
        return _shown(request, found, status=400, who=form)
    try:
        done = services.say_who(
            referral_id=found.referral_id, person_id=person_id, actor=reader, at=at
        )
    except DomainError as error:
        form.is_valid()
        form.errors.clear()
        form.refuse(error)
        return _shown(request, _incoming(reader, incoming), status=error.status, who=form)
    messages.success(request, f"The referral is about {done.victim.reference}.")
    return redirect("referrals:who", incoming=incoming)


@require_POST
def take_back(request: HttpRequest, incoming: str) -> HttpResponse:
    """It was never about that person."""
    reader, at = _worker(request), clock.now()
    found = _incoming(reader, incoming)
    try:
        services.take_back_who(referral_id=found.referral_id, actor=reader, at=at)
    except DomainError as error:
        messages.error(request, error.message)
        return _shown(request, _incoming(reader, incoming), status=error.status)
    messages.success(request, "Taken back: say again who it is.")
    return redirect("referrals:who", incoming=incoming)


@require_POST
def answer(request: HttpRequest, incoming: str) -> HttpResponse:
    """Tell the agency that referred what became of it."""
    reader, at = _worker(request), clock.now()
    found, form = _incoming(reader, incoming), AnswerForm(request.POST)
    given = {"referral_id": found.referral_id, "actor": reader, "at": at}
    if form.carries_out(services.answer_agency, **given):
        messages.success(request, f"{found.agency} is told.")
        return redirect("referrals:who", incoming=incoming)
    return _shown(request, found, status=form.status, answer=form)


@require_POST
def take_over(request: HttpRequest, incoming: str) -> HttpResponse:
    """Make the agency's words on safe contact the victim's own."""
    reader, at = _worker(request), clock.now()
    found, form, status = _incoming(reader, incoming), TakeOverForm(request.POST), 400
    if form.is_valid():
        try:
            services.take_over_safe_contact(
                referral_id=found.referral_id, actor=reader, at=at, **form.details()
            )
        except DomainError as error:
            form.refuse(error)
            if isinstance(error, Stale):
                form.know(error.version)
            status = error.status
        else:
            messages.success(request, "The safe contact is recorded.")
            return redirect("referrals:who", incoming=incoming)
    return _shown(request, found, status=status, safe=form)


def _shown(
    request: HttpRequest, found: AgencyReferral, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page; a form that was refused comes back with what was typed and what is wrong."""
    reader = reader_of(request)
    is_open = found.referral.state != "completed"
    decide = is_open and found.identified != "worker"
    current = SafeContact.objects.filter(victim=found.victim_id, is_current=True).first()
    context = {
        "incoming": found,
        "referral": found.referral,
        "decide": decide,
        "possible": pages.possible(found, reader) if decide else [],
        "may_take_back": is_open and found.identified == "worker",
        "current": current,
        "who": bound.get("who") or WhoForm(),
        "answer": bound.get("answer") or AnswerForm(initial={"answer": found.answer}),
        "safe": bound.get("safe") or TakeOverForm.from_words(found.safe_contact, current),
        "forms": list(bound.values()),
        "now": clock.now(),
    }
    return render(request, "referrals/incoming/who.html", context, status=status)
