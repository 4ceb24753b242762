"""Cases of conferences for other systems: the same services and refusals as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView, asked, typed
from audit import services as audit
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from core.api.serializers import StrictSerializer
from core.errors import InvalidInput
from marac import caseload, services
from marac.forms.cases import SHOWN
from marac.models import MaracCase
from marac.permissions import can_propose
from marac.services.cases import asking, closing, deciding, proposing
from victims.models import Person, Victim

SHOW = tuple(code for code, _ in SHOWN)
QUERY = [
    OpenApiParameter("show", OpenApiTypes.STR, enum=SHOW, description="open unless given"),
    OpenApiParameter("q", OpenApiTypes.STR, description="A family name or a reference"),
]
NOT_THEIRS = "The coordinator or the chair of a conference does this."


class CasesNewestFirst(NewestFirst):
    ordering = ("-proposed_at", "-id")  # type: ignore[assignment]


class MaracCriterionOut(serializers.Serializer[Any]):
    """A criterion as its rule said when the case was proposed, or was added to."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_met = serializers.BooleanField()
    number = serializers.IntegerField()
    needs = serializers.IntegerField()
    words = serializers.CharField()


class MaracCaseOut(serializers.Serializer[MaracCase]):
    """A case before a conference; `perpetrator` is null while nobody knows who it is."""

    reference = serializers.CharField()
    conference = serializers.CharField(source="conference.name")
    victim = serializers.CharField(source="victim.reference")
    perpetrator = serializers.CharField(
        source="perpetrator.reference", allow_null=True, default=None
    )
    state = serializers.ChoiceField(MaracCase.State.choices)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        MaracCase.Source.choices
    )
    agency = serializers.CharField(source="agency.name")
    criteria = MaracCriterionOut(many=True)
    below_reason = serializers.CharField()
    words = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_words = serializers.CharField()
    repeat_of = serializers.CharField(source="repeat_of.reference", allow_null=True, default=None)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_because = serializers.CharField()
    minority_ethnic = serializers.ChoiceField(MaracCase.Answer.choices)
    lgbt = serializers.ChoiceField(MaracCase.Answer.choices)
    disability = serializers.ChoiceField(MaracCase.Answer.choices)
    children = serializers.IntegerField()
    version = serializers.IntegerField()


class ProposeCaseIn(StrictSerializer):
    """A victim's reference; or, for an agency, that of what it referred to the unit itself."""

    victim = serializers.CharField(max_length=16, required=False)
    referral = serializers.CharField(max_length=16, required=False)
    perpetrator = serializers.CharField(max_length=16, required=False, help_text="P- reference")
    words = serializers.CharField(max_length=proposing.LONGEST_WORDS)
    below_reason = serializers.CharField(
        max_length=proposing.LONGEST_REASON, required=False, allow_blank=True, default=""
    )
    children = serializers.IntegerField(
        min_value=0, max_value=proposing.MOST_CHILDREN, required=False, allow_null=True
    )


