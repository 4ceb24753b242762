"""A victim's record for other systems: at a glance, the timeline, safe contact."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from victims import permissions, services
from victims import timeline as timelines
from victims.at_a_glance import Due, Glance, glance
from victims.models import RiskGrade, SafeContact, Victim
from victims.views.common import note_reading, seen_by


class SafeContactIn(StrictSerializer):
    """How the victim can be reached; `version` is the one that was read, 0 where there was none."""

    method = serializers.ChoiceField(SafeContact.Method.choices)
    number = serializers.CharField(max_length=120, allow_blank=True, default="")
    hours = serializers.CharField(max_length=120, allow_blank=True, default="")
    code_word = serializers.CharField(max_length=60, allow_blank=True, default="")
    may_leave_voicemail = serializers.BooleanField(default=False)
    notes = serializers.CharField(max_length=500, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=0)


class SafeContactOut(serializers.Serializer[SafeContact]):
    """How the victim can be reached, and when somebody last made sure."""

    method = serializers.ChoiceField(SafeContact.Method.choices)
    number = serializers.CharField()
    hours = serializers.CharField()
    code_word = serializers.CharField()
    may_leave_voicemail = serializers.BooleanField()
    notes = serializers.CharField()
    checked_at = serializers.DateTimeField()
    checked_by = serializers.CharField(source="checked_by.name")
    version = serializers.IntegerField()


class ResponsibleOut(serializers.Serializer[Victim]):
    """Who answers for the victim: always a team, and a person as soon as somebody has it."""

    person = serializers.CharField(source="contact_owner.name", allow_null=True, default=None)
    team = serializers.CharField(source="contact_team.name")


class HomeOut(serializers.Serializer[Any]):
    """Where the victim lives now."""

    address = serializers.CharField(source="line")
    postcode = serializers.CharField()
    uprn = serializers.CharField()


class MarkerOut(serializers.Serializer[Any]):
    """A warning in force, on the home or on the person."""

    kind = serializers.CharField()
    words = serializers.CharField()
    on = serializers.SerializerMethodField()
    until = serializers.DateField()

    def get_on(self, marker: Any) -> str:
        return "address" if marker.address_id else "person"


class DueOut(serializers.Serializer[Due]):
    """Something open that somebody owes."""

    kind = serializers.CharField(source="deadline.kind")
    what = serializers.CharField()
    reference = serializers.CharField(source="deadline.subject_reference")
    due_at = serializers.DateTimeField(source="deadline.due_at")
    started_at = serializers.DateTimeField(source="deadline.started_at")
    state = serializers.CharField(source="deadline.state")
    basis = serializers.CharField(source="deadline.basis")
    owner = serializers.CharField(source="who")


class VictimOut(serializers.Serializer[Glance]):
    """What the first look at a victim must answer."""

    reference = serializers.CharField(source="victim.reference")
    name = serializers.CharField(source="victim.person")
    date_of_birth = serializers.DateField(source="victim.person.date_of_birth", allow_null=True)
    grade = serializers.ChoiceField(RiskGrade.choices, source="victim.grade", allow_blank=True)
    grade_since = serializers.DateTimeField(source="victim.grade_since", allow_null=True)
    grade_reason = serializers.CharField(source="victim.grade_reason")
    responsible = ResponsibleOut(source="victim")
    safe_contact = SafeContactOut(allow_null=True)
    home = HomeOut(source="homes", many=True)
    markers = MarkerOut(many=True)
    due = DueOut(many=True)


class TimelineEntryOut(serializers.Serializer[Any]):
    """One thing that happened."""

    at = serializers.DateTimeField()
    verb = serializers.CharField()
    headline = serializers.CharField(source="what")
    detail = serializers.CharField()
    by = serializers.CharField()
    reference = serializers.CharField()
    is_grave = serializers.SerializerMethodField()

    def get_is_grave(self, entry: timelines.Entry) -> bool:
        return entry.tone == "h"


class TimelinePageOut(serializers.Serializer[Any]):
    """One page, newest first, and the addresses of the next and the one before."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TimelineEntryOut(many=True)


class TimelinePages(NewestFirst):
    ordering = ("-at", "-id")  # type: ignore[assignment]


def _opened(request: Request, reference: str, at: datetime) -> tuple[User, Victim]:
    """The victim, or 404; that they were opened is kept."""
    assert isinstance(request.user, User)
    victim = seen_by(request.user, reference)
    note_reading(request.user, request.path, victim, at)
    return request.user, victim


class VictimView(APIView):
    @extend_schema(operation_id="victim", responses=VictimOut)
    def get(self, request: Request, reference: str) -> Response:
        """The victim at a glance."""
        at = clock.now()
        _, victim = _opened(request, reference, at)
        return Response(VictimOut(glance(victim, at)).data)


class TimelineView(APIView):
    @extend_schema(
        operation_id="victim_timeline",
        responses=TimelinePageOut,
        parameters=[
            OpenApiParameter("cursor", str, description="From the page before"),
            OpenApiParameter("page_size", int, description="At most 200"),
        ],
    )
    def get(self, request: Request, reference: str) -> Response:
        """Everything about the victim and their incidents, newest first."""
        at = clock.now()
        reader, victim = _opened(request, reference, at)
        pages: CursorPagination = TimelinePages()
        events = (
            pages.paginate_queryset(timelines.events_of(victim, reader), request, view=self) or []
        )
        entries = [timelines.entry(event, of=victim) for event in events]
        return pages.get_paginated_response(TimelineEntryOut(entries, many=True).data)


class SafeContactView(APIView):
    @extend_schema(
        operation_id="record_safe_contact", request=SafeContactIn, responses={201: SafeContactOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record, or check again, how the victim can be reached. 409, with both, when stale."""
        at = clock.now()
        user, victim = _opened(request, reference, at)
        if not permissions.can_record_safe_contact(user):
            raise PermissionDenied("Your role does not record how victims are reached.")
        said = SafeContactIn(data=request.data)
        said.is_valid(raise_exception=True)
        row = services.record_safe_contact(
            victim_id=victim.pk, **said.validated_data, actor=user, at=at
        )
        return Response(SafeContactOut(row).data, status=201)


api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/", VictimView.as_view(), name="victim"),
    path("victims/<slug:reference>/timeline/", TimelineView.as_view(), name="victim-timeline"),
    path(
        "victims/<slug:reference>/safe-contact/",
        SafeContactView.as_view(),
        name="victim-safe-contact",
    ),
]
