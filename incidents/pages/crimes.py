"""Crimes and repeated incidents without one, as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, F, OuterRef, QuerySet, Subquery, Value, When

from accounts.models import User
from deadlines.models import Deadline
from incidents import panels
from incidents.deadlines import NON_CRIME_REVIEW
from incidents.models import CrimeOwed, FirstResponse, Incident, Involvement, NonCrimeReview
from incidents.permissions import may_record_crime, may_review_non_crimes

REVIEW_SUBJECT = "incidents.noncrimereview"
WAITING, SETTLED = "waiting", "settled"


@dataclass(frozen=True)
class Beside:
    """One of the incidents that stand side by side."""

    incident: Incident
    victims: list[str]
    others: list[str]
    children: list[str]
    response: FirstResponse | None
    #: Not counted any more: a crime was recorded, or its reason was taken back.
    is_counted: bool


def reviews_for(reader: User, shown: str) -> QuerySet[NonCrimeReview]:
    """The list: one's own team's first, then least time left; or what was settled, newest first.

    Each row carries `due_at`, `started_at` and `team_name` of its clock, and `is_own`.
    """
    waiting = NonCrimeReview.objects.waiting()
    rows = NonCrimeReview.objects.visible_to(reader)
    rows = rows.exclude(pk__in=waiting.values("pk")) if shown == SETTLED else rows.waiting()
    clock = Deadline.objects.filter(
        kind=NON_CRIME_REVIEW, subject_type=REVIEW_SUBJECT, subject_id=OuterRef("pk")
    ).order_by("-pk")
    listed = rows.select_related(
        "victim__person", "victim__contact_team", "incident", "decided_by"
    ).annotate(
        due_at=Subquery(clock.values("due_at")[:1]),
        started_at=Subquery(clock.values("started_at")[:1]),
        team=Subquery(clock.values("team")[:1]),
        team_name=Subquery(clock.values("team__name")[:1]),
        is_own=Case(
            When(team=reader.team_id, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )
    if shown == SETTLED:
        return listed.order_by("-opened_at", "-pk")
    return listed.order_by("-is_own", F("due_at").asc(nulls_last=True), "pk")


def review_of(reader: User, victim_reference: str) -> NonCrimeReview | None:
    """The review of a victim that waits, else the newest; None where the reader sees none."""
    rows = NonCrimeReview.objects.visible_to(reader).filter(victim__reference=victim_reference)
    rows = rows.select_related("victim__person", "victim__contact_team", "decided_by")
    return rows.waiting().first() or rows.order_by("-opened_at", "-pk").first()


def side_by_side(review: NonCrimeReview) -> list[Beside]:
    """The incidents counted, oldest first, in a fixed number of queries."""
    incidents = list(
        Incident.objects.filter(reference__in=review.incidents_counted)
        .select_related("address", "first_response__officer")
        .prefetch_related("involvements__person", "crimes", "first_response__children")
        .order_by("received_at", "pk")
    )
    return [_beside(incident) for incident in incidents]


def _beside(incident: Incident) -> Beside:
    by_role: dict[str, list[str]] = {}
    for row in incident.involvements.all():
        by_role.setdefault(row.role, []).append(str(row.person))
    response = getattr(incident, "first_response", None)
    seen = [
        f"{child.name}: {child.words or 'no words taken down'}" for child in _children(response)
    ]
    return Beside(
        incident=incident,
        victims=by_role.get(Involvement.Role.VICTIM, []),
        others=by_role.get(Involvement.Role.PERPETRATOR, []),
        children=seen or by_role.get(Involvement.Role.CHILD, []),
        response=response,
        is_counted=bool(incident.non_crime_reason) and not incident.crimes.all(),
    )


def _children(response: FirstResponse | None) -> list[Any]:
    return list(response.children.all()) if response else []


def review_panel(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """On the page of an incident that a waiting review counts, for those who decide."""
    if not may_review_non_crimes(reader) or not incident.non_crime_reason:
        return None
    reviews = list(
        NonCrimeReview.objects.visible_to(reader)
        .waiting()
        .filter(victim__involvements__incident=incident)
        .select_related("victim__person")
        .distinct()
    )
    return {"reviews": reviews} if reviews else None


def owed_panel(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """What a supervisor decided should have been recorded, until a crime is; for those who do."""
    if not may_record_crime(reader):
        return None
    rows = CrimeOwed.objects.filter(incident=incident, incident__crimes=None)
    owed = list(rows.select_related("review__decided_by"))
    return {"owed": owed} if owed else None


panels.register(44, "incidents/crimes/owed_panel.html", owed_panel)
panels.register(45, "incidents/crimes/review_panel.html", review_panel)
