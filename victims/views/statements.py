"""The victim's personal statement: offered, answered, taken."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from victims import permissions, services
from victims.forms import AnswerForm, OfferForm, RefusableForm, StatementForm
from victims.models import PersonalStatement, Victim
from victims.views.common import note_reading, seen_by, tabs_of

#: Nobody is asked this often.
MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest, reference: str) -> HttpResponse:
    """Every offer and what became of it; and the form to offer one."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _list_page(request, victim, OfferForm(), at)
    _require(user)
    form = OfferForm(request.POST)
    if form.is_valid():
        try:
            row = services.offer_statement(
                victim_id=victim.pk, about=form.cleaned_data["about"], actor=user, at=at
            )
        except DomainError as error:
            form.refuse(error)
            return _list_page(request, victim, form, at, error.status)
        messages.success(request, "The offer is on record. Now note the answer.")
        return redirect("victims:statement", reference=reference, statement_id=row.pk)
    return _list_page(request, victim, form, at, 400)


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, reference: str, statement_id: int) -> HttpResponse:
    """One offer: the answer, and the statement once it is taken."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    row = get_object_or_404(
        PersonalStatement.objects.filter(victim=victim).select_related("offered_by", "taken_by"),
        pk=statement_id,
    )
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _page(request, victim, row, at)
    _require(user)
    return (
        _answered(request, victim, row, at)
        if _is_answer(request)
        else _taken(request, victim, row, at)
    )


def _is_answer(request: HttpRequest) -> bool:
    return request.POST.get("act") == "answer"


def _answered(
    request: HttpRequest, victim: Victim, row: PersonalStatement, at: datetime
) -> HttpResponse:
    form = AnswerForm(request.POST)

    def write() -> None:
        services.answer_statement(
            statement_id=row.pk, **form.cleaned_data, actor=reader_of(request), at=at
        )

    return _written(request, victim, row, at, form, write, "The answer is on record.", "answer")


def _taken(
    request: HttpRequest, victim: Victim, row: PersonalStatement, at: datetime
) -> HttpResponse:
    form = StatementForm(request.POST)

    def write() -> None:
        services.take_statement(
            statement_id=row.pk, **form.details(), actor=reader_of(request), at=at
        )

    return _written(request, victim, row, at, form, write, "The statement is on record.", "text")


def _written(
    request: HttpRequest,
    victim: Victim,
    row: PersonalStatement,
    at: datetime,
    form: RefusableForm,
    write: Callable[[], None],
    done: str,
    name: str,
) -> HttpResponse:
    """Write it, or show the page again with what was typed and what is wrong."""
    status, stale = 400, None
    if form.is_valid():
        try:
            write()
        except Stale as error:
            form.data = {**request.POST.dict(), "version": str(error.version)}
            stale, status = error, error.status
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, done)
            return redirect("victims:statements", reference=victim.reference)
    row.refresh_from_db()
    more = {"answer_form": form} if name == "answer" else {"text_form": form}
    return _page(request, victim, row, at, status, stale=stale, **more)


def _require(user: User) -> None:
    if not permissions.can_record_contact(user):
        raise PermissionDenied("Your role does not take statements of victims.")


def _list_page(
    request: HttpRequest, victim: Victim, form: OfferForm, at: datetime, status: int = 200
) -> HttpResponse:
    user = reader_of(request)
    rows = victim.statements.select_related("offered_by", "taken_by")
    context = {
        "victim": victim,
        "now": at,
        "form": form,
        "rows": rows.order_by("-offered_at", "-pk")[:MOST],
        "may_take": permissions.can_record_contact(user),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/statements/list.html", context, status=status)


def _page(
    request: HttpRequest,
    victim: Victim,
    row: PersonalStatement,
    at: datetime,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    answer = {"answer": row.answer, "words": row.answer_words, "version": row.version}
    context = {
        "victim": victim,
        "now": at,
        "row": row,
        "answer_form": AnswerForm(initial=answer, auto_id="answer_%s"),
        "text_form": StatementForm.starting_from(row),
        "may_take": permissions.can_record_contact(reader_of(request)),
        **more,
    }
    context["forms"] = [context["answer_form"], context["text_form"]]
    return render(request, "victims/statements/one.html", context, status=status)
