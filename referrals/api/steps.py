"""What is done beside sharing and finishing, for other systems: same services, same refusals."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from referrals import services
from referrals.api.queue import (
    GradeCheckOut,
    Nothing,
    OpinionOut,
    PauseOut,
    ReferralOut,
    seen,
    worker_of,
)
from referrals.models import GradeCheck, Referral, ReferralPause, SecondOpinion
from referrals.services.batches import ACTS, MOST
from risk.services.keeping import JUDGED
from victims.models import RiskGrade


def worker_named(user_id: int, field: str) -> User:
    """An account by its number. Raises InvalidInput at the field where there is none."""
    found = User.objects.filter(pk=user_id, is_active=True, is_system=False).first()
    if found is None:
        raise InvalidInput("There is no such worker.", field=field)
    return found


class OpinionAskIn(StrictSerializer):
    of = serializers.IntegerField(min_value=1, help_text="The colleague's id")
    question = serializers.CharField()


class OpinionAnswerIn(StrictSerializer):
    answer = serializers.ChoiceField(SecondOpinion.Answer.choices)
    words = serializers.CharField(required=False, allow_blank=True, default="")


class TakeBackIn(StrictSerializer):
    because = serializers.CharField()


class GradeCheckIn(StrictSerializer):
    would_be = serializers.ChoiceField(
        [*((grade, RiskGrade(grade).label) for grade in JUDGED), ("very_high", "Very high")]
    )
    words = serializers.CharField(required=False, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1)


class ReferralPauseIn(StrictSerializer):
    reason = serializers.ChoiceField(ReferralPause.Reason.choices)
    words = serializers.CharField()


class WhyLateIn(StrictSerializer):
    late_because = serializers.ChoiceField(Referral.LateBecause.choices)
    late_reason = serializers.CharField()


class TickedIn(StrictSerializer):
    reference = serializers.CharField(max_length=16)
    version = serializers.IntegerField(min_value=1, help_text="As it was when it was read")


class BatchIn(StrictSerializer):
    act = serializers.ChoiceField(list(ACTS.items()))
    rows = serializers.ListField(child=TickedIn(), min_length=1, max_length=MOST)
    to = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class ResultOut(serializers.Serializer[services.Result]):
    reference = serializers.CharField()
    is_done = serializers.BooleanField()
    words = serializers.CharField()


class Ask(GenericAPIView[SecondOpinion]):
    serializer_class = OpinionAskIn

    @extend_schema(responses={201: OpinionOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ask a colleague for a second opinion."""
        actor = worker_of(request)
        referral, given = seen(request, reference), OpinionAskIn(data=request.data)
        given.is_valid(raise_exception=True)
        opinion = services.ask_opinion(
            referral_id=referral.pk,
            of=worker_named(given.validated_data["of"], "of"),
            question=given.validated_data["question"],
            actor=actor,
            at=clock.now(),
        )
        return Response(OpinionOut(opinion).data, status=201)


class Answer(GenericAPIView[SecondOpinion]):
    serializer_class = OpinionAnswerIn

    @extend_schema(responses=OpinionOut)
    @idempotent
    def post(self, request: Request, reference: str, opinion: int) -> Response:
        """Give the second opinion that one was asked for."""
        actor = worker_of(request)
        row = get_object_or_404(SecondOpinion, pk=opinion, referral=seen(request, reference))
        given = OpinionAnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.answer_opinion(
            opinion_id=row.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(OpinionOut(done).data)


class TakeBack(GenericAPIView[SecondOpinion]):
    serializer_class = TakeBackIn

    @extend_schema(responses=OpinionOut)
    @idempotent
    def post(self, request: Request, reference: str, opinion: int) -> Response:
        """Take the question back."""
        actor = worker_of(request)
        row = get_object_or_404(SecondOpinion, pk=opinion, referral=seen(request, reference))
        given = TakeBackIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.withdraw_opinion(
            opinion_id=row.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(OpinionOut(done).data)


class CheckGrade(GenericAPIView[GradeCheck]):
    serializer_class = GradeCheckIn

    @extend_schema(responses={201: GradeCheckOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Agree with the grade, or send it back to risk; it is never changed by this."""
        actor = worker_of(request)
        referral, given = seen(request, reference), GradeCheckIn(data=request.data)
        given.is_valid(raise_exception=True)
        check = services.check_grade(
            referral_id=referral.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(GradeCheckOut(check).data, status=201)


class Pause(GenericAPIView[ReferralPause]):
    serializer_class = ReferralPauseIn

    @extend_schema(responses={201: PauseOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Let the clock stand still, for a reason that policy allows."""
        actor = worker_of(request)
        referral, given = seen(request, reference), ReferralPauseIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = services.pause(
            referral_id=referral.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(PauseOut(row).data, status=201)


class Resume(GenericAPIView[Referral]):
    serializer_class = Nothing

    @extend_schema(request=None, responses=ReferralOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Let the clock run again."""
        actor = worker_of(request)
        Nothing(data=request.data or {}).is_valid(raise_exception=True)
        done = services.resume(referral_id=seen(request, reference).pk, actor=actor, at=clock.now())
        return Response(ReferralOut(done).data)


class Late(GenericAPIView[Referral]):
    serializer_class = WhyLateIn

    @extend_schema(responses=ReferralOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say why an open referral is over its time."""
        actor = worker_of(request)
        referral, given = seen(request, reference), WhyLateIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.say_why_late(
            referral_id=referral.pk, actor=actor, at=clock.now(), **given.validated_data
        )
        return Response(ReferralOut(done).data)


class Batch(GenericAPIView[Referral]):
    serializer_class = BatchIn

    @extend_schema(responses=ResultOut(many=True))
    @idempotent
    def post(self, request: Request) -> Response:
        """Claim, hand over or give back exactly these; of each the answer says what came of it."""
        actor, given = worker_of(request), BatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        results = services.batch(
            act=said["act"],
            ticked=[services.Ticked(**row) for row in said["rows"]],
            to=worker_named(said["to"], "to") if said["to"] else None,
            reason=said["reason"],
            actor=actor,
            at=clock.now(),
        )
        return Response(ResultOut(results, many=True).data)  # type: ignore[arg-type]


api_urls = [
    path("referrals/batch/", Batch.as_view(), name="referral-batch"),
    path("referrals/<slug:reference>/opinions/", Ask.as_view(), name="referral-ask"),
    path(
        "referrals/<slug:reference>/opinions/<int:opinion>/answer/",
        Answer.as_view(),
        name="referral-opinion-answer",
    ),
    path(
        "referrals/<slug:reference>/opinions/<int:opinion>/withdraw/",
        TakeBack.as_view(),
        name="referral-opinion-withdraw",
    ),
    path(
        "referrals/<slug:reference>/grade-check/",
        CheckGrade.as_view(),
        name="referral-grade-check",
    ),
    path("referrals/<slug:reference>/pause/", Pause.as_view(), name="referral-pause"),
    path("referrals/<slug:reference>/resume/", Resume.as_view(), name="referral-resume"),
    path("referrals/<slug:reference>/late/", Late.as_view(), name="referral-late"),
]
