"""Reassessments as the list and the page show them, read once."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from accounts.cover import stood_in_for
from accounts.models import User
from deadlines.models import Deadline
from risk import conference
from risk.deadlines import REASSESSMENT
from risk.models import Assessment, Instrument, Reassessment, ReassessmentReason
from risk.panels import risk_over_time
from risk.permissions import can_see_queue
from risk.services.reassessing import may_answer, may_take
from victims.duties import named
from victims.models import Duty, RiskGrade, VictimUpdate

SUBJECT = Reassessment._meta.label_lower
State = Reassessment.State
#: Of what a victim was told of one reassessment's reasons; each reason has one or two.
SHOWN_UPDATES = 20


def usual(reader: User) -> str:
    """Whose are listed unless the address says: one's own, their team's for those who lead."""
    return "team" if can_see_queue(reader) else "mine"


def listed(
    reader: User, at: datetime, *, whose: str = "all", trigger: str = ""
) -> QuerySet[Reassessment]:
    """What is open and this person may see, least time left first.

    "mine" holds what they stand in for as well; "team" also the teams that they lead. Each row has
    its standing reasons as `standing` and `clock_started`, when its time began to run.
    """
    rows = Reassessment.objects.visible_to(reader).open()
    if whose == "mine":
        stood_in = [absence.person_id for absence in stood_in_for(reader.pk, at)]
        rows = rows.filter(owner__in=[reader.pk, *stood_in])
    elif whose == "team":
        led = reader.supervises.values_list("pk", flat=True)
        rows = rows.filter(team__in={pk for pk in (reader.team_id, *led) if pk})
    if trigger:
        own = ReassessmentReason.objects.standing().filter(
            reassessment=OuterRef("pk"), trigger=trigger
        )
        rows = rows.filter(Exists(own))
    clock = Deadline.objects.open().filter(
        kind=REASSESSMENT, subject_type=SUBJECT, subject_id=OuterRef("pk")
    )
    return (
        rows.select_related("victim__person", "owner", "team")
        .prefetch_related(standing())
        .annotate(clock_started=Subquery(clock.values("started_at")[:1]))
        .order_by("due_at", "pk")
    )


def standing() -> Prefetch:  # type: ignore[type-arg]
    """The reasons that stand, the most pressing first, as `standing`."""
    reasons = ReassessmentReason.objects.standing().order_by("due_at", "pk")
    return Prefetch("reasons", queryset=reasons, to_attr="standing")


def shown(row: Reassessment, reader: User, at: datetime) -> dict[str, Any]:
    """Everything that the page of one shows beside the form. About thirty queries."""
    victim = row.victim
    reasons = list(row.reasons.order_by("happened_at", "pk"))
    is_open = row.state == State.OPEN
    may = is_open and may_answer(reader, row, at)
    return {
        "reassessment": row,
        "victim": victim,
        "reasons": reasons,
        "clock": Deadline.objects.of(row).filter(kind=REASSESSMENT).order_by("-pk").first(),
        "risk": named(victim, Duty.RISK, at),
        "may_answer": may,
        "may_take": is_open and reader.pk != row.owner_id and may_take(reader, row, at),
        "may_be_judged": victim.grade != RiskGrade.VERY_HIGH,
        "last": last_assessment(row),
        "begun": list(unfinished(row)) if is_open else [],
        "instruments": list(Instrument.objects.offered()) if may else [],
        "updates": list(told(row, reasons)),
        "judgements": list(row.judgements.select_related("by", "decided_by").order_by("-pk")),
        "criteria": conference.criteria(victim.pk, at),
        "over_time": risk_over_time(victim, reader, at),
    }


def last_assessment(row: Reassessment) -> Assessment | None:
    """The victim's newest that was submitted."""
    rows = Assessment.objects.whole().filter(victim=row.victim_id).select_related("officer")
    return rows.order_by("-submitted_at").first()


def unfinished(row: Reassessment) -> QuerySet[Assessment]:
    """What somebody has begun for this victim and not submitted: submitted, it may be the end."""
    rows = Assessment.objects.unfinished().filter(victim=row.victim_id)
    return rows.select_related("officer", "instrument").order_by("-started_at")


def told(row: Reassessment, reasons: list[ReassessmentReason]) -> QuerySet[VictimUpdate]:
    """What the victim was, or is, to be told of what announced these reasons; newest first."""
    updates = VictimUpdate.objects.filter(
        victim=row.victim_id,
        source_type__in={reason.source_type for reason in reasons},
        source_id__in={reason.source_id for reason in reasons},
    )
    return updates.select_related("owner", "settled_by").order_by("-happened_at", "-pk")[
        :SHOWN_UPDATES
    ]
