"""Cases that change hands, for other systems: begun, checked by both sides, handed over or not."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import services
from marac import transfers as pages
from marac.models import Conference, MaracCase, Transfer
from marac.permissions import can_decide, can_view_conferences
from marac.services.transfers.checking import CHECKS
from marac.services.transfers.common import LONGEST_AREA, LONGEST_CONTACT, LONGEST_WORDS, other_side
from victims.models import Person, Victim
from victims.views.common import note_reading

SHOW = ("begun", "over")
QUERY = [OpenApiParameter("show", OpenApiTypes.STR, enum=SHOW, description="begun unless given")]
#: What both sides check, for the schema.
WHAT = [(code, code) for code in CHECKS]
NOT_THEIRS = "Coordinators and chairs hand cases over."


class TransfersInOrder(NewestFirst):
    """What is under way, the oldest first; what is over, the latest first."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        is_over = request.query_params.get("show") == "over"
        return ("-settled_at", "-pk") if is_over else ("begun_at", "pk")


class TransferCheckOut(serializers.Serializer[pages.Check]):
    """One check of both sides; `may_say` whether the caller may say that it is done."""

    what = serializers.ChoiceField(WHAT, source="code")
    label = serializers.CharField()  # type: ignore[assignment]
    is_done = serializers.BooleanField()
    at = serializers.DateTimeField(allow_null=True)
    words = serializers.CharField()
    may_say = serializers.BooleanField()


class TransferOut(serializers.Serializer[Transfer]):
    """A handover; `other` is the conference or area on the other side."""

    reference = serializers.CharField()
    direction = serializers.ChoiceField(Transfer.Direction.choices)
    case = serializers.CharField(source="case.reference")
    conference = serializers.CharField(source="case.conference.name")
    victim = serializers.CharField(source="victim.reference")
    other = serializers.SerializerMethodField()
    within_county = serializers.SerializerMethodField()
    contact = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(Transfer.State.choices)
    begun_at = serializers.DateTimeField()
    begun_by = serializers.CharField(source="begun_by.username")
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by.username", allow_null=True, default=None)
    settled_words = serializers.CharField()
    version = serializers.IntegerField()

    def get_other(self, row: Transfer) -> str:
        return other_side(row)

    def get_within_county(self, row: Transfer) -> bool:
        return row.other_conference_id is not None


class TransferWhole(TransferOut):
    """A handover with what both sides have checked and what is missing."""

    checks = serializers.SerializerMethodField()

    @extend_schema_field(TransferCheckOut(many=True))
    def get_checks(self, row: Transfer) -> Any:
        found: Any = pages.checks(row, self.context["reader"], clock.now())
        return TransferCheckOut(found, many=True).data


class _HandoverIn(StrictSerializer):
    contact = serializers.CharField(max_length=LONGEST_CONTACT)
    reason = serializers.CharField(max_length=LONGEST_WORDS)


class BeginTransferIn(_HandoverIn):
    """To another of the county's conferences, by its name; or to another area."""

    other_conference = serializers.CharField(
        max_length=100, required=False, allow_blank=True, default=""
    )
    other_area = serializers.CharField(
        max_length=LONGEST_AREA, required=False, allow_blank=True, default=""
    )


class ReceiveTransferIn(_HandoverIn):
    """From another area: whose case it is, by their references here."""

    victim = serializers.CharField(max_length=16)
    perpetrator = serializers.CharField(
        max_length=16, required=False, allow_blank=True, default="", help_text="P- reference"
    )
    other_area = serializers.CharField(max_length=LONGEST_AREA)


