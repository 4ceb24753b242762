"""The queue for other systems: the same services and the same refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from referrals import services
from referrals.api.sharing_out import SharingOut
from referrals.models import Referral
from referrals.permissions import can_view_queue, can_work
from referrals.querysets import ReferralQuerySet
from victims.models import RiskGrade


class ReferralOut(serializers.Serializer[Referral]):
    reference = serializers.CharField()
    victim = serializers.CharField(source="victim.reference")
    incident = serializers.CharField(source="incident.reference")
    assessment = serializers.CharField(source="assessment.reference")
    grade = serializers.ChoiceField(RiskGrade.choices)
    state = serializers.ChoiceField(Referral.State.choices)
    submitted_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    about = serializers.CharField()
    earlier_in_year = serializers.IntegerField()
    children = serializers.IntegerField()
    claimed_by = serializers.CharField(source="claimed_by.name", allow_null=True, default=None)
    claimed_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class ReferralWhole(ReferralOut):
    outcome_words = serializers.CharField()
    no_idva_reason = serializers.CharField()
    late_reason = serializers.CharField()
    sharings = SharingOut(many=True)


class Nothing(StrictSerializer):
    """A body without fields."""


class CompletionIn(StrictSerializer):
    outcome = serializers.ChoiceField(Referral.Outcome.choices)
    words = serializers.CharField()
    no_idva_reason = serializers.CharField(required=False, allow_blank=True, default="")
    late_reason = serializers.CharField(required=False, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1)


class InOrder(NewestFirst):
    """What is open by its due time; what is finished newest first. Both are one index's order."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        finished = request.query_params.get("state") == Referral.State.COMPLETED
        return ("-completed_at", "-pk") if finished else ("due_at", "pk")


def reader_of(request: Request) -> User:
    """Who asks, if they may see the queue. Raises PermissionDenied otherwise."""
    assert isinstance(request.user, User)
    if not can_view_queue(request.user):
        raise PermissionDenied("The referral queue belongs to the MARU.")
    return request.user


def worker_of(request: Request) -> User:
    """Who asks, if they may work referrals. Raises PermissionDenied otherwise."""
    if not can_work(reader_of(request)):
        raise PermissionDenied("Only MARU workers and their manager work referrals.")
    return reader_of(request)


def seen(request: Request, reference: str) -> Referral:
    """The referral if this person may see it, else 404."""
    rows = Referral.objects.visible_to(reader_of(request)).select_related(
        "victim", "incident", "assessment", "claimed_by"
    )
    return get_object_or_404(rows, reference=reference)


STATES = ("open", *Referral.State.values)
WITH = ("anybody", "me", "nobody")
QUERY = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=STATES, description="open unless given"),
    OpenApiParameter("grade", OpenApiTypes.STR, enum=RiskGrade.values),
    OpenApiParameter("with", OpenApiTypes.STR, enum=WITH),
    OpenApiParameter("over", OpenApiTypes.BOOL, description="true: only those over time now"),
]


class Referrals(GenericAPIView[Referral]):
    serializer_class = ReferralOut
    pagination_class = InOrder
    queryset = Referral.objects.none()

    @extend_schema(parameters=QUERY, responses=ReferralOut(many=True))
    def get(self, request: Request) -> Response:
        """The queue: open referrals, least time left first, unless `state` asks for others."""
        rows = Referral.objects.visible_to(reader_of(request)).select_related(
            "victim", "incident", "assessment", "claimed_by"
        )
        page = self.paginate_queryset(_filtered(rows, request))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _filtered(rows: ReferralQuerySet, request: Request) -> ReferralQuerySet:
    state, whose = _asked(request, "state", STATES), _asked(request, "with", WITH)
    grade = _asked(request, "grade", ("", *RiskGrade.values))
    rows = rows.open() if state == "open" else rows.filter(state=state)
    if grade:
        rows = rows.filter(grade=grade)
    if whose == "me":
        rows = rows.filter(claimed_by=reader_of(request))
    if whose == "nobody":
        rows = rows.filter(claimed_by__isnull=True)
    over = _asked(request, "over", ("false", "true"))
    return rows.filter(due_at__lte=clock.now()) if over == "true" else rows


def _asked(request: Request, name: str, choices: tuple[str, ...]) -> str:
    value = request.query_params.get(name, choices[0])
    if value not in choices:
        raise InvalidInput(f"Choose one of: {', '.join(filter(None, choices))}.", field=name)
    return value


class OneReferral(GenericAPIView[Referral]):
    serializer_class = ReferralWhole
    queryset = Referral.objects.none()

    def get(self, request: Request, reference: str) -> Response:
        """One referral with what was shared; reading it is on record."""
        referral = seen(request, reference)
        audit.record_read(
            user=reader_of(request),
            at=clock.now(),
            path=request.path,
            subject=referral.reference,
            victim_id=referral.victim_id,
            incident_id=referral.incident_id,
        )
        return Response(ReferralWhole(referral).data)


class Claim(GenericAPIView[Referral]):
    serializer_class = Nothing

    @extend_schema(request=None, responses=ReferralOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Claim it; 409 says who has it already."""
        actor = worker_of(request)
        Nothing(data=request.data or {}).is_valid(raise_exception=True)
        referral = services.claim(
            referral_id=seen(request, reference).pk, actor=actor, at=clock.now()
        )
        return Response(ReferralOut(referral).data)


class Complete(GenericAPIView[Referral]):
    serializer_class = CompletionIn

    @extend_schema(responses=ReferralOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Finish it; late ones need their reason."""
        actor = worker_of(request)
        referral, given = seen(request, reference), CompletionIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.complete(
            referral_id=referral.pk,
            actor=actor,
            at=clock.now(),
            **given.validated_data,
        )
        return Response(ReferralOut(done).data)


api_urls = [
    path("referrals/", Referrals.as_view(), name="referrals"),
    path("referrals/<slug:reference>/", OneReferral.as_view(), name="referral"),
    path("referrals/<slug:reference>/claim/", Claim.as_view(), name="referral-claim"),
    path("referrals/<slug:reference>/complete/", Complete.as_view(), name="referral-complete"),
]
