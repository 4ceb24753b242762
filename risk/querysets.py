from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import F, OuterRef, Q, Subquery

from core.querysets import VictimScoped
from deadlines.models import Deadline

if TYPE_CHECKING:
    from accounts.models import User


class AssessmentQuerySet(VictimScoped["Assessment"]):
    def waiting_for_review(self) -> Self:
        return self.filter(state="submitted")

    def unfinished(self) -> Self:
        return self.filter(state__in=["draft", "returned"])

    def whole(self) -> Self:
        """Those that were submitted at least once."""
        return self.filter(submitted_at__isnull=False)

    def for_page(self) -> Self:
        """With everything that a page about one of them names."""
        return self.select_related(
            "victim__person", "incident__address", "instrument", "officer__team"
        )

    def with_review_due(self) -> Self:
        """Annotated with when the review became due to run and when it is due."""
        open_ones = Deadline.objects.open().filter(
            kind="review", subject_type="risk.assessment", subject_id=OuterRef("pk")
        )
        return self.annotate(
            review_started=Subquery(open_ones.values("started_at")[:1]),
            review_due=Subquery(open_ones.values("due_at")[:1]),
        )

    def least_time_first(self) -> Self:
        return self.order_by(F("review_due").asc(nulls_last=True), "submitted_at", "pk")

    def before(self, instant: datetime) -> Self:
        """Submitted ones that were begun before an instant, newest first."""
        return self.whole().filter(started_at__lt=instant).order_by("-started_at")

    def not_by(self, user: "User") -> Self:
        return self.exclude(officer=user)

    def of_team_of(self, user: "User") -> Self:
        """Made by the officers of this person's team, or of the teams that they lead."""
        return self.filter(Q(officer__team=user.team_id) | Q(officer__team__supervisor=user))


class GradeChangeQuerySet(VictimScoped["GradeChange"]):
    pass
