"""Risk that must be looked at again, for other systems: what is owed, why, and what came of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.trigger_rules import Trigger
from risk import reassessments, services
from risk.api.assessments import RiskView
from risk.forms.reassess import ReassessFilter
from risk.models import Reassessment
from risk.permissions import can_judge
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.reassessing import CONCLUDED, may_answer


class ConcludeSerializer(StrictSerializer):
    """What came of it, with reasons; `version` is the one that was read."""

    outcome = serializers.CharField(max_length=10, help_text=", ".join(CONCLUDED))
    grade = serializers.CharField(
        max_length=10,
        required=False,
        allow_blank=True,
        help_text=f"{', '.join(JUDGED)}; blank where it is kept",
    )
    words = serializers.CharField(max_length=LONGEST_REASON)
    version = serializers.IntegerField(min_value=1)


class ReasonOut(serializers.Serializer[Any]):
    """One reason why, when it happened (or is to happen), and the rule with its numbers."""

    trigger = serializers.CharField()
    words = serializers.CharField()
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    due_at = serializers.DateTimeField()
    basis = serializers.CharField()


class ReassessmentOut(serializers.Serializer[Any]):
    """One reassessment with the reasons that stand, the most pressing first."""

    reference = serializers.CharField()
    victim = serializers.CharField(source="victim.reference")
    state = serializers.CharField()
    grade = serializers.CharField(source="victim.grade", allow_blank=True)
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    owner = serializers.CharField(source="owner.username", default=None, allow_null=True)
    team = serializers.CharField(source="team.name")
    reasons = ReasonOut(source="standing", many=True)
    outcome = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.CharField(source="done_by.username", default=None, allow_null=True)
    version = serializers.IntegerField()


class MayReassess(BasePermission):
    message = "Your role does not look at risk again."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_judge(request.user)  # type: ignore[arg-type]


class LeastTimeFirst(NewestFirst):
    """By due time, the overdue first."""

    ordering = ("due_at", "id")  # type: ignore[assignment]


@extend_schema_view(
    get=extend_schema(
        operation_id="list_reassessments",
        parameters=[
            OpenApiParameter("whose", OpenApiTypes.STR, enum=["mine", "team", "all"]),
            OpenApiParameter("trigger", OpenApiTypes.STR, enum=[one.value for one in Trigger]),
        ],
    )
)
class ReassessmentList(ListAPIView[Reassessment]):
    """What is to be looked at again, least time left first."""

    serializer_class = ReassessmentOut
    permission_classes = [IsAuthenticated, MayReassess]
    pagination_class = LeastTimeFirst
    queryset = Reassessment.objects.none()

    def get_queryset(self) -> Any:
        user: Any = self.request.user
        chosen = ReassessFilter(self.request.query_params)
        if not chosen.is_valid():
            raise exceptions.ValidationError(
                {name: [str(words) for words in wrong] for name, wrong in chosen.errors.items()}
            )
        return reassessments.listed(user, clock.now(), **chosen.chosen())


class ReassessmentBase(RiskView):
    """What the addresses of one reassessment share."""

    def reassessment(self, reference: str) -> Reassessment:
        rows = Reassessment.objects.visible_to(self.actor)
        rows = rows.select_related("victim", "owner", "team", "done_by")
        return get_object_or_404(
            rows.prefetch_related(reassessments.standing()), reference=reference
        )


class ReassessmentView(ReassessmentBase):
    @extend_schema(operation_id="read_reassessment", responses={200: ReassessmentOut})
    def get(self, request: Request, reference: str) -> Response:
        """One with its reasons; the reading is kept."""
        row = self.reassessment(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=row.victim.reference,
            victim_id=row.victim_id,
        )
        return Response(ReassessmentOut(row).data)


class ConcludeView(ReassessmentBase):
    @extend_schema(
        operation_id="conclude_reassessment",
        request=ConcludeSerializer,
        responses={200: ReassessmentOut},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Kept, raised or lowered: raised counts at once, lowered waits for a supervisor."""
        at, row = clock.now(), self.reassessment(reference)
        if not may_answer(self.actor, row, at):
            raise PermissionDenied("Whoever has this, or answers for the risk, concludes it.")
        body = ConcludeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.conclude(reassessment_id=row.pk, actor=self.actor, at=at, **body.validated_data)
        return Response(ReassessmentOut(self.reassessment(reference)).data)


api_urls: list[URLPattern] = [
    path("reassessments/", ReassessmentList.as_view()),
    path("reassessments/<slug:reference>/", ReassessmentView.as_view()),
    path("reassessments/<slug:reference>/conclude/", ConcludeView.as_view()),
]
