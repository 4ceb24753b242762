"""Agendas for other systems: the same services and refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import actor_of
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from marac import agendas, services
from marac.agendas import Entry
from marac.models import Hearing, MaracCase, Meeting
from marac.permissions import can_keep
from marac.querysets import keeps
from marac.services.agenda.listing import LONGEST


def reason() -> serializers.CharField:
    """Words that are needed only where the agenda asks for them."""
    return serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class AgendaHearingOut(serializers.Serializer[Hearing]):
    """A case on an agenda."""

    case = serializers.CharField(source="case.reference")
    victim = serializers.CharField(source="victim.reference")
    name = serializers.CharField(source="case.victim.person")
    children = serializers.IntegerField(source="case.children")
    state = serializers.ChoiceField(Hearing.State.choices)
    is_late = serializers.BooleanField()
    late_reason = serializers.CharField()
    is_repeat = serializers.BooleanField()
    version = serializers.IntegerField()


class AgendaEntryOut(serializers.Serializer[Entry]):
    """A place on the agenda; `hearing` is null where it is not for the reader."""

    number = serializers.IntegerField()
    id = serializers.IntegerField(source="hearing_id")
    part = serializers.ChoiceField(Hearing.Part.choices)
    beyond_capacity = serializers.BooleanField(source="beyond")
    hearing = AgendaHearingOut(allow_null=True)


class AgendaOut(serializers.Serializer[Any]):
    meeting = serializers.CharField(source="meeting.reference")
    state = serializers.ChoiceField(Meeting.State.choices, source="meeting.state")
    capacity = serializers.IntegerField(source="meeting.capacity")
    cut_off_at = serializers.DateTimeField(source="meeting.cut_off_at", allow_null=True)
    agenda_due_at = serializers.DateTimeField(source="meeting.agenda_due_at")
    agenda_out_at = serializers.DateTimeField(source="meeting.agenda_out_at", allow_null=True)
    over_capacity_reason = serializers.CharField(source="meeting.over_capacity_reason")
    entries = AgendaEntryOut(many=True)
    version = serializers.IntegerField(source="meeting.version")


class AgendaCaseIn(StrictSerializer):
    """A case for the agenda, by its reference."""

    case = serializers.CharField(max_length=16)
    late_reason = reason()
    over_capacity_reason = reason()


class AgendaOrderIn(StrictSerializer):
    """Every entry's `id`, in the order in which they are to be heard."""

    order = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=200)
    version = serializers.IntegerField(min_value=1)


class AgendaSendIn(StrictSerializer):
    """For a weekly call `research_for` names the entries for which research is asked."""

    over_capacity_reason = reason()
    research_for = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=200, required=False, default=list
    )


class HearingWordsIn(StrictSerializer):
    words = serializers.CharField(max_length=LONGEST)


def opened(request: Request, reference: str) -> Meeting:
    """A meeting whose cases the caller may know: 404 unseen, 403 unsigned."""
    rows = Meeting.objects.select_related("conference")
    found = get_object_or_404(rows.visible_to(actor_of(request)), reference=reference)
    mine = Meeting.objects.opened_by(actor_of(request)).filter(pk=found.pk)
    if not keeps(actor_of(request)) and not mine.exists():
        raise PermissionDenied("Sign the meeting's confidentiality statement first.")
    return found


def built(request: Request, reference: str) -> Meeting:
    """A meeting whose agenda the caller builds: 404 unseen, 403 otherwise."""
    rows = Meeting.objects.visible_to(actor_of(request)).select_related("conference")
    found: Meeting = get_object_or_404(rows, reference=reference)
    if not can_keep(actor_of(request), found.conference):
        raise PermissionDenied("A coordinator builds the agenda.")
    return found


def heard(request: Request, meeting: Meeting, case: str) -> Hearing:
    """The hearing of a case as the caller may know it, else 404."""
    rows = Hearing.objects.visible_to(actor_of(request)).filter(meeting=meeting)
    found = rows.filter(case__reference=case).order_by("-pk").first()
    return found or get_object_or_404(rows.none())


