"""Crimes of an incident and what became of them, for the force's crime recording system."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.api.base import RecordedCrimeOut, ResponseView
from incidents.models import Crime
from incidents.permissions import may_record_crime, may_record_outcome
from incidents.services import crimes as outcomes
from incidents.services import response as services
from incidents.services.crimes.outcomes import LONGEST_WORDS
from incidents.services.response.findings import MOST_ARRESTS
from victims.models import Victim


class CrimeSerializer(StrictSerializer):
    """A crime with its number; `victim` is a reference where the incident has several."""

    category = serializers.ChoiceField(Crime.Category.choices)
    number = serializers.CharField(max_length=20)
    arrests = serializers.IntegerField(min_value=0, max_value=MOST_ARRESTS, default=0)
    victim = serializers.CharField(max_length=16, required=False)


class OutcomeSerializer(StrictSerializer):
    """What became of a crime. `version` is the one that was read."""

    outcome = serializers.ChoiceField([pair for pair in Crime.Outcome.choices if pair[0]])
    at_when = serializers.DateTimeField()
    words = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1)


class OutcomeOut(RecordedCrimeOut):
    """A crime on record with what became of it."""

    outcome = serializers.CharField()
    outcome_at = serializers.DateTimeField(allow_null=True)
    outcome_words = serializers.CharField()
    version = serializers.IntegerField()


class CrimesView(ResponseView):
    @extend_schema(
        operation_id="record_crime", request=CrimeSerializer, responses={201: OutcomeOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record a crime under its number."""
        incident = self.incident(reference)
        if not may_record_crime(self.actor):
            raise PermissionDenied("Only who was there, or the control room, does this.")
        body = CrimeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        victim_id = _victim_id(self.actor, given.pop("victim", None))
        crime = services.record_crime(
            incident_id=incident.pk, actor=self.actor, at=clock.now(), victim_id=victim_id, **given
        )
        return Response(OutcomeOut(crime).data, status=201)


class OutcomeView(ResponseView):
    @extend_schema(
        operation_id="record_crime_outcome", request=OutcomeSerializer, responses={200: OutcomeOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, number: str) -> Response:
        """Record what became of a crime, or put it right with words."""
        incident = self.incident(reference)
        if not may_record_outcome(self.actor):
            raise PermissionDenied("Only those who investigate do this.")
        crime = get_object_or_404(incident.crimes, number=number)
        body = OutcomeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        done = outcomes.record_outcome(
            crime_id=crime.pk, actor=self.actor, at=clock.now(), **body.validated_data
        )
        return Response(OutcomeOut(done).data)


def _victim_id(reader: User, reference: str | None) -> int | None:
    """The victim named, if seen. Raises InvalidInput at `victim`."""
    if reference is None:
        return None
    victim = Victim.objects.visible_to(reader).filter(reference=reference).first()
    if victim is None:
        raise InvalidInput("There is no such victim that you can see.", field="victim")
    return victim.pk


crime_urls = [
    path("incidents/<slug:reference>/crimes/", CrimesView.as_view(), name="incident-crimes"),
    # A crime number may hold slashes.
    path(
        "incidents/<slug:reference>/crimes/<path:number>/outcome/",
        OutcomeView.as_view(),
        name="incident-crime-outcome",
    ),
]
