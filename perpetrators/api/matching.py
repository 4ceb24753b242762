"""Unknown people of custody messages, and whom somebody says that they are."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from audit import services as audit
from core import clock
from core.errors import DomainError
from perpetrators.models import CustodyEvent
from perpetrators.pages import matching as pages
from perpetrators.permissions import can_match_custody
from perpetrators.services import receiving
from perpetrators.services.receiving.matching import LONGEST_REASON
from victims.models import Person


class WaitingMessageOut(serializers.Serializer[Any]):
    """One message that waits."""

    reference = serializers.CharField(source="event.reference")
    kind = serializers.ChoiceField(CustodyEvent.Kind.choices, source="event.kind")
    happened_at = serializers.DateTimeField(source="event.happened_at")
    received_at = serializers.DateTimeField(source="event.received_at")
    is_late = serializers.BooleanField(source="event.is_late")


class UnknownPersonOut(serializers.Serializer[Any]):
    """One unknown person; any of the messages' references stands for them."""

    reference = serializers.CharField(source="first.reference")
    system = serializers.CharField(source="first.system")
    name = serializers.CharField()
    date_of_birth = serializers.DateField(source="born", allow_null=True)
    due_at = serializers.DateTimeField(source="clock.due_at", default=None, allow_null=True)
    messages = WaitingMessageOut(source="rows", many=True)


class UnknownPeopleOut(serializers.Serializer[Any]):
    """A page of them, who waited longest first."""

    page = serializers.IntegerField(source="number")
    pages = serializers.IntegerField(source="paginator.num_pages")
    results = UnknownPersonOut(source="object_list", many=True)


class PossibleOut(serializers.Serializer[Any]):
    """Somebody on record whom it may be."""

    person = serializers.CharField(source="candidate.reference")
    name = serializers.CharField(source="candidate.name")
    date_of_birth = serializers.DateField(source="candidate.date_of_birth", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), source="candidate.reasons")
    strength = serializers.IntegerField(source="candidate.strength", help_text="Of 100")
    victims = serializers.IntegerField(help_text="Victims on record whom it would concern")


class CandidatesOut(serializers.Serializer[Any]):
    """The likeliest first."""

    results = PossibleOut(many=True)


class MatchIn(serializers.Serializer[Any]):
    """Who it is."""

    person = serializers.CharField(max_length=16, help_text="P-…")


class WordsIn(serializers.Serializer[Any]):
    """Why."""

    words = serializers.CharField(max_length=LONGEST_REASON)


class DecidedOut(serializers.Serializer[Any]):
    """The messages that the decision changed."""

    messages = serializers.ListField(child=serializers.CharField())


class MatchingView(APIView):
    """What they share: who may, and the message of an address."""

    def matcher(self) -> User:
        user = self.request.user
        if not isinstance(user, User) or not can_match_custody(user):
            raise PermissionDenied("Only custody officers, investigators and the unit match.")
        return user

    def event(self, reference: str) -> CustodyEvent:
        rows = CustodyEvent.objects.visible_to(self.matcher()).called(reference)
        return get_object_or_404(rows)

    def words(self, request: Request) -> str:
        given = WordsIn(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["words"])


class WaitingView(MatchingView):
    @extend_schema(
        operation_id="custody_events_waiting",
        parameters=[OpenApiParameter("page", int)],
        responses=UnknownPeopleOut,
    )
    def get(self, request: Request) -> Response:
        """People whom nobody knows, with their waiting messages."""
        page = pages.waiting(self.matcher(), request.query_params.get("page"))
        return Response(UnknownPeopleOut(page).data)


class CandidatesView(MatchingView):
    @extend_schema(operation_id="custody_event_candidates", responses=CandidatesOut)
    def get(self, request: Request, reference: str) -> Response:
        """Whom a waiting message may be about, with why; that somebody asked is kept."""
        at, event = clock.now(), self.event(reference)
        audit.record_read(user=self.matcher(), at=at, path=request.path, subject=event.reference)
        return Response(CandidatesOut({"results": pages.possible(event, at)}).data)


class MatchView(MatchingView):
    @extend_schema(operation_id="custody_event_match", request=MatchIn, responses={200: DecidedOut})
    def post(self, request: Request, reference: str) -> Response:
        """It is about this person: everything that waited for them is applied at once."""
        event, given = self.event(reference), MatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        person = Person.objects.filter(reference=given.validated_data["person"].upper()).first()
        if person is None:
            raise DomainError("Nobody on record has this reference.", field="person")
        rows = receiving.confirm(
            event_id=event.pk, person_id=person.pk, actor=self.matcher(), at=clock.now()
        )
        return _changed(*rows)


class SetAsideView(MatchingView):
    @extend_schema(
        operation_id="custody_event_set_aside", request=WordsIn, responses={200: DecidedOut}
    )
    def post(self, request: Request, reference: str) -> Response:
        """It is about nobody who is known here; it stays on record."""
        event, words = self.event(reference), self.words(request)
        row = receiving.set_aside(
            event_id=event.pk, words=words, actor=self.matcher(), at=clock.now()
        )
        return _changed(row)


class TakeUpView(MatchingView):
    @extend_schema(operation_id="custody_event_take_up", request=None, responses=DecidedOut)
    def post(self, request: Request, reference: str) -> Response:
        """What was set aside waits again."""
        event = self.event(reference)
        row = receiving.take_up(event_id=event.pk, actor=self.matcher(), at=clock.now())
        return _changed(row)


class TakeBackView(MatchingView):
    @extend_schema(
        operation_id="custody_event_take_back", request=WordsIn, responses={200: DecidedOut}
    )
    def post(self, request: Request, reference: str) -> Response:
        """It was matched to the wrong person: what it caused falls away, and it waits again."""
        event, words = self.event(reference), self.words(request)
        rows = receiving.take_back(
            event_id=event.pk, words=words, actor=self.matcher(), at=clock.now()
        )
        return _changed(*rows)


def _changed(*rows: CustodyEvent) -> Response:
    return Response(DecidedOut({"messages": [row.reference for row in rows]}).data)


matching_urls = [
    path("custody-events/waiting/", WaitingView.as_view()),
    path("custody-events/<slug:reference>/candidates/", CandidatesView.as_view()),
    path("custody-events/<slug:reference>/match/", MatchView.as_view()),
    path("custody-events/<slug:reference>/set-aside/", SetAsideView.as_view()),
    path("custody-events/<slug:reference>/take-up/", TakeUpView.as_view()),
    path("custody-events/<slug:reference>/take-back/", TakeBackView.as_view()),
]
