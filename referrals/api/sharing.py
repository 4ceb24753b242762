"""What agencies were told: the unit shares and withdraws, agencies read and answer."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import actor_of, typed
from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from referrals import services, sharings, told
from referrals.api.sharing_out import DocumentOut, SharingOut, ToldOut, ToldWhole
from referrals.models import Referral, Sharing
from referrals.permissions import can_see_shared, can_view_queue, can_work
from referrals.views.shared import document_of
from victims.models import Victim


class SharingIn(StrictSerializer):
    agency = serializers.IntegerField(min_value=1, help_text="The agency's id")
    what = serializers.ListField(child=serializers.ChoiceField(Sharing.What.choices), min_length=1)
    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, help_text="Keys of exhibits"
    )
    why = serializers.CharField()
    basis = serializers.ChoiceField(Sharing.Basis.choices)
    consent = serializers.ChoiceField(Sharing.Consent.choices)
    consent_reason = serializers.CharField(required=False, allow_blank=True, default="")
    consent_asked_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    keep_until = serializers.DateField(required=False, allow_null=True, default=None)
    replaces = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text="The reference of what the agency was told before, to say more or less",
    )


class WithdrawalIn(StrictSerializer):
    because = serializers.CharField()


class SharingAnswerIn(StrictSerializer):
    answer = serializers.ChoiceField(Sharing.Answer.choices)
    words = serializers.CharField(required=False, allow_blank=True, default="")


def _worker(request: Request) -> User:
    if not can_work(actor_of(request)):
        raise PermissionDenied("Only MARU workers and their manager share with agencies.")
    return actor_of(request)


def _representative(request: Request) -> User:
    if not can_see_shared(actor_of(request)):
        raise PermissionDenied("This belongs to partner agencies.")
    return actor_of(request)


def _victim(request: Request, reference: str) -> Victim:
    return get_object_or_404(Victim.objects.visible_to(actor_of(request)), reference=reference)


def _share(request: Request, **of: Any) -> Response:
    given = SharingIn(data=request.data)
    given.is_valid(raise_exception=True)
    fields = dict(given.validated_data)
    row = services.share(
        agency_id=fields.pop("agency"), actor=actor_of(request), at=clock.now(), **of, **fields
    )
    return Response(SharingOut(row).data, status=201)


class Share(GenericAPIView[Referral]):
    serializer_class = SharingIn

    @extend_schema(responses={201: SharingOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record what one agency is told of a referral, on what basis."""
        if not can_view_queue(actor_of(request)):
            raise PermissionDenied("The referral queue belongs to the MARU.")
        rows = Referral.objects.visible_to(_worker(request))
        return _share(request, referral_id=get_object_or_404(rows, reference=reference).pk)


class SharedNewestFirst(NewestFirst):
    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("-shared_at", "-pk")


class OfVictim(GenericAPIView[Sharing]):
    serializer_class = SharingIn
    pagination_class = SharedNewestFirst
    queryset = Sharing.objects.none()

    @extend_schema(responses=SharingOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """What each agency was told of a victim, when and by whom; the newest first."""
        victim = _victim(request, reference)
        page: Any = self.paginate_queryset(sharings.of_victim(victim, "", clock.now()))
        return self.get_paginated_response(SharingOut(page, many=True).data)

    @extend_schema(responses={201: SharingOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record what one agency is told of a victim without a referral."""
        victim = _victim(request, reference)
        _worker(request)
        return _share(request, victim_id=victim.pk)


class Withdraw(GenericAPIView[Sharing]):
    serializer_class = WithdrawalIn

    @extend_schema(responses=SharingOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Take back what an agency was told: it reads nothing of it from then on."""
        rows = sharings.visible(actor_of(request))
        row = get_object_or_404(rows, reference=reference)
        actor, given = _worker(request), WithdrawalIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.withdraw_sharing(
            sharing_id=row.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(SharingOut(rows.get(pk=row.pk)).data)


class Shared(GenericAPIView[Any]):
    serializer_class = ToldOut
    pagination_class = SharedNewestFirst
    queryset = Sharing.objects.none()

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="Reference or name")],
        responses=ToldOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """What the reader's agency was told and may read now; the newest first."""
        rows = told.of_agency(_representative(request), clock.now())
        page = self.paginate_queryset(told.found(rows, typed(request, "q")))
        read: Any = told.read(page or [])
        return self.get_paginated_response(ToldOut(read, many=True).data)


def _seen(reader: User, reference: str, at: datetime) -> Sharing:
    return get_object_or_404(told.of_agency(reader, at), reference=reference)


def _whole(row: Sharing) -> dict[str, Any]:
    [read] = told.read([row])
    return cast(
        "dict[str, Any]",
        {**ToldOut(read).data, "documents": DocumentOut(told.documents_of(row), many=True).data},
    )


class OneShared(GenericAPIView[Any]):
    serializer_class = ToldWhole
    queryset = Sharing.objects.none()

    @extend_schema(responses=ToldWhole)
    def get(self, request: Request, reference: str) -> Response:
        """What was told, its documents, the answer; that it was opened is on record."""
        reader, at = _representative(request), clock.now()
        row = _seen(reader, reference, at)
        services.open_sharing(sharing=row, path=request.path, actor=reader, at=at)
        return Response(_whole(row))


class Answer(GenericAPIView[Sharing]):
    serializer_class = SharingAnswerIn

    @extend_schema(responses=ToldWhole)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say what the agency does with it; the newest answer stands."""
        reader, at = _representative(request), clock.now()
        row, given = _seen(reader, reference, at), SharingAnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.answer_sharing(sharing_id=row.pk, actor=reader, at=at, **given.validated_data)
        return Response(_whole(_seen(reader, reference, at)))


class Document(GenericAPIView[Sharing]):
    queryset = Sharing.objects.none()

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, reference: str, exhibit: UUID) -> StreamingHttpResponse:
        """One document of what was shared; a withdrawal breaks a download off."""
        reader = _representative(request)
        row = _seen(reader, reference, clock.now())
        return document_of(row, exhibit, request._request, reader)


api_urls = [
    path("referrals/<slug:reference>/share/", Share.as_view(), name="referral-share"),
    path("victims/<slug:reference>/sharings/", OfVictim.as_view(), name="victim-sharings"),
    path("sharings/<slug:reference>/withdraw/", Withdraw.as_view(), name="sharing-withdraw"),
    path("shared/", Shared.as_view(), name="shared"),
    path("shared/<slug:reference>/", OneShared.as_view(), name="shared-one"),
    path("shared/<slug:reference>/answer/", Answer.as_view(), name="shared-answer"),
    path(
        "shared/<slug:reference>/documents/<uuid:exhibit>/",
        Document.as_view(),
        name="shared-document",
    ),
]
