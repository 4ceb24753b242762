"""An adviser looks at the risk with their client: after six to eight weeks, and at the end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

import deadlines.services
from accounts.models import User
from core import policy
from core.errors import DomainError, InvalidInput, Stale
from core.policy import ForcePolicy
from core.text import clean
from core.trigger_rules import Trigger
from core.working_time import Allowance, Clock
from deadlines.kinds import Terms
from deadlines.models import Deadline
from referrals.models import CaseReview, IdvaCase
from referrals.services.advising.holding import held, record_apart
from risk.grades import rank
from risk.services import judge
from risk.services.keeping import JUDGED
from risk.services.triggers import Fired, fire
from victims.models import RiskGrade
from victims.services import once

Occasion = CaseReview.Occasion
REVIEW = "idva_review"
LONGEST_WORDS = 10_000
LONGEST_REASON = 300
WEEK = timedelta(weeks=1)


@transaction.atomic
def review_case(
    *,
    case_id: int,
    would_be: str,
    safety: str,
    words: str,
    reason: str = "",
    feels_safe: int | None = None,
    closing: bool = False,
    seen: str | None = None,
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> CaseReview:
    """Look at the risk with a client, as the adviser sees it.

    `words` are for advisers alone. Where `would_be` is not the present grade the risk is looked at:
    a higher one counts at once, a lower one waits for a supervisor; `reason` (to 300 characters) is
    what stands in the risk record for that, and the police read it. `seen` is the grade that the
    page showed. A review from the policy's week on ends the clock of the review.

    Raises PermissionDenied; InvalidInput at `would_be`, `safety`, `feels_safe` (1 to 5), `words`
    (needed, to 10,000 characters) or `reason` (needed where the grade differs); Stale; DomainError
    where the case is not accepted or over.
    """
    case = held(case_id, actor, at)
    form = {"said": [would_be, safety, words, reason, feels_safe, closing]}
    earlier = once.earlier_result(
        key=key, what=f"review of {case.reference}", said=form, actor=actor, at=at
    )
    if earlier is not None:
        return CaseReview.objects.get(pk=earlier)
    _refuse_stale(case, would_be, seen)
    _require_answers(case, would_be, safety, feels_safe)
    differs = would_be != case.victim.grade
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=differs)
    row = CaseReview.objects.create(
        case=case,
        victim=case.victim,
        occasion=_occasion(case, closing, at),
        grade=case.victim.grade,
        would_be=RiskGrade(would_be),
        safety=CaseReview.Safety(safety),
        feels_safe=feels_safe,
        words=clean(words, field="words", longest=LONGEST_WORDS, required=True),
        at=at,
        by=actor,
    )
    once.remember(key=key, result=row.pk, actor=actor)
    record_apart(case, "reviewed", "Risk looked at with the client", actor, at)
    if window_open(case, at):
        deadlines.services.meet(kind=REVIEW, subject=case, actor=actor, at=at)
    if differs:
        _have_it_looked_at(row, case, reason, actor, at)
    return row


def owe_review(*, case_id: int, actor: User, at: datetime) -> Deadline | None:
    """A case is supported: its review is due, by the policy's weeks from acceptance.

    Passed from one adviser to another it goes on; once reviewed it is not owed again. Called where
    the case is allocated, which asked whether its actor may. None where nothing new is owed.
    """
    case = IdvaCase.objects.select_related("owner", "team").get(pk=case_id)
    if case.answered_at is None or Deadline.objects.of(case).filter(kind=REVIEW).exists():
        return None
    rules = policy.at(case.answered_at)
    return deadlines.services.start(
        kind=REVIEW,
        subject=case,
        reference=case.reference,
        victim_id=case.victim_id,
        team=case.team,
        owner=case.owner,
        started_at=case.answered_at,
        actor=actor,
        at=at,
        terms=_terms(case.answered_at, rules),
    )


def window(case: IdvaCase) -> tuple[datetime, datetime] | None:
    """From when and until when the review counts; None for a case that was never accepted."""
    if case.answered_at is None or case.allocated_at is None:
        return None
    rules = policy.at(case.answered_at)
    return (
        case.answered_at + rules.idva_review_from_weeks * WEEK,
        case.answered_at + rules.idva_review_by_weeks * WEEK,
    )


def window_open(case: IdvaCase, at: datetime) -> bool:
    """Whether a review at this instant is the one after six to eight weeks, or a late one."""
    found = window(case)
    return found is not None and at >= found[0]


def grades_for(grade: str) -> list[RiskGrade]:
    """What an adviser may find: what anybody may judge, and the grade as it stands."""
    found = list(JUDGED)
    if grade == RiskGrade.VERY_HIGH:
        found.append(RiskGrade.VERY_HIGH)
    return found


def _terms(started_at: datetime, rules: ForcePolicy) -> Terms:
    """The owner is told when the window opens, and in the middle of it."""
    opens = started_at + rules.idva_review_from_weeks * WEEK
    closes = started_at + rules.idva_review_by_weeks * WEEK
    return Terms(
        clock=Clock.ELAPSED,
        allowance=Allowance(days=rules.idva_review_by_weeks * 7),
        runs_from="acceptance",
        source="force policy",
        reminders=(opens, opens + (closes - opens) / 2),
    )


def _occasion(case: IdvaCase, closing: bool, at: datetime) -> CaseReview.Occasion:
    if closing:
        return Occasion.CLOSING
    owed = Deadline.objects.open().of(case).filter(kind=REVIEW).exists()
    return Occasion.WEEKS if owed and window_open(case, at) else Occasion.BETWEEN


def _refuse_stale(case: IdvaCase, would_be: str, seen: str | None) -> None:
    if seen is None or seen == case.victim.grade:
        return
    now = case.victim.get_grade_display() or "not graded"
    raise Stale(
        f"The grade was changed by somebody else: it is {now.lower()} now. Look again with that in "
        "mind.",
        theirs={"grade": case.victim.grade},
        yours={"grade": would_be},
        version=case.victim.version,
    )


def _require_answers(case: IdvaCase, would_be: str, safety: str, feels_safe: int | None) -> None:
    if would_be not in grades_for(case.victim.grade):
        raise InvalidInput("Say how high you see the risk.", field="would_be")
    if safety not in CaseReview.Safety.values:
        raise InvalidInput("Say how safe they are.", field="safety")
    if feels_safe is not None and not 1 <= feels_safe <= 5:
        raise InvalidInput("Give a number from 1 to 5.", field="feels_safe")


def _have_it_looked_at(
    row: CaseReview, case: IdvaCase, reason: str, actor: User, at: datetime
) -> None:
    """A judgement where one can be made; else whoever has the risk looks again."""
    if case.victim.grade != RiskGrade.VERY_HIGH:
        try:
            with transaction.atomic():
                judge(
                    victim_id=case.victim_id, grade=row.would_be, reason=reason, actor=actor, at=at
                )
        except DomainError:
            # Another's lower grade waits for its answer: this one is a reason to look again.
            pass
        else:
            return
    seen = "lower" if rank(row.would_be) < rank(case.victim.grade) else "higher"
    fire(
        fired=[
            Fired(
                victim_id=case.victim_id,
                trigger=Trigger.GRADE_DOUBTED,
                happened_at=at,
                words=f"The adviser sees a {seen} risk, {row.get_would_be_display().lower()}: "
                f"{reason}"[:300],
                source_type=CaseReview._meta.label_lower,
                source_id=row.pk,
            )
        ],
        actor=actor,
        at=at,
    )
