"""What waits for review, with its time: least time left first."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import User
from deadlines.models import Deadline
from risk.deadlines import REVIEW, SUBJECT
from risk.models import Assessment


def waiting_for_review(
    reader: User, *, whose: str = "all", grade: str = ""
) -> QuerySet[Assessment]:
    """What this supervisor sees waiting; of their own team's officers only where `whose` is "team".

    Each row carries `review_started` and `review_due`, the running clock of its review.
    """
    rows = Assessment.objects.visible_to(reader).waiting_for_review()
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
