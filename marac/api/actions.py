"""Actions of conferences for other systems: the same services and refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked
from accounts.models import User
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import followed
from marac.models import MaracAction
from marac.permissions import can_settle_action
from marac.services import actions
from marac.services.actions.rows import LONGEST_EVIDENCE, LONGEST_REASON
from marac.services.actions.settling import SETTLED

SHOW = ("open", "overdue", *SETTLED, "all")
QUERY = [
    OpenApiParameter("show", OpenApiTypes.STR, enum=SHOW, description="open unless given"),
    OpenApiParameter("mine", OpenApiTypes.BOOL, description="Only what the caller has"),
]


class ActionsNewestFirst(NewestFirst):
    ordering = ("-agreed_at", "-id")  # type: ignore[assignment]


class MaracActionOut(serializers.Serializer[MaracAction]):
    """An action: whose, what, by when, and what became of it. `owner` is null for a team's lead."""

    reference = serializers.CharField()
    conference = serializers.CharField(source="case.conference.name")
    meeting = serializers.CharField(source="hearing.meeting.reference")
    case = serializers.CharField(source="case.reference")
    victim = serializers.CharField(source="victim.reference")
    agency = serializers.CharField(source="agency.name")
    team = serializers.CharField(source="team.name")
    owner = serializers.CharField(source="owner.username", allow_null=True, default=None)
    words = serializers.CharField()
    due_on = serializers.DateField()
    due_at = serializers.DateTimeField()
    is_for_officers = serializers.BooleanField()
    state = serializers.ChoiceField(MaracAction.State.choices)
    agreed_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by.username", allow_null=True, default=None)
    evidence = serializers.CharField()
    version = serializers.IntegerField()


class SettleActionIn(StrictSerializer):
    """What became of it, and what shows that."""

    state = serializers.ChoiceField([(one.value, one.label) for one in SETTLED])
    evidence = serializers.CharField(max_length=LONGEST_EVIDENCE)
    version = serializers.IntegerField(min_value=1)


class PassActionIn(StrictSerializer):
    """Who of the agency does it from now on; null: whoever leads its team."""

    owner = serializers.CharField(max_length=60, allow_null=True, help_text="A user name")
    version = serializers.IntegerField(min_value=1)


class ReopenActionIn(StrictSerializer):
    """Why it is to be done after all; its new last day where the old one is past."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    due_on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1)


class ActionView(ActorView):
    """What every address of actions begins with."""

    queryset = MaracAction.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = MaracActionOut

    def seen(self, reference: str) -> MaracAction:
        """The action of this reference, or 404 for whoever may not see it."""
        rows = followed.with_people(MaracAction.objects.visible_to(self.actor))
        return get_object_or_404(rows, reference=reference)

    def answered_for(self, reference: str) -> MaracAction:
        """The same, for those who say what became of it. Raises PermissionDenied."""
        action = self.seen(reference)
        if not can_settle_action(self.actor, action):
            raise PermissionDenied(f"Those of {action.agency} say what became of this.")
        return action


class Actions(ActionView):
    pagination_class = ActionsNewestFirst

    @extend_schema(
        operation_id="marac_actions", parameters=QUERY, responses=MaracActionOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """Every action for those who keep conferences, else one's own agency's; newest first."""
        if not followed.can_list(self.actor):
            raise PermissionDenied("Your role does not follow the actions of conferences.")
        said = {
            "show": asked(request, "show", SHOW),
            "mine": request.query_params.get("mine") == "true",
        }
        rows = followed.found(followed.listed(self.actor), said, self.actor, clock.now())
        return self.paged(followed.with_people(rows).order_by(), MaracActionOut)


class OneAction(ActionView):
    @extend_schema(operation_id="marac_action", responses=MaracActionOut)
    def get(self, request: Request, reference: str) -> Response:
        """One action; reading it is on record."""
        action = self.seen(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=reference,
            victim_id=action.victim_id,
        )
        return Response(MaracActionOut(action).data)


class SettleAction(ActionView):
    serializer_class = SettleActionIn

    @extend_schema(operation_id="settle_marac_action", responses=MaracActionOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say what became of an action, with evidence."""
        action = self.answered_for(reference)
        done = actions.settle_action(
            action_id=action.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(MaracActionOut(done).data)


class PassAction(ActionView):
    serializer_class = PassActionIn

    @extend_schema(operation_id="pass_marac_action", responses=MaracActionOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Give an action to somebody else of the same agency."""
        action, said = self.answered_for(reference), self.said()
        done = actions.pass_action(
            action_id=action.pk,
            owner_id=_person(said["owner"]),
            version=said["version"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(MaracActionOut(done).data)


class ReopenAction(ActionView):
    serializer_class = ReopenActionIn

    @extend_schema(operation_id="reopen_marac_action", responses=MaracActionOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Open a settled action again, with a reason."""
        action = self.answered_for(reference)
        done = actions.reopen_action(
            action_id=action.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(MaracActionOut(done).data)


def _person(username: str | None) -> int | None:
    """Their key. Raises InvalidInput at "owner" for a user name that nobody has."""
    if username is None:
        return None
    found = User.objects.filter(username=username, is_system=False).values_list("pk", flat=True)
    if not found:
        raise InvalidInput("Nobody has this user name.", field="owner")
    return found[0]


action_urls: list[URLPattern] = [
    path("marac/actions/", Actions.as_view(), name="marac-actions"),
    path("marac/actions/<slug:reference>/", OneAction.as_view(), name="marac-action"),
    path("marac/actions/<slug:reference>/settle/", SettleAction.as_view(), name="settle-action"),
    path("marac/actions/<slug:reference>/pass/", PassAction.as_view(), name="pass-action"),
    path("marac/actions/<slug:reference>/reopen/", ReopenAction.as_view(), name="reopen-action"),
]
