"""The safety plan for other systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from victims import permissions, safety_plan, services
from victims.models import PlanStep, SafetyPlan, Victim
from victims.services import Step
from victims.services.plans.steps import LONGEST_STEP, LONGEST_WHO, MOST_STEPS
from victims.services.plans.writing import LONGEST_REASON, LONGEST_WORDS
from victims.views.common import note_reading, seen_by


class StepIn(StrictSerializer):
    """One thing agreed. `owner` is a user name; else `owner_words` says who does it.

    `carries` is the position of the step in the version before that this one goes on from.
    """

    words = serializers.CharField(max_length=LONGEST_STEP)
    owner = serializers.CharField(max_length=150, allow_blank=True, default="")
    owner_words = serializers.CharField(max_length=LONGEST_WHO, allow_blank=True, default="")
    due_on = serializers.DateField(allow_null=True, default=None)
    is_shared = serializers.BooleanField(default=False)
    carries = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class SafetyPlanIn(StrictSerializer):
    """A version; `version` is the one that was read, 0 where there was none."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    words = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True, default="")
    # Of a list, which the stubs do not know.
    steps = StepIn(many=True, max_length=MOST_STEPS)  # type: ignore[call-arg]
    version = serializers.IntegerField(min_value=0)


class SafetyPlanReviewIn(StrictSerializer):
    """The plan was looked at and is right."""

    words = serializers.CharField(max_length=LONGEST_REASON)
    version = serializers.IntegerField(min_value=1)


class StepDoneIn(StrictSerializer):
    """A step of the version that was read is done, or not done after all."""

    version = serializers.IntegerField(min_value=1)
    position = serializers.IntegerField(min_value=1)
    is_done = serializers.BooleanField()


class PlanStepOut(serializers.Serializer[PlanStep]):
    """One thing agreed."""

    position = serializers.IntegerField()
    words = serializers.CharField()
    owner = serializers.CharField(source="owner.username", allow_null=True, default=None)
    owner_words = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    is_shared = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)


class SafetyPlanOut(serializers.Serializer[SafetyPlan]):
    """The version that counts."""

    version = serializers.IntegerField()
    written_at = serializers.DateTimeField()
    written_by = serializers.CharField(source="written_by.name")
    reason = serializers.CharField()
    words = serializers.CharField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    review_words = serializers.CharField()
    review_because = serializers.CharField()
    steps = PlanStepOut(many=True, source="steps.all")


class CurrentSafetyPlanOut(serializers.Serializer[Any]):
    """The plan, null where nobody wrote one; `is_missing` where the risk calls for one."""

    plan = SafetyPlanOut(allow_null=True)
    is_missing = serializers.BooleanField()


class PlanAPIView(APIView):
    """What the addresses of one victim's plan share."""

    def opened(self, request: Request, reference: str) -> tuple[User, Victim]:
        assert isinstance(request.user, User)
        victim = seen_by(request.user, reference)
        note_reading(request.user, request.path, victim, clock.now())
        return request.user, victim

    def for_writers(self, request: Request, reference: str) -> tuple[User, Victim]:
        user, victim = self.opened(request, reference)
        if not permissions.can_write_plan(user):
            raise PermissionDenied("Your role does not write safety plans.")
        return user, victim


class PlanView(PlanAPIView):
    @extend_schema(operation_id="safety_plan", responses=CurrentSafetyPlanOut)
    def get(self, request: Request, reference: str) -> Response:
        """The version that counts, with its steps."""
        _, victim = self.opened(request, reference)
        plan = safety_plan.current_of(victim)
        shown = {"plan": plan, "is_missing": safety_plan.is_missing(victim, plan)}
        return Response(CurrentSafetyPlanOut(shown).data)

    @extend_schema(
        operation_id="write_safety_plan", request=SafetyPlanIn, responses={201: SafetyPlanOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Write a version, which counts from now on. 409, with both, when stale."""
        user, victim = self.for_writers(request, reference)
        body = SafetyPlanIn(data=request.data)
        body.is_valid(raise_exception=True)
        said = dict(body.validated_data)
        steps = _steps(said.pop("steps"))
        plan = services.write_plan(
            victim_id=victim.pk, steps=steps, **said, actor=user, at=clock.now()
        )
        return Response(SafetyPlanOut(plan).data, status=201)


class PlanReviewView(PlanAPIView):
    @extend_schema(
        operation_id="review_safety_plan", request=SafetyPlanReviewIn, responses=SafetyPlanOut
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say that the plan was looked at and is right as it stands."""
        user, victim = self.for_writers(request, reference)
        body = SafetyPlanReviewIn(data=request.data)
        body.is_valid(raise_exception=True)
        plan = services.review_plan(
            victim_id=victim.pk, **body.validated_data, actor=user, at=clock.now()
        )
        return Response(SafetyPlanOut(plan).data)


class PlanStepsView(PlanAPIView):
    @extend_schema(operation_id="mark_plan_step", request=StepDoneIn, responses=PlanStepOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say that a step is done, or that it is not after all."""
        user, victim = self.opened(request, reference)
        if not permissions.can_write_plan(user) and not _has_step(user, victim):
            raise PermissionDenied("Only those who write plans, and whoever does a step, say so.")
        body = StepDoneIn(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        if not PlanStep.objects.filter(
            plan__victim=victim, plan__version=said["version"], position=said["position"]
        ).exists():
            raise InvalidInput("This version has no such step.", field="position")
        step = services.mark_step(victim_id=victim.pk, **said, actor=user, at=clock.now())
        return Response(PlanStepOut(step).data)


def _has_step(user: User, victim: Victim) -> bool:
    return PlanStep.objects.filter(plan__victim=victim, plan__is_current=True, owner=user).exists()


def _steps(given: list[dict[str, Any]]) -> list[Step]:
    names = {row["owner"] for row in given if row["owner"]}
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    for place, row in enumerate(given):
        if row["owner"] and row["owner"] not in people:
            raise InvalidInput("Nobody has this user name.", field=f"steps.{place}.owner")
    return [Step(**{**row, "owner": people.get(row["owner"])}) for row in given]


api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/plan/", PlanView.as_view(), name="victim-plan"),
    path("victims/<slug:reference>/plan/review/", PlanReviewView.as_view()),
    path("victims/<slug:reference>/plan/steps/", PlanStepsView.as_view()),
]
