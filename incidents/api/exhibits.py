"""Photographs and documents, for body-worn video systems and officers' own applications."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from incidents.api.base import ResponseView
from incidents.models import Exhibit, Incident
from incidents.permissions import may_add_exhibit
from incidents.services import exhibits as services
from incidents.services.exhibits import Particulars
from incidents.services.exhibits.adding import LONGEST_REFERENCE, LONGEST_WORDS
from incidents.views.exhibits import exhibit_seen_by, given
from incidents.views.uploads import SizeLimit, check_length, limit_uploads


class ExhibitSerializer(StrictSerializer):
    """One file and what is said about it; `person` is the reference of somebody in the incident."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(Exhibit.Kind.choices)
    words = serializers.CharField(max_length=LONGEST_WORDS)
    person = serializers.CharField(max_length=16, required=False)
    reference = serializers.CharField(max_length=LONGEST_REFERENCE, allow_blank=True, default="")


class ExhibitOut(serializers.Serializer[Any]):
    """A file that is kept, with its fingerprint."""

    key = serializers.UUIDField()
    reference = serializers.CharField()
    kind = serializers.ChoiceField(Exhibit.Kind.choices)
    words = serializers.CharField()
    person = serializers.CharField(source="person.reference", default=None, allow_null=True)
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    uploaded_by = serializers.CharField(source="uploaded_by.username")


class ExhibitsView(ResponseView):
    parser_classes = [MultiPartParser]
    pagination_class = None
    limit: SizeLimit | None = None

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Measure before anything, the check of the session's token too, reads the body."""
        if request.method == "POST":
            self.limit = limit_uploads(request, clock.now())
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_length(request._request, clock.now())
        super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="list_exhibits", responses=ExhibitOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Those of an incident that this person may see."""
        rows = Exhibit.objects.visible_to(self.actor).kept()
        rows = rows.filter(incident=self.incident(reference)).order_by("pk")
        return Response(ExhibitOut(rows.select_related("person", "uploaded_by"), many=True).data)

    @extend_schema(
        operation_id="add_exhibit",
        request={"multipart/form-data": ExhibitSerializer},
        responses={201: ExhibitOut, 200: ExhibitOut},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Add one file; the very same bytes again give the exhibit that is there, with 200."""
        incident = self.incident(reference)
        if not may_add_exhibit(self.actor):
            raise PermissionDenied("Only officers and the control room add these.")
        body = ExhibitSerializer(data=request.data)
        if self.limit is not None and self.limit.too_large:
            most = self.limit.most // 1_000_000
            raise InvalidInput(f"This file is larger than {most} MB.", field="file")
        body.is_valid(raise_exception=True)
        said = body.validated_data
        added = services.add_exhibit(
            incident_id=incident.pk,
            file=said["file"],
            about=Particulars(
                kind=said["kind"],
                words=said["words"],
                reference=said["reference"],
                person_id=_person_id(incident, said.get("person")),
            ),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(ExhibitOut(added.exhibit).data, status=200 if added.was_there else 201)


def _person_id(incident: Incident, reference: str | None) -> int | None:
    """Somebody in the incident by reference. Raises InvalidInput at `person`."""
    if not reference:
        return None
    row = incident.involvements.filter(person__reference=reference).first()
    if row is None:
        raise InvalidInput("There is nobody of this reference in the incident.", field="person")
    return row.person_id


class ExhibitView(ResponseView):
    @extend_schema(operation_id="exhibit_file", responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, reference: str, exhibit: UUID) -> FileResponse:
        """The file itself, once its bytes are what was added."""
        found = exhibit_seen_by(self.actor, self.incident(reference), exhibit)
        file = services.open_exhibit(
            exhibit=found, reader=self.actor, path=request.path, at=clock.now()
        )
        return given(FileResponse(file, as_attachment=True, filename=found.name), found)


exhibit_urls = [
    path("incidents/<slug:reference>/exhibits/", ExhibitsView.as_view(), name="incident-exhibits"),
    path(
        "incidents/<slug:reference>/exhibits/<uuid:exhibit>/",
        ExhibitView.as_view(),
        name="incident-exhibit",
    ),
]
