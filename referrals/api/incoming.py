"""Agencies refer by API, and read what became of their own: that, and nothing of any victim."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.utils import extend_schema
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
from referrals import services
from referrals.incoming import FILTERS, Sent, as_sent, sent_by_agency_of
from referrals.models import AgencyReferral
from referrals.permissions import can_refer
from referrals.services import AgencySays
from referrals.services.incoming.said import (
    LONGEST_LINES,
    LONGEST_REFERENCE,
    LONGEST_WORDS,
    MOST_CHILDREN,
    MOST_YES,
)
from victims.models import RiskGrade
from victims.services.people import LONGEST_LINE, LONGEST_NAME

_STATES = {state: code.replace("-", "_") for code, state in FILTERS.items()}


class AgencyReferralIn(StrictSerializer):
    """Somebody whom an agency refers. `grade` is the agency's own view of the risk."""

    given_name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")
    family_name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")
    date_of_birth = serializers.DateField(allow_null=True, default=None)
    telephone = serializers.CharField(max_length=30, allow_blank=True, default="")
    address_line = serializers.CharField(max_length=LONGEST_LINE, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=10, allow_blank=True, default="")
    safe_contact = serializers.CharField(max_length=LONGEST_LINES)
    perpetrator = serializers.CharField(max_length=LONGEST_LINES)
    children = serializers.CharField(max_length=LONGEST_LINES, allow_blank=True, default="")
    children_count = serializers.IntegerField(min_value=0, max_value=MOST_CHILDREN, default=0)
    what_happened = serializers.CharField(max_length=LONGEST_WORDS)
    grade = serializers.ChoiceField(RiskGrade.choices)
    grade_reason = serializers.CharField(max_length=LONGEST_WORDS)
    yes_count = serializers.IntegerField(
        min_value=0, max_value=MOST_YES, allow_null=True, default=None
    )
    victim_agrees = serializers.BooleanField()
    without_consent_reason = serializers.CharField(
        max_length=LONGEST_WORDS, allow_blank=True, default=""
    )
    their_reference = serializers.CharField(
        max_length=LONGEST_REFERENCE, allow_blank=True, default=""
    )


class AgencyReferralOut(serializers.Serializer[Any]):
    """What the agency sent and where it stands; never whom the police know by that name."""

    reference = serializers.CharField(source="incoming.referral.reference")
    their_reference = serializers.CharField(source="incoming.their_reference")
    sent_at = serializers.DateTimeField(source="incoming.sent_at")
    sent_by = serializers.CharField(source="incoming.sent_by.name")
    given_name = serializers.CharField(source="incoming.given_name")
    family_name = serializers.CharField(source="incoming.family_name")
    date_of_birth = serializers.DateField(source="incoming.date_of_birth", allow_null=True)
    grade = serializers.ChoiceField(RiskGrade.choices, source="incoming.grade")
    stands = serializers.SerializerMethodField()
    answer = serializers.CharField()

    def get_stands(self, row: Sent) -> str:
        """One of: received, worked_on, finished."""
        return _STATES[row.state]


def sender_of(request: Request) -> User:
    """Who asks, if they refer for an agency. Raises PermissionDenied otherwise."""
    assert isinstance(request.user, User)
    if not can_refer(request.user):
        raise PermissionDenied("Agencies' own representatives refer somebody to the unit.")
    return request.user


class NewestSent(NewestFirst):
    """By when it was sent, as the agency's index has it."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("-sent_at", "-pk")


class AgencyReferrals(GenericAPIView[AgencyReferral]):
    pagination_class = NewestSent
    queryset = AgencyReferral.objects.none()

    @extend_schema(responses=AgencyReferralOut(many=True))
    def get(self, request: Request) -> Response:
        """What the agency referred, the newest first."""
        actor = sender_of(request)
        page = self.paginate_queryset(sent_by_agency_of(actor)) or []
        shown = [as_sent(row, actor) for row in page]
        return self.get_paginated_response(AgencyReferralOut(shown, many=True).data)

    @extend_schema(request=AgencyReferralIn, responses={201: AgencyReferralOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Refer somebody; the unit's time runs from here. Send an Idempotency-Key."""
        actor = sender_of(request)
        given = AgencyReferralIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.refer_to_unit(
            says=AgencySays(**given.validated_data), actor=actor, at=clock.now()
        )
        return Response(AgencyReferralOut(as_sent(made, actor)).data, status=201)


class OneAgencyReferral(GenericAPIView[AgencyReferral]):
    queryset = AgencyReferral.objects.none()

    @extend_schema(responses=AgencyReferralOut)
    def get(self, request: Request, reference: str, **_: Any) -> Response:
        """One of the agency's own referrals; reading it is on record."""
        actor = sender_of(request)
        row = get_object_or_404(sent_by_agency_of(actor), referral__reference=reference)
        audit.record_read(
            user=actor,
            at=clock.now(),
            path=request.path,
            subject=reference,
            victim_id=row.victim_id,
        )
        return Response(AgencyReferralOut(as_sent(row, actor)).data)


api_urls = [
    path("agency-referrals/", AgencyReferrals.as_view(), name="agency_referrals"),
    path(
        "agency-referrals/<slug:reference>/",
        OneAgencyReferral.as_view(),
        name="agency_referral",
    ),
]
