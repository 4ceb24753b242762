"""Events of custody, prisons and courts, from their own systems."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.errors import DomainError, InvalidInput
from perpetrators.messages import TEXTS, Message, parse
from perpetrators.models import Conditions, CustodyEvent
from perpetrators.permissions import can_send_custody_events
from perpetrators.services.receiving import Outcome, Status, receive
from perpetrators.services.receiving.batch import MOST_AT_ONCE


def _text(name: str, *, required: bool = False, says: str = "") -> serializers.CharField:
    return serializers.CharField(
        max_length=TEXTS[name], required=required, allow_blank=not required, help_text=says
    )


class ConditionIn(serializers.Serializer[Any]):
    """A condition of bail."""

    kind = serializers.ChoiceField(Conditions.choices)
    words = serializers.CharField(max_length=300, allow_blank=True)


class CustodyEventIn(serializers.Serializer[Any]):
    """One event. Times carry their offset; what is not known is left out.

    `system` and `message_id` together tell messages apart: sent again, a message changes nothing.
    """

    system = _text("system", required=True, says="custody, prison, court: who says so")
    message_id = _text("message_id", required=True, says="What that system calls the message")
    kind = serializers.ChoiceField(CustodyEvent.Kind.choices)
    happened_at = serializers.DateTimeField(
        help_text="When it happened; for what is planned or listed, when that was decided"
    )
    person_number = _text("person_number", says="What that system calls the person")
    person = _text("person", says="Our reference of the person: P-…")
    given_name = _text("given_name")
    family_name = _text("family_name")
    date_of_birth = serializers.DateField(required=False, allow_null=True)
    address = _text("address", says="Where they live; helps to tell who somebody unknown is")
    postcode = _text("postcode")
    custody_number = _text("custody_number", says="The run from arrest to its end, or the sentence")
    episode = _text("episode", says="Our reference of that run: CU-…")
    incident = _text("incident", says="Our reference of the incident that it came of: DA-…")
    investigator = _text(
        "investigator", says="The officer in the case: our user name; one unknown here is ignored"
    )
    where = _text("where")
    offence = _text("offence")
    bail_until = serializers.DateTimeField(required=False, allow_null=True)
    bail_by_court = serializers.BooleanField(required=False)
    bail_ended = serializers.BooleanField(required=False, help_text="With bail-change")
    conditions = ConditionIn(many=True, required=False)
    listing = _text("listing", says="What the court calls the hearing; stays when it moves")
    hearing_at = serializers.DateTimeField(required=False, allow_null=True)
    court = _text("court")
    hearing = _text("hearing", says="plea, trial, sentence")
    release_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="A planned release: its time"
    )
    release_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="A planned release of which only the day is known",
    )


class CustodyEventOut(serializers.Serializer[Any]):
    """What became of a message."""

    system = serializers.CharField(source="message.system")
    message_id = serializers.CharField(source="message.message_id")
    status = serializers.ChoiceField([(one.value, one.value) for one in Status])
    detail = serializers.CharField(source="words")
    person = serializers.SerializerMethodField(help_text="Whom it is about; blank while unmatched")
    episode = serializers.SerializerMethodField(help_text="CU-…; blank while unmatched")

    def get_person(self, outcome: Outcome) -> str:
        event = outcome.event
        return event.person.reference if event and event.person else ""

    def get_episode(self, outcome: Outcome) -> str:
        event = outcome.event
        return event.episode.reference if event and event.episode else ""


class CustodyEventsOut(serializers.Serializer[Any]):
    """What became of each message of a list, in its order."""

    results = CustodyEventOut(many=True)


EITHER_IN = PolymorphicProxySerializer(
    component_name="CustodyEventOrList",
    serializers=[CustodyEventIn, CustodyEventIn(many=True)],
    resource_type_field_name=None,
    many=False,
)


class CustodyEventsView(APIView):
    @extend_schema(
        operation_id="send_custody_events",
        request=EITHER_IN,
        responses={200: CustodyEventsOut, 201: CustodyEventOut, 202: CustodyEventOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Send one event, or a list of at most 1,000.

        One event answers 201 when it is applied, 202 while nobody is known by what it names, 200
        when it came before, 409 when its number came before with other content. A list answers 200
        with what became of each; a list with a message that cannot be read changes nothing.
        """
        actor, at = self._sender(), clock.now()
        if not isinstance(request.data, list):
            (outcome,) = receive(messages=[parse(_object(request.data), at=at)], actor=actor, at=at)
            return _one(outcome)
        messages = [_nth(place, one, at) for place, one in enumerate(_few(request.data))]
        outcomes = receive(messages=messages, actor=actor, at=at)
        return Response(CustodyEventsOut({"results": outcomes}).data)

    def _sender(self) -> User:
        """Asked before anything is read: who may not send is told nothing of the shape."""
        if not isinstance(self.request.user, User):
            raise Http404
        if not can_send_custody_events(self.request.user):
            raise PermissionDenied("Only the custody system and custody officers send this.")
        return self.request.user


def _one(outcome: Outcome) -> Response:
    if outcome.status == Status.REFUSED:
        raise DomainError(outcome.words, field="message_id", code="message_id_reused")
    status = {Status.APPLIED: 201, Status.UNMATCHED: 202}.get(outcome.status, 200)
    return Response(CustodyEventOut(outcome).data, status=status)


def _few(rows: list[Any]) -> list[Any]:
    if len(rows) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} at once.")
    return rows


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidInput("Send an object, or a list of them.")
    return given


def _nth(place: int, given: Any, at: datetime) -> Message:
    try:
        return parse(_object(given), at=at)
    except InvalidInput as refused:
        field = f"{place}.{refused.field}" if refused.field else str(place)
        raise InvalidInput(refused.message, field=field) from refused


custody_urls = [path("custody-events/", CustodyEventsView.as_view())]
