"""The disclosure scheme by API: the same steps as on the pages."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
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
from perpetrators.models import DisclosureApplication
from perpetrators.pages import disclosure as pages
from perpetrators.permissions import can_decide_disclosure, can_work_disclosure
from perpetrators.services import disclosure as services
from perpetrators.services.disclosure.recording import LONGEST_APPLICANT
from perpetrators.services.disclosure.rows import LONGEST_WORDS
from perpetrators.services.disclosure.visiting import LONGEST_HOW, LONGEST_NAME
from victims.models import Person
from victims.views.common import note_reading, seen_by

#: Open applications on one answer.
MOST_LISTED = 200


class ApplicationSerializer(StrictSerializer):
    """An application; `person` is the reference of who is asked about."""

    scheme = serializers.ChoiceField(DisclosureApplication.Scheme.choices)
    person = serializers.CharField(max_length=16)
    applicant = serializers.CharField(max_length=LONGEST_APPLICANT, allow_blank=True, default="")
    received_at = serializers.DateTimeField()
    reasons = serializers.CharField(max_length=LONGEST_WORDS)


class FirstCheckSerializer(StrictSerializer):
    immediate_risk = serializers.BooleanField()
    words = serializers.CharField(max_length=LONGEST_WORDS)


class DecideDisclosureSerializer(StrictSerializer):
    outcome = serializers.ChoiceField(list(services.OUTCOMES.items()))
    words = serializers.CharField(max_length=LONGEST_WORDS)


class VisitSerializer(StrictSerializer):
    """Who was told: the person in danger, or by name somebody who can protect them, and how."""

    told = serializers.ChoiceField(list(services.TOLD.items()))
    name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")
    protects_how = serializers.CharField(max_length=LONGEST_HOW, allow_blank=True, default="")
    visited_at = serializers.DateTimeField()
    words = serializers.CharField(max_length=LONGEST_WORDS)


class WithdrawDisclosureSerializer(StrictSerializer):
    words = serializers.CharField(max_length=LONGEST_WORDS)


class TakeDisclosureSerializer(StrictSerializer):
    """Nothing is sent."""


class DisclosureOut(serializers.Serializer[Any]):
    """An application as it stands."""

    reference = serializers.CharField()
    scheme = serializers.ChoiceField(DisclosureApplication.Scheme.choices)
    state = serializers.ChoiceField(DisclosureApplication.State.choices)
    victim = serializers.CharField(source="victim.reference")
    person = serializers.CharField(source="person.reference")
    applicant = serializers.CharField()
    reasons = serializers.CharField()
    received_at = serializers.DateTimeField()
    owner = serializers.CharField(source="owner.username", default=None, allow_null=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    immediate_risk = serializers.BooleanField(allow_null=True)
    check_words = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decision_words = serializers.CharField()
    visited_at = serializers.DateTimeField(allow_null=True)
    told_whom = serializers.CharField()
    visit_words = serializers.CharField(help_text="What was told; or why it was withdrawn")
    version = serializers.IntegerField()


class OpenDisclosureOut(DisclosureOut):
    """An open application: `due_at` is of the clock that is over first."""

    due_at = serializers.DateTimeField(allow_null=True)


class OpenDisclosuresOut(serializers.Serializer[Any]):
    """At most 200, the least time first."""

    results = OpenDisclosureOut(many=True)


class DisclosuresOfVictimOut(serializers.Serializer[Any]):
    """All of one victim's, newest first."""

    results = DisclosureOut(many=True)


_NAMES = ("victim", "person", "owner", "decided_by")


class DisclosureApiView(APIView):
    """What these addresses share: seen or not there, then whether the role may."""

    pagination_class = None

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user

    def application(self, reference: str) -> DisclosureApplication:
        rows = DisclosureApplication.objects.visible_to(self.actor).select_related(*_NAMES)
        return get_object_or_404(rows, reference=reference)


def _body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class DisclosuresView(DisclosureApiView):
    @extend_schema(operation_id="open_disclosures", responses=OpenDisclosuresOut)
    def get(self, request: Request) -> Response:
        """Open applications by time left."""
        if not (can_work_disclosure(self.actor) or can_decide_disclosure(self.actor)):
            raise PermissionDenied("The disclosure scheme is for those who work on it.")
        rows = pages.waiting(self.actor).select_related(*_NAMES)[:MOST_LISTED]
        return Response(OpenDisclosuresOut({"results": rows}).data)


