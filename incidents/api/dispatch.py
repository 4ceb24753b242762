"""Sending officers, for the control room's own systems."""

from django.core.exceptions import PermissionDenied
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
from incidents.api.base import ResponseOut, ResponseView, answer
from incidents.permissions import may_send_officers
from incidents.services import response as services
from incidents.services.response.sending import LONGEST_REASON


class DispatchSerializer(StrictSerializer):
    """Who is sent, by user name; `fewer_reason` where fewer than advised go."""

    officers = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=20
    )
    fewer_reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")


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
            actor=self.actor,
            at=clock.now(),
            fewer_reason=body.validated_data["fewer_reason"],
        )
        return answer(incident, 201)


def _officers(names: list[str]) -> list[User]:
    """Active users by name, in the order given. Raises InvalidInput at `officers`."""
    known = {user.username: user for user in User.objects.filter(username__in=names)}
    if unknown := [name for name in names if name not in known]:
        raise InvalidInput(f"There is nobody with the user name {unknown[0]}.", field="officers")
    return [known[name] for name in dict.fromkeys(names)]


dispatch_urls = [
    path("incidents/<slug:reference>/dispatch/", DispatchView.as_view(), name="incident-dispatch"),
]
