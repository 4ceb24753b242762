"""Serial perpetrators, and the plan to stop one, for other systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from perpetrators.models import ManagementPlan, SerialRecognition
from perpetrators.pages import management as pages
from perpetrators.permissions import can_manage_perpetrator, can_view_custody
from perpetrators.services import management
from perpetrators.services.management.measures import LONGEST_MEASURE, LONGEST_WHO
from perpetrators.services.management.rows import LONGEST_AIMS
from perpetrators.views.people import complained_of


class MeasureIn(StrictSerializer):
    """One thing that is done; `done` is the day on which it was."""

    words = serializers.CharField(max_length=LONGEST_MEASURE)
    who = serializers.CharField(max_length=LONGEST_WHO)
    by = serializers.DateField()
    done = serializers.DateField(required=False, allow_null=True)


class PlanIn(StrictSerializer):
    """A first plan, or the next once one is over; `owner` is a user name."""

    aims = serializers.CharField(max_length=LONGEST_AIMS)
    measures = MeasureIn(many=True)
    review_on = serializers.DateField()
    owner = serializers.CharField(max_length=60)


class PlanOut(serializers.Serializer[ManagementPlan]):
    """A current plan."""

    person = serializers.CharField(source="person.reference")
    owner = serializers.CharField(source="owner.name")
    team = serializers.CharField(source="team.name")
    aims = serializers.CharField()
    measures = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    review_on = serializers.DateField()
    written_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class AlikeOut(serializers.Serializer[Any]):
    """Another record that is probably the same human being, and why."""

    person = serializers.CharField(source="0")
    why = serializers.CharField(source="1")


class SerialOut(serializers.Serializer[SerialRecognition]):
    """Somebody with several unconnected victims; `victims` are those that you may see."""

    person = serializers.CharField(source="person.reference")
    name = serializers.CharField(source="person.__str__")
    victim_count = serializers.IntegerField()
    basis = serializers.CharField()
    first_found_at = serializers.DateTimeField()
    alike = AlikeOut(many=True)
    victims = serializers.SerializerMethodField()
    has_plan = serializers.SerializerMethodField()
    plan_due_at = serializers.DateTimeField(source="due_at", allow_null=True)

    def get_victims(self, row: SerialRecognition) -> list[str]:
        return [victim.reference for victim in row.seen_victims]  # type: ignore[attr-defined]

    def get_has_plan(self, row: SerialRecognition) -> bool:
        return row.plan_id is not None  # type: ignore[attr-defined]


class SerialPageOut(serializers.Serializer[Any]):
    """One page, most victims first, and the addresses of the next and the one before."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SerialOut(many=True)


class MostFirst(NewestFirst):
    ordering = ("-victim_count", "person")  # type: ignore[assignment]


class SerialView(APIView):
    @extend_schema(
        operation_id="serial_perpetrators",
        responses=SerialPageOut,
        parameters=[
            OpenApiParameter(
                "plan", str, enum=["", "none", "mine"], description="Narrows the list"
            ),
            OpenApiParameter("cursor", str, description="From the page before"),
            OpenApiParameter("page_size", int, description="At most 200"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Everybody with several unconnected victims."""
        reader = _reader(request)
        if not can_view_custody(reader):
            raise PermissionDenied("Serial perpetrators are for roles that police.")
        rows = pages.serial_list(reader, request.query_params.get("plan", ""))
        cursor: CursorPagination = MostFirst()
        page: Any = cursor.paginate_queryset(rows, request, view=self) or []
        return cursor.get_paginated_response(SerialOut(page, many=True).data)


class PlanView(APIView):
    @extend_schema(operation_id="management_plan", responses=PlanOut)
    def get(self, request: Request, reference: str) -> Response:
        """The current plan; 404 where there is none."""
        at, reader = clock.now(), _reader(request)
        person = complained_of(reader, reference)
        audit.record_read(user=reader, at=at, path=request.path, subject=person.reference)
        plan = pages.plan_of(person)
        if plan is None:
            raise Http404
        return Response(PlanOut(plan).data)

    @extend_schema(operation_id="write_management_plan", request=PlanIn, responses={201: PlanOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Write a plan; 409 while there is one."""
        at, reader = clock.now(), _reader(request)
        person = complained_of(reader, reference)
        if not can_manage_perpetrator(reader):
            raise PermissionDenied("Your role does not keep management plans.")
        said = PlanIn(data=request.data)
        said.is_valid(raise_exception=True)
        values: dict[str, Any] = said.validated_data
        plan = management.write_plan(
            person_id=person.pk,
            plan=management.Plan(
                aims=values["aims"],
                measures=[management.Measure(**one) for one in values["measures"]],
                review_on=values["review_on"],
            ),
            owner=_owner(values["owner"]),
            actor=reader,
            at=at,
        )
        return Response(PlanOut(plan).data, status=201)


def _reader(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _owner(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise InvalidInput("There is nobody of this user name.", field="owner")
    return found


management_urls: list[URLPattern] = [
    path("serial/", SerialView.as_view(), name="serial"),
    path("people/<slug:reference>/plan/", PlanView.as_view(), name="management-plan"),
]
