"""The victim's voice for advisers' own systems: what they want of a meeting, what they were told.

How the victim may be reached stands in every answer: whoever speaks with them reads it first.
"""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from marac import services, wishes
from marac.models import Hearing
from marac.services.wishes import LONGEST_REASON, LONGEST_WORDS
from marac.wishes import ToReport
from victims.models import SafeContact
from victims.views.common import note_reading

SHOW = ("wishes", "told")
QUERY = [
    OpenApiParameter(
        "show",
        OpenApiTypes.STR,
        enum=SHOW,
        description="wishes: whom to ask before a meeting; told: whom to tell after one",
    )
]
NOT_THEIRS = "Advisers and those who keep conferences speak for victims there."
NOT_REPORTER = "The victim's adviser and the conference's coordinator report this."


class NextFirst(NewestFirst):
    """Whoever is to be asked before the next meeting, or was to be told after the earliest."""

    ordering = ("when", "id")  # type: ignore[assignment]


class SafeWayOut(serializers.Serializer[Any]):
    """How they may be reached; without `method` nobody has asked them yet."""

    method = serializers.ChoiceField(
        SafeContact.Method.choices, source="contact.method", allow_null=True, default=None
    )
    number = serializers.CharField(source="contact.number_shown", default="")
    hours = serializers.CharField(source="contact.hours", default="")
    code_word = serializers.CharField(source="contact.code_word", default="")
    may_leave_message = serializers.BooleanField()
    never = serializers.CharField(help_text="What must not be done, in words")
    hours_now = serializers.BooleanField(
        allow_null=True, help_text="Whether this hour is safe; null where the words do not tell"
    )
    version = serializers.IntegerField(source="contact.version", default=0)


class VictimsVoiceOut(serializers.Serializer[ToReport]):
    """What the victim wants of a meeting, and what they were told after it."""

    meeting = serializers.CharField(source="hearing.meeting.reference")
    starts_at = serializers.DateTimeField(source="hearing.meeting.starts_at")
    case = serializers.CharField(source="hearing.case.reference")
    victim = serializers.CharField(source="hearing.victim.reference")
    name = serializers.CharField(source="hearing.victim.person")
    state = serializers.ChoiceField(Hearing.State.choices, source="hearing.state")
    ended_at = serializers.DateTimeField(source="hearing.ended_at", allow_null=True)
    wanted = serializers.CharField(source="hearing.wanted")
    not_asked_because = serializers.CharField(source="hearing.not_asked_because")
    wanted_at = serializers.DateTimeField(source="hearing.wanted_at", allow_null=True)
    wanted_by = serializers.CharField(
        source="hearing.wanted_by.username", allow_null=True, default=None
    )
    told = serializers.CharField(source="hearing.told")
    told_at = serializers.DateTimeField(source="hearing.told_at", allow_null=True)
    told_by = serializers.CharField(
        source="hearing.told_by.username", allow_null=True, default=None
    )
    safe_way = SafeWayOut(source="rules")


class WishesIn(StrictSerializer):
    """What they want; or why nobody could ask. The one or the other."""

    wanted = serializers.CharField(
        max_length=LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    not_asked_because = serializers.CharField(
        max_length=LONGEST_REASON, required=False, allow_blank=True, default=""
    )


class ToldIn(StrictSerializer):
    words = serializers.CharField(max_length=LONGEST_WORDS)


class VoiceView(ActorView):
    """Hearings of which the caller reports: their clients', or whoever's as a coordinator."""

    queryset = Hearing.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = VictimsVoiceOut

    def opened(self, reference: str, case: str, at: datetime) -> Hearing:
        """The hearing for who speaks with its victim: 404 unseen, 403 for whoever does not."""
        rows = wishes.reportable_by(self.actor, at).select_related(
            "meeting__conference", "case", "victim__person", "wanted_by", "told_by"
        )
        row = get_object_or_404(rows, meeting__reference=reference, case__reference=case)
        self.needs(wishes.may_report(self.actor, row, at), NOT_REPORTER)
        return row

    def shown(self, reference: str, case: str, at: datetime) -> Response:
        """The hearing as it is now, with the safe way."""
        row = self.opened(reference, case, at)
        return Response(VictimsVoiceOut(wishes.with_ways([row], at)[0]).data)

    def read(self, reference: str, case: str) -> Response:
        """The same; that it was read is on record."""
        at = clock.now()
        row = self.opened(reference, case, at)
        note_reading(self.actor, self.request.path, row.victim, at)
        return Response(VictimsVoiceOut(wishes.with_ways([row], at)[0]).data)


class Voices(VoiceView):
    pagination_class = NextFirst

    @extend_schema(
        operation_id="marac_wishes", parameters=QUERY, responses=VictimsVoiceOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """Whom the caller has to ask before a meeting, or to tell after one."""
        self.needs(wishes.may_have_any(self.actor), NOT_THEIRS)
        at, show = clock.now(), asked(request, "show", SHOW)
        when = "ended_at" if show == "told" else "meeting__starts_at"
        rows = wishes.listed(self.actor, at, show=show).annotate(when=F(when))
        page: Any = self.paginate_queryset(rows.select_related("wanted_by", "told_by"))
        said: Any = wishes.with_ways(page, at)
        return self.get_paginated_response(VictimsVoiceOut(said, many=True).data)


class Wishes(VoiceView):
    serializer_class = WishesIn

    @extend_schema(operation_id="marac_case_wishes", responses=VictimsVoiceOut)
    def get(self, request: Request, reference: str, case: str) -> Response:
        """What a victim wants of a meeting; reading it is on record."""
        return self.read(reference, case)

    @extend_schema(operation_id="report_marac_wishes", responses=VictimsVoiceOut)
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Say what they want, or why nobody could ask; anew until the case is concluded."""
        at = clock.now()
        row = self.opened(reference, case, at)
        services.report_wishes(hearing_id=row.pk, actor=self.actor, at=at, **self.said())
        return self.shown(reference, case, at)


class Told(VoiceView):
    serializer_class = ToldIn

    @extend_schema(operation_id="marac_case_told", responses=VictimsVoiceOut)
    def get(self, request: Request, reference: str, case: str) -> Response:
        """What a victim was told of a meeting; reading it is on record."""
        return self.read(reference, case)

    @extend_schema(operation_id="report_marac_told", responses=VictimsVoiceOut)
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Say what they were told, by their safe way."""
        at = clock.now()
        row = self.opened(reference, case, at)
        services.report_told(hearing_id=row.pk, actor=self.actor, at=at, **self.said())
        return self.shown(reference, case, at)


CASE = "marac/meetings/<slug:reference>/cases/<slug:case>/"

wish_urls: list[URLPattern] = [
    path("marac/wishes/", Voices.as_view(), name="marac-wishes"),
    path(CASE + "wishes/", Wishes.as_view(), name="marac-case-wishes"),
    path(CASE + "told/", Told.as_view(), name="marac-case-told"),
]
