"""Flags that hearings leave, for other systems: which stand, and their end before their time."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked, typed
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from marac import caseload, services
from marac.models import Conference, MaracFlag
from marac.permissions import can_decide
from marac.services.flags import LONGEST_WORDS
from victims.views.common import note_reading

SHOW = ("standing", "ended", "all")
QUERY = [
    OpenApiParameter("show", OpenApiTypes.STR, enum=SHOW, description="standing unless given"),
    OpenApiParameter("case", OpenApiTypes.STR, description="The reference of one case"),
]


class FlagsNewestFirst(NewestFirst):
    ordering = ("-from_at", "-id")  # type: ignore[assignment]


class MaracFlagOut(serializers.Serializer[MaracFlag]):
    """A flag: whoever takes a call about the two sees it until its last instant."""

    number = serializers.IntegerField(source="pk")
    case = serializers.CharField(source="case.reference")
    conference = serializers.CharField(source="case.conference.name")
    meeting = serializers.CharField(source="hearing.meeting.reference")
    victim = serializers.CharField(source="victim.reference")
    perpetrator = serializers.CharField(
        source="perpetrator.reference", allow_null=True, default=None
    )
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(help_text="Its last instant while it stands")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField(source="ended_by.username", allow_null=True, default=None)
    ended_because = serializers.ChoiceField(
        MaracFlag.EndedBecause.choices, allow_blank=True, help_text="Blank while it stands"
    )
    ended_words = serializers.CharField()


class EndFlagIn(StrictSerializer):
    """Why it ends before its time."""

    words = serializers.CharField(max_length=LONGEST_WORDS)


class FlagView(ActorView):
    """Flags are seen with their cases."""

    queryset = MaracFlag.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = MaracFlagOut

    def flags(self) -> QuerySet[MaracFlag]:
        rows: QuerySet[MaracFlag] = MaracFlag.objects.visible_to(self.actor)
        return rows.select_related(
            "case__conference", "hearing__meeting", "victim", "perpetrator", "ended_by"
        )

    def seen(self, number: int) -> MaracFlag:
        """The flag, or 404 for whoever may not see its case."""
        return get_object_or_404(self.flags(), pk=number)


class Flags(FlagView):
    pagination_class = FlagsNewestFirst

    @extend_schema(operation_id="marac_flags", parameters=QUERY, responses=MaracFlagOut(many=True))
    def get(self, request: Request) -> Response:
        """Flags of the cases that the caller may see, the newest first."""
        self.needs(
            caseload.can_list(self.actor), "Your role does not follow the cases of conferences."
        )
        rows, show = self.flags(), asked(request, "show", SHOW)
        if show != "all":
            rows = rows.filter(ended_at__isnull=show == "standing")
        if case := typed(request, "case"):
            rows = rows.filter(case__reference=case)
        return self.paged(rows, MaracFlagOut)


class OneFlag(FlagView):
    @extend_schema(operation_id="marac_flag", responses=MaracFlagOut)
    def get(self, request: Request, number: int) -> Response:
        """One flag; reading it is on record."""
        row = self.seen(number)
        note_reading(self.actor, request.path, row.victim, clock.now())
        return Response(MaracFlagOut(row).data)


class EndFlag(FlagView):
    serializer_class = EndFlagIn

    @extend_schema(operation_id="end_marac_flag", responses=MaracFlagOut)
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """Take a flag away before its time, and say why."""
        row = self.seen(number)
        self.needs(
            can_decide(self.actor, Conference()),
            "Coordinators and chairs of the conferences remove flags.",
        )
        services.remove_flag(flag_id=row.pk, actor=self.actor, at=clock.now(), **self.said())
        return Response(MaracFlagOut(self.seen(number)).data)


flag_urls: list[URLPattern] = [
    path("marac/flags/", Flags.as_view(), name="marac-flags"),
    path("marac/flags/<int:number>/", OneFlag.as_view(), name="marac-flag"),
    path("marac/flags/<int:number>/end/", EndFlag.as_view(), name="end-marac-flag"),
]
