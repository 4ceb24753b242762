"""Partner agencies for those who keep them: how each is reached, who speaks for it, and messages
that could not be delivered.

What makes a secret is no step that is kept to be answered again: the secret would be kept with it.
A version says that such a step is done once.
"""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked, typed
from accounts.models import Agency, User
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.errors import InvalidInput
from referrals import partners
from referrals.api.agencies_shapes import (
    KINDS,
    AddAgencyIn,
    AgencyOut,
    AgencyWhole,
    ChannelIn,
    DropIn,
    KeptOut,
    NothingIn,
    RenewIn,
    SwitchedOut,
    SwitchIn,
    TrialOut,
    UndeliveredOut,
)
from referrals.models import AgencyChannel, Outgoing
from referrals.partners import Filters
from referrals.permissions import can_manage_agencies
from referrals.queue import is_key
from referrals.services import agencies as services
from referrals.services import outgoing

KIND = ("", *(kind for kind, _ in KINDS))
WAY = ("", *AgencyChannel.Way.values)
QUERY = [
    OpenApiParameter("q", OpenApiTypes.STR, description="A part of the name"),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=KIND[1:]),
    OpenApiParameter("way", OpenApiTypes.STR, enum=WAY[1:]),
    OpenApiParameter("area", OpenApiTypes.INT, description="An area's id"),
]


class ByName(NewestFirst):
    ordering = ("name", "pk")  # type: ignore[assignment]


class SettledLast(NewestFirst):
    ordering = ("-settled_at", "-pk")  # type: ignore[assignment]


class KeepersView(ActorView):
    """For those who keep partner agencies; 403 for everybody else, whatever they ask for."""

    queryset = Agency.objects.none()
    serializer_class: type[serializers.Serializer[Any]]
    pagination_class: type[CursorPagination] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.needs(can_manage_agencies(self.actor), "Your role does not keep partner agencies.")

    def partner(self, agency_id: int) -> Agency:
        return get_object_or_404(Agency.objects.exclude(kind=Agency.Kind.POLICE), pk=agency_id)

    def whole(self, found: Agency) -> Any:
        """One partner with its channel, its people and what is open with it."""
        line = partners.lines([found], reader=self.actor, at=clock.now())[0]
        people = partners.representatives_of([found.pk]).select_related("team")
        return AgencyWhole({"line": line, "people": people}).data


