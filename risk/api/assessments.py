"""Assessments for partners' and the officers' own systems: begin, keep, submit, review."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.models import Incident
from risk import services
from risk.answers import LONGEST_WORDS
from risk.instruments import ANSWERS, SOURCES
from risk.models import Assessment, AssessmentReview
from risk.permissions import can_review
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.rows import may_write
from victims.models import Victim

_JUDGED = ", ".join(JUDGED)


class OpenSerializer(StrictSerializer):
    """Whose risk is assessed; may be left out where the incident has one victim."""

    victim = serializers.CharField(max_length=16, required=False, help_text="A victim's reference")
    instrument = serializers.CharField(
        max_length=30,
        required=False,
        help_text="A questionnaire's code; the police's own if left out",
    )


class AnswerSerializer(StrictSerializer):
    """One topic's answer; a blank one takes the answer back."""

    answer = serializers.ChoiceField(list(ANSWERS.items()), allow_blank=True, default="")
    words = serializers.CharField(
        max_length=LONGEST_WORDS, allow_blank=True, default="", trim_whitespace=False
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]
        list(SOURCES.items()), allow_blank=True, default=""
    )


class KeepSerializer(StrictSerializer):
    """The topics that changed, by code, and the version that was read."""

    version = serializers.IntegerField(min_value=1)
    answers = serializers.DictField(child=AnswerSerializer(), default=dict)
    judged_grade = serializers.CharField(
        max_length=10, allow_blank=True, required=False, help_text=_JUDGED
    )
    judged_reason = serializers.CharField(
        max_length=LONGEST_REASON, allow_blank=True, required=False
    )


class SubmitSerializer(StrictSerializer):
    """The officer's own judgement and why."""

    version = serializers.IntegerField(min_value=1)
    judged_grade = serializers.CharField(max_length=10, help_text=_JUDGED)
    judged_reason = serializers.CharField(max_length=LONGEST_REASON)


class ReviewSerializer(StrictSerializer):
    """A supervisor's decision; `grade` with a regrade, `rationale` for all but a plain accept."""

    version = serializers.IntegerField(min_value=1)
    decision = serializers.ChoiceField(AssessmentReview.Decision.choices)
    grade = serializers.CharField(max_length=10, allow_blank=True, default="", help_text=_JUDGED)
    rationale = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")


class StoredAnswerOut(serializers.Serializer[Any]):
    """One topic's answer as kept; parts that are blank are left out."""

    answer = serializers.ChoiceField(list(ANSWERS.items()), required=False)
    words = serializers.CharField(required=False)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        list(SOURCES.items()), required=False
    )


class AssessmentOut(serializers.Serializer[Any]):
    """An assessment as it stands."""

    reference = serializers.CharField()
    incident = serializers.CharField(source="incident.reference")
    victim = serializers.CharField(source="victim.reference")
    instrument = serializers.CharField(source="instrument.code")
    instrument_version = serializers.IntegerField(source="instrument.version")
    officer = serializers.CharField(source="officer.username")
    state = serializers.CharField()
    due_because = serializers.CharField()
    started_at = serializers.DateTimeField()
    answers = serializers.DictField(child=StoredAnswerOut())
    yes_count = serializers.IntegerField()
    suggested_grade = serializers.CharField(allow_blank=True)
    suggested_reasons = serializers.ListField(child=serializers.CharField())
    judged_grade = serializers.CharField(allow_blank=True)
    judged_reason = serializers.CharField(allow_blank=True)
    grade = serializers.CharField(allow_blank=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class RiskView(APIView):
    """What these addresses share: the record is seen, or it is not there."""

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user

    def assessment(self, reference: str) -> Assessment:
        seen = Assessment.objects.visible_to(self.actor).for_page()
        return get_object_or_404(seen, reference=reference)

    def own(self, reference: str) -> Assessment:
        """The assessment, for the officer who writes it; PermissionDenied before a body is read."""
        assessment = self.assessment(reference)
        if not may_write(self.actor, assessment, clock.now()):
            raise PermissionDenied("Only the officer who was there writes this assessment.")
        return assessment

    def answer(self, assessment: Assessment, status: int = 200) -> Response:
        fresh = Assessment.objects.for_page().get(pk=assessment.pk)
        return Response(AssessmentOut(fresh).data, status=status)


def _body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class AssessmentsOfIncidentView(RiskView):
    @extend_schema(
        operation_id="begin_assessment", request=OpenSerializer, responses={201: AssessmentOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Begin a victim's assessment after an incident, or give the one that there is."""
        seen = Incident.objects.visible_to(self.actor)
        incident = get_object_or_404(seen, reference=reference)
        body = _body(OpenSerializer, request)
        begun = services.open_assessment(
            incident_id=incident.pk,
            victim_id=_victim_of(incident, body.get("victim")).pk,
            instrument=body.get("instrument", ""),
            actor=self.actor,
            at=clock.now(),
        )
        return self.answer(begun, 201)


def _victim_of(incident: Incident, reference: str | None) -> Victim:
    """The incident's victim of this reference; the only one where none is named."""
    victims = Victim.objects.filter(involvements__incident=incident)
    if reference is not None:
        victims = victims.filter(reference=reference)
    found = list(victims[:2])
    if not found:
        raise InvalidInput("This is no victim of the incident.", field="victim")
    if len(found) > 1:
        raise InvalidInput("The incident has several victims. Say which one.", field="victim")
    return found[0]


class AssessmentView(RiskView):
    @extend_schema(operation_id="read_assessment", responses={200: AssessmentOut})
    def get(self, request: Request, reference: str) -> Response:
        """An assessment with its answers; the reading is kept."""
        assessment = self.assessment(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=assessment.reference,
            victim_id=assessment.victim_id,
            incident_id=assessment.incident_id,
        )
        return self.answer(assessment)

    @extend_schema(
        operation_id="keep_answers", request=KeepSerializer, responses={200: AssessmentOut}
    )
    def patch(self, request: Request, reference: str) -> Response:
        """Keep some answers; topics not named stay as they were."""
        assessment = self.own(reference)
        body = _body(KeepSerializer, request)
        kept = services.keep_answers(
            assessment_id=assessment.pk, actor=self.actor, at=clock.now(), **body
        )
        return self.answer(kept)


class SubmitView(RiskView):
    @extend_schema(
        operation_id="submit_assessment", request=SubmitSerializer, responses={200: AssessmentOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Submit with the officer's judgement: it counts at once, and a supervisor reviews it."""
        assessment = self.own(reference)
        body = _body(SubmitSerializer, request)
        done = services.submit_assessment(
            assessment_id=assessment.pk, actor=self.actor, at=clock.now(), **body
        )
        return self.answer(done)


class ReviewView(RiskView):
    @extend_schema(
        operation_id="review_assessment", request=ReviewSerializer, responses={200: AssessmentOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Accept, return with words, or regrade with reasons."""
        assessment = self.assessment(reference)
        if not can_review(self.actor, assessment):
            raise PermissionDenied("A supervisor reviews it, and never their own.")
        body = _body(ReviewSerializer, request)
        done = services.review_assessment(
            assessment_id=assessment.pk, actor=self.actor, at=clock.now(), **body
        )
        return self.answer(done)


api_urls: list[URLPattern] = [
    path("incidents/<slug:reference>/assessments/", AssessmentsOfIncidentView.as_view()),
    path("assessments/<slug:reference>/", AssessmentView.as_view()),
    path("assessments/<slug:reference>/submit/", SubmitView.as_view()),
    path("assessments/<slug:reference>/review/", ReviewView.as_view()),
]
