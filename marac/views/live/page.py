"""The page of a meeting: case by case, typed by one and seen by all."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import services as audit
from marac import live as pages
from marac import services
from marac.forms.live import ActionForm, BeginForm, LineForm
from marac.live import LivePage
from marac.models import HearingLine
from marac.views.agenda import sign_first
from marac.views.live.rooms import Room, heard, room_of

#: Section, heading, what is asked there.
SECTION_WORDS = (
    ("present", "What happened", "What brings it here, told by who refers it."),
    ("share", "Said in the meeting", "What agencies add to what they returned."),
    ("analyse", "Risk, and what changed", "What the meeting makes of it."),
    ("conclude", "Conclusion", "What is decided, and why where nothing is to be done."),
)


@require_safe
def live(request: HttpRequest, reference: str, case: str = "") -> HttpResponse:
    """The meeting at the case that is heard now, or at the one that is asked for."""
    try:
        room = room_of(request, reference)
    except PermissionDenied:
        return sign_first(request, reference)
    if case:
        heard(room, case)
    services.come_in(meeting_id=room.meeting.pk, actor=room.reader, at=room.at)
    return shown(request, room, case=case)


def shown(
    request: HttpRequest, room: Room, *, case: str = "", status: int = 200, **bound: forms.Form
) -> HttpResponse:
    """The page; a form that was refused comes back with what was typed and what is wrong."""
    page = pages.read(room.meeting, room.place, room.reader, room.at, case=case)
    if page.case is not None:
        audit.record_read(
            user=room.reader,
            at=room.at,
            path=request.path,
            subject=page.case.hearing.case.reference,
            victim_id=page.case.hearing.victim_id,
        )
    context = {
        **context_of(page),
        "form_for": {**_blank(page, request), **bound},
        "forms": list(bound.values()),
        "follows": not case,
    }
    return render(request, "marac/live/live.html", context, status=status)


def context_of(page: LivePage) -> dict[str, Any]:
    return {
        "page": page,
        "meeting": page.meeting,
        "case": page.case,
        "now": page.now,
        "pace": pages.pace_words(page.pace),
        "shape": shape_of(page),
        "sections": SECTION_WORDS,
    }


def shape_of(page: LivePage) -> str:
    """What makes the page another page: with the same one its forms stay as they are."""
    case = page.case
    part = f"{case.hearing.case.reference}:{case.may_write}:{case.may_lead}" if case else ""
    return f"{page.meeting.state}:{part}"


def _blank(page: LivePage, request: HttpRequest) -> dict[str, forms.Form]:
    """The forms as they are before anybody types."""
    blank: dict[str, forms.Form] = {"begin": BeginForm(auto_id="begin_%s")}
    if page.case is None or not page.case.may_write:
        return blank
    others = page.case.agencies if page.leads else ()
    for section, _, _ in SECTION_WORDS:
        blank[f"line_{section}"] = LineForm(section=section, agencies=others)
    blank["action"] = ActionForm(seats=page.seats, agencies=page.case.agencies, at=page.now)
    corrected = _corrected(page, request.GET.get("correct", ""))
    if corrected is not None:
        blank[f"line_{corrected.section}"] = LineForm(
            section=corrected.section,
            agencies=others,
            initial={"corrects_id": corrected.pk, "words": corrected.words},
        )
    return blank


def _corrected(page: LivePage, number: str) -> HearingLine | None:
    """The line that the reader puts right, if it is one of the case that is shown."""
    assert page.case is not None
    lines = (said.line for rows in page.case.said.values() for said in rows)
    return next((line for line in lines if str(line.pk) == number), None)
