"""What this app adds to the pages of a victim, of an incident, and to the officers' home."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.prepared import Statement
from deadlines.models import Deadline
from incidents import next_steps
from incidents import panels as incident_panels
from incidents.history import assessed
from incidents.models import Incident, Involvement
from incidents.next_steps import NextStep
from risk.deadlines import ASSESSMENT, SUBJECT
from risk.history import chart
from risk.models import Assessment, GradeChange, Instrument
from risk.permissions import can_open
from victims import panels as victim_panels
from victims.models import RiskGrade, Victim

#: Of the newest of each; a picture with more cannot be read.
DRAWN_CHANGES, DRAWN_INCIDENTS = 40, 60


def risk_over_time(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """The picture and its table; nothing before there is an incident or a grade."""
    changes = list(GradeChange.objects.filter(victim=victim).order_by("-at")[:DRAWN_CHANGES])[::-1]
    incidents = list(
        Involvement.objects.filter(victim=victim)
        .order_by("-received_at")
        .values_list("received_at", flat=True)[:DRAWN_INCIDENTS]
    )
    if not changes and not incidents:
        return None
    return {"chart": chart(changes, incidents, at), "changes": changes[::-1]}


def why_this_grade(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """The grounds of the grade, and the assessment that gave it."""
    if not victim.grade:
        return None
    last = (
        GradeChange.objects.filter(victim=victim)
        .select_related("assessment__officer", "judgement__by", "actor")
        .order_by("-at", "-pk")
        .first()
    )
    return {"reason": victim.grade_reason, "since": victim.grade_since, "last": last}


def tab(victim: Victim, user: User, at: datetime) -> dict[str, Any]:
    """The link to the victim's assessments."""
    count = Assessment.objects.filter(victim=victim).count()
    return {
        "label": "Risk",
        "url": reverse("risk:of_victim", args=[victim.reference]),
        "count": count,
    }


def assessments_of_incident(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    """How far the assessment of each victim is, and who has none; whom this person may see."""
    rows = (
        Assessment.objects.visible_to(user)
        .with_scoring()
        .filter(incident=incident)
        .select_related("victim__person", "officer")
        .order_by("pk")
    )
    clocks = {
        row.subject_id: row
        for row in Deadline.objects.open().filter(
            subject_type=SUBJECT, subject_id__in=[row.pk for row in rows]
        )
    }
    pairs = [(row, clocks.get(row.pk)) for row in rows]
    without = _without(incident, rows, user)
    if not pairs and not without:
        return None
    may_begin = can_open(user)
    is_open = incident.state != Incident.State.CLOSED
    return {
        "rows": pairs,
        "without": without,
        "incident": incident,
        "may_begin": may_begin,
        "victims": list({row.victim_id: row.victim for row in rows}.values()) + without,
        "instruments": list(Instrument.objects.offered()) if may_begin and is_open else [],
    }


def _without(incident: Incident, rows: Iterable[Assessment], user: User) -> list[Victim]:
    """Victims with no assessment where nobody on the way will begin it; none once it is closed."""
    if incident.state not in {Incident.State.OPEN, Incident.State.ATTENDED}:
        return []
    if incident.state == Incident.State.OPEN and not (incident.not_sent_reason or can_open(user)):
        return []
    harmed = Victim.objects.visible_to(user).filter(
        involvements__incident=incident, involvements__role=Involvement.Role.VICTIM
    )
    others = harmed.exclude(pk__in=[row.victim_id for row in rows])
    return list(others.select_related("person").distinct().order_by("pk"))


def assessment_steps(
    officer: User, incidents: Sequence[Incident], at: datetime
) -> Iterable[NextStep]:
    """Assess the risk, or put right what came back."""
    if not can_open(officer):
        return
    own = list(
        Assessment.objects.unfinished()
        .filter(officer=officer, incident__in=[incident.pk for incident in incidents])
        .select_related("victim__person")
        .order_by("pk")
    )
    clocks = {
        row.subject_id: row
        for row in Deadline.objects.open().filter(
            kind=ASSESSMENT, subject_type=SUBJECT, subject_id__in=[row.pk for row in own]
        )
    }
    for row in own:
        clock = clocks.get(row.pk)
        came_back = row.state == Assessment.State.RETURNED
        what = "Returned: put the risk assessment right" if came_back else "Assess the risk"
        yield NextStep(
            row.incident_id,
            f"{what}, {row.victim.person}",
            reverse("risk:assess", args=[row.reference]),
            due_at=clock.due_at if clock else None,
            started_at=clock.started_at if clock else None,
        )


victim_panels.register("tab", 20, victim_panels.TAB, tab)
victim_panels.register("aside", 20, "risk/panels/why.html", why_this_grade)
victim_panels.register("aside", 30, "risk/panels/over_time.html", risk_over_time)
incident_panels.register(35, "risk/panels/incident.html", assessments_of_incident, of_whole=False)
next_steps.register(20, assessment_steps)


_GRADED = Statement(
    "risk_graded",
    """
    SELECT incident_id, grade FROM risk_assessment
    WHERE incident_id = ANY(%(incidents)s) AND grade <> ''
    """,
    {"incidents": "bigint[]"},
)


@assessed.register
def grades_of(incident_ids: Sequence[int]) -> dict[int, str]:
    """The gravest grade that counts of each incident's assessments, for the history look-up."""
    rows = _GRADED.rows({"incidents": list(incident_ids)})
    return dict(sorted(rows, key=lambda row: RiskGrade(row[1]).rank))
