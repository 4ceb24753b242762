"""The backlog in numbers for other systems: the same as the page."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import clock
from referrals import backlog
from referrals.backlog import MOST_MORE, PERIODS, Backlog
from referrals.forecast import Ahead
from referrals.forms.backlog import BacklogForm
from referrals.permissions import can_view_backlog


class SpanOut(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField(help_text="The last of them ends today, which is not over")
    arrived = serializers.IntegerField()
    done = serializers.IntegerField()
    in_time = serializers.IntegerField()


class BandOut(serializers.Serializer[Any]):
    risk = serializers.CharField(help_text="The grade in words, or All")
    numbers = serializers.ListField(child=serializers.IntegerField(), help_text="As `bands`")


class AheadOut(serializers.Serializer[Any]):
    """What comes of a pace in the next seven days."""

    done_a_day = serializers.FloatField()
    of_the_open = serializers.IntegerField()
    of_those_to_come = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    open_then = serializers.IntegerField()


class PaceOut(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    finished = serializers.IntegerField()
    arrived = serializers.IntegerField()
    workers = serializers.IntegerField(help_text="Who finished any in those days")
    staff = serializers.IntegerField(help_text="In the unit today and not away")
    away = serializers.IntegerField()
    each_a_day = serializers.FloatField()


class WorkerOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    number = serializers.IntegerField()
    hours = serializers.FloatField(
        allow_null=True, help_text="Median from claiming to finishing; null: too few to say"
    )


class LateOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="As the referral says; empty: no reason recorded")
    words = serializers.CharField()
    finished = serializers.IntegerField()
    open = serializers.IntegerField()


class PausedOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="As the pause says")
    words = serializers.CharField()
    now = serializers.IntegerField()
    begun = serializers.IntegerField()
    hours = serializers.FloatField(allow_null=True, help_text="Median of those begun")


class BacklogOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    more = serializers.IntegerField()
    open = serializers.IntegerField()
    over = serializers.IntegerField()
    paused = serializers.IntegerField()
    nobodys = serializers.IntegerField()
    bands = serializers.ListField(child=serializers.CharField())
    by_risk = BandOut(many=True)
    came_and_went = SpanOut(many=True)
    pace = PaceOut()
    present = AheadOut(allow_null=True, help_text="Null: too little was finished to say")
    with_more = AheadOut(allow_null=True)
    team = WorkerOut(many=True)
    late_because = LateOut(many=True)
    pauses = PausedOut(many=True)


def _said(found: Backlog) -> dict[str, Any]:
    return {
        "at": found.at,
        "more": found.wanted.more,
        "open": found.total,
        "over": found.states["over"],
        "paused": found.states["paused"],
        "nobodys": found.nobodys,
        "bands": found.band_names,
        "by_risk": [{"risk": risk, "numbers": numbers} for risk, numbers in found.by_risk],
        "came_and_went": found.spans,
        "pace": found.pace,
        "present": _ahead(found, found.present),
        "with_more": _ahead(found, found.with_more),
        "team": found.team,
        "late_because": found.reasons,
        "pauses": found.pauses,
    }


def _ahead(found: Backlog, one: Ahead | None) -> dict[str, Any] | None:
    if one is None:
        return None
    hours = one.first_in_hours
    first_at = None if hours is None else found.at + timedelta(hours=hours)
    return {**vars(one), "first_at": first_at}


QUERY = [
    OpenApiParameter("by", OpenApiTypes.STR, enum=["week", "day"]),
    OpenApiParameter("days", OpenApiTypes.INT, enum=list(PERIODS)),
    OpenApiParameter("more", OpenApiTypes.INT, description=f"0 to {MOST_MORE} more workers"),
]


class BacklogNumbers(APIView):
    @extend_schema(parameters=QUERY, responses=BacklogOut)
    def get(self, request: Request) -> Response:
        """What came and went, what is open, why it was late, and what follows."""
        if not isinstance(request.user, User) or not can_view_backlog(request.user):
            raise PermissionDenied("The backlog in numbers is not for your role.")
        form = BacklogForm.asked(request.query_params)
        if not form.is_valid():
            raise exceptions.ValidationError(
                {name: [str(one) for one in words] for name, words in form.errors.items()}
            )
        found = backlog.read(form.wanted, at=clock.now())
        return Response(BacklogOut(_said(found)).data)


api_urls = [path("backlog/", BacklogNumbers.as_view(), name="backlog")]
