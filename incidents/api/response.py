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
from incidents.models import Crime, FirstResponse
from incidents.permissions import may_attend
from incidents.services import response as services
from incidents.services.response import (
    ChildFound,
    CrimeNamed,
    Findings,
    PartyFound,
    missing_words,
)
from incidents.services.response.findings import (
    LISTS,
    LONGEST,
    LONGEST_OF_CHILD,
    LONGEST_OF_PARTY,
    MOST_ARRESTS,
    MOST_CHILDREN,
    MOST_CRIMES,
    YesNo,
)

_YES_NO = [YesNo.YES.value, YesNo.NO.value]
_YES_NO_NONE = [*_YES_NO, YesNo.NOT_APPLICABLE.value]


def _typed(name: str, *, required: bool = False) -> serializers.CharField:
    if required:
        return serializers.CharField(max_length=LONGEST[name])
    return serializers.CharField(max_length=LONGEST[name], allow_blank=True, default="")


def _ticked(name: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(list(LISTS[name].items())), default=list
    )


class NamedCrimeSerializer(StrictSerializer):
    """A crime of a first response; its number may follow."""

    category = serializers.ChoiceField(Crime.Category.choices)
    number = serializers.CharField(max_length=20, allow_blank=True, default="")
    arrests = serializers.IntegerField(min_value=0, max_value=MOST_ARRESTS, default=0)


class PartySerializer(StrictSerializer):
    """What one party said; `person` is the reference of a party of the incident."""

    person = serializers.CharField(max_length=20)
    was_spoken_to = serializers.BooleanField()
    account = serializers.CharField(
        max_length=LONGEST_OF_PARTY["account"],
        help_text="What they said; or why they were not spoken to",
    )
    injuries = serializers.CharField(
        max_length=LONGEST_OF_PARTY["injuries"], allow_blank=True, default=""
    )
    fear = serializers.CharField(
        max_length=LONGEST_OF_PARTY["fear"],
        allow_blank=True,
        default="",
        help_text="What they fear will happen",
    )


class ChildSerializer(StrictSerializer):
    """One child: `person` where the incident names the child, else `name`."""

    person = serializers.CharField(max_length=20, allow_blank=True, default="")
    name = serializers.CharField(
        max_length=LONGEST_OF_CHILD["name"], allow_blank=True, default="", help_text="Ella, 6"
    )
    was_seen = serializers.BooleanField()
    was_spoken_to = serializers.BooleanField()
    words = serializers.CharField(
        max_length=LONGEST_OF_CHILD["words"],
        help_text="What the child said and how they were; or why not seen, or not spoken to",
    )


class FirstResponseSerializer(StrictSerializer):
    """What was done and found. `version`: 0 for the first time, else the one that was read.

    Each victim and perpetrator of the incident stands in `parties`, each of its children in
    `children`.
    """

    version = serializers.IntegerField(min_value=0, default=0)
    positive_action = serializers.ChoiceField(FirstResponse.PositiveAction.choices)
    positive_action_reason = _typed("positive_action_reason")
    spoken_apart = serializers.ChoiceField(_YES_NO_NONE)
    spoken_apart_reason = _typed("spoken_apart_reason")
    parties = PartySerializer(many=True, default=list)
    children_present = serializers.ChoiceField(_YES_NO)
    children = serializers.ListField(
        child=ChildSerializer(), default=list, max_length=MOST_CHILDREN
    )
    account = _typed("account", required=True)
    golden_hour = _ticked("golden_hour")
    body_worn_video = serializers.ChoiceField(_YES_NO)
    body_worn_video_exhibit = _typed("body_worn_video_exhibit")
    body_worn_video_reason = _typed("body_worn_video_reason")
    supports_prosecution = serializers.ChoiceField(_YES_NO_NONE)
    wishes = _typed("wishes")
    evidence_led_plan = _typed("evidence_led_plan")
    counter_allegation = serializers.ChoiceField(_YES_NO, default=YesNo.NO.value)
    counter_by = serializers.CharField(
        max_length=20,
        allow_blank=True,
        default="",
        help_text="Reference of who accuses; needed where more than one perpetrator could",
    )
    counter_against = serializers.CharField(
        max_length=20,
        allow_blank=True,
        default="",
        help_text="Reference of the victim who is accused; needed where there are several",
    )
    counter_view = serializers.ChoiceField(
        FirstResponse.CounterView.choices, allow_blank=True, default=""
    )
    counter_protect = serializers.CharField(
        max_length=20,
        allow_blank=True,
        default="",
        help_text="Reference of whom the officer takes to need protection, where it is one of them",
    )
    counter_reason = _typed("counter_reason")
    safety_measures = _ticked("safety_measures")
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
            **{name: tuple(given[name]) for name in LISTS},
            "parties": tuple(PartyFound(**party) for party in given["parties"]),
            "children": tuple(ChildFound(**child) for child in given["children"]),
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
