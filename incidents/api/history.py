"""What is known from before, for the control room's own systems."""

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock, policy
from core.api.serializers import StrictSerializer
from incidents.history import Clues, History, NameClue, look_up
from incidents.history.answers import answers
from incidents.history.facts import LONGEST_MARK, MOST_SET_ASIDE
from victims import postcodes
from victims.telephones import e164


def _text(longest: int) -> serializers.CharField:
    return serializers.CharField(max_length=longest, allow_blank=True, default="")


class HistoryAsked(StrictSerializer):
    """What the look-up goes by."""

    phone = _text(40)
    address = _text(200)
    postcode = _text(12)
    uprn = _text(12)
    given_name = _text(100)
    family_name = _text(100)
    date_of_birth = serializers.DateField(allow_null=True, default=None)
    set_aside = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_MARK),
        default=list,
        max_length=MOST_SET_ASIDE,
    )


class PartOut(serializers.Serializer[Any]):
    """Somebody's part in an incident."""

    person = serializers.CharField(source="reference")
    name = serializers.CharField()
    role = serializers.CharField()


class MatchOut(serializers.Serializer[Any]):
    """An earlier incident, and why it is named."""

    reference = serializers.CharField()
    received_at = serializers.DateTimeField()
    state = serializers.CharField()
    grade = serializers.CharField(help_text="How soon somebody had to be there")
    risk = serializers.CharField(help_text="The risk assessed after it; empty for none")
    address = serializers.CharField()
    what = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    people = PartOut(many=True, source="parts")


class KnownPersonOut(serializers.Serializer[Any]):
    """Somebody on record who may be meant; a person decides."""

    person = serializers.CharField(source="reference")
    name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    victim = serializers.CharField(source="victim_reference")
    risk_grade = serializers.CharField(source="grade")
    lives_here = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    strength = serializers.IntegerField()


class ChildOut(serializers.Serializer[Any]):
    """A child known at the address or with these people."""

    person = serializers.CharField(source="reference")
    name = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)


class HistoryMarkerOut(serializers.Serializer[Any]):
    """A marker in force."""

    kind = serializers.CharField()
    on = serializers.CharField()
    words = serializers.CharField()
    until = serializers.DateField()


class LineOut(serializers.Serializer[Any]):
    """One line of an answer."""

    words = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    after = serializers.CharField(help_text="When, and where it is from")


class AnswerOut(serializers.Serializer[Any]):
    """One of the handler's questions with what is known; never without a line."""

    code = serializers.CharField()
    question = serializers.CharField()
    lines = LineOut(many=True)
    is_alarming = serializers.BooleanField()


class SetAsideOut(serializers.Serializer[Any]):
    """Something that was left out as not meant."""

    kind = serializers.CharField()
    reference = serializers.CharField()


class HistoryOut(serializers.Serializer[Any]):
    """What is known from before. Counts stop at 100, which means 100 or more."""

    incidents = MatchOut(many=True)
    people = KnownPersonOut(many=True)
    children = ChildOut(many=True)
    markers = HistoryMarkerOut(many=True)
    last_risk_grade = serializers.CharField(source="last_grade")
    months = serializers.IntegerField()
    incidents_in_period = serializers.IntegerField(source="counts.in_year")
    calls_from_number_in_period = serializers.IntegerField(source="counts.number")
    incidents_at_address_in_period = serializers.IntegerField(source="counts.address")
    number_is_shared = serializers.BooleanField()
    incidents_of_people_in_period = serializers.IntegerField(source="counts.people")
    open_incidents = serializers.SerializerMethodField(
        help_text="References of incidents that may be the very event called about"
    )
    answers = serializers.SerializerMethodField()
    set_aside = SetAsideOut(many=True)

    def get_open_incidents(self, known: History) -> list[str]:
        return [one.reference for one in known.open_incidents]

    @extend_schema_field(AnswerOut(many=True))
    def get_answers(self, known: History) -> list[dict[str, Any]]:
        return list(AnswerOut(answers(known), many=True).data)


class HistoryView(APIView):
    @extend_schema(
        operation_id="look_up_history",
        responses=HistoryOut,
        parameters=[
            OpenApiParameter(name, str, required=False)
            for name in ("phone", "address", "postcode", "uprn", "given_name", "family_name")
        ]
        + [
            OpenApiParameter("date_of_birth", OpenApiTypes.DATE, required=False),
            OpenApiParameter(
                "set_aside",
                str,
                many=True,
                required=False,
                description='Matches that are not meant: "person:P-…", "incident:DA-…"',
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """What is known about a number, an address and a name."""
        given = request.query_params
        body = HistoryAsked(data={**given.dict(), "set_aside": given.getlist("set_aside")})
        body.is_valid(raise_exception=True)
        return Response(HistoryOut(self._known(body.validated_data)).data)

    def _known(self, asked: dict[str, Any]) -> History:
        if not isinstance(self.request.user, User):
            raise Http404
        at = clock.now()
        name = NameClue(asked["given_name"], asked["family_name"], asked["date_of_birth"])
        clues = Clues(
            number=e164(asked["phone"], field="phone"),
            address_line=asked["address"],
            postcode=postcodes.normalise(asked["postcode"]),
            uprn=asked["uprn"],
            names=(name,) if name.given_name or name.family_name else (),
            set_aside=frozenset(asked["set_aside"]),
        )
        return look_up(clues=clues, at=at, reader=self.request.user, policy=policy.at(at))


history_urls = [path("history/", HistoryView.as_view(), name="history")]