def read(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def shown(request: Request, meeting_id: int) -> Response:
    """The agenda as it is now."""
    meeting = Meeting.objects.get(pk=meeting_id)
    entries = agendas.entries(meeting, actor_of(request))
    return Response(AgendaOut({"meeting": meeting, "entries": entries}).data)


class Agenda(GenericAPIView[Meeting]):
    serializer_class = AgendaOut

    def get(self, request: Request, reference: str) -> Response:
        """The agenda of a meeting, once its statement is signed."""
        return shown(request, opened(request, reference).pk)


class AgendaCases(GenericAPIView[Meeting]):
    serializer_class = AgendaCaseIn

    @extend_schema(responses=AgendaOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """List an accepted case; after the cut-off with its reason."""
        meeting = built(request, reference)
        said = read(AgendaCaseIn(data=request.data))
        cases = MaracCase.objects.visible_to(actor_of(request))
        case = get_object_or_404(cases, reference=said.pop("case"))
        services.list_case(
            meeting_id=meeting.pk, case_id=case.pk, actor=actor_of(request), at=clock.now(), **said
        )
        return shown(request, meeting.pk)


class AgendaOrder(GenericAPIView[Meeting]):
    serializer_class = AgendaOrderIn

    @extend_schema(responses=AgendaOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Put the agenda in order; its parts keep theirs."""
        meeting = built(request, reference)
        said = read(AgendaOrderIn(data=request.data))
        services.put_in_order(
            meeting_id=meeting.pk,
            hearing_ids=said["order"],
            version=said["version"],
            actor=actor_of(request),
            at=clock.now(),
        )
        return shown(request, meeting.pk)


class AgendaSend(GenericAPIView[Meeting]):
    serializer_class = AgendaSendIn

    @extend_schema(responses=AgendaOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Send the agenda to every invited agency, and ask for research."""
        meeting = built(request, reference)
        said = read(AgendaSendIn(data=request.data))
        services.send_agenda(meeting_id=meeting.pk, actor=actor_of(request), at=clock.now(), **said)
        return shown(request, meeting.pk)


class TakeOff(GenericAPIView[Hearing]):
    serializer_class = HearingWordsIn

    @extend_schema(responses=AgendaOut)
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Take a case off the agenda, and say why."""
        meeting = built(request, reference)
        hearing = heard(request, meeting, case)
        said = read(HearingWordsIn(data=request.data))
        services.take_off(
            hearing_id=hearing.pk, words=said["words"], actor=actor_of(request), at=clock.now()
        )
        return shown(request, meeting.pk)


class DeclareConflict(GenericAPIView[Hearing]):
    serializer_class = HearingWordsIn

    @extend_schema(responses={204: None})
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Say that one is near to a case: it is shut to the caller from then on."""
        hearing = heard(request, opened(request, reference), case)
        said = read(HearingWordsIn(data=request.data))
        services.declare_conflict(
            hearing_id=hearing.pk, words=said["words"], actor=actor_of(request), at=clock.now()
        )
        return Response(status=204)


MEETING = "marac/meetings/<slug:reference>/"
CASE = MEETING + "cases/<slug:case>/"

agenda_urls: list[URLPattern] = [
    path(MEETING + "agenda/", Agenda.as_view(), name="marac-agenda"),
    path(MEETING + "agenda/cases/", AgendaCases.as_view(), name="marac-agenda-cases"),
    path(MEETING + "agenda/order/", AgendaOrder.as_view(), name="marac-agenda-order"),
    path(MEETING + "agenda/send/", AgendaSend.as_view(), name="marac-agenda-send"),
    path(CASE + "take-off/", TakeOff.as_view(), name="marac-take-off"),
    path(CASE + "conflict/", DeclareConflict.as_view(), name="marac-conflict"),
]
