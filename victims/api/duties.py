"""Who is responsible, and how it passes: for other systems."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.cover import stood_in_for
from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from victims import holdings, permissions, services
from victims.models import Duty, Handover, Victim
from victims.people import takers
from victims.responsible import Answering, answering
from victims.views.common import note_reading, seen_by


class AnsweringOut(serializers.Serializer[Answering]):
    """Who answers for one duty at this instant; `why` says it where they do not have it."""

    duty = serializers.ChoiceField(Duty.choices)
    person = serializers.CharField(source="who.person.username", allow_null=True, default=None)
    name = serializers.CharField(source="who.person.name", allow_null=True, default=None)
    team = serializers.CharField(source="who.team.name")
    holder = serializers.CharField(
        source="who.holder.username", allow_null=True, default=None, help_text="By the record"
    )
    why = serializers.CharField()


class HandoverOut(serializers.Serializer[Handover]):
    """A duty offered to somebody."""

    id = serializers.IntegerField()
    victim = serializers.CharField(source="victim.reference")
    duty = serializers.ChoiceField(Duty.choices)
    state = serializers.ChoiceField(Handover.State.choices)
    to = serializers.CharField(source="to_person.username")
    words = serializers.CharField()
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()


class ResponsibilityOut(serializers.Serializer[Any]):
    """Who is responsible for a victim, and what is offered."""

    duties = AnsweringOut(many=True)
    handovers = HandoverOut(many=True)


class HeldOut(serializers.Serializer[holdings.Line]):
    """A victim with the duties that somebody has."""

    victim = serializers.CharField(source="victim.reference")
    grade = serializers.CharField(source="victim.grade")
    holder = serializers.CharField(source="holder.username")
    duties = serializers.ListField(child=serializers.ChoiceField(Duty.choices))
    next_due = serializers.DateTimeField(allow_null=True)


class MyDutiesOut(serializers.Serializer[Any]):
    """What is offered to me or to whom I stand in for, and the victims answered for."""

    to_answer = HandoverOut(many=True)
    victims = HeldOut(many=True)


class HandoverIn(StrictSerializer):
    """A duty for somebody, by their user name, with what they must know."""

    duty = serializers.ChoiceField(Duty.choices)
    to = serializers.CharField(max_length=60)
    words = serializers.CharField(max_length=1_000)


class HandoverAnswerIn(StrictSerializer):
    """Yes, or no with words."""

    takes = serializers.BooleanField()
    words = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class HandoverReasonIn(StrictSerializer):
    """Why it is withdrawn."""

    reason = serializers.CharField(max_length=1_000)


class ResponsibilityView(APIView):
    @extend_schema(operation_id="responsibility", responses=ResponsibilityOut)
    def get(self, request: Request, reference: str) -> Response:
        """Who answers for contact, risk and safety plan now, and why."""
        at = clock.now()
        user, victim = _opened(request, reference, at)
        rows = victim.handovers.select_related("victim", "to_person").order_by("-offered_at", "-pk")
        found = {"duties": answering(victim, user, at), "handovers": rows[:50]}
        return Response(ResponsibilityOut(found).data)

    @extend_schema(operation_id="hand_over", request=HandoverIn, responses={201: HandoverOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Offer a duty to somebody; until they take it nothing changes."""
        at = clock.now()
        user, victim = _opened(request, reference, at)
        if not permissions.can_hand_over(user):
            raise PermissionDenied("Your role hands nothing over.")
        said = HandoverIn(data=request.data)
        said.is_valid(raise_exception=True)
        to = takers(victim).filter(username=said.validated_data.pop("to")).first()
        if to is None:
            raise InvalidInput("Nobody of this user name can have it.", field="to")
        row = services.hand_over(
            victim_id=victim.pk, to=to, **said.validated_data, actor=user, at=at
        )
        return Response(HandoverOut(row).data, status=201)


class AnswerView(APIView):
    @extend_schema(operation_id="answer_handover", request=HandoverAnswerIn, responses=HandoverOut)
    @idempotent
    def post(self, request: Request, reference: str, handover_id: int) -> Response:
        """Take what is offered, or decline it with words."""
        at = clock.now()
        user, row = _handover(request, reference, handover_id, at)
        if not services.may_answer(row, user, at):
            raise PermissionDenied(f"This is offered to {row.to_person}.")
        said = HandoverAnswerIn(data=request.data)
        said.is_valid(raise_exception=True)
        row = services.answer_handover(handover_id=row.pk, **said.validated_data, actor=user, at=at)
        return Response(HandoverOut(row).data)


class WithdrawView(APIView):
    @extend_schema(
        operation_id="withdraw_handover", request=HandoverReasonIn, responses=HandoverOut
    )
    @idempotent
    def post(self, request: Request, reference: str, handover_id: int) -> Response:
        """Take an offer back before it is answered."""
        at = clock.now()
        user, row = _handover(request, reference, handover_id, at)
        if not services.may_withdraw(row, user, at):
            raise PermissionDenied("Who offered this withdraws it, or whoever has the duty.")
        said = HandoverReasonIn(data=request.data)
        said.is_valid(raise_exception=True)
        row = services.withdraw_handover(
            handover_id=row.pk, **said.validated_data, actor=user, at=at
        )
        return Response(HandoverOut(row).data)


class MyDutiesView(APIView):
    @extend_schema(operation_id="my_duties", responses=MyDutiesOut)
    def get(self, request: Request) -> Response:
        """What waits for my answer, and the victims I answer for or stand in for."""
        at, user = clock.now(), request.user
        assert isinstance(user, User)
        if not permissions.can_hand_over(user):
            raise PermissionDenied("Your role holds no duties of victims.")
        people = [user, *(absence.person for absence in stood_in_for(user.pk, at))]
        found = {
            "to_answer": holdings.offered_to([one.pk for one in people], user),
            "victims": holdings.lines_of(people, user),
        }
        return Response(MyDutiesOut(found).data)


def _opened(request: Request, reference: str, at: datetime) -> tuple[User, Victim]:
    """The victim, or 404; that they were opened is kept."""
    assert isinstance(request.user, User)
    victim = seen_by(request.user, reference)
    note_reading(request.user, request.path, victim, at)
    return request.user, victim


def _handover(
    request: Request, reference: str, handover_id: int, at: datetime
) -> tuple[User, Handover]:
    user, victim = _opened(request, reference, at)
    rows = Handover.objects.select_related("to_person").filter(victim=victim)
    row = get_object_or_404(rows, pk=handover_id)
    row.victim = victim
    return user, row


api_urls: list[URLPattern] = [
    path("duties/", MyDutiesView.as_view(), name="my-duties"),
    path(
        "victims/<slug:reference>/handovers/", ResponsibilityView.as_view(), name="victim-handovers"
    ),
    path(
        "victims/<slug:reference>/handovers/<int:handover_id>/answer/",
        AnswerView.as_view(),
        name="victim-handover-answer",
    ),
    path(
        "victims/<slug:reference>/handovers/<int:handover_id>/withdraw/",
        WithdrawView.as_view(),
        name="victim-handover-withdraw",
    ),
]
