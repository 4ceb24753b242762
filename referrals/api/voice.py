"""What victims thought, in numbers, for other systems."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock, policy
from referrals.forms.voice import PeriodForm
from referrals.permissions import can_view_voice
from referrals.voice_results import Group, OfQuestion, results, wanted_from


class VoiceQuestionOut(serializers.Serializer[Any]):
    """One question; `mean` and `counts` (of 1 to 5) are null below the fewest answers."""

    code = serializers.CharField(source="question.code")
    words = serializers.CharField(source="question.words")
    mean = serializers.FloatField(allow_null=True)
    counts = serializers.SerializerMethodField()

    def get_counts(self, row: OfQuestion) -> list[int] | None:
        return list(row.counts) if row.is_shown else None


class VoiceGroupOut(serializers.Serializer[Any]):
    """Answered of asked of closed; `team` is null for the whole."""

    about = serializers.CharField()
    team = serializers.SerializerMethodField()
    closed = serializers.IntegerField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    questions = VoiceQuestionOut(many=True)

    def get_team(self, row: Group) -> str | None:
        return row.team or None


class VoiceOut(serializers.Serializer[Any]):
    """The results of a period; nothing is told of fewer than `fewest` answers."""

    since = serializers.DateField()
    until = serializers.DateField()
    fewest = serializers.IntegerField()
    wholes = VoiceGroupOut(many=True)
    teams = VoiceGroupOut(many=True)


class VoiceView(APIView):
    @extend_schema(
        operation_id="voice_results",
        responses=VoiceOut,
        parameters=[
            OpenApiParameter("since", str, description="First day of the ends, as 2026-11-01"),
            OpenApiParameter("until", str, description="Last day of the ends"),
            OpenApiParameter("about", str, description="police or adviser; both without it"),
        ],
    )
    def get(self, request: Request) -> Response:
        """What victims thought, in numbers."""
        assert isinstance(request.user, User)
        if not can_view_voice(request.user):
            raise PermissionDenied("Those who lead see what victims thought.")
        at = clock.now()
        form = PeriodForm(request.query_params)
        said = form.cleaned_data if form.is_valid() else {}
        wanted = wanted_from(said.get("since"), said.get("until"), said.get("about", ""), at)
        found = results(wanted, policy.at(at).survey_fewest)
        shown = {"since": wanted.first, "until": wanted.last, "fewest": found.fewest}
        return Response(VoiceOut({**shown, "wholes": found.wholes, "teams": found.teams}).data)


api_urls: list[URLPattern] = [path("voice/", VoiceView.as_view(), name="voice")]
