"""What the addresses of notices and orders share: seen or not there, then whether the role may."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.models import Incident
from perpetrators.api.orders.shapes import BreachOut, BreachSerializer
from perpetrators.models import ProtectionNotice
from perpetrators.services import orders as services
from perpetrators.services.orders import Condition
from victims.models import Person


class OrdersView(APIView):
    """What these addresses share: seen or not there, then whether the role may."""

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user

    def notice(self, reference: str) -> ProtectionNotice:
        rows = with_names(ProtectionNotice.objects.visible_to(self.actor))
        return get_object_or_404(rows, reference=reference)

    def needs(self, may: bool, words: str) -> None:
        if not may:
            raise PermissionDenied(words)


def with_names(rows: QuerySet[ProtectionNotice]) -> QuerySet[ProtectionNotice]:
    return rows.select_related("victim", "person", "incident", "asked_by", "decided_by")


def body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """What was sent, conditions as the services take them."""
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    said = dict(sent.validated_data)
    if "conditions" in said:
        said["conditions"] = tuple(Condition(**one) for one in said["conditions"])
    return said


def person_id(reference: str) -> int:
    """Somebody by reference; whether they are concerned is the service's to say."""
    found = Person.objects.filter(reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("Choose somebody complained of by this victim.", field="person")
    return found


def incident_id(reference: str, reader: User) -> int | None:
    if not reference:
        return None
    rows = Incident.objects.visible_to(reader).filter(reference=reference)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("Choose an incident of this victim's.", field="incident")
    return found


def breached(request: Request, actor: User, **of: Any) -> Response:
    """Record a breach of an order (`order_id`) or of a notice (`notice_id`)."""
    said = body(BreachSerializer, request)
    of_incident = incident_id(said.pop("incident", ""), actor)
    breach = services.record_breach(
        incident_id=of_incident, actor=actor, at=clock.now(), **of, **said
    )
    return Response(BreachOut(breach).data, status=201)