class DisclosureView(DisclosureApiView):
    @extend_schema(operation_id="disclosure", responses=DisclosureOut)
    def get(self, request: Request, reference: str) -> Response:
        """One application; the reading is kept."""
        found = self.application(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=found.reference,
            victim_id=found.victim_id,
        )
        return Response(DisclosureOut(found).data)


class DisclosuresOfVictimView(DisclosureApiView):
    @extend_schema(operation_id="disclosures_of_victim", responses=DisclosuresOfVictimOut)
    def get(self, request: Request, reference: str) -> Response:
        """All applications for one victim; the reading is kept."""
        victim = seen_by(self.actor, reference)
        note_reading(self.actor, request.path, victim, clock.now())
        rows = victim.disclosures.select_related(*_NAMES).order_by("-received_at")
        return Response(DisclosuresOfVictimOut({"results": rows}).data)

    @extend_schema(
        operation_id="record_disclosure",
        request=ApplicationSerializer,
        responses={201: DisclosureOut},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record an application for a victim."""
        victim = seen_by(self.actor, reference)
        if not can_work_disclosure(self.actor):
            raise PermissionDenied("Your role does not record applications.")
        said = _body(ApplicationSerializer, request)
        about = Person.objects.filter(reference=said.pop("person")).first()
        if about is None:
            raise InvalidInput("Nobody on record has this reference.", field="person")
        made = services.record_application(
            victim_id=victim.pk, person_id=about.pk, actor=self.actor, at=clock.now(), **said
        )
        return Response(DisclosureOut(made).data, status=201)


class DisclosureStepView(DisclosureApiView):
    """One step of an application: what it takes, who may, and the service's verb."""

    serializer: type[StrictSerializer]
    name: str

    def take(self, request: Request, reference: str) -> Response:
        found, at = self.application(reference), clock.now()
        step = pages.STEPS[self.name]
        if not step.may(self.actor):
            raise PermissionDenied("This step is not for your role.")
        self.act(step, found, _body(self.serializer, request), at)
        return Response(DisclosureOut(self.application(reference)).data)

    def act(
        self, step: pages.Step, found: DisclosureApplication, said: dict[str, Any], at: datetime
    ) -> None:
        step.act(application_id=found.pk, actor=self.actor, at=at, **said)


class FirstCheckView(DisclosureStepView):
    serializer, name = FirstCheckSerializer, "check"

    @extend_schema(
        operation_id="check_disclosure", request=FirstCheckSerializer, responses=DisclosureOut
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The first check: immediate risk or not, with words."""
        return self.take(request, reference)


class DecideDisclosureView(DisclosureStepView):
    serializer, name = DecideDisclosureSerializer, "decide"

    @extend_schema(
        operation_id="decide_disclosure",
        request=DecideDisclosureSerializer,
        responses=DisclosureOut,
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Disclose, nothing to disclose, or not to be disclosed; with words."""
        return self.take(request, reference)


class VisitView(DisclosureStepView):
    serializer, name = VisitSerializer, "visit"

    @extend_schema(
        operation_id="record_disclosure_visit", request=VisitSerializer, responses=DisclosureOut
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Who was told, when, and what."""
        return self.take(request, reference)


class TakeDisclosureView(DisclosureStepView):
    serializer, name = TakeDisclosureSerializer, "take"

    @extend_schema(operation_id="take_disclosure", request=None, responses=DisclosureOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Take an open application over, its clocks with it."""
        return self.take(request, reference)


class WithdrawDisclosureView(DisclosureStepView):
    serializer, name = WithdrawDisclosureSerializer, "withdraw"

    @extend_schema(
        operation_id="withdraw_disclosure",
        request=WithdrawDisclosureSerializer,
        responses=DisclosureOut,
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Nobody wants to be told any more; never after an immediate risk was found."""
        return self.take(request, reference)


disclosure_urls = [
    path("disclosures/", DisclosuresView.as_view()),
    path("disclosures/<slug:reference>/", DisclosureView.as_view()),
    path("disclosures/<slug:reference>/check/", FirstCheckView.as_view()),
    path("disclosures/<slug:reference>/decide/", DecideDisclosureView.as_view()),
    path("disclosures/<slug:reference>/visit/", VisitView.as_view()),
    path("disclosures/<slug:reference>/take/", TakeDisclosureView.as_view()),
    path("disclosures/<slug:reference>/withdraw/", WithdrawDisclosureView.as_view()),
    path("victims/<slug:reference>/disclosures/", DisclosuresOfVictimView.as_view()),
]
