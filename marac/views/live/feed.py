"""What is new on the page of a meeting, and who writes there."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import reader_of
from marac import live as pages
from marac import presence
from marac.live import LivePage
from marac.models import Attendance
from marac.views.live.page import SECTION_WORDS, context_of, shape_of
from marac.views.live.rooms import heard, room_of

#: What of the page is new by itself, each in the element of its name.
FRAGMENTS = ("now", "head", "agenda", "wants", "research", "actions", "people", "steps", "pace")


@require_safe
def live_changes(request: HttpRequest, reference: str) -> HttpResponse:
    """What is new since the number that the page knows: nothing (204), or its parts anew."""
    case, reader = request.GET.get("case", ""), reader_of(request)
    count = pages.count_for(reader, reference, case)
    if count is None:
        raise Http404
    if str(count) == request.GET.get("after", ""):
        return HttpResponse(status=204)
    room = room_of(request, reference)
    page = pages.read(room.meeting, room.place, reader, room.at, case=case)
    at = page.at
    return JsonResponse(
        {
            "after": count,
            "shape": shape_of(page),
            "at": at.hearing.case.reference if at and at.hearing else "",
            "fragments": _fragments(request, page),
        }
    )


def _fragments(request: HttpRequest, page: LivePage) -> dict[str, str]:
    context = context_of(page)
    parts: dict[str, str] = {
        f"live-{name}": render_to_string(f"marac/live/_{name}.html", context, request)
        for name in FRAGMENTS
    }
    for section, heading, _ in SECTION_WORDS:
        lines = {
            **context,
            "section": section,
            "heading": heading,
            "rows": page.case.said[section] if page.case else (),
        }
        parts[f"live-lines-{section}"] = render_to_string("marac/live/_lines.html", lines, request)
    return parts


@require_POST
def live_writing(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Say in which part of the page one writes; the answer is who else does."""
    room = room_of(request, reference)
    hearing = heard(room, case)
    if not room.place.is_observer:
        section = request.POST.get("section", "")
        presence.note(hearing_id=hearing.pk, person=room.reader, section=section)
    people = Attendance.objects.signed().filter(meeting=room.meeting, is_observer=False)
    writing = presence.writers(
        hearing_id=hearing.pk,
        person_ids=people.values_list("person_id", flat=True),
        but=room.reader,
    )
    return JsonResponse({"writers": [f'{one.name} is writing in "{one.where}"' for one in writing]})