class Agencies(KeepersView):
    serializer_class = AddAgencyIn
    pagination_class = ByName

    @extend_schema(
        operation_id="partner_agencies", parameters=QUERY, responses=AgencyOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """Every partner, how it is reached, and what is open with it; by name."""
        area = request.query_params.get("area", "")
        if area and not is_key(area):
            raise InvalidInput("Give an area's id.", field="area")
        filters = Filters(
            words=typed(request, "q"),
            kind=asked(request, "kind", KIND),
            way=asked(request, "way", WAY),
            area=int(area) if area else None,
        )
        page: Any = self.paginate_queryset(partners.agencies(filters))
        lines: Any = partners.lines(page, reader=self.actor, at=clock.now())
        return self.get_paginated_response(AgencyOut(lines, many=True).data)

    @extend_schema(operation_id="add_partner_agency", responses={201: AgencyWhole})
    @idempotent
    def post(self, request: Request) -> Response:
        """A partner that is not there yet; reached through its pages here at first."""
        said = self.said()
        said["area_id"] = said.pop("area")
        made = services.add_agency(actor=self.actor, at=clock.now(), **said)
        return Response(self.whole(made), status=201)


class OneAgency(KeepersView):
    serializer_class = ChannelIn

    @extend_schema(operation_id="partner_agency", responses=AgencyWhole)
    def get(self, request: Request, agency_id: int) -> Response:
        """One partner, who speaks for it, and how it is reached."""
        return Response(self.whole(self.partner(agency_id)))

    @extend_schema(operation_id="keep_agency_channel", responses=KeptOut)
    def post(self, request: Request, agency_id: int) -> Response:
        """Say how it is reached; the first web address comes with a secret, told this once."""
        found, said = self.partner(agency_id), self.said()
        said["area_id"] = said.pop("area")
        kept = services.keep_channel(agency_id=found.pk, actor=self.actor, at=clock.now(), **said)
        return _told_once(kept)


class RenewSecret(KeepersView):
    serializer_class = RenewIn

    @extend_schema(operation_id="renew_agency_secret", responses=KeptOut)
    def post(self, request: Request, agency_id: int) -> Response:
        """A new secret in place of the old, told this once."""
        found = self.partner(agency_id)
        kept = services.renew_secret(
            agency_id=found.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return _told_once(kept)


class TryChannel(KeepersView):
    serializer_class = NothingIn

    @extend_schema(operation_id="try_agency_channel", request=None, responses=TrialOut)
    def post(self, request: Request, agency_id: int) -> Response:
        """Send a test message, and say what came of it."""
        found = self.partner(agency_id)
        self.said()
        answer = services.try_channel(agency_id=found.pk, actor=self.actor, at=clock.now())
        return Response(TrialOut(answer).data)


class Representative(KeepersView):
    serializer_class = SwitchIn

    @extend_schema(operation_id="switch_representative", responses=SwitchedOut)
    @idempotent
    def post(self, request: Request, agency_id: int, person_id: int) -> Response:
        """Let one representative sign in no more, or again."""
        found = self.partner(agency_id)
        person: User = get_object_or_404(partners.representatives_of([found.pk]), pk=person_id)
        done = services.switch_representative(
            person_id=person.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(SwitchedOut(done).data)


class Undelivered(KeepersView):
    serializer_class = UndeliveredOut
    pagination_class = SettledLast

    @extend_schema(operation_id="undelivered", responses=UndeliveredOut(many=True))
    def get(self, request: Request) -> Response:
        """Every message that was given up, with each attempt; the newest first."""
        page: Any = self.paginate_queryset(partners.undelivered(self.actor))
        attempts = partners.attempts_of(page)
        rows: Any = [{"message": row, "attempts": attempts[row.pk]} for row in page]
        return self.get_paginated_response(UndeliveredOut(rows, many=True).data)


class DeadMessage(KeepersView):
    """One message: 404 for whoever may not see what it is about."""

    def message(self, message_id: int) -> Outgoing:
        rows = Outgoing.objects.visible_to(self.actor).select_related("sharing", "agency")
        return get_object_or_404(rows, pk=message_id)

    def shown(self, message: Outgoing) -> Response:
        attempts = partners.attempts_of([message])[message.pk]
        return Response(UndeliveredOut({"message": message, "attempts": attempts}).data)


class TryAgain(DeadMessage):
    serializer_class = NothingIn

    @extend_schema(operation_id="try_message_again", request=None, responses=UndeliveredOut)
    @idempotent
    def post(self, request: Request, message_id: int) -> Response:
        """Send it anew, under its old key."""
        message = self.message(message_id)
        self.said()
        return self.shown(
            outgoing.try_again(message_id=message.pk, actor=self.actor, at=clock.now())
        )


class Drop(DeadMessage):
    serializer_class = DropIn

    @extend_schema(operation_id="drop_message", responses=UndeliveredOut)
    @idempotent
    def post(self, request: Request, message_id: int) -> Response:
        """Send it no more, with the reason."""
        message = self.message(message_id)
        done = outgoing.drop(message_id=message.pk, actor=self.actor, at=clock.now(), **self.said())
        return self.shown(done)


def _told_once(kept: services.Kept) -> Response:
    """The channel as it is now; nothing on the way keeps the secret."""
    response = Response(KeptOut(kept).data)
    response["Cache-Control"] = "private, no-store"
    return response


_ONE = "agencies/<int:agency_id>/"

api_urls: list[URLPattern] = [
    path("agencies/", Agencies.as_view(), name="agencies"),
    path(_ONE, OneAgency.as_view(), name="agency"),
    path(f"{_ONE}secret/", RenewSecret.as_view(), name="agency-secret"),
    path(f"{_ONE}test/", TryChannel.as_view(), name="agency-test"),
    path(
        f"{_ONE}representatives/<int:person_id>/",
        Representative.as_view(),
        name="agency-representative",
    ),
    path("undelivered/", Undelivered.as_view(), name="undelivered"),
    path("undelivered/<int:message_id>/again/", TryAgain.as_view(), name="undelivered-again"),
    path("undelivered/<int:message_id>/drop/", Drop.as_view(), name="undelivered-drop"),
]
