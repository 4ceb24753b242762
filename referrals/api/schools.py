"""Schools and children's services, for the unit's own systems: who is told of which child."""

from typing import Any

from django.http import Http404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import LARGEST_KEY, ActorView, asked
from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.models import Incident
from referrals import school_notices as pages
from referrals import services
from referrals.models import SchoolNotice
from referrals.permissions import can_view_queue, can_work
from referrals.queue import is_key
from referrals.services.schools.settling import LONGEST_WORDS

#: The words of the list, as the page's; the first is what is owed.
SHOW = {"owed": "", "told": "told", "not-needed": "not-needed"}
QUERY = [
    OpenApiParameter("show", OpenApiTypes.STR, enum=[*SHOW], description="owed unless given"),
    OpenApiParameter("area", OpenApiTypes.INT, description="An area's id"),
]
#: Children of one incident.
MOST = 50


class NoticesInOrder(NewestFirst):
    """What is owed by the least time left, what is settled the newest first."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        is_owed = request.query_params.get("show", "owed") == "owed"
        return ("due_at", "pk") if is_owed else ("-due_at", "-pk")


class SchoolNoticeOut(serializers.Serializer[pages.Row]):
    """A child of an incident of whom a school is told before its next day."""

    number = serializers.IntegerField(source="notice.pk")
    incident = serializers.CharField(source="notice.incident.reference")
    victim = serializers.CharField(source="notice.victim.reference")
    child = serializers.CharField(source="notice.child.reference")
    name = serializers.CharField(source="notice.child")
    age = serializers.CharField(help_text="In words on the day of the incident; blank if unknown")
    state = serializers.ChoiceField(SchoolNotice.State.choices, source="notice.state")
    due_at = serializers.DateTimeField(source="notice.due_at")
    school = serializers.CharField(source="notice.agency.name", allow_null=True, default=None)
    sharing = serializers.CharField(
        source="notice.sharing.reference", allow_null=True, default=None
    )
    words = serializers.CharField(source="notice.words", help_text="Why none is told")
    settled_at = serializers.DateTimeField(source="notice.settled_at", allow_null=True)
    settled_by = serializers.CharField(
        source="notice.settled_by.username", allow_null=True, default=None
    )


class SchoolsOfOut(serializers.Serializer[Any]):
    """The children of one incident."""

    incident = serializers.CharField()
    children = SchoolNoticeOut(many=True)


class _NoticesIn(StrictSerializer):
    notices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_KEY),
        min_length=1,
        max_length=MOST,
    )


class TellSchoolIn(_NoticesIn):
    """One school told of its children in one go; `agency` is the school's id."""

    agency = serializers.IntegerField(min_value=1)


class NotNeededIn(_NoticesIn):
    """Why no school is told of these children."""

    words = serializers.CharField(max_length=LONGEST_WORDS)


class SchoolNeededIn(StrictSerializer):
    """A body without fields."""


class SchoolsView(ActorView):
    """For the referral unit; incidents without children of whom the caller may know are 404."""

    queryset = SchoolNotice.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = SchoolNoticeOut

    def reader(self) -> User:
        self.needs(can_view_queue(self.actor), "Schools are told by the referral unit.")
        return self.actor

    def worker(self) -> User:
        self.needs(can_work(self.reader()), "Only MARU workers and their manager tell schools.")
        return self.actor

    def children(self, reference: str) -> tuple[Incident, list[pages.Row]]:
        """The incident and its children, if there are any that the caller may know of."""
        incident = get_object_or_404(Incident.objects.all(), reference=reference)
        rows = pages.of_incident(incident, self.actor)
        if not rows:
            raise Http404
        return incident, rows

    def shown(self, reference: str) -> Response:
        """The children of the incident as they stand now."""
        rows = self.children(reference)[1]
        return Response(SchoolsOfOut({"incident": reference, "children": rows}).data)


class Schools(SchoolsView):
    pagination_class = NoticesInOrder

    @extend_schema(
        operation_id="school_notices", parameters=QUERY, responses=SchoolNoticeOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """Children of whom a school is to be told, the least time left first."""
        show, area = SHOW[asked(request, "show", SHOW)], request.query_params.get("area", "")
        if area and not is_key(area):
            raise InvalidInput("Give an area's id.", field="area")
        filters = pages.Filters(show, int(area) if area else None)
        page: Any = self.paginate_queryset(pages.listed(self.reader(), filters))
        rows: Any = pages.rows_of(page)
        return self.get_paginated_response(SchoolNoticeOut(rows, many=True).data)


class SchoolsOf(SchoolsView):
    @extend_schema(operation_id="school_notices_of_incident", responses=SchoolsOfOut)
    def get(self, request: Request, incident: str) -> Response:
        """The children of one incident; reading them is on record."""
        reader = self.reader()
        found, rows = self.children(incident)
        audit.record_read(
            user=reader,
            at=clock.now(),
            path=request.path,
            subject=incident,
            victim_id=rows[0].notice.victim_id,
            incident_id=found.pk,
        )
        return Response(SchoolsOfOut({"incident": incident, "children": rows}).data)


class TellSchool(SchoolsView):
    serializer_class = TellSchoolIn

    @extend_schema(operation_id="tell_school", responses=SchoolsOfOut)
    @idempotent
    def post(self, request: Request, incident: str) -> Response:
        """Tell one school of its children."""
        actor = self.worker()
        found, said = self.children(incident)[0], self.said()
        services.tell_school(
            incident_id=found.pk,
            notice_ids=said["notices"],
            agency_id=said["agency"],
            actor=actor,
            at=clock.now(),
        )
        return self.shown(incident)


class NotNeeded(SchoolsView):
    serializer_class = NotNeededIn

    @extend_schema(operation_id="school_not_needed", responses=SchoolsOfOut)
    @idempotent
    def post(self, request: Request, incident: str) -> Response:
        """Say why no school is told of these children."""
        actor = self.worker()
        found, said = self.children(incident)[0], self.said()
        services.not_needed(
            incident_id=found.pk,
            notice_ids=said["notices"],
            words=said["words"],
            actor=actor,
            at=clock.now(),
        )
        return self.shown(incident)


class Needed(SchoolsView):
    serializer_class = SchoolNeededIn

    @extend_schema(operation_id="school_needed", request=None, responses=SchoolsOfOut)
    @idempotent
    def post(self, request: Request, incident: str, notice_id: int) -> Response:
        """That no school is told was wrong."""
        actor, found = self.worker(), self.children(incident)[0]
        self.said()
        if not SchoolNotice.objects.visible_to(actor).filter(incident=found, pk=notice_id).exists():
            raise Http404
        services.needed_after_all(
            incident_id=found.pk, notice_id=notice_id, actor=actor, at=clock.now()
        )
        return self.shown(incident)


_OF = "schools/<slug:incident>/"

api_urls: list[URLPattern] = [
    path("schools/", Schools.as_view(), name="schools"),
    path(_OF, SchoolsOf.as_view(), name="schools-of"),
    path(f"{_OF}tell/", TellSchool.as_view(), name="school-tell"),
    path(f"{_OF}not-needed/", NotNeeded.as_view(), name="school-not-needed"),
    path(f"{_OF}needed/<int:notice_id>/", Needed.as_view(), name="school-needed"),
]
