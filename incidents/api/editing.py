"""Further calls about an incident, and links between incidents about one event."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.api.calls import CallIn, OneIncident, call_of
from incidents.models import FurtherCall, Incident
from incidents.pages.editing import links_of
from incidents.permissions import may_log_calls
from incidents.seeing import sees_whole
from incidents.services.editing.further_calls import add_further_call
from incidents.services.editing.linking import LONGEST_WORDS, link_incidents


class FurtherCallOut(serializers.Serializer[Any]):
    """Another call about an incident, whole; the grade of the incident before and after it."""

    incident = serializers.CharField(source="incident.reference")
    source = serializers.CharField()  # type: ignore[assignment]
    source_detail = serializers.CharField()
    received_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    caller_name = serializers.CharField()
    caller_number = serializers.CharField()
    caller_is = serializers.CharField()
    safe_callback = serializers.CharField()
    narrative = serializers.CharField()
    verbatim = serializers.CharField()
    background = serializers.CharField()
    call_dropped = serializers.BooleanField()
    answers = serializers.DictField(child=serializers.CharField())
    grade_before = serializers.CharField()
    grade_after = serializers.CharField()


class LinkIn(StrictSerializer):
    """The other incident about the same event, and why."""

    reference = serializers.CharField(max_length=30)
    words = serializers.CharField(max_length=LONGEST_WORDS)


class LinkOut(serializers.Serializer[Any]):
    """Another incident about the same event."""

    reference = serializers.CharField(source="other.reference")
    state = serializers.CharField(source="other.state")
    grade = serializers.CharField(source="other.grade")
    received_at = serializers.DateTimeField(source="other.received_at")
    words = serializers.CharField(help_text="Empty where they may tell of a victim hidden from you")
    linked_at = serializers.DateTimeField(source="link.linked_at")


class FurtherCallsView(OneIncident):
    @extend_schema(operation_id="list_further_calls", responses=FurtherCallOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """The further calls about an incident, in the order in which they came.

        None where somebody else was harmed in it whom you must not see: they may be that one's.
        """
        incident = self.incident(reference)
        rows = FurtherCall.objects.filter(incident=incident)
        if not sees_whole(incident, self.actor):
            rows = rows.none()
        rows = rows.select_related("incident").order_by("received_at", "pk")
        return Response(FurtherCallOut(rows, many=True).data)

    @extend_schema(operation_id="add_further_call", request=CallIn, responses={201: FurtherCallOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Add another call to an open incident as news of it."""
        incident = self.incident(reference)
        if not may_log_calls(self.actor):
            raise PermissionDenied("Only the control room takes further calls down.")
        body = CallIn(data=request.data)
        body.is_valid(raise_exception=True)
        further = add_further_call(
            incident_id=incident.pk,
            actor=self.actor,
            at=clock.now(),
            call=call_of(body.validated_data, self.actor),
        )
        return Response(FurtherCallOut(further).data, status=201)


class LinksView(OneIncident):
    @extend_schema(operation_id="list_links", responses=LinkOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """The incidents about the same event, as far as you may see them."""
        return Response(LinkOut(links_of(self.incident(reference), self.actor), many=True).data)

    @extend_schema(
        operation_id="link_incidents", request=LinkIn, responses={201: LinkOut(many=True)}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say that two incidents are about one event; gives all that this one is linked with."""
        incident = self.incident(reference)
        if not may_log_calls(self.actor):
            raise PermissionDenied("Only the control room says which calls are about one event.")
        body = LinkIn(data=request.data)
        body.is_valid(raise_exception=True)
        named = body.validated_data["reference"].strip().upper()
        other = Incident.objects.visible_to(self.actor).filter(reference=named).first()
        if other is None:
            raise InvalidInput("There is no incident of this reference.", field="reference")
        link_incidents(
            incident_id=incident.pk,
            other_id=other.pk,
            words=body.validated_data["words"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(LinkOut(links_of(incident, self.actor), many=True).data, status=201)


editing_urls = [
    path(
        "incidents/<slug:reference>/further-calls/",
        FurtherCallsView.as_view(),
        name="further_calls",
    ),
    path("incidents/<slug:reference>/links/", LinksView.as_view(), name="links"),
]
