from typing import TYPE_CHECKING, Self

from core.querysets import VictimScoped

if TYPE_CHECKING:
    from risk.models import Assessment, GradeChange


class AssessmentQuerySet(VictimScoped["Assessment"]):
    def waiting_for_review(self) -> Self:
        return self.filter(state="submitted")

    def unfinished(self) -> Self:
        return self.filter(state__in=["draft", "returned"])


class GradeChangeQuerySet(VictimScoped["GradeChange"]):
    pass
