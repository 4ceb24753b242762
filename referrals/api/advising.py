"""Cases of the IDVA service for other systems: the same services and refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import actor_of, asked
from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from referrals import services
from referrals.models import IdvaCase
from referrals.permissions import can_support
from referrals.services.advising import allocating, answering, serving
from victims.models import RiskGrade
from victims.views.common import note_reading

STATES = ("open", *IdvaCase.State.values)
WITH = ("anybody", "me")
QUERY = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=STATES, description="open unless given"),
    OpenApiParameter("with", OpenApiTypes.STR, enum=WITH),
]


class IdvaCaseOut(serializers.Serializer[IdvaCase]):
    reference = serializers.CharField()
    victim = serializers.CharField(source="victim.reference")
    referral = serializers.CharField(source="referral.reference", allow_null=True, default=None)
    state = serializers.ChoiceField(IdvaCase.State.choices)
    grade = serializers.ChoiceField(RiskGrade.choices, help_text="When it was referred")
    team = serializers.CharField(source="team.name")
    owner = serializers.CharField(source="owner.username")
    referred_by = serializers.CharField(source="referred_by.username")
    referred_at = serializers.DateTimeField()
    reason = serializers.CharField()
    victim_agrees = serializers.BooleanField(allow_null=True)
    agreement_words = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    refused_because = serializers.CharField()
    refused_words = serializers.CharField()
    allocated_at = serializers.DateTimeField(allow_null=True)
    first_contact_at = serializers.DateTimeField(allow_null=True)
    gave_up_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_because = serializers.CharField()
    version = serializers.IntegerField()


class CaseAnswerIn(StrictSerializer):
    """Accepted, with the adviser (else whoever answers keeps it); or not, and why."""

    accept = serializers.BooleanField()
    to = serializers.CharField(max_length=60, required=False, help_text="The adviser's user name")
    because = serializers.ChoiceField(IdvaCase.RefusedBecause.choices, required=False)
    words = serializers.CharField(max_length=answering.LONGEST_WORDS, required=False)
    version = serializers.IntegerField(min_value=1)


class AllocateIn(StrictSerializer):
    """To whom a case goes, with what they must know."""

    to = serializers.CharField(max_length=60, help_text="The adviser's user name")
    words = serializers.CharField(
        max_length=allocating.LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    version = serializers.IntegerField(min_value=1)


def seen(request: Request) -> Any:
    """The cases of victims whom the caller may see."""
    return IdvaCase.objects.visible_to(actor_of(request)).select_related(
        "victim", "referral", "team", "owner", "referred_by"
    )


class IdvaCases(GenericAPIView[IdvaCase]):
    serializer_class = IdvaCaseOut
    pagination_class = NewestFirst
    queryset = IdvaCase.objects.none()

    @extend_schema(parameters=QUERY, responses=IdvaCaseOut(many=True))
    def get(self, request: Request) -> Response:
        """Cases, the newest first: open ones unless `state` asks for others."""
        _require_reader(request)
        rows, state = seen(request), asked(request, "state", STATES)
        rows = rows.open() if state == "open" else rows.filter(state=state)
        if asked(request, "with", WITH) == "me":
            rows = rows.filter(owner=request.user.pk)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class OneIdvaCase(GenericAPIView[IdvaCase]):
    serializer_class = IdvaCaseOut
    queryset = IdvaCase.objects.none()

    def get(self, request: Request, reference: str) -> Response:
        """One case; reading it is on record."""
        case = get_object_or_404(seen(request), reference=reference)
        note_reading(actor_of(request), request.path, case.victim, clock.now())
        return Response(IdvaCaseOut(case).data)


class Answer(GenericAPIView[IdvaCase]):
    serializer_class = CaseAnswerIn

    @extend_schema(responses=IdvaCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Accept a referral to the service, or say why not."""
        case, actor, at = _led(request, reference), actor_of(request), clock.now()
        said = _read(CaseAnswerIn(data=request.data))
        if said["accept"]:
            to = adviser_named(said["to"]) if "to" in said else None
            done = services.accept_idva_case(
                case_id=case.pk, to=to, version=said["version"], actor=actor, at=at
            )
        else:
            done = services.refuse_idva_case(
                case_id=case.pk,
                because=said.get("because", ""),
                words=said.get("words", ""),
                version=said["version"],
                actor=actor,
                at=at,
            )
        return Response(IdvaCaseOut(done).data)


class Allocate(GenericAPIView[IdvaCase]):
    serializer_class = AllocateIn

    @extend_schema(responses=IdvaCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Give a case that is accepted to an adviser."""
        case, actor = _led(request, reference), actor_of(request)
        said = _read(AllocateIn(data=request.data))
        said["to"] = adviser_named(said["to"])
        done = services.allocate_idva_case(case_id=case.pk, actor=actor, at=clock.now(), **said)
        return Response(IdvaCaseOut(done).data)


def _require_reader(request: Request) -> None:
    """Roles that police, and advisers; nobody else has victims whose cases could be listed."""
    reader = actor_of(request)
    if not (reader.has_perm("victims.view_all_victims") or can_support(reader)):
        raise PermissionDenied("Your role sees no cases of the IDVA service.")


def _led(request: Request, reference: str) -> IdvaCase:
    """The case if the caller sees it, else 404; PermissionDenied for whoever does not lead it."""
    case: IdvaCase = get_object_or_404(seen(request), reference=reference)
    if not serving.leads(actor_of(request), case, clock.now()):
        raise PermissionDenied(f"Whoever leads {case.team} answers and allocates this.")
    return case


def _read(given: StrictSerializer) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def adviser_named(username: str) -> User:
    person = User.objects.filter(username=username, is_system=False).select_related("team").first()
    if person is None:
        raise InvalidInput("Nobody has this user name.", field="to")
    return person


api_urls: list[URLPattern] = [
    path("idva-cases/", IdvaCases.as_view(), name="idva-cases"),
    path("idva-cases/<slug:reference>/", OneIdvaCase.as_view(), name="idva-case"),
    path("idva-cases/<slug:reference>/answer/", Answer.as_view(), name="idva-case-answer"),
    path("idva-cases/<slug:reference>/allocate/", Allocate.as_view(), name="idva-case-allocate"),
]
