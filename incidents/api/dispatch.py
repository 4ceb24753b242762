"""Sending officers, and who can be sent, for the control room's own systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.api.base import ResponseOut, ResponseView, answer
from incidents.models import Deployment, Unit
from incidents.officers import Officer, Standing
from incidents.pages.resources import resources
from incidents.permissions import may_see_resources, may_send_officers
from incidents.services import response as services
from incidents.services.response.sending import LONGEST_REASON


class DispatchSerializer(StrictSerializer):
    """Who is sent: officers by user name, units by call sign with everybody on duty in them.

    `fewer_reason` where fewer than advised go; `knowingly` where somebody is sent who is not on
    duty, or was said to be not available.
    """

    officers = serializers.ListField(
        child=serializers.CharField(max_length=60), default=list, max_length=20
    )
    units = serializers.ListField(
        child=serializers.CharField(max_length=12), default=list, max_length=20
    )
    fewer_reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    knowingly = serializers.BooleanField(default=False)


class BusyOut(serializers.Serializer[Deployment]):
    """What an officer is on the way to, or at."""

    incident = serializers.CharField(source="incident.reference")
    sent_at = serializers.DateTimeField()
    arrive_by = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)


class OnDutyOut(serializers.Serializer[Officer]):
    """An officer on duty. `standing` says whether they can be sent."""

    officer = serializers.CharField(source="person.username")
    name = serializers.CharField(source="person.name")
    unit = serializers.CharField(source="unit.call_sign", allow_null=True, default=None)
    standing = serializers.ChoiceField(
        [(one.name.lower(), one.name.lower()) for one in Standing], source="standing_code"
    )
    ends_at = serializers.DateTimeField(source="duty.ends_at")
    unavailable_reason = serializers.CharField(source="duty.unavailable_reason")
    unavailable_since = serializers.DateTimeField(source="duty.unavailable_since", allow_null=True)
    busy_with = BusyOut(many=True)


class AreaResourcesOut(serializers.Serializer[Any]):
    """One area: how many can be sent at once, and everybody on duty."""

    area = serializers.CharField(source="name")
    available = serializers.IntegerField()
    officers = OnDutyOut(many=True)


class ResourcesView(APIView):
    @extend_schema(operation_id="list_resources", responses={200: AreaResourcesOut(many=True)})
    def get(self, request: Request) -> Response:
        """Who is on duty in each area, and who of them can be sent."""
        if not (isinstance(request.user, User) and may_see_resources(request.user)):
            raise PermissionDenied("The resource board is for the control room and officers.")
        return Response(AreaResourcesOut(resources("", clock.now()).counts, many=True).data)


class DispatchView(ResponseView):
    @extend_schema(
        operation_id="dispatch_officers", request=DispatchSerializer, responses={201: ResponseOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Send officers to an incident."""
        incident = self.incident(reference)
        if not may_send_officers(self.actor):
            raise PermissionDenied("Only the control room sends officers.")
        body = DispatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.send_officers(
            incident_id=incident.pk,
            officers=_officers(body.validated_data["officers"]),
            units=_units(body.validated_data["units"]),
            actor=self.actor,
            at=clock.now(),
            fewer_reason=body.validated_data["fewer_reason"],
            knowingly=body.validated_data["knowingly"],
        )
        return answer(incident, 201)


def _officers(names: list[str]) -> list[User]:
    """Active users by name, in the order given. Raises InvalidInput at `officers`."""
    known = {user.username: user for user in User.objects.filter(username__in=names)}
    if unknown := [name for name in names if name not in known]:
        raise InvalidInput(f"There is nobody with the user name {unknown[0]}.", field="officers")
    return [known[name] for name in dict.fromkeys(names)]


def _units(call_signs: list[str]) -> list[Unit]:
    """Units in use by call sign, in the order given. Raises InvalidInput at `units`."""
    known = {
        unit.call_sign: unit
        for unit in Unit.objects.filter(call_sign__in=call_signs, is_active=True)
    }
    if unknown := [sign for sign in call_signs if sign not in known]:
        raise InvalidInput(f"There is no unit {unknown[0]} in use.", field="units")
    return [known[sign] for sign in dict.fromkeys(call_signs)]


dispatch_urls = [
    path("resources/", ResourcesView.as_view(), name="resources"),
    path("incidents/<slug:reference>/dispatch/", DispatchView.as_view(), name="incident-dispatch"),
]
