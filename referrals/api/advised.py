"""How a client comes to an adviser and goes on: asked for, passed on, not reached."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from referrals import services
from referrals.api.advising import IdvaCaseOut, adviser_named, seen
from referrals.models import IdvaCase
from referrals.permissions import can_refer_to_advisers
from referrals.services.advising import allocating, contacting, referring, serving
from referrals.views.advising import seen as seen_case
from victims.views.common import note_reading, seen_by


class ReferToAdvisersIn(StrictSerializer):
    """What the adviser is asked to do; `victim_agrees` is null where nobody could ask safely."""

    reason = serializers.CharField(max_length=referring.LONGEST_REASON)
    victim_agrees = serializers.BooleanField(allow_null=True)
    agreement_words = serializers.CharField(
        max_length=referring.LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    lower_risk_words = serializers.CharField(
        max_length=referring.LONGEST_WORDS, required=False, allow_blank=True, default=""
    )


class PassOnIn(StrictSerializer):
    """To whom, with what they must know; kept among advisers."""

    to = serializers.CharField(max_length=60, help_text="The adviser's user name")
    words = serializers.CharField(max_length=allocating.LONGEST_WORDS)
    version = serializers.IntegerField(min_value=1)


class GaveUpIn(StrictSerializer):
    """The client could not be reached, and what then."""

    words = serializers.CharField(max_length=contacting.LONGEST_WORDS)
    version = serializers.IntegerField(min_value=1)


class AdvisedView(ActorView):
    queryset = IdvaCase.objects.none()
    serializer_class: type[serializers.Serializer[Any]]

    def worked(self, reference: str) -> IdvaCase:
        """The case: 404 unseen, 403 for whoever neither has it nor leads who has."""
        case = seen_case(self.actor, reference)
        if not serving.works_on(self.actor, case, clock.now()):
            raise PermissionDenied(f"{case.owner} has this case. They do this.")
        return case


class OfVictim(AdvisedView):
    serializer_class = ReferToAdvisersIn
    pagination_class = NewestFirst

    @extend_schema(operation_id="idva_cases_of_victim", responses=IdvaCaseOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """The cases of one victim, the newest first; reading them is on record."""
        victim = seen_by(self.actor, reference)
        note_reading(self.actor, request.path, victim, clock.now())
        return self.paged(seen(request).filter(victim=victim), IdvaCaseOut)

    @extend_schema(operation_id="refer_to_advisers", responses={201: IdvaCaseOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ask the IDVA service to stand beside a victim."""
        victim = seen_by(self.actor, reference)
        self.needs(
            can_refer_to_advisers(self.actor),
            "Your role does not refer victims to the IDVA service.",
        )
        made = services.refer_to_advisers(
            victim_id=victim.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(IdvaCaseOut(made).data, status=201)


class PassOn(AdvisedView):
    serializer_class = PassOnIn

    @extend_schema(operation_id="pass_on_idva_case", responses=IdvaCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Pass a client on to another adviser."""
        case, said = self.worked(reference), self.said()
        said["to"] = adviser_named(said["to"])
        done = services.pass_on_idva_case(case_id=case.pk, actor=self.actor, at=clock.now(), **said)
        return Response(IdvaCaseOut(done).data)


class GaveUp(AdvisedView):
    serializer_class = GaveUpIn

    @extend_schema(operation_id="give_up_idva_contact", responses=IdvaCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say that the client could not be reached, after the attempts that policy asks for."""
        case, at = self.worked(reference), clock.now()
        done = services.give_up_idva_contact(
            case_id=case.pk, actor=self.actor, at=at, **self.said()
        )
        return Response(IdvaCaseOut(done).data)


_CASE = "idva-cases/<slug:reference>/"

api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/idva-cases/", OfVictim.as_view(), name="victim-idva-cases"),
    path(f"{_CASE}pass-on/", PassOn.as_view(), name="idva-case-pass-on"),
    path(f"{_CASE}gave-up/", GaveUp.as_view(), name="idva-case-gave-up"),
]
