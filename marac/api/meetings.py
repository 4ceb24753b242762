"""Meetings by API: the same steps as on the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import asked, typed
from accounts.models import Agency, User
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import meetings as pages
from marac import quorum, services
from marac.api.seen import ConferenceApiView
from marac.models import Attendance, Conference, Invitation, Meeting
from marac.permissions import can_attend, can_decide, can_view_conferences
from marac.services.meetings.attending import LONGEST_BECAUSE
from marac.services.meetings.rows import LONGEST_PLACE, LONGEST_WORDS

SHOW = ("ahead", "past", "cancelled")
KIND = ("", *Meeting.Kind.values)
#: Meetings on one answer.
MOST_LISTED = 200


class EmergencyMeetingSerializer(StrictSerializer):
    """A meeting at any hour; `conference` is its name."""

    conference = serializers.CharField(max_length=100)
    starts_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=LONGEST_PLACE)


class MoveMeetingSerializer(StrictSerializer):
    """Another day, time or place; `version` is the one that was read."""

    version = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=LONGEST_PLACE)
    reason = serializers.CharField(max_length=LONGEST_WORDS)


class CancelMeetingSerializer(StrictSerializer):
    """Why it does not take place."""

    version = serializers.IntegerField()
    reason = serializers.CharField(max_length=LONGEST_WORDS)


class AnswerInvitationSerializer(StrictSerializer):
    """Whether an agency comes; coordinators name the agency, everybody else's is their own."""

    agency = serializers.CharField(max_length=200, allow_blank=True, default="")
    coming = serializers.BooleanField()
    apologies = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True, default="")


class SignStatementSerializer(StrictSerializer):
    """The number of the words that were read."""

    statement = serializers.IntegerField()


class AddObserverSerializer(StrictSerializer):
    """Somebody by their user name, and why they listen."""

    person = serializers.CharField(max_length=60)
    because = serializers.CharField(max_length=LONGEST_BECAUSE)


class MeetingOut(serializers.Serializer[Any]):
    """A meeting; nothing of its cases."""

    reference = serializers.CharField()
    conference = serializers.CharField(source="conference.name")
    kind = serializers.ChoiceField(Meeting.Kind.choices)
    state = serializers.ChoiceField(Meeting.State.choices)
    starts_at = serializers.DateTimeField()
    place = serializers.CharField()
    chair = serializers.CharField(source="chair.username")
    capacity = serializers.IntegerField()
    cut_off_at = serializers.DateTimeField(allow_null=True)
    agenda_due_at = serializers.DateTimeField()
    agenda_out_at = serializers.DateTimeField(allow_null=True)
    began_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    cancelled_reason = serializers.CharField()
    version = serializers.IntegerField()


class MeetingsOut(serializers.Serializer[Any]):
    """At most 200, the next first; what is over, the latest first."""

    results = MeetingOut(many=True)


class MeetingInvitationOut(serializers.Serializer[Any]):
    """An agency's answer."""

    agency = serializers.CharField(source="agency.name")
    is_core = serializers.BooleanField()
    state = serializers.ChoiceField(Invitation.State.choices)
    apologies = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class MeetingAttendanceOut(serializers.Serializer[Any]):
    """Somebody on the list of a meeting."""

    person = serializers.CharField(source="person.username")
    agency = serializers.CharField(source="agency.name")
    is_observer = serializers.BooleanField()
    signed_at = serializers.DateTimeField(allow_null=True)
    statement = serializers.IntegerField(allow_null=True)
    present_at = serializers.DateTimeField(allow_null=True)


class QuorumOut(serializers.Serializer[Any]):
    """Before the meeting of those who say that they come; then of those who are there."""

    is_met = serializers.BooleanField()
    present = serializers.IntegerField()
    needed = serializers.IntegerField()
    missing_core = serializers.ListField(child=serializers.CharField())


class OneMeetingOut(MeetingOut):
    """A meeting with who is invited, who is on its list, and its quorum."""

    invitations = MeetingInvitationOut(many=True)
    attendances = MeetingAttendanceOut(many=True)
    quorum = QuorumOut()


def _one(row: Meeting) -> dict[str, Any]:
    said = dict(MeetingOut(row).data)
    invitations = row.invitations.select_related("agency").order_by("agency__name")
    people = row.attendances.select_related("person", "agency").order_by("person__name")
    said["invitations"] = MeetingInvitationOut(invitations, many=True).data
    said["attendances"] = MeetingAttendanceOut(people, many=True).data
    said["quorum"] = QuorumOut(quorum.of(row) if row.began_at else quorum.expected(row)).data
    return said


class MeetingsView(ConferenceApiView):
    @extend_schema(
        operation_id="meetings",
        parameters=[
            OpenApiParameter("show", str, enum=SHOW),
            OpenApiParameter("kind", str, enum=Meeting.Kind.values),
            OpenApiParameter("conference", str, description="Its name"),
        ],
        responses=MeetingsOut,
    )
    def get(self, request: Request) -> Response:
        """Meetings that the reader is invited to, or all for those who keep conferences."""
        if not (can_attend(self.actor) or can_view_conferences(self.actor)):
            raise PermissionDenied("Your role does not come to conferences.")
        show, kind = asked(request, "show", SHOW), asked(request, "kind", KIND)
        rows = pages.listed(self.actor, show=show, kind=kind)
        if name := typed(request, "conference"):
            rows = rows.filter(conference__name=name)
        return Response(MeetingsOut({"results": rows[:MOST_LISTED]}).data)


