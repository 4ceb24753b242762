"""A victim's risk for other systems: grade, criteria, judgements, and what is to be found out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from risk import conference, overview, services
from risk.api.assessments import RiskView
from risk.models import Assessment, GradeJudgement, UnknownAnswer
from risk.permissions import can_find_out, can_judge, can_see_queue
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.unknowns import CANNOT, LONGEST_WORDS
from victims.models import Victim

_JUDGED = ", ".join(JUDGED)


class JudgeSerializer(StrictSerializer):
    """A judgement and its reasons; `seen` is the grade that it was made knowing."""

    grade = serializers.CharField(max_length=10, help_text=_JUDGED)
    reason = serializers.CharField(max_length=LONGEST_REASON)
    seen = serializers.CharField(max_length=10, allow_blank=True, required=False)


class DecideSerializer(StrictSerializer):
    """A supervisor's answer to the lower grade that waits; `judgement` is its number."""

    judgement = serializers.IntegerField(min_value=1)
    agrees = serializers.BooleanField()
    words = serializers.CharField(max_length=LONGEST_REASON)


class FindOutSerializer(StrictSerializer):
    """What was found out about one topic: yes, no, or cannot."""

    topic = serializers.CharField(max_length=10)
    found = serializers.CharField(max_length=10, help_text=f"yes, no or {CANNOT}")
    words = serializers.CharField(max_length=LONGEST_WORDS)


class JudgementOut(serializers.Serializer[Any]):
    """A judgement as it stands."""

    judgement = serializers.IntegerField(source="pk")
    state = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    grade = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_words = serializers.CharField(allow_blank=True)


class CriterionOut(serializers.Serializer[Any]):
    """One of the conference's criteria, with its numbers in words."""

    code = serializers.CharField()
    is_met = serializers.BooleanField()
    words = serializers.CharField()


class UnknownOut(serializers.Serializer[Any]):
    """A topic that was not known or not asked."""

    topic = serializers.CharField()
    answer = serializers.CharField()
    state = serializers.CharField()
    found = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class FoundOutOut(serializers.Serializer[Any]):
    """What was settled, and what the answers suggest with all that was found."""

    unknown = UnknownOut()
    suggested_grade = serializers.CharField(source="suggestion.grade")
    suggested_reasons = serializers.ListField(
        source="suggestion.reasons", child=serializers.CharField()
    )
    raises = serializers.BooleanField()


class RiskOut(serializers.Serializer[Any]):
    """A victim's grade and what it rests on."""

    victim = serializers.CharField()
    grade = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(allow_null=True)
    because = serializers.CharField(allow_blank=True)
    criteria = CriterionOut(many=True)
    judgements = JudgementOut(many=True)


class VictimRiskView(RiskView):
    """What the addresses of one victim share."""

    def victim(self, reference: str) -> Victim:
        return get_object_or_404(Victim.objects.visible_to(self.actor), reference=reference)


def _body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class RiskOfVictimView(VictimRiskView):
    @extend_schema(operation_id="read_risk", responses={200: RiskOut})
    def get(self, request: Request, reference: str) -> Response:
        """A victim's grade, the conference's criteria, and judgements; the reading is kept."""
        at, victim = clock.now(), self.victim(reference)
        audit.record_read(
            user=self.actor,
            at=at,
            path=request.path,
            subject=victim.reference,
            victim_id=victim.pk,
        )
        shown = {
            "victim": victim.reference,
            "grade": victim.grade,
            "since": victim.grade_since,
            "because": victim.grade_reason,
            "criteria": conference.criteria(victim.pk, at),
            "judgements": overview.judgements_of(victim)[: overview.SHOWN_JUDGEMENTS],
        }
        return Response(RiskOut(shown).data)


class JudgementsView(VictimRiskView):
    @extend_schema(
        operation_id="judge_risk", request=JudgeSerializer, responses={201: JudgementOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Judge the risk: higher counts at once, lower waits for a supervisor."""
        victim = self.victim(reference)
        if not can_judge(self.actor):
            raise PermissionDenied("Only those who look at risk judge it.")
        body = _body(JudgeSerializer, request)
        made = services.judge(victim_id=victim.pk, actor=self.actor, at=clock.now(), **body)
        return Response(JudgementOut(made).data, status=201)


class DecideView(VictimRiskView):
    @extend_schema(
        operation_id="decide_judgement", request=DecideSerializer, responses={200: JudgementOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Agree to the lower grade that waits, or do not; either with words."""
        victim = self.victim(reference)
        if not can_see_queue(self.actor):
            raise PermissionDenied("Only supervisors agree to a lower grade.")
        body = _body(DecideSerializer, request)
        judgement = GradeJudgement.objects.filter(victim=victim, pk=body["judgement"]).first()
        if judgement is None:
            raise InvalidInput("There is no such judgement about this victim.", field="judgement")
        decided = services.decide_judgement(
            judgement_id=judgement.pk,
            agrees=body["agrees"],
            words=body["words"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(JudgementOut(decided).data)


class UnknownsView(RiskView):
    @extend_schema(operation_id="list_unknowns", responses={200: UnknownOut(many=True)})
    def get(self, request: Request, reference: str) -> Response:
        """What an assessment left unknown, settled or not; the reading is kept."""
        assessment = self.assessment(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=assessment.reference,
            victim_id=assessment.victim_id,
            incident_id=assessment.incident_id,
        )
        rows = assessment.unknowns.order_by("topic")
        return Response(UnknownOut(rows, many=True).data)

    @extend_schema(operation_id="find_out", request=FindOutSerializer, responses={200: FoundOutOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Settle one topic: yes, no, or that it cannot be found out, with words."""
        assessment = self.assessment(reference)
        if not can_find_out(self.actor):
            raise PermissionDenied("Only those who look at risk settle what was not known.")
        body = _body(FindOutSerializer, request)
        unknown = _unknown(assessment, body["topic"])
        settled = services.find_out(
            unknown_id=unknown.pk,
            found=body["found"],
            words=body["words"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(FoundOutOut(settled).data)


def _unknown(assessment: Assessment, topic: str) -> UnknownAnswer:
    unknown = assessment.unknowns.filter(topic=topic).first()
    if unknown is None:
        raise InvalidInput("This topic was not left unknown.", field="topic")
    return unknown


api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/risk/", RiskOfVictimView.as_view()),
    path("victims/<slug:reference>/judgements/", JudgementsView.as_view()),
    path("victims/<slug:reference>/judgements/decide/", DecideView.as_view()),
    path("assessments/<slug:reference>/unknowns/", UnknownsView.as_view()),
]
