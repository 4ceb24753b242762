"""What the addresses of one incident share: seen or not there, and how far the response is."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from incidents.models import FirstResponse, Incident


class DeploymentOut(serializers.Serializer[Any]):
    """An officer's way to an incident."""

    officer = serializers.CharField(source="officer.username")
    name = serializers.CharField(source="officer.name")
    sent_at = serializers.DateTimeField()
    briefing_read_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    unit = serializers.CharField(source="unit.call_sign", allow_null=True, default=None)
    arrive_by = serializers.DateTimeField(allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)
    stood_down_reason = serializers.CharField()


class RecordedCrimeOut(serializers.Serializer[Any]):
    """A crime on record."""

    number = serializers.CharField()
    category = serializers.CharField()
    arrests = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()


class ResponseOut(serializers.Serializer[Any]):
    """How far the response to an incident is."""

    reference = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    deployments = DeploymentOut(many=True)
    first_response_version = serializers.IntegerField()
    crimes = RecordedCrimeOut(many=True)


def answer(incident: Incident, status: int = 200) -> Response:
    fresh = Incident.objects.get(pk=incident.pk)
    response = FirstResponse.objects.filter(incident=fresh).first()
    data = {
        "reference": fresh.reference,
        "state": fresh.state,
        "version": fresh.version,
        "deployments": list(fresh.deployments.select_related("officer", "unit").order_by("pk")),
        "first_response_version": response.version if response else 0,
        "crimes": list(fresh.crimes.order_by("pk")),
    }
    return Response(ResponseOut(data).data, status=status)


class ResponseView(APIView):
    """What these addresses share: the incident is seen, or it is not there."""

    def incident(self, reference: str) -> Incident:
        return get_object_or_404(Incident.objects.visible_to(self.actor), reference=reference)

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user
