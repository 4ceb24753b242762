"""Professional judgement between assessments: higher counts at once, lower waits for agreement."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.models import Team, User
from audit import services as audit
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.text import clean
from deadlines import services as deadlines
from risk.deadlines import GRADE_AGREEMENT
from risk.events import JudgedHigh
from risk.grades import rank
from risk.models import GradeJudgement
from risk.permissions import can_decide_judgement, can_judge, can_see_queue
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.victim_grade import set_by_judgement
from victims.models import RiskGrade, Victim

State = GradeJudgement.State


@transaction.atomic
def judge(
    *,
    victim_id: int,
    grade: str,
    reason: str,
    actor: User,
    at: datetime,
    reassessment_id: int | None = None,
    seen: str | None = None,
) -> GradeJudgement:
    """Judge a victim's risk other than the grade says; said twice by one person it is one.

    A higher grade counts at once; a lower one is put to a supervisor, and the grade stays until
    one agrees. `seen` is the grade that the page showed: what was meant as higher must not be
    taken for lower because somebody else was quicker. Raises PermissionDenied; InvalidInput at
    `grade` or `reason`; Stale; DomainError where the grade is the conference's or another lower
    one waits already.
    """
    victim = _lock(victim_id)
    if not can_judge(actor):
        raise PermissionDenied("Only those who look at risk judge it.")
    if grade not in JUDGED:
        raise InvalidInput("Judge standard, medium or high.", field="grade")
    reason = clean(reason, field="reason", longest=LONGEST_REASON)
    if not reason:
        raise InvalidInput("Say why: a judgement is its reasons.", field="reason")
    earlier = _said_before(victim, grade, reason, actor)
    if earlier is not None:
        return earlier
    _require_open_to_judgement(victim, grade, reason, seen)
    raises = rank(grade) > rank(victim.grade)
    if not raises:
        _make_room(victim, actor, at)
    judgement = GradeJudgement.objects.create(
        victim=victim,
        reassessment_id=reassessment_id,
        before=victim.grade,
        grade=grade,
        reason=reason,
        by=actor,
        at=at,
        state=State.COUNTS if raises else State.WAITING,
    )
    _record_judged(judgement, actor, at)
    if raises:
        set_by_judgement(judgement, actor=actor, at=at)
        _announce(judgement, actor, at)
    else:
        _put_to_supervisor(judgement, actor, at)
    return judgement


@transaction.atomic
def decide_judgement(
    *, judgement_id: int, agrees: bool, words: str, actor: User, at: datetime
) -> GradeJudgement:
    """A supervisor agrees to a lower grade, which then counts, or does not, and it stays.

    Raises PermissionDenied (for one's own, too); AlreadyTaken naming who was first; DomainError
    when a later grade overtook it; InvalidInput at `words`, which either answer needs.
    """
    victim = _lock(GradeJudgement.objects.values_list("victim", flat=True).get(pk=judgement_id))
    judgement = (
        GradeJudgement.objects.select_for_update(of=("self",))
        .select_related("by", "decided_by")
        .get(pk=judgement_id)
    )
    if not can_see_queue(actor):
        raise PermissionDenied("Only supervisors agree to a lower grade.")
    if not can_decide_judgement(actor, judgement):
        raise PermissionDenied("This is your own judgement: another supervisor must agree to it.")
    _require_waiting(judgement)
    words = clean(words, field="words", longest=LONGEST_REASON)
    if not words:
        asked = "agree" if agrees else "do not agree"
        raise InvalidInput(f"Say why you {asked}.", field="words")
    _end(judgement, State.AGREED if agrees else State.REFUSED, words, actor, at)
    deadlines.meet(kind=GRADE_AGREEMENT, subject=judgement, actor=actor, at=at)
    _record_decided(judgement, victim, actor, at)
    if agrees:
        set_by_judgement(judgement, actor=actor, at=at)
    _tell_who_judged(judgement, victim, at)
    return judgement


@transaction.atomic
def overtaken_by_grade(
    *, victim_id: int, before: str, after: str, actor: User, at: datetime
) -> None:
    """The grade changed: a lower one that waits falls away once it rose, or is no lower any more.

    Runs inside the service that set the grade, which asked for its permission.
    """
    victim = _lock(victim_id)
    waiting = _waiting(victim)
    if waiting is None:
        return
    if rank(after) > rank(before) or rank(after) <= rank(waiting.grade):
        because = f"the grade is {RiskGrade(after).label.lower()} now"
        _overtake(waiting, victim, because, actor, at)


@transaction.atomic
def overtaken_by_assessment(*, victim_id: int, grade: str, actor: User, at: datetime) -> None:
    """An assessment came later and says more than the lower grade that waits: that falls away.

    Runs inside the service that submitted it, which asked for its permission.
    """
    victim = _lock(victim_id)
    waiting = _waiting(victim)
    if waiting is not None and rank(grade) > rank(waiting.grade):
        because = f"a later assessment says {RiskGrade(grade).label.lower()}"
        _overtake(waiting, victim, because, actor, at)


def _announce(judgement: GradeJudgement, actor: User, at: datetime) -> None:
    if judgement.grade == RiskGrade.HIGH:
        events.announce(JudgedHigh(judgement.pk, judgement.victim_id, actor, at))


def _lock(victim_id: int) -> Victim:
    # The victim's row is the lock, as it is where the grade follows an assessment.
    # Their team is read once it is held: it may have passed to another one meanwhile.
    Victim.objects.select_for_update().values_list("pk").get(pk=victim_id)
    row: Victim = Victim.objects.select_related("risk_team__supervisor").get(pk=victim_id)
    return row


def _said_before(victim: Victim, grade: str, reason: str, actor: User) -> GradeJudgement | None:
    """The newest judgement, where it is the same person saying the same, and it still holds."""
    last = victim.judgements.order_by("-pk").first()
    if last is None or (last.by_id, last.grade, last.reason) != (actor.pk, grade, reason):
        return None
    holds = last.state == State.WAITING or (last.state == State.COUNTS and victim.grade == grade)
    return last if holds else None


def _require_open_to_judgement(victim: Victim, grade: str, reason: str, seen: str | None) -> None:
    if victim.grade == RiskGrade.VERY_HIGH:
        raise DomainError(
            "Very high was given by the conference and is not changed by judgement.",
            field="grade",
            code="conference",
        )
    if seen is not None and seen != victim.grade:
        now = RiskGrade(victim.grade).label.lower() if victim.grade else "not graded"
        raise Stale(
            f"The grade was changed by somebody else: it is {now} now. Judge again with that in "
            "mind.",
            theirs={"grade": victim.grade, "reason": victim.grade_reason},
            yours={"grade": grade, "reason": reason},
            version=victim.version,
        )
    if grade == victim.grade:
        label = RiskGrade(grade).label.lower()
        raise InvalidInput(f"The grade is {label} already.", field="grade")


def _make_room(victim: Victim, actor: User, at: datetime) -> None:
    """One lower grade waits at a time: one's own gives way to the newer, another's does not."""
    waiting = _waiting(victim)
    if waiting is None:
        return
    if waiting.by_id != actor.pk:
        label = RiskGrade(waiting.grade).label.lower()
        raise DomainError(
            f"{waiting.by} has put a lower grade, {label}, to a supervisor already. Wait for the "
            "answer.",
            field="grade",
            code="waiting",
        )
    _overtake(waiting, victim, f"{actor} judged again", actor, at)


def _waiting(victim: Victim) -> GradeJudgement | None:
    found: GradeJudgement | None = (
        GradeJudgement.objects.waiting()
        .filter(victim=victim)
        .select_for_update(of=("self",))
        .select_related("by")
        .first()
    )
    return found


def _require_waiting(judgement: GradeJudgement) -> None:
    if judgement.state == State.WAITING:
        return
    if judgement.state in {State.AGREED, State.REFUSED}:
        done = "agreed to" if judgement.state == State.AGREED else "refused"
        raise AlreadyTaken(f"{judgement.decided_by} has {done} this already.")
    if judgement.state == State.OVERTAKEN:
        raise DomainError(
            "A later grade overtook this: there is nothing to decide any more.", code="overtaken"
        )
    raise DomainError("This was no lower grade: it counted at once.")


def _end(judgement: GradeJudgement, state: str, words: str, actor: User, at: datetime) -> None:
    judgement.state, judgement.decision_words = state, words
    judgement.decided_by, judgement.decided_at = actor, at
    judgement.save(update_fields=["state", "decision_words", "decided_by", "decided_at"])


def _overtake(
    judgement: GradeJudgement, victim: Victim, because: str, actor: User, at: datetime
) -> None:
    _end(judgement, State.OVERTAKEN, because, actor, at)
    deadlines.cancel(kind=GRADE_AGREEMENT, subject=judgement, actor=actor, at=at, reason=because)
    audit.record(
        actor=actor,
        at=at,
        verb="judgement.overtaken",
        headline=f"Lower grade {_label(judgement)} no longer waits: {because}",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"judgement": judgement.pk, "judged_by": str(judgement.by)},
    )
    if judgement.by_id != actor.pk:
        _tell(judgement, victim, "information", "Your lower grade was overtaken", at)


def _put_to_supervisor(judgement: GradeJudgement, actor: User, at: datetime) -> None:
    team, supervisor = _who_agrees(judgement.victim, actor)
    deadlines.start(
        kind=GRADE_AGREEMENT,
        subject=judgement,
        reference=judgement.victim.reference,
        victim_id=judgement.victim_id,
        team=team,
        owner=supervisor,
        started_at=at,
        actor=actor,
        at=at,
    )


def _who_agrees(victim: Victim, actor: User) -> tuple[Team, User | None]:
    """Who leads the judge's team, else the team that has the risk; never the judge, never nobody's.

    Where neither is led by somebody who may agree it is the team's, and the ladder finds who does.
    """
    teams = [team for team in (actor.team, victim.risk_team) if team is not None]
    for team in teams:
        leader = team.supervisor
        if leader is not None and leader != actor and leader.is_active and can_see_queue(leader):
            return team, leader
    return teams[0], None


def _tell_who_judged(judgement: GradeJudgement, victim: Victim, at: datetime) -> None:
    if judgement.state == State.AGREED:
        _tell(judgement, victim, "information", "Lower grade agreed to", at)
    else:
        _tell(judgement, victim, "warning", "Lower grade not agreed to", at)


def _tell(judgement: GradeJudgement, victim: Victim, level: str, what: str, at: datetime) -> None:
    deadlines.notify(
        users=[judgement.by],
        level=level,
        headline=f"{what}: {victim.reference}",
        reference=victim.reference,
        path=reverse("risk:of_victim", args=[victim.reference]),
        victim_id=victim.pk,
        at=at,
    )


def _label(judgement: GradeJudgement) -> str:
    return RiskGrade(judgement.grade).label.lower()


def _record_judged(judgement: GradeJudgement, actor: User, at: datetime) -> None:
    raises = judgement.state == State.COUNTS
    waits = "" if raises else ", waits for a supervisor's agreement"
    audit.record(
        actor=actor,
        at=at,
        verb="judgement.raised" if raises else "judgement.put",
        headline=f"Risk judged {_label(judgement)}{waits}",
        subject=judgement.victim.reference,
        victim_id=judgement.victim_id,
        is_grave=raises and judgement.grade == RiskGrade.HIGH,
        detail={
            "judgement": judgement.pk,
            "before": judgement.before,
            "judged": judgement.grade,
            "reason": judgement.reason,
        },
    )


def _record_decided(judgement: GradeJudgement, victim: Victim, actor: User, at: datetime) -> None:
    agreed = judgement.state == State.AGREED
    headline = f"Lower grade {_label(judgement)} {'agreed to' if agreed else 'not agreed to'}"
    audit.record(
        actor=actor,
        at=at,
        verb="judgement.agreed" if agreed else "judgement.refused",
        headline=headline,
        subject=victim.reference,
        victim_id=victim.pk,
        detail={
            "judgement": judgement.pk,
            "before": victim.grade,
            "judged": judgement.grade,
            "judged_by": str(judgement.by),
            "reason": judgement.reason,
            "words": judgement.decision_words,
        },
    )
