"""A meeting that is under way, by API: what is new in it, and the same steps as on its page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Agency, User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import live as pages
from marac import services
from marac.api.seen import ConferenceApiView
from marac.live import LivePage
from marac.models import Hearing, HearingLine, Invitation, Meeting, ResearchRequest
from marac.services.live.leading import ONLY_LEADERS, UNSIGNED
from marac.services.live.stages import STAGES


class LiveCaseOut(serializers.Serializer[Any]):
    """A case of the agenda; without a reference where it is not for the reader."""

    number = serializers.IntegerField()
    case = serializers.CharField(source="hearing.case.reference", default=None)
    victim = serializers.CharField(source="hearing.victim.reference", default=None)
    state = serializers.ChoiceField(Hearing.State.choices)
    version = serializers.IntegerField(source="hearing.version", default=None)


class LiveAgencyOut(serializers.Serializer[Any]):
    """An invited agency: here, signed, or neither."""

    agency = serializers.CharField(source="invitation.agency.name")
    is_here = serializers.BooleanField()
    has_signed = serializers.BooleanField()


class LiveMeetingOut(serializers.Serializer[Any]):
    """How far a meeting is. Ask again with `after`: while nothing is new the answer is 204."""

    reference = serializers.CharField(source="meeting.reference")
    state = serializers.ChoiceField(Meeting.State.choices, source="meeting.state")
    after = serializers.IntegerField()
    has_quorum = serializers.BooleanField(source="quorum.is_met")
    cases = LiveCaseOut(many=True, source="rows")
    agencies = LiveAgencyOut(many=True, source="seats")
    minutes_a_case = serializers.FloatField(source="pace.minutes", default=None)
    ends_at = serializers.DateTimeField(source="pace.ends_at", default=None)


class LiveLineOut(serializers.Serializer[HearingLine]):
    """Something that was said; `corrects` is the number of the line that it puts right."""

    id = serializers.IntegerField()
    section = serializers.ChoiceField(HearingLine.Section.choices)
    agency = serializers.CharField(source="agency.name")
    words = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    number = serializers.IntegerField()
    key = serializers.UUIDField()
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)


class LiveResearchOut(serializers.Serializer[ResearchRequest]):
    """What an agency returned."""

    agency = serializers.CharField(source="agency.name")
    state = serializers.ChoiceField(ResearchRequest.State.choices)
    words = serializers.CharField()


class LiveActionOut(serializers.Serializer[Any]):
    """An action that the meeting agreed."""

    reference = serializers.CharField()
    agency = serializers.CharField(source="agency.name")
    owner = serializers.CharField(source="owner.username", default=None)
    words = serializers.CharField()
    due_on = serializers.DateField()
    is_for_officers = serializers.BooleanField()


class LiveHearingOut(serializers.Serializer[Any]):
    """One case at the meeting."""

    case = serializers.CharField(source="hearing.case.reference")
    victim = serializers.CharField(source="hearing.victim.reference")
    state = serializers.ChoiceField(Hearing.State.choices, source="hearing.state")
    version = serializers.IntegerField(source="hearing.version")
    began_at = serializers.DateTimeField(source="hearing.began_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="hearing.ended_at", allow_null=True)
    wanted = serializers.CharField(source="hearing.wanted")
    not_asked_because = serializers.CharField(source="hearing.not_asked_because")
    research = LiveResearchOut(many=True)
    lines = LiveLineOut(many=True)
    actions = LiveActionOut(many=True)


class HearingStepOut(serializers.Serializer[Hearing]):
    """Where a case stands after a step."""

    case = serializers.CharField(source="case.reference")
    state = serializers.ChoiceField(Hearing.State.choices)
    version = serializers.IntegerField()


class BegunOut(serializers.Serializer[Meeting]):
    """A meeting after it was begun or ended."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(Meeting.State.choices)
    began_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class BeginMeetingIn(StrictSerializer):
    no_quorum_reason = serializers.CharField(allow_blank=True, default="")


