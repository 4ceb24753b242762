"""Which of the conference's criteria a victim meets, with the numbers. A pure read.

The criteria are common practice: so many yes answers, so many incidents in so many months,
somebody's professional judgement, and a repeat after a conference. They rest on answers, incidents
and judgements of high; nobody's lower judgement takes one away, agreed to or not.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from core import policy
from core.clock import local, months_before
from core.policy import ForcePolicy
from incidents.models import Involvement
from risk.instruments import YES, answer_of, questionnaire
from risk.models import Assessment, AssessmentReview, GradeChange, GradeJudgement
from victims.models import RiskGrade


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: whether it is met, and the numbers that say so, in words."""

    code: str
    label: str
    is_met: bool
    words: str


def criteria(victim_id: int, at: datetime) -> list[Criterion]:
    """All four, met or not, as of `at`, in a fixed order. Ten queries at most."""
    rules = policy.at(at)
    since = _last_reviewed(victim_id, at)
    return [
        _yes_answers(victim_id, since, at, rules),
        _incidents(victim_id, at, rules),
        _judged_high(victim_id, since, at),
        _repeat(victim_id, at, rules),
    ]


def met(victim_id: int, at: datetime) -> list[Criterion]:
    """Only those that are met."""
    return [one for one in criteria(victim_id, at) if one.is_met]


def _last_reviewed(victim_id: int, at: datetime) -> datetime | None:
    """From when on answers and judgements count: the newest assessment that was reviewed.

    One that still waits for its supervisor stands beside it, not in its place.
    """
    reviewed = Assessment.objects.filter(victim=victim_id, reviewed_at__lte=at)
    newest: datetime | None = reviewed.aggregate(newest=Max("submitted_at"))["newest"]
    return newest


def _yes_answers(
    victim_id: int, since: datetime | None, at: datetime, rules: ForcePolicy
) -> Criterion:
    rows = Assessment.objects.filter(victim=victim_id, submitted_at__lte=at)
    if since is not None:
        rows = rows.filter(submitted_at__gte=since)
    counted = [
        (row.yes_count + _found_since(row, at), row.submitted_at)
        for row in rows.select_related("instrument").prefetch_related("unknowns")
        if row.submitted_at is not None
    ]
    edge = f"the conference's from {rules.high_from_yes}"
    words, count = f"not assessed yet ({edge})", 0
    if counted:
        count, instant = max(counted)
        answers = "yes answer" if count == 1 else "yes answers"
        words = f"{count} {answers} on {_day(instant)} ({edge})"
    return Criterion("yes_answers", "Yes answers", count >= rules.high_from_yes, words)


def _found_since(assessment: Assessment, at: datetime) -> int:
    """Topics that count, unknown when they were asked, and found to be yes since."""
    countable = {topic.code for topic in questionnaire(assessment.instrument).topics}
    return sum(
        row.found == YES
        and row.topic in countable
        and answer_of(assessment.answers, row.topic) != YES
        and row.settled_at is not None
        and row.settled_at <= at
        for row in assessment.unknowns.all()
    )


def _incidents(victim_id: int, at: datetime, rules: ForcePolicy) -> Criterion:
    rows = Involvement.objects.filter(
        victim=victim_id,
        received_at__gt=months_before(at, rules.repeat_months),
        received_at__lte=at,
    )
    count = rows.values("incident").distinct().count()
    plural = "" if count == 1 else "s"
    words = (
        f"{count} incident{plural} in {rules.repeat_months} months "
        f"(the conference's from {rules.escalation_incidents})"
    )
    return Criterion("escalation", "Escalation", count >= rules.escalation_incidents, words)


def _judged_high(victim_id: int, since: datetime | None, at: datetime) -> Criterion:
    found = [
        *_judged_by_officers(victim_id, since, at),
        *_regraded(victim_id, since, at),
        *_judged_between(victim_id, since, at),
    ]
    words = "nobody judged it high since it was last assessed"
    if found:
        instant, who = max(found)
        words = f"judged high by {who} on {_day(instant)}"
    return Criterion("judgement", "Professional judgement", bool(found), words)


def _judged_by_officers(
    victim_id: int, since: datetime | None, at: datetime
) -> list[tuple[datetime, str]]:
    rows = Assessment.objects.filter(
        victim=victim_id, judged_grade=RiskGrade.HIGH, submitted_at__lte=at
    ).select_related("officer")
    if since is not None:
        rows = rows.filter(submitted_at__gte=since)
    return [(row.submitted_at, str(row.officer)) for row in rows if row.submitted_at]


def _regraded(victim_id: int, since: datetime | None, at: datetime) -> list[tuple[datetime, str]]:
    rows = AssessmentReview.objects.filter(
        assessment__victim=victim_id,
        decision=AssessmentReview.Decision.REGRADE,
        grade_after=RiskGrade.HIGH,
        at__lte=at,
    ).select_related("reviewer")
    if since is not None:
        rows = rows.filter(assessment__submitted_at__gte=since)
    return [(row.at, str(row.reviewer)) for row in rows]


def _judged_between(
    victim_id: int, since: datetime | None, at: datetime
) -> list[tuple[datetime, str]]:
    rows = GradeJudgement.objects.filter(
        victim=victim_id,
        grade=RiskGrade.HIGH,
        state=GradeJudgement.State.COUNTS,
        at__lte=at,
    ).select_related("by")
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [(row.at, str(row.by)) for row in rows]


def _repeat(victim_id: int, at: datetime, rules: ForcePolicy) -> Criterion:
    """An incident within so many months after the conference last had the case.

    Very high is the conference's grade alone, so its last instant is when the case was there.
    """
    heard = (
        GradeChange.objects.filter(victim=victim_id, after=RiskGrade.VERY_HIGH, at__lte=at)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    if heard is None:
        return Criterion("repeat", "Repeat", False, "not before a conference so far")
    count = Involvement.objects.filter(
        victim=victim_id, received_at__gt=heard, received_at__lte=at
    ).count()
    recent = heard > months_before(at, rules.repeat_months)
    plural = "" if count == 1 else "s"
    words = (
        f"{count} incident{plural} since the conference of {_day(heard)} "
        f"(a repeat within {rules.repeat_months} months)"
    )
    return Criterion("repeat", "Repeat", recent and count > 0, words)


def _day(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y}"
