"""Contacts, what must be told, statements and changes, for other systems."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from victims import contact_log, permissions, services, to_be_told
from victims.models import (
    Circumstance,
    Contact,
    Note,
    PersonalStatement,
    Victim,
    VictimUpdate,
)
from victims.services import circumstances, contacts, statements, telling
from victims.views.common import note_reading, seen_by

PAGES = [
    OpenApiParameter("cursor", str, description="From the page before"),
    OpenApiParameter("page_size", int, description="At most 200"),
]


def _said(choices: type[models.TextChoices]) -> str:
    """The values of a field for the schema; the service says which one is wrong."""
    return ", ".join(value for value in choices.values if value)


class AboutIn(StrictSerializer):
    """One thing that it was about: its number, and the version that was read."""

    number = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)


class ContactIn(StrictSerializer):
    """One attempt. `safe_contact_version` is the one that was read before, 0 where there was none.

    Reached: what `about` names was told. Not reached: it was an attempt to tell it.
    """

    way = serializers.CharField(max_length=12, help_text=_said(Contact.Way))
    outcome = serializers.CharField(max_length=14, help_text=_said(Contact.Outcome))
    words = serializers.CharField(
        max_length=contacts.LONGEST_WORDS, allow_blank=True, default="", trim_whitespace=False
    )
    contacted_at = serializers.DateTimeField(required=False, allow_null=True)
    about = AboutIn(many=True, required=False)
    safe_contact_version = serializers.IntegerField(min_value=0)
    other_way_reason = serializers.CharField(
        max_length=contacts.LONGEST_REASON, allow_blank=True, default=""
    )
    kept_among = serializers.ChoiceField(
        [Note.KeptAmong.ADVOCATES.value, Note.KeptAmong.POLICE.value, "everybody"],
        required=False,
        help_text="Who reads the words; an adviser's are read by advisers unless this is given",
    )


class ContactOut(serializers.Serializer[Any]):
    """One attempt, with the safe contact that was in force then; `words` are those that the caller
    may read."""

    number = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name")
    way = serializers.CharField()
    outcome = serializers.CharField()
    words = serializers.SerializerMethodField()
    safe_contact_version = serializers.SerializerMethodField()
    other_way_reason = serializers.CharField()
    about = serializers.SerializerMethodField()

    def get_words(self, row: Contact) -> str:
        return contact_log.words_of(row)

    def get_safe_contact_version(self, row: Contact) -> int:
        return row.safe_contact.version if row.safe_contact else 0

    def get_about(self, row: Contact) -> list[int]:
        return [update.pk for update in row.updates.all()]


class ContactPageOut(serializers.Serializer[Any]):
    """One page of the log, newest first, and the addresses of the next and the one before."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ContactOut(many=True)


class ContactPages(NewestFirst):
    ordering = ("-at", "-id")  # type: ignore[assignment]


class UpdateOut(serializers.Serializer[Any]):
    """One thing that the victim is to be told, or how that ended."""

    number = serializers.IntegerField(source="pk")
    about = serializers.CharField()
    words = serializers.CharField()
    happened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    state = serializers.CharField(help_text=_said(VictimUpdate.State))
    owner = serializers.CharField(source="owner.name", default=None, allow_null=True)
    team = serializers.CharField(source="team.name")
    outcome = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by.name", default=None, allow_null=True)
    version = serializers.IntegerField()


class ToTellOut(serializers.Serializer[Any]):
    """One thing to be told, the rule of its time, and the attempts that count so far."""

    what = UpdateOut(source="row")
    basis = serializers.CharField()
    attempts = serializers.IntegerField(source="attempt_count")
    safe_attempts = serializers.IntegerField()
    attempts_needed = serializers.IntegerField(source="needed")


class EndedOut(serializers.Serializer[Any]):
    """One thing that is owed no more; `told_in` is the number of the contact, if it was told."""

    what = UpdateOut(source="row")
    told_in = serializers.IntegerField(source="told_in.pk", default=None, allow_null=True)


class UpdatesOut(serializers.Serializer[Any]):
    """What is owed, least time left first, and what ended, the newest first (25 at most)."""

    owed = ToTellOut(many=True)
    ended = EndedOut(many=True)


