"""Learning for other systems: one's own notices, and the results."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from learning import owed, results
from learning.models import Notice
from learning.owed import Owed
from learning.permissions import can_view_results
from learning.results import Filters


class MyNotice(serializers.Serializer[Any]):
    """A notice that who asks is to pass. Its text is only on its page: that is what is read."""

    reference = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Notice.Kind.choices)
    published_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="The end of the day by which it is to be passed")
    read_at = serializers.DateTimeField(allow_null=True)
    passed_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    is_overdue = serializers.SerializerMethodField()

    def get_is_overdue(self, row: Owed) -> bool:
        at: datetime = self.context["at"]
        return row.is_overdue(at)


class TeamResultOut(serializers.Serializer[Any]):
    """How far one team is; each person counts once for each notice."""

    team = serializers.CharField()
    people = serializers.IntegerField()
    asked = serializers.IntegerField()
    read = serializers.IntegerField()
    passed = serializers.IntegerField()
    not_passed = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="Passed, in whole per cent, rounded down")
    overdue = serializers.IntegerField()
    oldest_due = serializers.DateTimeField(allow_null=True)


def reader_of(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class MyNotices(GenericAPIView[Any]):
    serializer_class = MyNotice
    pagination_class = None

    @extend_schema(responses=MyNotice(many=True))
    def get(self, request: Request) -> Response:
        """Mine: what is to be passed by its time, then what is passed."""
        at = clock.now()
        rows = owed.of_user(reader_of(request).pk, at)
        return Response(MyNotice(rows, many=True, context={"at": at}).data)


class Results(GenericAPIView[Any]):
    serializer_class = TeamResultOut
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "notice", OpenApiTypes.STR, description="A reference; all in force unless given"
            )
        ],
        responses=TeamResultOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """By team, as far as who asks may see."""
        reader, at = reader_of(request), clock.now()
        if not can_view_results(reader):
            raise PermissionDenied("Your role does not see who has passed.")
        filters = Filters.from_query({"notice": request.query_params.get("notice", "")})
        rows = results.by_team(filters, teams=results.teams_of(reader), at=at)
        return Response(TeamResultOut(rows, many=True).data)


api_urls: list[URLPattern] = [
    path("learning/notices/", MyNotices.as_view(), name="learning-notices"),
    path("learning/results/", Results.as_view(), name="learning-results"),
]