class CheckTransferIn(StrictSerializer):
    """One check that is done; `heard_there` is how the other area answered."""

    what = serializers.ChoiceField(WHAT)
    heard_there = serializers.BooleanField(required=False, allow_null=True, default=None)
    words = serializers.CharField(
        max_length=LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    version = serializers.IntegerField(min_value=1)


class FinishTransferIn(StrictSerializer):
    words = serializers.CharField(
        max_length=LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    version = serializers.IntegerField(min_value=1)


class CancelTransferIn(StrictSerializer):
    """Why the case stays."""

    words = serializers.CharField(max_length=LONGEST_WORDS)
    version = serializers.IntegerField(min_value=1)


class TransferView(ActorView):
    """Handovers of victims whose record the caller sees."""

    queryset = Transfer.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = TransferOut

    def seen(self, reference: str) -> Transfer:
        """The handover, or 404 for whoever may not see it."""
        return get_object_or_404(pages.seen(self.actor), reference=reference)

    def kept(self, reference: str) -> Transfer:
        """The same, for those who hand cases over. Raises PermissionDenied."""
        row = self.seen(reference)
        self.needs(can_decide(self.actor, row.case.conference), NOT_THEIRS)
        return row

    def shown(self, reference: str, status: int = 200) -> Response:
        """The handover as it is now."""
        row = self.seen(reference)
        return Response(TransferWhole(row, context={"reader": self.actor}).data, status=status)


class Transfers(TransferView):
    pagination_class = TransfersInOrder
    serializer_class = ReceiveTransferIn

    @extend_schema(
        operation_id="marac_transfers", parameters=QUERY, responses=TransferOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """What is being handed over, or what was."""
        self.needs(can_view_conferences(self.actor), "Those who keep conferences hand cases over.")
        show = asked(request, "show", SHOW)
        return self.paged(
            pages.listed(self.actor, show="" if show == "begun" else show), TransferOut
        )

    @extend_schema(operation_id="receive_marac_transfer", responses={201: TransferWhole})
    @idempotent
    def post(self, request: Request) -> Response:
        """Another area hands over the case of somebody who is on record here."""
        self.needs(can_decide(self.actor, Conference()), NOT_THEIRS)
        said = self.said()
        said["victim_id"] = self._victim(said.pop("victim"))
        said["perpetrator_id"] = self._person(said.pop("perpetrator"))
        row = services.receive_transfer(actor=self.actor, at=clock.now(), **said)
        return self.shown(row.reference, 201)

    def _victim(self, reference: str) -> int:
        rows = Victim.objects.visible_to(self.actor).filter(reference=reference)
        return _found(rows.values_list("pk", flat=True).first(), "victim")

    def _person(self, reference: str) -> int | None:
        if not reference:
            return None
        rows = Person.objects.visible_to(self.actor).filter(reference=reference)
        return _found(rows.values_list("pk", flat=True).first(), "perpetrator")


class BeginTransfer(TransferView):
    serializer_class = BeginTransferIn

    @extend_schema(operation_id="begin_marac_transfer", responses={201: TransferWhole})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ask another conference or area to take a case on."""
        cases = MaracCase.objects.visible_to(self.actor).select_related("conference")
        case = get_object_or_404(cases, reference=reference)
        self.needs(can_decide(self.actor, case.conference), NOT_THEIRS)
        said = self.said()
        said["other_conference_id"] = _conference(said.pop("other_conference"))
        row = services.begin_transfer(case_id=case.pk, actor=self.actor, at=clock.now(), **said)
        return self.shown(row.reference, 201)


class OneTransfer(TransferView):
    @extend_schema(operation_id="marac_transfer", responses=TransferWhole)
    def get(self, request: Request, reference: str) -> Response:
        """One handover with its checks; reading it is on record."""
        row = self.seen(reference)
        note_reading(self.actor, request.path, row.victim, clock.now())
        return self.shown(reference)


class CheckTransfer(TransferView):
    serializer_class = CheckTransferIn

    @extend_schema(operation_id="check_marac_transfer", responses=TransferWhole)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """One check is done."""
        row, at = self.seen(reference), clock.now()
        self.needs(
            pages.may_check(row, self.actor, at),
            "Coordinators and chairs check; advisers say what they said.",
        )
        services.check_transfer(transfer_id=row.pk, actor=self.actor, at=at, **self.said())
        return self.shown(reference)


class FinishTransfer(TransferView):
    serializer_class = FinishTransferIn

    @extend_schema(operation_id="finish_marac_transfer", responses=TransferWhole)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Accepted: everything is checked and the case changes hands."""
        row = self.kept(reference)
        services.finish_transfer(
            transfer_id=row.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return self.shown(reference)


class CancelTransfer(TransferView):
    serializer_class = CancelTransferIn

    @extend_schema(operation_id="cancel_marac_transfer", responses=TransferWhole)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Refused or given up: the case stays."""
        row = self.kept(reference)
        services.cancel_transfer(
            transfer_id=row.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return self.shown(reference)


def _found(key: int | None, field: str) -> int:
    """Raises InvalidInput at the field where nobody the caller sees has the reference."""
    if key is None:
        raise InvalidInput("Nobody is on record under this reference.", field=field)
    return key


def _conference(name: str) -> int | None:
    """Of that name. Raises InvalidInput at "other_conference" where none is called so."""
    if not name:
        return None
    found = Conference.objects.running().filter(name=name).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("No conference has this name.", field="other_conference")
    return found


_ONE = "marac/transfers/<slug:reference>/"

transfer_urls: list[URLPattern] = [
    path("marac/transfers/", Transfers.as_view(), name="marac-transfers"),
    path(_ONE, OneTransfer.as_view(), name="marac-transfer"),
    path(f"{_ONE}check/", CheckTransfer.as_view(), name="check-marac-transfer"),
    path(f"{_ONE}finish/", FinishTransfer.as_view(), name="finish-marac-transfer"),
    path(f"{_ONE}cancel/", CancelTransfer.as_view(), name="cancel-marac-transfer"),
    path(
        "marac/cases/<slug:reference>/transfer/",
        BeginTransfer.as_view(),
        name="begin-marac-transfer",
    ),
]
