"""What waits for review, with its time: least time left first."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from deadlines.models import Deadline
from risk.deadlines import GRADE_AGREEMENT, REVIEW, SUBJECT
from risk.models import Assessment, GradeJudgement

#: Lower grades shown above the reviews; each is owed within a day, so there are few.
SHOWN_LOWER = 25


def lower_grades(reader: User, *, whose: str = "all") -> QuerySet[GradeJudgement]:
    """The lower grades that wait for a supervisor and that this one sees, least time left first.

    Of their own team's people only where `whose` is "team". Each row carries `agreement_started`
    and `agreement_due`, the running clock.
    """
    rows = GradeJudgement.objects.visible_to(reader).waiting()
    if whose == "team":
        rows = rows.filter(Q(by__team=reader.team_id) | Q(by__team__supervisor=reader))
    clock = Deadline.objects.open().filter(
        kind=GRADE_AGREEMENT, subject_type="risk.gradejudgement", subject_id=OuterRef("pk")
    )
    return (
        rows.select_related("victim__person", "by__team")
        .annotate(
            agreement_started=Subquery(clock.values("started_at")[:1]),
            agreement_due=Subquery(clock.values("due_at")[:1]),
        )
        .order_by(F("agreement_due").asc(nulls_last=True), "at", "pk")
    )


def waiting_for_review(
    reader: User, *, whose: str = "all", grade: str = ""
) -> QuerySet[Assessment]:
    """What this supervisor sees waiting; of their own team's officers only where `whose` is "team".

    Each row carries `review_started` and `review_due`, the running clock of its review.
    """
    rows = Assessment.objects.visible_to(reader).waiting_for_review().with_scoring()
    if whose == "team":
        rows = rows.of_team_of(reader)
    if grade:
        rows = rows.filter(grade=grade)
    clock = Deadline.objects.open().filter(
        kind=REVIEW, subject_type=SUBJECT, subject_id=OuterRef("pk")
    )
    return (
        rows.for_page()
        .annotate(
            review_started=Subquery(clock.values("started_at")[:1]),
            review_due=Subquery(clock.values("due_at")[:1]),
        )
        .order_by(F("review_due").asc(nulls_last=True), "submitted_at", "pk")
    )
