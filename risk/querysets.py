from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from accounts.models import User
    from risk.models import (  # noqa: F401  (in the bases below)
        Assessment,
        GradeChange,
        GradeJudgement,
        Instrument,
        Reassessment,
        ReassessmentReason,
        UnknownAnswer,
    )


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

    def with_scoring(self) -> Self:
        """With `graded_by`: "judgement" where nothing is counted; the questions are not read."""
        grading = KeyTransform("grading", "instrument__content")
        return self.annotate(graded_by=KeyTextTransform("by", grading))

    def before(self, instant: datetime) -> Self:
        """Submitted ones that were begun before an instant, newest first."""
        return self.whole().filter(started_at__lt=instant).order_by("-started_at")

    def of_team_of(self, user: "User") -> Self:
        """Made by the officers of this person's team, or of the teams that they lead."""
        return self.filter(Q(officer__team=user.team_id) | Q(officer__team__supervisor=user))


class GradeChangeQuerySet(VictimScoped["GradeChange"]):
    pass


class GradeJudgementQuerySet(VictimScoped["GradeJudgement"]):
    def waiting(self) -> Self:
        """Lower grades that a supervisor has not decided on."""
        return self.filter(state="waiting")


class ReassessmentQuerySet(VictimScoped["Reassessment"]):
    def open(self) -> Self:
        return self.filter(state="open")


class ReasonQuerySet(VictimScoped["ReassessmentReason"]):
    def standing(self) -> Self:
        """Those that did not fall away."""
        return self.filter(fallen_away_at__isnull=True)


class UnknownAnswerQuerySet(VictimScoped["UnknownAnswer"]):
    def open(self) -> Self:
        return self.filter(state="open")


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def in_use(self) -> Self:
        return self.filter(in_use=True)

    def offered(self) -> Self:
        """What an officer may choose, the police's own first, without the questions themselves."""
        first = self.in_use().annotate(is_police=Q(purpose="police"))
        return first.defer("content").order_by("-is_police", "title")

    def drafts(self) -> Self:
        return self.filter(published_at__isnull=True)