class NotReachedIn(StrictSerializer):
    """What then; `version` is the one that was read."""

    words = serializers.CharField(max_length=telling.LONGEST_WORDS)
    version = serializers.IntegerField(min_value=1)


class StatementOut(serializers.Serializer[Any]):
    """An offer, the answer, and the statement once it is taken."""

    number = serializers.IntegerField(source="pk")
    about = serializers.CharField()
    offered_at = serializers.DateTimeField()
    offered_by = serializers.CharField(source="offered_by.name")
    answer = serializers.CharField(help_text=_said(PersonalStatement.Answer))
    answer_words = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)
    taken_by = serializers.CharField(source="taken_by.name", default=None, allow_null=True)
    text = serializers.CharField()
    wants_read_aloud = serializers.BooleanField(allow_null=True)
    version = serializers.IntegerField()


class OfferIn(StrictSerializer):
    about = serializers.CharField(max_length=statements.LONGEST_ABOUT, allow_blank=True, default="")


class AnswerIn(StrictSerializer):
    answer = serializers.CharField(max_length=8, help_text=_said(PersonalStatement.Answer))
    words = serializers.CharField(max_length=statements.LONGEST_WORDS, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1)


class TextIn(StrictSerializer):
    """The statement in their words; null: they do not know yet whether it is read out."""

    text = serializers.CharField(trim_whitespace=False)
    wants_read_aloud = serializers.BooleanField(allow_null=True, default=None)
    version = serializers.IntegerField(min_value=1)


class CircumstanceIn(StrictSerializer):
    kind = serializers.CharField(max_length=16, help_text=_said(Circumstance.Kind))
    happened_at = serializers.DateTimeField()
    words = serializers.CharField(max_length=circumstances.LONGEST_WORDS)


class CircumstanceOut(serializers.Serializer[Any]):
    """Something that changed in the victim's life."""

    number = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField(source="recorded_by.name")
    words = serializers.CharField()


class VictimView(APIView):
    """What the addresses here share: the victim or 404, the reading kept, the right to write."""

    def opened(self, request: Request, reference: str, at: datetime) -> tuple[User, Victim]:
        assert isinstance(request.user, User)
        victim = seen_by(request.user, reference)
        note_reading(request.user, request.path, victim, at)
        return request.user, victim

    def writing(
        self, request: Request, reference: str, body: type[StrictSerializer], at: datetime
    ) -> tuple[User, Victim, dict[str, Any]]:
        user, victim = self.opened(request, reference, at)
        if not permissions.can_record_contact(user):
            raise PermissionDenied("Your role does not keep in touch with victims.")
        said = body(data=request.data)
        said.is_valid(raise_exception=True)
        return user, victim, dict(said.validated_data)