class ProposedOut(serializers.Serializer[MaracCase]):
    """What an agency reads of what it proposed: the rest is for whoever may see the case."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(MaracCase.State.choices)


class DecideCaseIn(StrictSerializer):
    """Whether the conference hears it; words are needed where it does not."""

    accept = serializers.BooleanField()
    words = serializers.CharField(
        max_length=deciding.LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    version = serializers.IntegerField(min_value=1)


class CloseCaseIn(StrictSerializer):
    """Why a case is over."""

    because = serializers.ChoiceField(MaracCase.ClosedBecause.choices)
    words = serializers.CharField(
        max_length=closing.LONGEST_WORDS, required=False, allow_blank=True, default=""
    )
    version = serializers.IntegerField(min_value=1)


class DescribeCaseIn(StrictSerializer):
    """What the return counts of the victim; `not_known` is an answer."""

    minority_ethnic = serializers.ChoiceField(MaracCase.Answer.choices)
    lgbt = serializers.ChoiceField(MaracCase.Answer.choices)
    disability = serializers.ChoiceField(MaracCase.Answer.choices)
    children = serializers.IntegerField(min_value=0, max_value=proposing.MOST_CHILDREN)
    version = serializers.IntegerField(min_value=1)


class CaseView(ActorView):
    """What every address of cases begins with."""

    queryset = MaracCase.objects.none()
    serializer_class: type[serializers.Serializer[Any]] = MaracCaseOut

    def seen(self, reference: str) -> MaracCase:
        """The case of this reference, or 404 for whoever may not see it."""
        rows = caseload.with_people(MaracCase.objects.visible_to(self.actor))
        return get_object_or_404(rows, reference=reference)


class Cases(CaseView):
    pagination_class = CasesNewestFirst
    serializer_class = ProposeCaseIn

    @extend_schema(operation_id="marac_cases", parameters=QUERY, responses=MaracCaseOut(many=True))
    def get(self, request: Request) -> Response:
        """The cases that the caller may see, newest first."""
        if not caseload.can_list(self.actor):
            raise PermissionDenied("Your role does not follow the cases of conferences.")
        said = {"show": asked(request, "show", ("", *SHOW)), "q": typed(request, "q")}
        return self.paged(caseload.found(self.actor, said).order_by(), MaracCaseOut)

    @extend_schema(
        operation_id="propose_marac_case", request=ProposeCaseIn, responses={201: ProposedOut}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Refer somebody to a conference; an open case of the two is added to."""
        if not can_propose(self.actor):
            raise PermissionDenied("Your role does not refer victims to a conference.")
        case = self._proposed(self.said())
        return Response(ProposedOut(case).data, status=201)

    def _proposed(self, said: dict[str, Any]) -> MaracCase:
        victim, referral = said.pop("victim", ""), said.pop("referral", "")
        harms = said.pop("perpetrator", "")
        if bool(victim) == bool(referral):
            raise InvalidInput("Name a victim, or a referral of yours.", field="victim")
        if referral:
            incoming = get_object_or_404(caseload.sent_by(self.actor), referral__reference=referral)
            return asking.propose_referred(
                referral_id=incoming.referral_id, actor=self.actor, at=clock.now(), **said
            )
        found = get_object_or_404(Victim.objects.visible_to(self.actor), reference=victim)
        return services.propose(
            victim_id=found.pk,
            perpetrator_id=_one_of(caseload.who_may_have_harmed(found), harms),
            source=MaracCase.Source.WORKER,
            actor=self.actor,
            at=clock.now(),
            **said,
        )


class OneCase(CaseView):
    @extend_schema(operation_id="marac_case", responses=MaracCaseOut)
    def get(self, request: Request, reference: str) -> Response:
        """One case; reading it is on record."""
        case = self.seen(reference)
        audit.record_read(
            user=self.actor,
            at=clock.now(),
            path=request.path,
            subject=reference,
            victim_id=case.victim_id,
        )
        return Response(MaracCaseOut(case).data)


class DecideCase(CaseView):
    serializer_class = DecideCaseIn

    @extend_schema(operation_id="decide_marac_case", responses=MaracCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Accept a proposed case, or do not, with words."""
        case = self.seen(reference)
        if not caseload.may_decide(self.actor, case):
            raise PermissionDenied(NOT_THEIRS)
        done = services.decide_case(
            case_id=case.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(MaracCaseOut(done).data)


class CloseCase(CaseView):
    serializer_class = CloseCaseIn

    @extend_schema(operation_id="close_marac_case", responses=MaracCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Close an accepted case."""
        case = self.seen(reference)
        if not caseload.may_decide(self.actor, case):
            raise PermissionDenied(NOT_THEIRS)
        done = services.close_case(case_id=case.pk, actor=self.actor, at=clock.now(), **self.said())
        return Response(MaracCaseOut(done).data)


class DescribeCase(CaseView):
    serializer_class = DescribeCaseIn

    @extend_schema(operation_id="describe_marac_case", responses=MaracCaseOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Say what the return counts of a case."""
        case = self.seen(reference)
        if not caseload.may_describe(self.actor, case):
            raise PermissionDenied("Your role does not describe cases of a conference.")
        done = services.describe_case(
            case_id=case.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(MaracCaseOut(done).data)


def _one_of(people: list[Person], reference: str) -> int | None:
    """The person of this reference among those on record as harming the victim."""
    if not reference:
        return None
    found = next((one.pk for one in people if one.reference == reference), None)
    if found is None:
        raise InvalidInput("Nobody on record as harming them has it.", field="perpetrator")
    return found


case_urls: list[URLPattern] = [
    path("marac/cases/", Cases.as_view(), name="marac-cases"),
    path("marac/cases/<slug:reference>/", OneCase.as_view(), name="marac-case"),
    path("marac/cases/<slug:reference>/decide/", DecideCase.as_view(), name="decide-case"),
    path("marac/cases/<slug:reference>/about/", DescribeCase.as_view(), name="describe-case"),
    path("marac/cases/<slug:reference>/close/", CloseCase.as_view(), name="close-case"),
]
