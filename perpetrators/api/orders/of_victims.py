"""Orders of a victim: recorded, ended, breached."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api.idempotency import idempotent
from perpetrators.api.orders.base import OrdersView, body, breached, person_id, with_names
from perpetrators.api.orders.shapes import (
    BreachOut,
    BreachSerializer,
    EndSerializer,
    OrderOut,
    OrderSerializer,
    OrdersOut,
)
from perpetrators.models import Order
from perpetrators.permissions import can_record_order
from perpetrators.services import orders as services
from victims.views.common import note_reading, seen_by


class OrdersOfVictimView(OrdersView):
    @extend_schema(operation_id="orders_of_victim", responses=OrdersOut)
    def get(self, request: Request, reference: str) -> Response:
        """Everything that was ordered for a victim; the reading is kept."""
        victim = seen_by(self.actor, reference)
        note_reading(self.actor, request.path, victim, clock.now())
        shown = {
            "orders": victim.orders.select_related("person", "notice").order_by("-made_at"),
            "notices": with_names(victim.notices.all()).order_by("-asked_at"),
        }
        return Response(OrdersOut(shown).data)

    @extend_schema(operation_id="record_order", request=OrderSerializer, responses={201: OrderOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """An order that a court made."""
        victim = seen_by(self.actor, reference)
        self.needs(can_record_order(self.actor), "Your role does not record orders.")
        said = body(OrderSerializer, request)
        order = services.record_order(
            victim_id=victim.pk,
            person_id=person_id(said.pop("person")),
            actor=self.actor,
            at=clock.now(),
            **said,
        )
        return Response(OrderOut(order).data, status=201)


class OneOrderView(OrdersView):
    def order(self, reference: str, order_id: int) -> Order:
        victim = seen_by(self.actor, reference)
        self.needs(can_record_order(self.actor), "Your role does not record orders.")
        return get_object_or_404(victim.orders, pk=order_id)


class EndOrderView(OneOrderView):
    @extend_schema(operation_id="end_order", request=EndSerializer, responses=OrderOut)
    @idempotent
    def post(self, request: Request, reference: str, order_id: int) -> Response:
        """A court ended it before its day. 409, with both, when stale."""
        order = self.order(reference, order_id)
        said = body(EndSerializer, request)
        ended = services.end_order(order_id=order.pk, actor=self.actor, at=clock.now(), **said)
        return Response(OrderOut(ended).data)


class OrderBreachView(OneOrderView):
    @extend_schema(
        operation_id="breach_of_order", request=BreachSerializer, responses={201: BreachOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, order_id: int) -> Response:
        """A breach of an order that was in force then."""
        return breached(request, self.actor, order_id=self.order(reference, order_id).pk)
