"""Calls, for the control room's own systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Area, User
from audit.services import record_read
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from core.text import LONGEST_NARRATIVE
from incidents import grading
from incidents.api.history import HistoryOut
from incidents.history import look_up
from incidents.models import Incident, Involvement, ResponseGrade
from incidents.permissions import may_log_calls, may_see_list
from incidents.seeing import sees_everybody, sees_whole
from incidents.services.calls import (
    CORRECTABLE,
    LONGEST_REASON,
    MOST_PEOPLE,
    MOST_SET_ASIDE,
    CallDetails,
    clues_of,
    log_call,
)
from incidents.services.editing.correcting import correct
from incidents.services.people import OLDEST, PersonInCall
from victims.models import Person
from victims.telephones import e164


def _text(longest: int, *, required: bool = False) -> serializers.CharField:
    if required:
        return serializers.CharField(max_length=longest)
    return serializers.CharField(max_length=longest, allow_blank=True, default="")


class PersonIn(StrictSerializer):
    """Somebody in a call: `person` is the reference of who is on record, else they are new."""

    role = serializers.ChoiceField(Involvement.Role.choices)
    person = serializers.CharField(max_length=16, allow_blank=True, default="")
    given_name = _text(100)
    family_name = _text(100)
    date_of_birth = serializers.DateField(allow_null=True, default=None)
    age = serializers.IntegerField(min_value=0, max_value=OLDEST, allow_null=True, default=None)
    sex = serializers.ChoiceField(Person.Sex.choices, default=Person.Sex.UNKNOWN.value)
    number = _text(40)
    relationship = _text(60)
    lives_here = serializers.BooleanField(default=False)


class CallIn(StrictSerializer):
    """A call as taken down. Leave `grade` blank to take the suggestion, unless the call dropped."""

    source = serializers.ChoiceField(Incident.Source.choices)  # type: ignore[assignment]
    source_detail = _text(CORRECTABLE["source_detail"])
    received_at = serializers.DateTimeField()
    narrative = _text(LONGEST_NARRATIVE, required=True)
    caller_name = _text(120)
    caller_number = _text(40)
    caller_is = serializers.ChoiceField(
        Incident.CallerIs.choices, default=Incident.CallerIs.VICTIM.value
    )
    safe_callback = _text(200)
    language = _text(60)
    communication_needs = _text(CORRECTABLE["communication_needs"])
    verbatim = _text(CORRECTABLE["verbatim"])
    background = _text(CORRECTABLE["background"])
    address_line = _text(200)
    postcode = _text(12)
    uprn = _text(12)
    area = serializers.CharField(
        max_length=100, allow_blank=True, default="", help_text="The area's name"
    )
    call_dropped = serializers.BooleanField(default=False)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=20, allow_blank=True), default=dict
    )
    grade = serializers.ChoiceField(ResponseGrade.choices, allow_blank=True, default="")
    grade_override_reason = _text(LONGEST_REASON)
    appointment_at = serializers.DateTimeField(
        allow_null=True, default=None, help_text="Agreed with the caller; for the grade appointment"
    )
    set_aside = serializers.ListField(
        child=serializers.CharField(max_length=30),
        default=list,
        max_length=MOST_SET_ASIDE,
        help_text='Earlier matches that are not meant: "person:P-…", "incident:DA-…"',
    )
    people = PersonIn(many=True, default=list, max_length=MOST_PEOPLE)  # type: ignore[call-arg]


class CorrectionIn(StrictSerializer):
    """Texts to put right; `version` is the one that was read."""

    version = serializers.IntegerField(min_value=1)
    narrative = serializers.CharField(max_length=LONGEST_NARRATIVE, required=False)
    caller_name = serializers.CharField(max_length=120, allow_blank=True, required=False)
    safe_callback = serializers.CharField(max_length=200, allow_blank=True, required=False)
    language = serializers.CharField(max_length=60, allow_blank=True, required=False)
    communication_needs = serializers.CharField(max_length=200, allow_blank=True, required=False)
    source_detail = serializers.CharField(max_length=120, allow_blank=True, required=False)
    verbatim = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    background = serializers.CharField(max_length=500, allow_blank=True, required=False)


class InvolvementOut(serializers.Serializer[Any]):
    """A person's role in an incident."""

    role = serializers.CharField()
    person = serializers.CharField(source="person.reference")
    name = serializers.CharField(source="person.__str__")
    victim = serializers.CharField(source="victim.reference", default="")
    relationship = serializers.CharField()


