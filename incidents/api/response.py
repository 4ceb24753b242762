"""Attending and recording, for the officers' own systems."""

from dataclasses import fields
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from incidents.api.base import ResponseOut, ResponseView, answer
from incidents.golden_hour import GOLDEN_HOUR
from incidents.models import Crime, FirstResponse
from incidents.permissions import may_attend
from incidents.services import response as services
from incidents.services.response import CrimeNamed, Findings, missing_words
from incidents.services.response.findings import LONGEST, MOST_ARRESTS, MOST_CRIMES, YesNo

_YES_NO = [YesNo.YES.value, YesNo.NO.value]
_YES_NO_NONE = [*_YES_NO, YesNo.NOT_APPLICABLE.value]


def _typed(name: str, *, required: bool = False) -> serializers.CharField:
    if required:
        return serializers.CharField(max_length=LONGEST[name])
    return serializers.CharField(max_length=LONGEST[name], allow_blank=True, default="")


class NamedCrimeSerializer(StrictSerializer):
    """A crime of a first response; its number may follow."""

    category = serializers.ChoiceField(Crime.Category.choices)
    number = serializers.CharField(max_length=20, allow_blank=True, default="")
    arrests = serializers.IntegerField(min_value=0, max_value=MOST_ARRESTS, default=0)


class FirstResponseSerializer(StrictSerializer):
    """What was done and found. `version`: 0 for the first time, else the one that was read."""

    version = serializers.IntegerField(min_value=0, default=0)
    positive_action = serializers.ChoiceField(FirstResponse.PositiveAction.choices)
    positive_action_reason = _typed("positive_action_reason")
    spoken_apart = serializers.ChoiceField(_YES_NO_NONE)
    spoken_apart_reason = _typed("spoken_apart_reason")
    children_present = serializers.ChoiceField(_YES_NO)
    account = _typed("account", required=True)
    golden_hour = serializers.ListField(
        child=serializers.ChoiceField(list(GOLDEN_HOUR.items())), default=list
    )
    body_worn_video = serializers.ChoiceField(_YES_NO)
    body_worn_video_reason = _typed("body_worn_video_reason")
    supports_prosecution = serializers.ChoiceField(_YES_NO_NONE)
    evidence_led_plan = _typed("evidence_led_plan")
    safety_plan = _typed("safety_plan", required=True)
    crime_committed = serializers.ChoiceField(_YES_NO)
    crimes = serializers.ListField(
        child=NamedCrimeSerializer(), default=list, max_length=MOST_CRIMES
    )
    non_crime_reason = _typed("non_crime_reason")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if wrong := missing_words(attrs):
            raise serializers.ValidationError({name: [words] for name, words in wrong.items()})
        return attrs


class AttendanceSerializer(StrictSerializer):
    """An arrival, a first response, or both at once. Without `arrived_at` an arrival is now."""

    arrived_at = serializers.DateTimeField(required=False)
    first_response = FirstResponseSerializer(required=False)


class AttendanceView(ResponseView):
    @extend_schema(
        operation_id="record_attendance", request=AttendanceSerializer, responses={201: ResponseOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say that the officer signed in has arrived, and what they did and found."""
        at = clock.now()
        incident = self.incident(reference)
        if not may_attend(self.actor):
            raise PermissionDenied("Only officers who attend incidents do this.")
        body = AttendanceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            if "arrived_at" in given or "first_response" not in given:
                services.record_arrival(
                    incident_id=incident.pk,
                    actor=self.actor,
                    at=at,
                    arrived_at=given.get("arrived_at"),
                )
            if "first_response" in given:
                services.record_first_response(
                    incident_id=incident.pk,
                    actor=self.actor,
                    at=at,
                    findings=_findings(given["first_response"]),
                    version=given["first_response"]["version"],
                )
        return answer(incident, 201)


def _findings(given: dict[str, Any]) -> Findings:
    own = {field.name: given[field.name] for field in fields(Findings)}
    return Findings(
        **{
            **own,
            "golden_hour": tuple(given["golden_hour"]),
            "crimes": tuple(CrimeNamed(**crime) for crime in given["crimes"]),
        }
    )


response_urls = [
    path(
        "incidents/<slug:reference>/attendance/",
        AttendanceView.as_view(),
        name="incident-attendance",
    ),
]