class ContactsView(VictimView):
    @extend_schema(operation_id="list_contacts", responses=ContactPageOut, parameters=PAGES)
    def get(self, request: Request, reference: str) -> Response:
        """The log of contacts, newest first."""
        user, victim = self.opened(request, reference, clock.now())
        pages: CursorPagination = ContactPages()
        rows = contact_log.log_of(victim, user)
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(ContactOut(page, many=True).data)

    @extend_schema(operation_id="log_contact", request=ContactIn, responses={201: ContactOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Log an attempt. 409 with both where the safe contact changed since it was read."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, ContactIn, at)
        about = {one["number"]: one["version"] for one in said.pop("about", [])}
        seen = said.pop("safe_contact_version")
        if "kept_among" in said:
            said["kept_among"] = said["kept_among"].removeprefix("everybody")
        row = services.log_contact(
            victim_id=victim.pk, updates=about, seen=seen, actor=user, at=at, **said
        )
        return Response(ContactOut(contact_log.as_read_by(row, user)).data, status=201)


class UpdatesView(VictimView):
    @extend_schema(operation_id="list_updates", responses=UpdatesOut)
    def get(self, request: Request, reference: str) -> Response:
        """What the victim must be told by when, and how the rest ended."""
        at = clock.now()
        _, victim = self.opened(request, reference, at)
        return Response(UpdatesOut(to_be_told.of_victim(victim, at)).data)


class NotReachedView(VictimView):
    @extend_schema(operation_id="not_reached", request=NotReachedIn, responses={200: UpdateOut})
    @idempotent
    def post(self, request: Request, reference: str, update_id: int) -> Response:
        """End it as not reached, with words; refused while attempts are missing."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, NotReachedIn, at)
        update = get_object_or_404(VictimUpdate.objects.filter(victim=victim), pk=update_id)
        row = services.not_reached(update_id=update.pk, actor=user, at=at, **said)
        return Response(UpdateOut(row).data)


class StatementsView(VictimView):
    @extend_schema(operation_id="list_statements", responses=StatementOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Every offer of a personal statement and what became of it, newest first."""
        _, victim = self.opened(request, reference, clock.now())
        rows = victim.statements.select_related("offered_by", "taken_by")
        return Response(StatementOut(rows.order_by("-offered_at", "-pk"), many=True).data)

    @extend_schema(operation_id="offer_statement", request=OfferIn, responses={201: StatementOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Offer one; an offer of the same that waits for its answer is given again."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, OfferIn, at)
        row = services.offer_statement(victim_id=victim.pk, actor=user, at=at, **said)
        return Response(StatementOut(row).data, status=201)


class StatementView(VictimView):
    def of(self, victim: Victim, statement_id: int) -> PersonalStatement:
        return get_object_or_404(PersonalStatement.objects.filter(victim=victim), pk=statement_id)


class AnswerView(StatementView):
    @extend_schema(operation_id="answer_statement", request=AnswerIn, responses={200: StatementOut})
    @idempotent
    def post(self, request: Request, reference: str, statement_id: int) -> Response:
        """What the victim answered to the offer."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, AnswerIn, at)
        row = services.answer_statement(
            statement_id=self.of(victim, statement_id).pk, actor=user, at=at, **said
        )
        return Response(StatementOut(row).data)


class TextView(StatementView):
    @extend_schema(operation_id="take_statement", request=TextIn, responses={200: StatementOut})
    @idempotent
    def post(self, request: Request, reference: str, statement_id: int) -> Response:
        """Take the statement down, or put it right. 409 with both texts when stale."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, TextIn, at)
        row = services.take_statement(
            statement_id=self.of(victim, statement_id).pk, actor=user, at=at, **said
        )
        return Response(StatementOut(row).data)


class CircumstancesView(VictimView):
    @extend_schema(operation_id="list_circumstances", responses=CircumstanceOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """What changed in the victim's life, newest first."""
        _, victim = self.opened(request, reference, clock.now())
        rows = victim.circumstances.select_related("recorded_by").order_by("-happened_at", "-pk")
        return Response(CircumstanceOut(rows, many=True).data)

    @extend_schema(
        operation_id="record_circumstance",
        request=CircumstanceIn,
        responses={201: CircumstanceOut},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Record a change; what follows for the risk follows at once."""
        at = clock.now()
        user, victim, said = self.writing(request, reference, CircumstanceIn, at)
        row = services.record_circumstance(victim_id=victim.pk, actor=user, at=at, **said)
        return Response(CircumstanceOut(row).data, status=201)


_VICTIM = "victims/<slug:reference>/"
api_urls: list[URLPattern] = [
    path(f"{_VICTIM}contacts/", ContactsView.as_view(), name="victim-contacts"),
    path(f"{_VICTIM}updates/", UpdatesView.as_view(), name="victim-updates"),
    path(
        f"{_VICTIM}updates/<int:update_id>/not-reached/",
        NotReachedView.as_view(),
        name="victim-not-reached",
    ),
    path(f"{_VICTIM}statements/", StatementsView.as_view(), name="victim-statements"),
    path(
        f"{_VICTIM}statements/<int:statement_id>/answer/",
        AnswerView.as_view(),
        name="victim-statement-answer",
    ),
    path(
        f"{_VICTIM}statements/<int:statement_id>/text/",
        TextView.as_view(),
        name="victim-statement-text",
    ),
    path(f"{_VICTIM}circumstances/", CircumstancesView.as_view(), name="victim-circumstances"),
]
