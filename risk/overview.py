"""What the page of a victim's risk shows beside the assessments, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from deadlines.models import Deadline
from incidents.models import Involvement
from risk import conference
from risk.deadlines import FIND_OUT, GRADE_AGREEMENT, SUBJECT
from risk.grades import Suggestion, rank
from risk.history import Chart, Entry, chart, entries
from risk.instruments import ANSWERS, Topic, questionnaire
from risk.models import Assessment, GradeChange, GradeJudgement, UnknownAnswer
from risk.permissions import can_decide_judgement, can_find_out, can_judge
from risk.services.unknowns import suggested_with_found
from victims.models import Victim

#: Of the newest of each; a picture or a table with more cannot be read.
DRAWN_CHANGES, DRAWN_INCIDENTS, SHOWN_JUDGEMENTS, SHOWN_ENTRIES = 40, 60, 25, 40


@dataclass(frozen=True, slots=True)
class Unknown:
    """One topic that is to be found out, as the page names it."""

    row: UnknownAnswer
    topic: Topic

    @property
    def was(self) -> str:
        """ "Don't know" or "Not asked"."""
        return ANSWERS[self.row.answer]


@dataclass(frozen=True, slots=True)
class ToFindOut:
    """An assessment with what it left unknown, and the clock of that."""

    assessment: Assessment
    unknowns: list[Unknown]
    clock: Deadline | None


def of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any]:
    """Everything but the assessments: the picture, judgements, criteria, what is to be found out.

    About fifteen queries, however much there is.
    """
    changes = _changes(victim)
    incidents = list(
        Involvement.objects.filter(victim=victim)
        .select_related("incident")
        .order_by("-received_at")[:DRAWN_INCIDENTS]
    )
    judgements = list(judgements_of(victim)[:SHOWN_JUDGEMENTS])
    waiting = next((row for row in judgements if row.state == GradeJudgement.State.WAITING), None)
    return {
        "chart": _chart(changes, incidents, at),
        "entries": _entries(changes, incidents, judgements),
        "judgements": judgements,
        "waiting": waiting,
        "agreement": agreement_clock(waiting),
        "criteria": conference.criteria(victim.pk, at),
        "to_find_out": to_find_out(victim),
        "suggested": raised_by_what_was_found(victim, at),
        "may_judge": can_judge(reader),
        "may_decide": waiting is not None and can_decide_judgement(reader, waiting),
        "may_find_out": can_find_out(reader),
    }


def judgements_of(victim: Victim) -> QuerySet[GradeJudgement]:
    """Newest first, with whoever judged and decided."""
    rows = GradeJudgement.objects.filter(victim=victim).select_related("by", "decided_by")
    return rows.order_by("-at", "-pk")


def agreement_clock(waiting: GradeJudgement | None) -> Deadline | None:
    """How long there is to agree to a lower grade."""
    if waiting is None:
        return None
    return Deadline.objects.of(waiting).open().filter(kind=GRADE_AGREEMENT).first()


def find_out_clock(assessment: Assessment) -> Deadline | None:
    """How long there is to find out what an assessment left unknown."""
    return Deadline.objects.of(assessment).open().filter(kind=FIND_OUT).first()


def to_find_out(victim: Victim) -> list[ToFindOut]:
    """Assessments that left something unknown which nobody has settled, newest first."""
    rows = (
        UnknownAnswer.objects.open()
        .filter(victim=victim)
        .select_related("assessment__instrument", "owner", "team")
        .order_by("-assessment__started_at", "-assessment", "topic")
    )
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row.assessment_id)]
    clocks = {
        clock.subject_id: clock
        for clock in Deadline.objects.open().filter(
            kind=FIND_OUT,
            subject_type=SUBJECT,
            subject_id__in=[group[0].assessment_id for group in grouped],
        )
    }
    return [
        ToFindOut(
            group[0].assessment,
            named(group[0].assessment, group),
            clocks.get(group[0].assessment_id),
        )
        for group in grouped
    ]


def named(assessment: Assessment, rows: Sequence[UnknownAnswer]) -> list[Unknown]:
    """Rows of one assessment with their topics, in the order of the questionnaire."""
    topics = questionnaire(assessment.instrument).by_code
    places = {code: place for place, code in enumerate(topics)}
    ordered = sorted(rows, key=lambda row: places[row.topic])
    return [Unknown(row, topics[row.topic]) for row in ordered]


def raised_by_what_was_found(victim: Victim, at: datetime) -> Suggestion | None:
    """What the newest assessment suggests with what was found out, if that is above the grade."""
    newest = (
        Assessment.objects.filter(victim=victim, unknowns__found="yes")
        .select_related("instrument", "incident")
        .order_by("-submitted_at")
        .first()
    )
    if newest is None:
        return None
    suggestion = suggested_with_found(newest, at)
    return suggestion if rank(suggestion.grade) > rank(victim.grade) else None


def _changes(victim: Victim) -> list[GradeChange]:
    """The newest, oldest first."""
    rows = GradeChange.objects.filter(victim=victim).select_related(
        "actor", "assessment", "judgement"
    )
    return list(rows.order_by("-at", "-pk")[:DRAWN_CHANGES])[::-1]


def _chart(changes: list[GradeChange], incidents: list[Involvement], at: datetime) -> Chart | None:
    if not changes and not incidents:
        return None
    return chart(changes, [row.received_at for row in incidents], at)


def _entries(
    changes: list[GradeChange], incidents: list[Involvement], judgements: list[GradeJudgement]
) -> list[Entry]:
    return entries(changes, incidents, judgements)[:SHOWN_ENTRIES]