class LineIn(StrictSerializer):
    """`key` is a UUID of the sender's: sent again it is the same line. `agency` is its name."""

    section = serializers.ChoiceField(HearingLine.Section.choices)
    words = serializers.CharField(trim_whitespace=False)
    key = serializers.UUIDField()
    corrects = serializers.IntegerField(allow_null=True, default=None)
    agency = serializers.CharField(max_length=200, allow_blank=True, default="")


class AgreedActionIn(StrictSerializer):
    """`agency` is its name, `owner` the user name of one of its people."""

    agency = serializers.CharField(max_length=200)
    owner = serializers.CharField(max_length=60, allow_blank=True, default="")
    words = serializers.CharField()
    due_on = serializers.DateField()
    is_for_officers = serializers.BooleanField(default=False)
    key = serializers.UUIDField()


class StageIn(StrictSerializer):
    to = serializers.ChoiceField([(one, Hearing.State(one).label) for one in STAGES])
    version = serializers.IntegerField(min_value=1)


class ConcludeIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class DeferIn(StrictSerializer):
    """`to` is the reference of the meeting where it is listed at once."""

    version = serializers.IntegerField(min_value=1)
    words = serializers.CharField()
    to = serializers.CharField(max_length=16, allow_blank=True, default="")
    over_capacity_reason = serializers.CharField(
        max_length=1_000,
        allow_blank=True,
        default="",
        help_text="Needed where the agenda of that meeting is out and full",
    )


class LiveView(ConferenceApiView):
    """404 for a meeting that is not seen, 403 before its statement is signed."""

    def page(self, reference: str, case: str = "") -> LivePage:
        meeting = self.meeting(reference)
        place = pages.place_of(self.actor, meeting)
        if place is None:
            raise PermissionDenied(UNSIGNED)
        return pages.read(meeting, place, self.actor, clock.now(), case=case)

    def hearing(self, reference: str, case: str, *, leading: bool = False) -> Hearing:
        """The case, for whoever takes part; `leading`: chairs and coordinators alone."""
        meeting = self.meeting(reference)
        place = pages.place_of(self.actor, meeting)
        if place is None or place.is_observer:
            raise PermissionDenied(UNSIGNED)
        rows = Hearing.objects.heard_by(self.actor).filter(meeting=meeting)
        found = get_object_or_404(rows, case__reference=case)
        if leading and not pages.leads(self.actor, meeting):
            raise PermissionDenied(ONLY_LEADERS)
        return found


class Live(LiveView):
    @extend_schema(
        operation_id="marac_meeting_live",
        parameters=[OpenApiParameter("after", int, description="The count that is known")],
        responses={200: LiveMeetingOut, 204: None},
    )
    def get(self, request: Request, reference: str) -> Response:
        """How far the meeting is; 204 while nothing is newer than `after`."""
        count = pages.count_for(self.actor, reference)
        if count is not None and str(count) == request.query_params.get("after", ""):
            return Response(status=204)
        return Response(LiveMeetingOut(self.page(reference)).data)


class LiveCase(LiveView):
    @extend_schema(operation_id="marac_meeting_case", responses=LiveHearingOut)
    def get(self, request: Request, reference: str, case: str) -> Response:
        """One case at the meeting: what was returned, said and agreed."""
        part = self.page(reference, case).case
        if part is None:
            raise Http404
        lines = [
            line
            for rows in part.said.values()
            for said in rows
            for line in (said.line, *said.corrections)
        ]
        told = {
            "hearing": part.hearing,
            "research": part.research,
            "lines": sorted(lines, key=lambda one: one.number),
            "actions": part.actions,
        }
        return Response(LiveHearingOut(told).data)


