"""The queue for other systems: the same services and the same refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import asked
from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from referrals import services
from referrals.api.sharing_out import SharingOut
from referrals.around import kin_of
from referrals.models import GradeCheck, Referral, ReferralPause, SecondOpinion
from referrals.permissions import can_view_queue, can_work
from referrals.querysets import ReferralQuerySet
from referrals.queue import SOURCES, is_key
from victims.models import RiskGrade


class OpinionOut(serializers.Serializer[SecondOpinion]):
    id = serializers.IntegerField()
    asked_by = serializers.CharField(source="asked_by.name")
    asked_of = serializers.CharField(source="asked_of.name")
    asked_at = serializers.DateTimeField()
    question = serializers.CharField()
    answer = serializers.ChoiceField(
        SecondOpinion.Answer.choices, allow_blank=True, help_text="Blank until answered"
    )
    words = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class GradeCheckOut(serializers.Serializer[GradeCheck]):
    grade = serializers.ChoiceField(RiskGrade.choices, help_text="As it stood then")
    would_be = serializers.ChoiceField(RiskGrade.choices)
    words = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


class PauseOut(serializers.Serializer[ReferralPause]):
    reason = serializers.ChoiceField(ReferralPause.Reason.choices)
    words = serializers.CharField()
    from_at = serializers.DateTimeField()
    from_by = serializers.CharField(source="from_by.name")
    until_at = serializers.DateTimeField(allow_null=True)
    until_by = serializers.CharField(source="until_by.name", allow_null=True, default=None)


class ReferralOut(serializers.Serializer[Referral]):
    reference = serializers.CharField()
    victim = serializers.CharField(source="victim.reference")
    incident = serializers.CharField(
        source="incident.reference", allow_null=True, default=None, help_text="Of the police's own"
    )
    assessment = serializers.CharField(source="assessment.reference", allow_null=True, default=None)
    agency = serializers.CharField(
        source="agency.name", allow_null=True, default=None, help_text="The partner that referred"
    )
    grade = serializers.ChoiceField(RiskGrade.choices)
    state = serializers.ChoiceField(Referral.State.choices)
    submitted_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    about = serializers.CharField()
    earlier_in_year = serializers.IntegerField()
    children = serializers.IntegerField()
    claimed_by = serializers.CharField(source="claimed_by.name", allow_null=True, default=None)
    claimed_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(
        allow_null=True, help_text="The clock stands still since then"
    )
    completed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class ReferralWhole(ReferralOut):
    outcome_words = serializers.CharField()
    no_idva_reason = serializers.CharField()
    late_because = serializers.ChoiceField([*Referral.LateBecause.choices, ("", "not late")])
    late_reason = serializers.CharField()
    sharings = SharingOut(many=True)
    opinions = OpinionOut(many=True)
    grade_checks = GradeCheckOut(many=True)
    pauses = PauseOut(many=True)
    same_victim = serializers.SerializerMethodField(
        help_text="Other open referrals about this victim"
    )

    def get_same_victim(self, referral: Referral) -> list[str]:
        return [one.reference for one in kin_of(referral)]


class Nothing(StrictSerializer):
    """A body without fields."""


class CompletionIn(StrictSerializer):
    outcome = serializers.ChoiceField(Referral.Outcome.choices)
    words = serializers.CharField()
    no_idva_reason = serializers.CharField(required=False, allow_blank=True, default="")
    late_because = serializers.ChoiceField(
        Referral.LateBecause.choices, required=False, allow_blank=True, default=""
    )
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
        "victim", "incident", "assessment", "claimed_by", "agency"
    )
    return get_object_or_404(rows, reference=reference)


STATES = ("open", *Referral.State.values)
WITH = ("anybody", "me", "nobody")
QUERY = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=STATES, description="open unless given"),
    OpenApiParameter("grade", OpenApiTypes.STR, enum=RiskGrade.values),
    OpenApiParameter("with", OpenApiTypes.STR, enum=WITH),
    OpenApiParameter("over", OpenApiTypes.BOOL, description="true: only those over time now"),
    OpenApiParameter("area", OpenApiTypes.INT, description="An area's id"),
    OpenApiParameter("source", OpenApiTypes.STR, enum=SOURCES),
    OpenApiParameter("repeat", OpenApiTypes.BOOL, description="true: only with earlier incidents"),
    OpenApiParameter("children", OpenApiTypes.BOOL, description="true: only with children"),
    OpenApiParameter("paused", OpenApiTypes.BOOL, description="true: only clocks standing still"),
]


class Referrals(GenericAPIView[Referral]):
    serializer_class = ReferralOut
    pagination_class = InOrder
    queryset = Referral.objects.none()

    @extend_schema(parameters=QUERY, responses=ReferralOut(many=True))
    def get(self, request: Request) -> Response:
        """The queue: open referrals, least time left first, unless `state` asks for others."""
        rows = Referral.objects.visible_to(reader_of(request)).select_related(
            "victim", "incident", "assessment", "claimed_by", "agency"
        )
        page = self.paginate_queryset(_filtered(rows, request))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _filtered(rows: ReferralQuerySet, request: Request) -> ReferralQuerySet:
    state, whose = asked(request, "state", STATES), asked(request, "with", WITH)
    grade = asked(request, "grade", ("", *RiskGrade.values))
    rows = rows.open() if state == "open" else rows.filter(state=state)
    if grade:
        rows = rows.filter(grade=grade)
    if whose == "me":
        rows = rows.filter(claimed_by=reader_of(request))
    if whose == "nobody":
        rows = rows.filter(claimed_by__isnull=True)
    over = asked(request, "over", ("false", "true"))
    rows = _narrowed(rows, request)
    return rows.overdue(clock.now()) if over == "true" else rows


def _narrowed(rows: ReferralQuerySet, request: Request) -> ReferralQuerySet:
    """By area, source, repeats, children and clocks that stand still, as the page's filters do."""
    source, area = asked(request, "source", SOURCES), request.query_params.get("area", "")
    if source != "any":
        rows = rows.filter(agency__isnull=source == "police")
    if area:
        if not is_key(area):
            raise InvalidInput("Give an area's id.", field="area")
        rows = rows.filter(victim__area=int(area))
    if asked(request, "repeat", ("false", "true")) == "true":
        rows = rows.filter(earlier_in_year__gt=0)
    if asked(request, "children", ("false", "true")) == "true":
        rows = rows.filter(children__gt=0)
    if asked(request, "paused", ("false", "true")) == "true":
        rows = rows.filter(paused_at__isnull=False)
    return rows


class OneReferral(GenericAPIView[Referral]):
    serializer_class = ReferralWhole
    queryset = Referral.objects.none()

    def get(self, request: Request, reference: str) -> Response:
        """One referral with what was shared; reading it is on record."""
        referral = seen(request, reference)
        prefetch_related_objects(
            [referral],
            *("sharings__agency", "sharings__shared_by", "grade_checks__by"),
            *("opinions__asked_by", "opinions__asked_of", "pauses__from_by", "pauses__until_by"),
        )
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