class GroundsOut(serializers.Serializer[Any]):
    """The reasons for a grade that speak of one thing."""

    aspect = serializers.ChoiceField([(one.value, one.value) for one in grading.Aspect])
    reasons = serializers.ListField(child=serializers.CharField())


class IncidentRowOut(serializers.Serializer[Any]):
    """An incident in a list."""

    reference = serializers.CharField()
    received_at = serializers.DateTimeField()
    state = serializers.CharField()
    grade = serializers.CharField()
    attend_by = serializers.DateTimeField(allow_null=True)
    area = serializers.CharField(source="area.name", default="")
    address = serializers.SerializerMethodField()

    def get_address(self, incident: Incident) -> str:
        return str(incident.address or "")


#: What one of two victims who accuse each other may have said, or where they can be reached.
NOT_FOR_ONE_SIDE = (
    "address",
    "caller_name",
    "caller_number",
    "caller_is",
    "source_detail",
    "safe_callback",
    "language",
    "communication_needs",
    "narrative",
    "verbatim",
    "background",
    "grade_override_reason",
)


class IncidentOut(IncidentRowOut):
    """An incident, as its reader may see it."""

    version = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_detail = serializers.CharField()
    logged_at = serializers.DateTimeField()
    caller_name = serializers.CharField()
    caller_number = serializers.CharField()
    caller_is = serializers.CharField()
    safe_callback = serializers.CharField()
    language = serializers.CharField()
    communication_needs = serializers.CharField()
    narrative = serializers.CharField()
    verbatim = serializers.CharField()
    background = serializers.CharField()
    call_dropped = serializers.BooleanField()
    answers = serializers.DictField(child=serializers.CharField())
    suggested_grade = serializers.CharField()
    suggested_reasons = serializers.ListField(child=serializers.CharField())
    suggested_grounds = serializers.SerializerMethodField(
        help_text="The same reasons by threat, harm and risk"
    )
    grade_override_reason = serializers.CharField()
    set_aside = serializers.ListField(child=serializers.CharField())
    officers_advised = serializers.IntegerField()
    earlier_in_period = serializers.IntegerField(source="earlier_in_year")
    people = serializers.SerializerMethodField()

    def to_representation(self, instance: Incident) -> dict[str, Any]:
        """Blank where it could tell one victim's side to whoever works for the other."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not sees_whole(instance, self.context["reader"]):
            shown |= dict.fromkeys(NOT_FOR_ONE_SIDE, "")
            shown |= {"answers": {}, "suggested_reasons": [], "suggested_grounds": []}
            shown |= {"set_aside": []}
        return shown

    @extend_schema_field(GroundsOut(many=True))
    def get_suggested_grounds(self, incident: Incident) -> Any:
        return GroundsOut(grading.grouped(incident.suggested_reasons), many=True).data

    def get_people(self, incident: Incident) -> list[dict[str, Any]]:
        rows = incident.involvements.select_related("person", "victim").order_by("pk")
        if not sees_everybody(self.context["reader"]):
            rows = rows.visible_to(self.context["reader"])
        return list(InvolvementOut(rows, many=True).data)


class LoggedOut(serializers.Serializer[Any]):
    """The answer to a call: its reference, the suggestion with reasons, and what is known."""

    incident = IncidentOut()
    history = HistoryOut()


class CallsView(APIView):
    """What these addresses share."""

    @property
    def actor(self) -> User:
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user


class IncidentsView(CallsView):
    @extend_schema(operation_id="list_incidents", responses=IncidentRowOut(many=True))
    def get(self, request: Request) -> Response:
        """Incidents that you may see, newest first."""
        incidents = Incident.objects.visible_to(self.actor).select_related("address", "area")
        if not may_see_list(self.actor):
            raise PermissionDenied("The list of incidents is for the police.")
        pages = NewestFirst()
        rows = pages.paginate_queryset(incidents.defer("narrative", "answers"), request, view=self)
        return pages.get_paginated_response(IncidentRowOut(rows, many=True).data)

    @extend_schema(operation_id="log_call", request=CallIn, responses={201: LoggedOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Log a call."""
        at = clock.now()
        if not may_log_calls(self.actor):
            raise PermissionDenied("Only the control room logs calls.")
        body = CallIn(data=request.data)
        body.is_valid(raise_exception=True)
        call = call_of(body.validated_data, self.actor)
        # Before logging, or the call would be found as its own history.
        known = look_up(
            clues=clues_of(call, e164(call.caller_number, field="caller_number")),
            at=at,
            reader=self.actor,
        )
        incident = log_call(actor=self.actor, at=at, call=call)
        answer = {"incident": incident, "history": known}
        return Response(LoggedOut(answer, context={"reader": self.actor}).data, status=201)


