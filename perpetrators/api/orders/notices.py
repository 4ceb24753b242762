"""Protection notices: asked for, decided, served, heard."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.models import Incident
from perpetrators.api.orders.base import OrdersView, body, breached, person_id, with_names
from perpetrators.api.orders.shapes import (
    AskSerializer,
    BreachOut,
    BreachSerializer,
    DecideNoticeSerializer,
    HeardSerializer,
    ListingSerializer,
    NoticeOut,
    OpenNoticesOut,
    ServeSerializer,
    WordsSerializer,
)
from perpetrators.models import ProtectionNotice
from perpetrators.pages import orders as pages
from perpetrators.permissions import can_ask_for_notice, can_authorise_notice, can_record_order
from perpetrators.services import orders as services
from perpetrators.services.orders import Hearing
from victims.models import Victim

#: Open notices on one answer: what a superintendent or an officer has before them.
MOST_LISTED = 200


class NoticesView(OrdersView):
    pagination_class = None

    @extend_schema(operation_id="open_notices", responses=OpenNoticesOut)
    def get(self, request: Request) -> Response:
        """What waits for a superintendent, for service or for a court."""
        may = can_authorise_notice(self.actor) or can_ask_for_notice(self.actor)
        self.needs(may, "Protection notices are for officers and superintendents.")
        rows = with_names(pages.waiting(self.actor))[:MOST_LISTED]
        return Response(OpenNoticesOut({"results": rows}).data)


class NoticeView(OrdersView):
    @extend_schema(operation_id="notice", responses=NoticeOut)
    def get(self, request: Request, reference: str) -> Response:
        """One notice; the reading is kept."""
        found = self.notice(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=found.reference,
            victim_id=found.victim_id,
            incident_id=found.incident_id,
        )
        return Response(NoticeOut(found).data)


class AskView(OrdersView):
    @extend_schema(operation_id="ask_for_notice", request=AskSerializer, responses={201: NoticeOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ask a superintendent for a notice against somebody complained of in the incident."""
        incident = get_object_or_404(Incident.objects.visible_to(self.actor), reference=reference)
        self.needs(can_ask_for_notice(self.actor), "Only officers ask for a protection notice.")
        said = body(AskSerializer, request)
        harmed = Victim.objects.visible_to(self.actor).filter(reference=said.pop("victim")).first()
        if harmed is None:
            raise InvalidInput("Choose a victim of this incident.", field="victim")
        notice = services.ask_for_notice(
            victim_id=harmed.pk,
            person_id=person_id(said.pop("person")),
            incident_id=incident.pk,
            actor=self.actor,
            at=clock.now(),
            **said,
        )
        return Response(NoticeOut(notice).data, status=201)


class NoticeStepView(OrdersView):
    """One step of a notice: what it takes, who may, and the service's verb."""

    serializer: type[StrictSerializer] = WordsSerializer

    def may(self) -> bool:
        return can_ask_for_notice(self.actor)

    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        raise NotImplementedError

    def take(self, request: Request, reference: str) -> Response:
        found = self.notice(reference)
        self.needs(self.may(), "This step is not for your role.")
        self.step(found, body(self.serializer, request), clock.now())
        return Response(NoticeOut(self.notice(reference)).data)


class DecideNoticeView(NoticeStepView):
    serializer = DecideNoticeSerializer

    def may(self) -> bool:
        return can_authorise_notice(self.actor)

    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        services.decide_notice(notice_id=found.pk, actor=self.actor, at=at, **said)

    @extend_schema(
        operation_id="decide_notice", request=DecideNoticeSerializer, responses=NoticeOut
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """A superintendent authorises it, or does not; with words."""
        return self.take(request, reference)


class ServeView(NoticeStepView):
    serializer = ServeSerializer

    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        services.serve_notice(notice_id=found.pk, actor=self.actor, at=at, **said)

    @extend_schema(operation_id="serve_notice", request=ServeSerializer, responses=NoticeOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """It was given to whom it binds; the court's clock runs."""
        return self.take(request, reference)


class ListingView(NoticeStepView):
    serializer = ListingSerializer

    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        services.set_hearing(notice_id=found.pk, actor=self.actor, at=at, **said)

    @extend_schema(operation_id="set_hearing", request=ListingSerializer, responses=NoticeOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The court says when it hears it, or moves it. 409, with both, when stale."""
        return self.take(request, reference)


class HeardView(NoticeStepView):
    serializer = HeardSerializer

    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        version = said.pop("version")
        services.record_hearing(
            notice_id=found.pk, hearing=Hearing(**said), version=version, actor=self.actor, at=at
        )

    @extend_schema(operation_id="record_hearing", request=HeardSerializer, responses=NoticeOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """What the court made of it: an order, none, or another day."""
        return self.take(request, reference)


class LapseView(NoticeStepView):
    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        services.lapse_notice(notice_id=found.pk, actor=self.actor, at=at, **said)

    @extend_schema(operation_id="lapse_notice", request=WordsSerializer, responses=NoticeOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """No court heard it in its time."""
        return self.take(request, reference)


class WithdrawNoticeView(NoticeStepView):
    def step(self, found: ProtectionNotice, said: dict[str, Any], at: datetime) -> None:
        services.withdraw_notice(notice_id=found.pk, actor=self.actor, at=at, **said)

    @extend_schema(operation_id="withdraw_notice", request=WordsSerializer, responses=NoticeOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """It is no longer wanted; not once it is served."""
        return self.take(request, reference)


class NoticeBreachView(OrdersView):
    @extend_schema(
        operation_id="breach_of_notice", request=BreachSerializer, responses={201: BreachOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """A breach of a notice in force."""
        found = self.notice(reference)
        self.needs(can_record_order(self.actor), "Your role does not record breaches.")
        return breached(request, self.actor, notice_id=found.pk)
