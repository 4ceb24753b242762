"""An adviser's work with a client, for advisers' own systems: needs, court, looks at the risk, end.

What advisers write here is kept among advisers, as on the pages. Attempts to reach the client are
logged at `victims/{reference}/contacts/`, which asks for the safe contact that was read.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ActorView
from core import clock
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirst
from referrals import services
from referrals.api.case_work_shapes import (
    CaseCloseIn,
    CaseReviewIn,
    CaseReviewOut,
    ClosingOut,
    CourtPlanIn,
    CourtSettleIn,
    CourtSupportOut,
    NeedIn,
    NeedSettleIn,
    SupportNeedOut,
)
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising import serving
from referrals.services.advising.closing import NotReady, missing_before_closing
from referrals.services.advising.reviewing import window
from victims.views.common import note_reading


class WorkPages(NewestFirst):
    """The newest first, by what the rows have."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (view.newest, "-pk")


class CaseWorkView(ActorView):
    """The case of a client whom the caller sees, for those who read what advisers write."""

    queryset = IdvaCase.objects.none()
    pagination_class = WorkPages
    newest = "-opened_at"

    def case(self, reference: str) -> IdvaCase:
        """404 for whoever does not see the client, 403 for whoever is no adviser."""
        rows = IdvaCase.objects.visible_to(self.actor).select_related("victim", "owner", "team")
        case: IdvaCase = get_object_or_404(rows, reference=reference)
        may = self.actor.has_perm("victims.write_advocate_note")
        self.needs(may, "What advisers do for a client is for advisers.")
        return case

    def worked(self, reference: str) -> IdvaCase:
        """The same, for whoever has the client, stands in for them or leads them."""
        case = self.case(reference)
        if not serving.works_on(self.actor, case, clock.now()):
            raise PermissionDenied(f"{case.owner} has this case. They work on it.")
        return case

    def read(self, reference: str) -> IdvaCase:
        """The same, opened: that it was read is on record."""
        case = self.case(reference)
        note_reading(self.actor, self.request.path, case.victim, clock.now())
        return case


class Needs(CaseWorkView):
    serializer_class = NeedIn

    @extend_schema(operation_id="idva_case_needs", responses=SupportNeedOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """What the client needs help with, and what became of each."""
        rows = SupportNeed.objects.filter(case=self.read(reference))
        return self.paged(rows.select_related("opened_by", "settled_by"), SupportNeedOut)

    @extend_schema(operation_id="add_idva_need", responses={201: SupportNeedOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Write down something that they need help with."""
        case, at = self.worked(reference), clock.now()
        row = services.add_need(case_id=case.pk, actor=self.actor, at=at, **self.said())
        return Response(SupportNeedOut(row).data, status=201)


class SettleNeed(CaseWorkView):
    serializer_class = NeedSettleIn

    @extend_schema(operation_id="settle_idva_need", responses=SupportNeedOut)
    @idempotent
    def post(self, request: Request, reference: str, need_id: int) -> Response:
        """Say what became of it."""
        row = get_object_or_404(SupportNeed.objects.filter(case=self.worked(reference)), pk=need_id)
        done = services.settle_need(need_id=row.pk, actor=self.actor, at=clock.now(), **self.said())
        return Response(SupportNeedOut(done).data)


class Courts(CaseWorkView):
    serializer_class = CourtPlanIn
    newest = "-hearing_at"

    @extend_schema(operation_id="idva_case_courts", responses=CourtSupportOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Hearings to come and what came of those that were, the furthest ahead first."""
        rows = CourtSupport.objects.filter(case=self.read(reference))
        return self.paged(rows.select_related("written_by"), CourtSupportOut)

    @extend_schema(operation_id="plan_idva_court", responses={201: CourtSupportOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Plan to stand beside the client at a hearing."""
        case, at = self.worked(reference), clock.now()
        row = services.plan_court(case_id=case.pk, actor=self.actor, at=at, **self.said())
        return Response(CourtSupportOut(row).data, status=201)


class SettleCourt(CaseWorkView):
    serializer_class = CourtSettleIn

    @extend_schema(operation_id="settle_idva_court", responses=CourtSupportOut)
    @idempotent
    def post(self, request: Request, reference: str, court_id: int) -> Response:
        """Say what came of a hearing."""
        found = CourtSupport.objects.filter(case=self.worked(reference))
        row = get_object_or_404(found, pk=court_id)
        done = services.settle_court(
            court_id=row.pk, actor=self.actor, at=clock.now(), **self.said()
        )
        return Response(CourtSupportOut(done).data)


class Reviews(CaseWorkView):
    serializer_class = CaseReviewIn
    newest = "-at"

    @extend_schema(operation_id="idva_case_reviews", responses=CaseReviewOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Every look at the risk with the client."""
        rows = CaseReview.objects.filter(case=self.read(reference))
        return self.paged(rows.select_related("by"), CaseReviewOut)

    @extend_schema(operation_id="review_idva_case", responses={201: CaseReviewOut})
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Look at the risk with the client; where it differs from the grade it is looked at."""
        case, at = self.worked(reference), clock.now()
        row = services.review_case(case_id=case.pk, actor=self.actor, at=at, **self.said())
        return Response(CaseReviewOut(row).data, status=201)


class Close(CaseWorkView):
    serializer_class = CaseCloseIn

    @extend_schema(operation_id="idva_case_closing", responses=ClosingOut)
    def get(self, request: Request, reference: str) -> Response:
        """Where the case stands, when its review counts, and what is missing before it closes."""
        case = self.read(reference)
        missing = missing_before_closing(case, clock.now())
        return Response(ClosingOut({"case": case, "missing": missing, "window": window(case)}).data)

    @extend_schema(operation_id="close_idva_case", responses=ClosingOut)
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Close the case with what came of it; afterwards the service sees the client no more."""
        case, said = self.worked(reference), self.said()
        try:
            done = services.close_idva_case(
                case_id=case.pk, actor=self.actor, at=clock.now(), **said
            )
        except NotReady as error:
            # All that is missing at once, as on the page.
            raise serializers.ValidationError(
                {one.field: [one.words] for one in error.missing}
            ) from error
        return Response(ClosingOut({"case": done, "missing": [], "window": window(done)}).data)


_CASE = "idva-cases/<slug:reference>/"

api_urls: list[URLPattern] = [
    path(f"{_CASE}needs/", Needs.as_view(), name="idva-case-needs"),
    path(f"{_CASE}needs/<int:need_id>/settle/", SettleNeed.as_view(), name="idva-need-settle"),
    path(f"{_CASE}courts/", Courts.as_view(), name="idva-case-courts"),
    path(f"{_CASE}courts/<int:court_id>/settle/", SettleCourt.as_view(), name="idva-court-settle"),
    path(f"{_CASE}reviews/", Reviews.as_view(), name="idva-case-reviews"),
    path(f"{_CASE}close/", Close.as_view(), name="idva-case-close"),
]
