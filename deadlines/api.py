"""GET /deadlines/: what is due, as far as its victims are visible to who asks."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from core import clock
from core.api.pagination import NewestFirst
from deadlines.filters import OWNERS, SETTLED, STATES, ClockFilter
from deadlines.models import Deadline
from deadlines.permissions import can_view_clocks
from deadlines.querysets import DeadlineQuerySet
from deadlines.shown import shown


class DeadlineSerializer(serializers.Serializer[Deadline]):
    """One deadline. Instants are UTC; `basis` is the rule with the numbers that were used."""

    kind = serializers.CharField()
    subject = serializers.CharField(source="subject_reference")
    path = serializers.SerializerMethodField(help_text="The page of what is to be done")
    victim = serializers.CharField(source="victim.reference", allow_null=True, default=None)
    owner = serializers.CharField(source="owner.username", allow_null=True, default=None)
    team = serializers.CharField(source="team.name", allow_null=True, default=None)
    state = serializers.ChoiceField(choices=Deadline.State.choices)
    basis = serializers.CharField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    is_watched = serializers.SerializerMethodField(help_text="False when it was set aside")

    def get_path(self, row: Deadline) -> str:
        return shown(row).url

    def get_is_watched(self, row: Deadline) -> bool:
        return row.set_aside_at is None


class MayViewClocks(BasePermission):
    message = "Your role does not watch what is due."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_view_clocks(request.user)  # type: ignore[arg-type]


class ByTime(NewestFirst):
    """Open deadlines by due time, settled ones by newest."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        settled = request.query_params.get("state") in SETTLED
        return ("-settled_at", "-id") if settled else ("due_at", "id")


def _parameter(name: str, choices: list[tuple[str, str]] | None = None) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, enum=[code for code, _ in choices] if choices else None
    )


@extend_schema(
    parameters=[_parameter("state", STATES), _parameter("kind"), _parameter("owner", OWNERS)]
)
class DeadlineList(ListAPIView[Deadline]):
    """What is due. Without `state`: everything open, by due time, so the overdue come first."""

    serializer_class = DeadlineSerializer
    permission_classes = [IsAuthenticated, MayViewClocks]
    pagination_class = ByTime
    queryset = Deadline.objects.none()

    def get_queryset(self) -> DeadlineQuerySet:
        user: Any = self.request.user
        visible = Deadline.objects.visible_to(user).select_related("owner", "team", "victim")
        chosen = ClockFilter(
            self.request.query_params, queryset=visible, request=self.request, at=clock.now()
        )
        if not chosen.is_valid():
            raise exceptions.ValidationError(dict(chosen.errors))
        rows: DeadlineQuerySet = chosen.qs
        return rows


api_urls: list[URLPattern] = [path("deadlines/", DeadlineList.as_view(), name="deadlines")]
