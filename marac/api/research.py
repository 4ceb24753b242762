"""Research for agencies' own systems: what is asked of them, and their answers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import actor_of, typed
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.text import LONGEST_NARRATIVE
from marac import research, services
from marac.api.agenda import built, read
from marac.models import ResearchRequest
from marac.permissions import can_answer_for, can_attend, can_view_conferences
from victims.views.common import note_reading

SHOW = ("asked", "returned", "all")
QUERY = [
    OpenApiParameter("show", OpenApiTypes.STR, enum=SHOW, description="asked unless given"),
    OpenApiParameter("meeting", OpenApiTypes.STR, description="The reference of one meeting"),
]


class AskedFirst(NewestFirst):
    ordering = ("-asked_at", "-id")  # type: ignore[assignment]


class ResearchOut(serializers.Serializer[ResearchRequest]):
    """What an agency is asked of one case, and what it answered."""

    id = serializers.IntegerField()
    meeting = serializers.CharField(source="hearing.meeting.reference")
    case = serializers.CharField(source="hearing.case.reference")
    name = serializers.CharField(source="hearing.victim.person")
    date_of_birth = serializers.DateField(
        source="hearing.victim.person.date_of_birth", allow_null=True
    )
    state = serializers.ChoiceField(ResearchRequest.State.choices)
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    words = serializers.CharField()
    returned_at = serializers.DateTimeField(allow_null=True)
    for_apologies = serializers.BooleanField()
    version = serializers.IntegerField()


class ResearchIn(StrictSerializer):
    """What the agency knows; or that it knows nothing, without words."""

    words = serializers.CharField(
        max_length=LONGEST_NARRATIVE, required=False, allow_blank=True, default=""
    )
    nothing_known = serializers.BooleanField(required=False, default=False)
    version = serializers.IntegerField(min_value=1)


class ChaseIn(StrictSerializer):
    """One agency by its number; without it, all that is missing."""

    agency = serializers.IntegerField(min_value=1, required=False)


class ChasedOut(serializers.Serializer[Any]):
    chased = serializers.IntegerField(help_text="How many requests were asked again")


class ResearchList(GenericAPIView[ResearchRequest]):
    serializer_class = ResearchOut
    pagination_class = AskedFirst
    queryset = ResearchRequest.objects.none()

    @extend_schema(parameters=QUERY, responses=ResearchOut(many=True))
    def get(self, request: Request) -> Response:
        """What the caller's agency is asked, of meetings whose statement they signed."""
        reader = actor_of(request)
        if not (can_attend(reader) or can_view_conferences(reader)):
            raise PermissionDenied("Your role does not come to conferences.")
        show = request.query_params.get("show", "asked")
        rows = research.asked_of(
            reader,
            show=show if show in SHOW[1:] else "",
            meeting=typed(request, "meeting"),
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class OneResearch(GenericAPIView[ResearchRequest]):
    serializer_class = ResearchIn
    queryset = ResearchRequest.objects.none()

    @extend_schema(responses=ResearchOut)
    def get(self, request: Request, research_id: int) -> Response:
        """One request; reading it is on record."""
        row = get_object_or_404(research.seen(actor_of(request)), pk=research_id)
        note_reading(actor_of(request), request.path, row.hearing.victim, clock.now())
        return Response(ResearchOut(row).data)

    @extend_schema(responses=ResearchOut)
    @idempotent
    def post(self, request: Request, research_id: int) -> Response:
        """Answer it; anew while the case waits."""
        row = get_object_or_404(research.seen(actor_of(request)), pk=research_id)
        if not can_answer_for(actor_of(request), row.agency_id):
            raise PermissionDenied(f"{row.agency} answers this.")
        said = read(ResearchIn(data=request.data))
        services.return_research(
            research_id=row.pk, actor=actor_of(request), at=clock.now(), **said
        )
        return Response(ResearchOut(research.seen(actor_of(request)).get(pk=row.pk)).data)


class ChaseResearch(GenericAPIView[ResearchRequest]):
    serializer_class = ChaseIn

    @extend_schema(responses=ChasedOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ask again for what is missing."""
        meeting = built(request, reference)
        said = read(ChaseIn(data=request.data))
        ids = research.missing_of(meeting, actor_of(request), said.get("agency"))
        chased = services.chase_research(research_ids=ids, actor=actor_of(request), at=clock.now())
        return Response(ChasedOut({"chased": chased}).data)


research_urls: list[URLPattern] = [
    path("marac/research/", ResearchList.as_view(), name="marac-research"),
    path("marac/research/<int:research_id>/", OneResearch.as_view(), name="marac-research-one"),
    path(
        "marac/meetings/<slug:reference>/research/chase/",
        ChaseResearch.as_view(),
        name="marac-research-chase",
    ),
]
