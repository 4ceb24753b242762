"""Who must not receive what, and records opened in an emergency, for other systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.problems import problem
from core.api.serializers import StrictSerializer
from victims import permissions, register, services
from victims.forms.withholding import person_named
from victims.views.common import note_reading, seen_by

MOST = 200


class WithholdIn(StrictSerializer):
    """A person by user name or an agency by number, and why."""

    person = serializers.CharField(max_length=120, required=False)
    agency = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=1_000)


class EndWithholdingIn(StrictSerializer):
    reason = serializers.CharField(max_length=1_000)


class WithholdingOut(serializers.Serializer[Any]):
    """One entry of the register."""

    number = serializers.IntegerField(source="pk")
    person = serializers.CharField(source="person.username", default=None, allow_null=True)
    agency = serializers.CharField(source="agency.name", default=None, allow_null=True)
    reason = serializers.CharField()
    set_by = serializers.CharField(source="set_by.name")
    set_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()


class GlassIn(StrictSerializer):
    """Which record, by reference or by exact name and birth date, and why it cannot wait."""

    reason = serializers.CharField(max_length=1_000)
    reference = serializers.CharField(max_length=40, required=False)
    given_name = serializers.CharField(max_length=100, required=False)
    family_name = serializers.CharField(max_length=100, required=False)
    born = serializers.DateField(required=False)


class LookedIn(StrictSerializer):
    is_right = serializers.BooleanField()
    words = serializers.CharField(max_length=1_000)


class GlassOut(serializers.Serializer[Any]):
    """A record opened in an emergency."""

    reference = serializers.CharField(source="called")
    person = serializers.CharField(source="person.username")
    victim = serializers.CharField(source="victim.reference")
    reason = serializers.CharField()
    opened_at = serializers.DateTimeField(source="from_at")
    until = serializers.DateTimeField(source="until_at")
    ended_at = serializers.DateTimeField(allow_null=True)
    told = serializers.CharField(source="told.username", default=None, allow_null=True)
    found_right = serializers.BooleanField(allow_null=True)
    words = serializers.CharField(source="looked_at_words")


def _reader(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class WithheldView(APIView):
    @extend_schema(operation_id="list_withholdings", responses=WithholdingOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """From whom a victim is withheld, at most 200 entries, the newest first."""
        user = _reader(request)
        victim = seen_by(user, reference)
        rows = register.withheld_seen_by(user).filter(victim=victim).order_by("-set_at", "-pk")
        note_reading(user, request.path, victim, clock.now())
        return Response(WithholdingOut(rows[:MOST], many=True).data)

    @extend_schema(operation_id="withhold", request=WithholdIn, responses={201: WithholdingOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Let nothing about a victim reach a person or an agency."""
        user = _reader(request)
        victim = seen_by(user, reference)
        if not permissions.can_keep_withholdings(user):
            raise PermissionDenied("Your role does not keep who must not receive what.")
        body = WithholdIn(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        row = services.withhold(
            victim_id=victim.pk,
            person_id=person_named(said["person"]).pk if "person" in said else None,
            agency_id=said.get("agency"),
            reason=said["reason"],
            actor=user,
            at=clock.now(),
        )
        return Response(WithholdingOut(row).data, status=201)


class EndWithholdingView(APIView):
    @extend_schema(
        operation_id="end_withholding", request=EndWithholdingIn, responses={200: WithholdingOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, withholding_id: int) -> Response:
        """The victim is withheld from them no longer."""
        user = _reader(request)
        victim = seen_by(user, reference)
        row = get_object_or_404(register.withheld_seen_by(user), victim=victim, pk=withholding_id)
        body = EndWithholdingIn(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.end_withholding(
            withholding_id=row.pk, **body.validated_data, actor=user, at=clock.now()
        )
        return Response(WithholdingOut(row).data)


class GlassView(APIView):
    @extend_schema(operation_id="list_emergencies", responses=GlassOut(many=True))
    def get(self, request: Request) -> Response:
        """Records opened in an emergency that the caller may see, at most 200, newest first."""
        user = _reader(request)
        if not register.may_list_uses(user):
            raise PermissionDenied("Your role opens no records in an emergency.")
        rows = register.uses(user, register.Filters(show="all"))
        return Response(GlassOut(rows[:MOST], many=True).data)

    @extend_schema(operation_id="break_glass", request=GlassIn, responses={201: GlassOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a record for a time; whoever leads the caller is told at once."""
        user = _reader(request)
        if not permissions.can_break_glass(user):
            raise PermissionDenied("Your role opens no records in an emergency.")
        body = GlassIn(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            row = services.open_in_emergency(**body.validated_data, actor=user, at=clock.now())
        except services.NotOpened as error:
            # Answered and not raised: the attempt is on record, in this transaction.
            return problem(error.status, error.message, code=error.code)
        return Response(GlassOut(row).data, status=201)


class LookedView(APIView):
    @extend_schema(operation_id="look_at_emergency", request=LookedIn, responses={200: GlassOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say whether it was right; if it was not, the record closes at once."""
        user = _reader(request)
        row = register.use_called(reference, user)
        if not permissions.can_look_at_broken_glass(user, row.person):
            raise PermissionDenied("Whoever leads them says whether it was right.")
        body = LookedIn(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.look_at_broken_glass(
            access_id=row.pk, **body.validated_data, actor=user, at=clock.now()
        )
        return Response(GlassOut(row).data)


class CloseGlassView(APIView):
    @extend_schema(operation_id="close_emergency", request=None, responses={200: GlassOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Give a record back before its time."""
        row = register.use_called(reference, _reader(request))
        row = services.close_glass(access_id=row.pk, actor=_reader(request), at=clock.now())
        return Response(GlassOut(row).data)


class AccessReasonOut(serializers.Serializer[Any]):
    """Why somebody may see a record beyond their role."""

    person = serializers.CharField(source="row.person.username")
    why = serializers.CharField(source="row.why")
    reason = serializers.CharField(source="row.reason")
    since = serializers.DateTimeField(source="row.from_at")
    until = serializers.DateTimeField(source="row.until_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="row.ended_at", allow_null=True)
    stands = serializers.BooleanField()


class AccessView(APIView):
    @extend_schema(operation_id="list_access", responses=AccessReasonOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Who may see a record beyond their role; those in force first."""
        user, at = _reader(request), clock.now()
        victim = seen_by(user, reference)
        if not permissions.can_see_access(user, victim):
            raise PermissionDenied("Who answers for them, who leads, and auditors see it.")
        note_reading(user, request.path, victim, at)
        return Response(AccessReasonOut(register.reasons_to_see(victim, at), many=True).data)


api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/withheld/", WithheldView.as_view(), name="victim-withheld"),
    path(
        "victims/<slug:reference>/withheld/<int:withholding_id>/end/",
        EndWithholdingView.as_view(),
        name="victim-end-withholding",
    ),
    path("victims/<slug:reference>/access/", AccessView.as_view(), name="victim-access"),
    path("break-glass/", GlassView.as_view(), name="emergencies"),
    path("break-glass/<slug:reference>/look/", LookedView.as_view(), name="look-at-emergency"),
    path("break-glass/<slug:reference>/close/", CloseGlassView.as_view(), name="close-emergency"),
]
