"""Asking for closure and signing it off, for the control room's own systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import DomainError, InvalidInput
from incidents import closing
from incidents.api.base import ResponseView
from incidents.closing import BY_CODE, Given
from incidents.models import Closure, Incident
from incidents.pages.closure import clocks_of
from incidents.permissions import may_request_closure, may_sign_off
from incidents.services import closure as services
from incidents.services.closure.gate import LONGEST_REASON, LONGEST_WORDS


class ClosingAnswerSerializer(StrictSerializer):
    """One answer, with its words where the question or the answer needs them."""

    # Named by the service where it is none of them: the schema has another list called "answer".
    answer = serializers.CharField(max_length=10, help_text="yes, no or n/a")
    words = serializers.CharField(
        max_length=closing.LONGEST_WORDS, allow_blank=True, default="", trim_whitespace=False
    )


class ClosingAnswersSerializer(StrictSerializer):
    """An answer to every question about the victim's safety, by its code."""

    def get_fields(self) -> dict[str, Any]:
        return {
            code: ClosingAnswerSerializer(help_text=f"{question.text} {question.words}.")
            for code, question in BY_CODE.items()
        }


class RequestClosureSerializer(StrictSerializer):
    """`answered_by` is the user name of the officer, where they do not ask themselves."""

    answers = ClosingAnswersSerializer()
    answered_by = serializers.CharField(max_length=60, required=False)
    non_crime_reason = serializers.CharField(
        max_length=LONGEST_REASON, allow_blank=True, default=""
    )


class SignOffSerializer(StrictSerializer):
    """A decision, with words where it refuses.

    `request` is the number of the request that was read, as its answer gave it; `version` the
    incident's. With either, a decision on something else is refused.
    """

    decision = serializers.ChoiceField(
        [(one.value, one.label) for one in (Closure.Decision.SIGNED_OFF, Closure.Decision.REFUSED)]
    )
    words = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True, default="")
    request = serializers.IntegerField(min_value=1, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ClosureOut(serializers.Serializer[Any]):
    """A request for closure, and the incident that it is about."""

    reference = serializers.CharField(source="incident.reference")
    state = serializers.CharField(source="incident.state")
    version = serializers.IntegerField(source="incident.version")
    request = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    non_crime_reason = serializers.CharField()
    decision = serializers.CharField(help_text="Empty while it waits for an inspector")
    words = serializers.CharField()
    answered_by = serializers.CharField(source="answered_by.username")
    requested_by = serializers.CharField(source="requested_by.username")
    requested_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)


def _answer(closure: Closure, status: int) -> Response:
    people = ("incident", "answered_by", "requested_by", "decided_by")
    fresh = Closure.objects.select_related(*people).get(pk=closure.pk)
    clock_running = clocks_of([fresh.pk]).get(fresh.pk)
    fresh.due_at = clock_running.due_at if clock_running else None  # type: ignore[attr-defined]
    return Response(ClosureOut(fresh).data, status=status)


class RequestClosureView(ResponseView):
    @extend_schema(
        operation_id="request_closure",
        request=RequestClosureSerializer,
        responses={201: ClosureOut},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Put an incident before a control-room inspector, with the officer's answers."""
        incident = self.incident(reference)
        if not may_request_closure(self.actor):
            raise PermissionDenied("Only who was there, or the control room, asks for closure.")
        body = RequestClosureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        answers = {
            code: Given(answer=row["answer"], words=row["words"])
            for code, row in given["answers"].items()
        }
        if wrong := closing.missing(answers):
            raise serializers.ValidationError(
                {_place(field): [words] for field, words in wrong.items()}
            )
        closure = services.request_closure(
            incident_id=incident.pk,
            actor=self.actor,
            answers=answers,
            answered_by=_officer(given.get("answered_by")),
            non_crime_reason=given["non_crime_reason"],
            at=clock.now(),
        )
        return _answer(closure, 201)


def _place(field: str) -> str:
    """The service's name of an answer's words, as a path in the body."""
    code = field.removesuffix("_words")
    return f"answers.{code}.words" if field != code else f"answers.{code}.answer"


def _officer(username: str | None) -> User | None:
    if username is None:
        return None
    officer = User.objects.filter(username=username).first()
    if officer is None:
        raise InvalidInput("There is nobody with that user name.", field="answered_by")
    return officer


class SignOffView(ResponseView):
    @extend_schema(
        operation_id="sign_off_closure", request=SignOffSerializer, responses={200: ClosureOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Sign the waiting request off, which closes the incident; or refuse it with words."""
        incident = self.incident(reference)
        if not may_sign_off(self.actor):
            raise PermissionDenied("Only a control-room inspector decides about closure.")
        body = SignOffSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        closure = services.decide_closure(
            incident_id=incident.pk,
            closure_id=_read(incident, given.get("request")),
            actor=self.actor,
            decision=given["decision"],
            words=given["words"],
            version=given.get("version"),
            at=clock.now(),
        )
        return _answer(closure, 200)


def _read(incident: Incident, number: int | None) -> int:
    """The request that was read, else the newest. Raises DomainError where nobody asked, Http404
    for another incident's request.
    """
    if number is not None:
        return get_object_or_404(incident.closures.only("pk"), pk=number).pk
    newest = incident.closures.order_by("-requested_at", "-pk").values_list("pk", flat=True).first()
    if newest is None:
        raise DomainError("Nobody has asked for closure of this incident.", code="not_requested")
    return newest


closure_urls = [
    path(
        "incidents/<slug:reference>/request-closure/",
        RequestClosureView.as_view(),
        name="incident-request-closure",
    ),
    path("incidents/<slug:reference>/sign-off/", SignOffView.as_view(), name="incident-sign-off"),
]
