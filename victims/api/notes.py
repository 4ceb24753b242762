"""Notes about a victim, for other systems: what the caller may read, and nothing else."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
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
from victims import permissions, services
from victims.api.telling import PAGES
from victims.models import Note
from victims.services.notes import LONGEST_BECAUSE, LONGEST_WORDS
from victims.views.common import note_reading, seen_by
from victims.views.notes import readable_by

_WHO = "Who may read it: advocates, police, or everybody (whoever sees the record)"
_EVERYBODY = "everybody"


class NoteIn(StrictSerializer):
    """A note; `kept_among` must be said, so that nothing is for everybody by default."""

    words = serializers.CharField(max_length=LONGEST_WORDS, trim_whitespace=False)
    kept_among = serializers.CharField(max_length=10, help_text=_WHO)
    contact = serializers.IntegerField(min_value=1, required=False, help_text="Its number")


class StrikeIn(StrictSerializer):
    because = serializers.CharField(max_length=LONGEST_BECAUSE)


class NoteOut(serializers.Serializer[Any]):
    """A note; one that was struck out gives its reason in place of its words."""

    number = serializers.IntegerField(source="pk")
    kept_among = serializers.SerializerMethodField(help_text=_WHO)
    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    words = serializers.SerializerMethodField()
    written_at = serializers.DateTimeField()
    written_by = serializers.CharField(source="written_by.name")
    struck_at = serializers.DateTimeField(allow_null=True)
    struck_by = serializers.CharField(source="struck_by.name", default=None, allow_null=True)
    struck_because = serializers.CharField()

    def get_kept_among(self, row: Note) -> str:
        return row.kept_among or _EVERYBODY

    def get_words(self, row: Note) -> str:
        return "" if row.struck_at else row.words


class NotePageOut(serializers.Serializer[Any]):
    """One page, newest first, and the addresses of the next and the one before."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NoteOut(many=True)


class NotePages(NewestFirst):
    ordering = ("-written_at", "-id")  # type: ignore[assignment]


class NotesView(APIView):
    @extend_schema(operation_id="list_notes", responses=NotePageOut, parameters=PAGES)
    def get(self, request: Request, reference: str) -> Response:
        """The notes that the caller may read, newest first."""
        assert isinstance(request.user, User)
        victim = seen_by(request.user, reference)
        note_reading(request.user, request.path, victim, clock.now())
        pages: CursorPagination = NotePages()
        rows = pages.paginate_queryset(readable_by(request.user, victim), request, view=self) or []
        return pages.get_paginated_response(NoteOut(rows, many=True).data)

    @extend_schema(operation_id="write_note", request=NoteIn, responses={201: NoteOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Write a note among one's own side, or for everybody who sees the record."""
        assert isinstance(request.user, User)
        victim = seen_by(request.user, reference)
        if not permissions.can_write_note(request.user):
            raise PermissionDenied("Your role does not write notes about victims.")
        body = NoteIn(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        among = "" if said["kept_among"] == _EVERYBODY else said["kept_among"] or "nobody"
        row = services.write_note(
            victim_id=victim.pk,
            words=said["words"],
            kept_among=among,
            contact_id=said.get("contact"),
            actor=request.user,
            at=clock.now(),
        )
        return Response(NoteOut(row).data, status=201)


class StrikeView(APIView):
    @extend_schema(operation_id="strike_note", request=StrikeIn, responses={200: NoteOut})
    @idempotent
    def post(self, request: Request, reference: str, note_id: int) -> Response:
        """Strike a note out; the row stays."""
        assert isinstance(request.user, User)
        note = get_object_or_404(
            readable_by(request.user, seen_by(request.user, reference)), pk=note_id
        )
        if not permissions.can_strike_note(request.user, note):
            raise PermissionDenied("Only whoever wrote a note, or who leads them, strikes it out.")
        body = StrikeIn(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.strike_note(
            note_id=note.pk, **body.validated_data, actor=request.user, at=clock.now()
        )
        return Response(NoteOut(row).data)


api_urls: list[URLPattern] = [
    path("victims/<slug:reference>/notes/", NotesView.as_view(), name="victim-notes"),
    path(
        "victims/<slug:reference>/notes/<int:note_id>/strike/",
        StrikeView.as_view(),
        name="victim-note-strike",
    ),
]
