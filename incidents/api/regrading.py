"""Grading an incident again, for the control room's own systems."""

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
from incidents.api.calls import GroundsOut, IncidentOut, OneIncident
from incidents.grading import Suggestion
from incidents.models import Incident, ResponseGrade
from incidents.permissions import may_log_calls
from incidents.services.calls import LONGEST_REASON
from incidents.services.regrading import regrade, suggestion_for


class RegradeIn(StrictSerializer):
    """The grade that is chosen; `version` is the one of the incident that was read."""

    version = serializers.IntegerField(min_value=1)
    grade = serializers.ChoiceField(ResponseGrade.choices)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    call_dropped = serializers.BooleanField(allow_null=True, default=None)
    appointment_at = serializers.DateTimeField(allow_null=True, default=None)


class SuggestionOut(serializers.Serializer[Suggestion]):
    """What would be suggested now, and why."""

    grade = serializers.CharField()
    grounds = GroundsOut(many=True, source="grouped")
    within = serializers.CharField(help_text="How soon somebody must be there, in words")
    officers = serializers.IntegerField()


class RegradeView(OneIncident):
    @extend_schema(operation_id="suggest_grade", responses=SuggestionOut)
    def get(self, request: Request, reference: str) -> Response:
        """What would be suggested with what is known now."""
        incident = self._asked(reference)
        suggestion = suggestion_for(incident, at=clock.now(), reader=self.actor)
        return Response(SuggestionOut(suggestion).data)

    @extend_schema(operation_id="regrade_incident", request=RegradeIn, responses=IncidentOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Grade an incident again."""
        incident = self._asked(reference)
        body = RegradeIn(data=request.data)
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        regrade(incident_id=incident.pk, actor=self.actor, at=clock.now(), **given)
        incident.refresh_from_db()
        return self.answer(incident)

    def _asked(self, reference: str) -> Incident:
        incident = self.incident(reference)
        if not may_log_calls(self.actor):
            raise PermissionDenied("Only the control room grades incidents.")
        return incident


regrading_urls = [
    path("incidents/<slug:reference>/regrade/", RegradeView.as_view(), name="regrade"),
]
