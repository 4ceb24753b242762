"""Conferences by API: what there are, and when they meet."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marac.api.seen import ConferenceApiView
from marac.models import Conference
from marac.models.conferences import DAYS, WEEKS
from marac.permissions import can_attend, can_view_conferences


class ConferenceMemberOut(serializers.Serializer[Any]):
    """An agency that is invited; without those of the core nothing is decided."""

    agency = serializers.CharField(source="agency.name")
    is_core = serializers.BooleanField()


class ConferenceOut(serializers.Serializer[Any]):
    """A conference. Days: Monday is 0; weeks: 5 is the last of a month; times: wall clock."""

    name = serializers.CharField()
    chair = serializers.CharField(source="chair.username")
    coordinator = serializers.CharField(source="coordinator.username")
    areas = serializers.SerializerMethodField()
    members = ConferenceMemberOut(many=True)
    weekly_day = serializers.ChoiceField(DAYS)
    weekly_at = serializers.TimeField()
    weekly_place = serializers.CharField()
    weekly_capacity = serializers.IntegerField()
    monthly_week = serializers.ChoiceField(WEEKS)
    monthly_day = serializers.ChoiceField(DAYS)
    monthly_at = serializers.TimeField()
    monthly_place = serializers.CharField()
    monthly_capacity = serializers.IntegerField()
    quorum = serializers.IntegerField()

    def get_areas(self, conference: Conference) -> list[str]:
        return sorted(one.area.name for one in conference.covers.all())


class ConferencesOut(serializers.Serializer[Any]):
    """All that meet, by name."""

    results = ConferenceOut(many=True)


class ConferencesView(ConferenceApiView):
    @extend_schema(operation_id="conferences", responses=ConferencesOut)
    def get(self, request: Request) -> Response:
        """Every conference that meets."""
        if not (can_attend(self.actor) or can_view_conferences(self.actor)):
            raise PermissionDenied("Your role does not come to conferences.")
        rows = Conference.objects.visible_to(self.actor).running()
        rows = rows.select_related("chair", "coordinator").prefetch_related(
            "members__agency", "covers__area"
        )
        return Response(ConferencesOut({"results": rows}).data)


conference_urls = [path("marac/conferences/", ConferencesView.as_view(), name="conferences")]