def call_of(given: dict[str, Any], reader: User) -> CallDetails:
    """What the service gets from a checked body."""
    people = tuple(_person(row, one, reader) for row, one in enumerate(given.pop("people")))
    area = given.pop("area")
    set_aside = tuple(given.pop("set_aside"))
    return CallDetails(**given, set_aside=set_aside, area_id=_area_id(area), people=people)


def _person(row: int, given: dict[str, Any], reader: User) -> PersonInCall:
    reference = given.pop("person")
    if not reference:
        return PersonInCall(**given)
    person = Person.objects.visible_to(reader).filter(reference=reference).first()
    if person is None:
        raise InvalidInput("There is no such person on record.", field=f"people.{row}.person")
    return PersonInCall(person_id=person.pk, recognised_by="named by reference", **given)


def _area_id(name: str) -> int | None:
    if not name:
        return None
    area = Area.objects.filter(name__iexact=name).first()
    if area is None:
        raise InvalidInput("There is no area of this name.", field="area")
    return area.pk


class OneIncident(CallsView):
    """What the addresses of one incident share: it is seen, which is noted, or it is not there."""

    def incident(self, reference: str) -> Incident:
        incidents = Incident.objects.visible_to(self.actor).select_related("address", "area")
        incident = get_object_or_404(incidents, reference=reference)
        record_read(
            user=self.actor,
            at=clock.now(),
            path=self.request.path,
            subject=incident.reference,
            incident_id=incident.pk,
        )
        return incident

    def answer(self, incident: Incident) -> Response:
        return Response(IncidentOut(incident, context={"reader": self.actor}).data)


class IncidentView(OneIncident):
    @extend_schema(operation_id="read_incident", responses=IncidentOut)
    def get(self, request: Request, reference: str) -> Response:
        """One incident."""
        return self.answer(self.incident(reference))

    @extend_schema(operation_id="correct_incident", request=CorrectionIn, responses=IncidentOut)
    def patch(self, request: Request, reference: str) -> Response:
        """Put texts of a call right."""
        incident = self.incident(reference)
        if not may_log_calls(self.actor):
            raise PermissionDenied("Only the control room corrects what was taken down.")
        body = CorrectionIn(data=request.data)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        version = changes.pop("version")
        correct(
            incident_id=incident.pk,
            actor=self.actor,
            changes=changes,
            version=version,
            at=clock.now(),
        )
        incident.refresh_from_db()
        return self.answer(incident)


call_urls = [
    path("incidents/", IncidentsView.as_view(), name="incidents"),
    path("incidents/<slug:reference>/", IncidentView.as_view(), name="incident"),
]