class Begin(LiveView):
    @extend_schema(
        operation_id="marac_meeting_begin", request=BeginMeetingIn, responses={200: BegunOut}
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Begin the meeting."""
        sent = self.said(BeginMeetingIn)
        done = services.begin_meeting(
            meeting_id=self.meeting(reference).pk, actor=self.actor, at=clock.now(), **sent
        )
        return Response(BegunOut(done).data)


class End(LiveView):
    @extend_schema(operation_id="marac_meeting_end", request=None, responses={200: BegunOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """End the meeting."""
        done = services.end_meeting(
            meeting_id=self.meeting(reference).pk, actor=self.actor, at=clock.now()
        )
        return Response(BegunOut(done).data)


class Lines(LiveView):
    @extend_schema(operation_id="marac_meeting_line", request=LineIn, responses={201: LiveLineOut})
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Write down what was said."""
        hearing = self.hearing(reference, case)
        sent = self.said(LineIn)
        agency = sent.pop("agency")
        line = services.write_line(
            hearing_id=hearing.pk,
            corrects_id=sent.pop("corrects"),
            agency_id=invited(agency, hearing.meeting_id).pk if agency else None,
            actor=self.actor,
            at=clock.now(),
            **sent,
        )
        return Response(LiveLineOut(line).data, status=201)


class Actions(LiveView):
    @extend_schema(
        operation_id="marac_meeting_agree", request=AgreedActionIn, responses={201: LiveActionOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Agree who does what by when."""
        hearing = self.hearing(reference, case)
        sent = self.said(AgreedActionIn)
        owner = sent.pop("owner")
        action = services.agree_action(
            hearing_id=hearing.pk,
            agency_id=invited(sent.pop("agency"), hearing.meeting_id).pk,
            owner_id=_named(owner).pk if owner else None,
            actor=self.actor,
            at=clock.now(),
            **sent,
        )
        return Response(LiveActionOut(action).data, status=201)


class Stage(LiveView):
    @extend_schema(
        operation_id="marac_meeting_stage", request=StageIn, responses={200: HearingStepOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Take a case on to a stage, or back to an earlier one."""
        hearing = self.hearing(reference, case, leading=True)
        sent = self.said(StageIn)
        done = services.go_on(hearing_id=hearing.pk, actor=self.actor, at=clock.now(), **sent)
        return Response(HearingStepOut(done).data)


class Conclude(LiveView):
    @extend_schema(
        operation_id="marac_meeting_conclude", request=ConcludeIn, responses={200: HearingStepOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Conclude a case."""
        hearing = self.hearing(reference, case, leading=True)
        sent = self.said(ConcludeIn)
        done = services.conclude_case(
            hearing_id=hearing.pk, actor=self.actor, at=clock.now(), **sent
        )
        return Response(HearingStepOut(done).data)


class Defer(LiveView):
    @extend_schema(
        operation_id="marac_meeting_defer", request=DeferIn, responses={200: HearingStepOut}
    )
    @idempotent
    def post(self, request: Request, reference: str, case: str) -> Response:
        """Put a case off."""
        hearing = self.hearing(reference, case, leading=True)
        sent = self.said(DeferIn)
        to = sent.pop("to")
        done = services.defer_case(
            hearing_id=hearing.pk,
            to_meeting_id=self.meeting(to).pk if to else None,
            actor=self.actor,
            at=clock.now(),
            **sent,
        )
        return Response(HearingStepOut(done).data)


def invited(name: str, meeting_id: int) -> Agency:
    """An agency by its name. Raises InvalidInput at "agency" for one that is not invited."""
    rows = Invitation.objects.filter(meeting=meeting_id, agency__name=name)
    row = rows.select_related("agency").first()
    if row is None:
        raise InvalidInput("This agency is not invited to this meeting.", field="agency")
    return row.agency


def _named(username: str) -> User:
    found = User.objects.filter(username=username, is_active=True, is_system=False).first()
    if found is None:
        raise InvalidInput("Nobody here is known by that.", field="owner")
    return found


MEETING = "marac/meetings/<slug:reference>/"
CASE = MEETING + "cases/<slug:case>/"

live_urls = [
    path(MEETING + "live/", Live.as_view()),
    path(MEETING + "begin/", Begin.as_view()),
    path(MEETING + "end/", End.as_view()),
    path(CASE + "live/", LiveCase.as_view()),
    path(CASE + "lines/", Lines.as_view()),
    path(CASE + "agree/", Actions.as_view()),
    path(CASE + "stage/", Stage.as_view()),
    path(CASE + "conclude/", Conclude.as_view()),
    path(CASE + "defer/", Defer.as_view()),
]