class MeetingView(ConferenceApiView):
    @extend_schema(operation_id="meeting", responses=OneMeetingOut)
    def get(self, request: Request, reference: str) -> Response:
        """One meeting: who is invited, who comes, whether they may decide."""
        return Response(_one(self.meeting(reference)))


class EmergencyMeetingView(ConferenceApiView):
    @extend_schema(
        operation_id="plan_emergency_meeting",
        request=EmergencyMeetingSerializer,
        responses={201: MeetingOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Call a meeting at any hour; every agency is invited and told."""
        if not can_decide(self.actor, Conference()):
            raise PermissionDenied("Only coordinators and chairs call an emergency meeting.")
        said = self.said(EmergencyMeetingSerializer)
        conference = Conference.objects.running().filter(name=said.pop("conference")).first()
        if conference is None:
            raise InvalidInput("No conference has this name.", field="conference")
        made = services.plan_emergency(
            conference_id=conference.pk, actor=self.actor, at=clock.now(), **said
        )
        return Response(MeetingOut(made).data, status=201)


class SignStatementView(ConferenceApiView):
    @extend_schema(
        operation_id="sign_statement",
        request=SignStatementSerializer,
        responses=MeetingAttendanceOut,
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Sign the confidentiality statement; signed once it stays signed."""
        found = self.meeting(reference)
        said = self.said(SignStatementSerializer)
        row = services.sign(meeting_id=found.pk, actor=self.actor, at=clock.now(), **said)
        return Response(MeetingAttendanceOut(row).data)


class AnswerInvitationView(ConferenceApiView):
    @extend_schema(
        operation_id="answer_invitation",
        request=AnswerInvitationSerializer,
        responses=MeetingInvitationOut,
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """An agency comes, or sends apologies."""
        found = self.meeting(reference)
        said = self.said(AnswerInvitationSerializer)
        agency_id = _agency(said.pop("agency"), self.actor)
        row = services.answer_invitation(
            meeting_id=found.pk, agency_id=agency_id, actor=self.actor, at=clock.now(), **said
        )
        return Response(MeetingInvitationOut(row).data)


def _agency(name: str, actor: User) -> int:
    """Of that name, else the reader's own. Raises InvalidInput at `agency`."""
    if not name and actor.team is not None:
        return actor.team.agency_id
    found = Agency.objects.filter(name=name).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("No agency has this name.", field="agency")
    return found


class ObserversView(ConferenceApiView):
    @extend_schema(
        operation_id="add_observer",
        request=AddObserverSerializer,
        responses={201: MeetingAttendanceOut},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Let somebody observe; they sign like everybody."""
        found = self.meeting(reference)
        if not can_decide(self.actor, found.conference):
            raise PermissionDenied("Only coordinators and chairs let somebody observe.")
        said = self.said(AddObserverSerializer)
        person = User.objects.filter(username=said.pop("person")).first()
        row: Attendance = services.add_observer(
            meeting_id=found.pk,
            person_id=person.pk if person else 0,
            actor=self.actor,
            at=clock.now(),
            **said,
        )
        return Response(MeetingAttendanceOut(row).data, status=201)


class MoveMeetingView(ConferenceApiView):
    @extend_schema(operation_id="move_meeting", request=MoveMeetingSerializer, responses=MeetingOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """To another day, time or place; everybody is told."""
        found = self.kept(reference)
        said = self.said(MoveMeetingSerializer)
        row = services.move_meeting(meeting_id=found.pk, actor=self.actor, at=clock.now(), **said)
        return Response(MeetingOut(row).data)


class CancelMeetingView(ConferenceApiView):
    @extend_schema(
        operation_id="cancel_meeting", request=CancelMeetingSerializer, responses=MeetingOut
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """It does not take place; everybody is told."""
        found = self.kept(reference)
        said = self.said(CancelMeetingSerializer)
        row = services.cancel_meeting(meeting_id=found.pk, actor=self.actor, at=clock.now(), **said)
        return Response(MeetingOut(row).data)


_ONE = "marac/meetings/<slug:reference>/"
meeting_urls = [
    path("marac/meetings/", MeetingsView.as_view(), name="meetings"),
    path("marac/meetings/emergency/", EmergencyMeetingView.as_view(), name="emergency"),
    path(_ONE, MeetingView.as_view(), name="meeting"),
    path(_ONE + "sign/", SignStatementView.as_view(), name="sign_statement"),
    path(_ONE + "answer/", AnswerInvitationView.as_view(), name="answer_invitation"),
    path(_ONE + "observers/", ObserversView.as_view(), name="add_observer"),
    path(_ONE + "move/", MoveMeetingView.as_view(), name="move_meeting"),
    path(_ONE + "cancel/", CancelMeetingView.as_view(), name="cancel_meeting"),
]
