"""Minutes for other systems: each reader's own copy, its file, approval, and sending.

What is cut from a copy is cut by the service that the page asks; every opening is on record.
"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, typed
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import meetings as pages
from marac import minutes_list, minutes_page, services
from marac.api.minutes_out import MinutesOut, MinutesRowOut, MinutesVersionOut, out_of
from marac.minutes.content import Content, fingerprint
from marac.minutes_file import file_of, name_of
from marac.models import Meeting, Minutes
from marac.permissions import can_chair, can_keep
from marac.services.minutes import Copy
from marac.services.minutes.approving import LONGEST_CORRECTION, LONGEST_WORDS
from marac.services.minutes.opening import whole_for

QUERY = [
    OpenApiParameter(
        "agency", OpenApiTypes.INT, description="For those who keep conferences: whose copy"
    ),
    OpenApiParameter(
        "version", OpenApiTypes.INT, description="For those who keep conferences: which version"
    ),
]
#: Cases that one version sets right; there may be another version.
MOST_CORRECTIONS = 50


class HeldLast(NewestFirst):
    ordering = ("-starts_at", "-id")  # type: ignore[assignment]


class CorrectionIn(StrictSerializer):
    """What a further version sets right of a case, which is named by its reference."""

    case = serializers.CharField(max_length=16)
    words = serializers.CharField(max_length=LONGEST_CORRECTION)


class ApproveMinutesIn(StrictSerializer):
    """`seen` is that of the minutes as they were read: nobody approves what they did not see."""

    seen = serializers.CharField(max_length=64)
    because = serializers.CharField(
        max_length=LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    corrections = serializers.ListField(
        child=CorrectionIn(), required=False, max_length=MOST_CORRECTIONS
    )


class SendMinutesIn(StrictSerializer):
    """Which version goes to the agencies: the newest that is approved."""

    number = serializers.IntegerField(min_value=1, max_value=32_767)


class MinutesView(ActorView):
    """Minutes of a meeting that the caller sees; 404 otherwise."""

    queryset = Meeting.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = MinutesOut

    def meeting(self, reference: str) -> Meeting:
        return get_object_or_404(pages.seen(self.actor), reference=reference)

    def opened(self, reference: str, at: datetime) -> Copy:
        """The caller's copy, its opening on record. 404 while there is none to be read."""
        request = self.request
        copy = minutes_page.opened(
            self.meeting(reference),
            self.actor,
            agency=typed(request, "agency"),
            version=typed(request, "version"),
            path=request.get_full_path(),
            at=at,
        )
        if copy is None:
            raise Http404("There are no minutes yet.")
        return copy


class MinutesList(MinutesView):
    pagination_class = HeldLast

    @extend_schema(operation_id="marac_minutes_list", responses=MinutesRowOut(many=True))
    def get(self, request: Request) -> Response:
        """Meetings whose minutes the caller may open, the latest first; no word of them."""
        self.needs(minutes_list.may_have_any(self.actor), "Your role does not come to conferences.")
        return self.paged(minutes_list.listed(self.actor), MinutesRowOut)


class OneMinutes(MinutesView):
    @extend_schema(operation_id="marac_minutes", parameters=QUERY, responses=MinutesOut)
    def get(self, request: Request, reference: str) -> Response:
        """The minutes as the caller may read them; that they did is on record."""
        at = clock.now()
        copy = self.opened(reference, at)
        page = minutes_page.page_of(copy.meeting, self.actor, copy)
        seen = fingerprint(whole_for(copy.meeting, self.actor)) if page["may_approve"] else ""
        return Response(out_of(copy, page, seen))


class MinutesFile(MinutesView):
    @extend_schema(
        operation_id="marac_minutes_file",
        parameters=QUERY,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The same as a file, every page stamped with who opened it and when."""
        at = clock.now()
        copy = self.opened(reference, at)
        file = file_of(copy, reader=self.actor, at=at)
        response = HttpResponse(file, content_type="application/pdf")
        header = content_disposition_header(as_attachment=True, filename=name_of(copy))
        response["Content-Disposition"] = header or "attachment"
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ApproveMinutes(MinutesView):
    serializer_class = ApproveMinutesIn

    @extend_schema(operation_id="approve_marac_minutes", responses={201: MinutesVersionOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The chair approves what they read; a further version says what it sets right."""
        meeting = self.meeting(reference)
        self.needs(can_chair(self.actor, meeting.conference), "The chair approves the minutes.")
        said = self.said()
        corrections = _set_right(said.get("corrections", []), whole_for(meeting, self.actor))
        row = services.approve_minutes(
            meeting_id=meeting.pk,
            seen=said["seen"],
            because=said["because"],
            corrections=corrections,
            actor=self.actor,
            at=clock.now(),
        )
        return Response(MinutesVersionOut(row).data, status=201)


class SendMinutes(MinutesView):
    serializer_class = SendMinutesIn

    @extend_schema(operation_id="send_marac_minutes", responses=MinutesVersionOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The approved version goes to every invited agency, each to its own copy."""
        meeting = self.meeting(reference)
        may = can_keep(self.actor, meeting.conference) or can_chair(self.actor, meeting.conference)
        self.needs(may, "The coordinator sends minutes.")
        row = Minutes.objects.filter(meeting=meeting, **self.said()).first()
        if row is None:
            raise InvalidInput("There is no such version of these minutes.", field="number")
        done = services.send_minutes(minutes_id=row.pk, actor=self.actor, at=clock.now())
        return Response(MinutesVersionOut(done).data)


def _set_right(said: list[dict[str, str]], content: Content) -> dict[int, str]:
    """Corrections by the key of their hearing; two of one case are one.

    Raises InvalidInput at "corrections" for a case that the minutes do not have.
    """
    keys = {case["reference"]: case["hearing_id"] for case in content["cases"]}
    found: dict[int, str] = {}
    for one in said:
        key = keys.get(one["case"])
        if key is None:
            words = f"{one['case']} is no case of these minutes."
            raise InvalidInput(words, field="corrections")
        found[key] = f"{found[key]}\n{one['words']}" if key in found else one["words"]
    return found


_OF = "marac/meetings/<slug:reference>/minutes/"

minutes_urls: list[URLPattern] = [
    path("marac/minutes/", MinutesList.as_view(), name="marac-minutes-list"),
    path(_OF, OneMinutes.as_view(), name="marac-minutes"),
    path(f"{_OF}file/", MinutesFile.as_view(), name="marac-minutes-file"),
    path(f"{_OF}approve/", ApproveMinutes.as_view(), name="approve-marac-minutes"),
    path(f"{_OF}send/", SendMinutes.as_view(), name="send-marac-minutes"),
]
