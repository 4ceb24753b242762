"""Referring a victim's children to children's services, for the police's other systems."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView
from accounts.models import Agency
from core import clock
from core.api.idempotency import idempotent
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from referrals import services
from referrals.api.sharing_out import SharingOut
from referrals.models import ChildrenConcern, Sharing
from referrals.permissions import can_refer_children
from referrals.services.children import Concern
from referrals.services.children.referring import LONGEST_PARENTS, OFFERED, USUAL, children_of
from referrals.services.working import LONGEST_WORDS
from victims.models import Person, Victim
from victims.views.common import note_reading, seen_by

#: Children of one victim who are referred at once.
MOST = 30


class ReferChildrenIn(StrictSerializer):
    """Which children, how urgent, what was seen, what is feared. `children` are P- references."""

    agency = serializers.IntegerField(min_value=1, help_text="The id of children's services")
    urgency = serializers.ChoiceField(ChildrenConcern.Urgency.choices)
    children = serializers.ListField(
        child=serializers.CharField(max_length=16), required=False, default=list, max_length=MOST
    )
    child_name = serializers.CharField(
        max_length=150, required=False, allow_blank=True, default="", help_text="One not on record"
    )
    child_born = serializers.DateField(required=False, allow_null=True, default=None)
    seen = serializers.CharField(max_length=LONGEST_WORDS)
    worry = serializers.CharField(max_length=LONGEST_WORDS)
    parents_know = serializers.BooleanField()
    parents_words = serializers.CharField(
        max_length=LONGEST_PARENTS, required=False, allow_blank=True, default=""
    )
    what = serializers.ListField(
        child=serializers.ChoiceField([(one.value, one.label) for one in OFFERED]),
        required=False,
        max_length=len(OFFERED),
        help_text="What is told with it; the children always",
    )


class ChildToReferOut(serializers.Serializer[Person]):
    reference = serializers.CharField()
    name = serializers.CharField(source="__str__")
    date_of_birth = serializers.DateField(allow_null=True)


class ServicesOut(serializers.Serializer[Agency]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ToReferOut(serializers.Serializer[Any]):
    """The children who can be referred, and to whom."""

    children = ChildToReferOut(many=True)
    agencies = ServicesOut(many=True)


class ReferChildren(ActorView):
    serializer_class = ReferChildrenIn
    queryset = Sharing.objects.none()

    def victim(self, reference: str) -> Victim:
        """The victim, for those who refer children: 404 unseen, 403 otherwise."""
        found = seen_by(self.actor, reference)
        self.needs(can_refer_children(self.actor), "Your role does not refer children.")
        return found

    @extend_schema(operation_id="children_to_refer", responses=ToReferOut)
    def get(self, request: Request, victim: str) -> Response:
        """The victim's children on record, and children's services; reading is on record."""
        found = self.victim(victim)
        note_reading(self.actor, request.path, found, clock.now())
        services_there = Agency.objects.filter(kind=Agency.Kind.CHILDREN).order_by("name")
        told = {"children": children_of(found, self.actor), "agencies": services_there}
        return Response(ToReferOut(told).data)

    @extend_schema(operation_id="refer_children", responses={201: SharingOut})
    @idempotent
    def post(self, request: Request, victim: str) -> Response:
        """Refer children; what children's services were told before is said anew."""
        found, said = self.victim(victim), self.said()
        agency, named = said.pop("agency"), said.pop("children")
        concern = Concern(children=self._keys(found, named), **{"what": [*_usual()], **said})
        row = services.refer_children(
            victim_id=found.pk,
            agency_id=agency,
            concern=concern,
            actor=self.actor,
            at=clock.now(),
        )
        return Response(SharingOut(row).data, status=201)

    def _keys(self, victim: Victim, named: list[str]) -> list[int]:
        """Raises InvalidInput at "children" for whoever is no child of this victim's incidents."""
        known = {child.reference: child.pk for child in children_of(victim, self.actor)}
        strange = [one for one in named if one not in known]
        if strange:
            raise InvalidInput("Choose children of this victim's incidents.", field="children")
        return [known[one] for one in named]


def _usual() -> list[Sharing.What]:
    return [one for one in USUAL if one != Sharing.What.CHILDREN]


api_urls: list[URLPattern] = [
    path("victims/<slug:victim>/children/refer/", ReferChildren.as_view(), name="refer-children"),
]
