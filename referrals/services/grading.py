"""The unit looks at the grade again: it agrees, or sends it back to risk. It never regrades."""

from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core.errors import InvalidInput
from core.text import clean
from core.trigger_rules import Trigger
from deadlines import kinds
from deadlines.models import Notification
from referrals.models import GradeCheck, Referral
from referrals.services.claiming import lock, require_holder, require_version
from referrals.services.opening import regrade
from risk.deadlines import REASSESSMENT
from risk.services import triggers
from risk.services.keeping import JUDGED
from victims.models import RiskGrade

LONGEST_WORDS = 10_000
SOURCE = GradeCheck._meta.label_lower


@transaction.atomic
def check_grade(
    *,
    referral_id: int,
    would_be: str,
    words: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> GradeCheck:
    """Say what the unit would grade it; said twice it is said once.

    The same as it stands is agreement, and ends an earlier doubt that nobody has looked at yet.
    Anything else needs words and sends it back to risk: the victim's risk is to be looked at again,
    by a named owner and in policy's time, and the grade stays as it is until they have. Raises
    PermissionDenied for whoever does not have it, DomainError for one that is finished or that
    nobody has, Stale, InvalidInput at `would_be` or `words`.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS)
    referral = lock(referral_id)
    require_holder(actor, referral, at, what="look at its grade again")
    require_version(referral, version, {"would_be": would_be, "words": words})
    _check(referral, would_be, words)
    last = referral.grade_checks.order_by("-at", "-pk").first()
    if last is not None and _is_same(last, referral, would_be, words, actor):
        return last
    check = GradeCheck.objects.create(
        referral=referral,
        victim_id=referral.victim_id,
        grade=referral.grade,
        would_be=would_be,
        words=words,
        by=actor,
        at=at,
    )
    if would_be == referral.grade:
        _agree(check, actor, at)
    else:
        _send_back(check, actor, at)
    return check


def follow_victim(*, victim_id: int, grade: str, actor: User, at: datetime) -> list[Referral]:
    """Risk has looked again: the open referrals that were sent back take the victim's grade.

    In the transaction that changed the grade, which holds the victim's lock. Gives those touched.
    """
    rows = (
        Referral.objects.open()
        .filter(victim=victim_id, grade_checks__isnull=False)
        .exclude(grade=grade)
        .order_by("pk")
    )
    sent_back = [row.pk for row in rows.distinct() if _was_sent_back(row)]
    locked = Referral.objects.filter(pk__in=sent_back).select_related("claimed_by").order_by("pk")
    return [
        regrade(row, RiskGrade(grade), actor=actor, at=at)
        for row in locked.select_for_update(of=("self",), no_key=True)
    ]


def _was_sent_back(referral: Referral) -> bool:
    last = referral.grade_checks.order_by("-at", "-pk").first()
    return last is not None and last.would_be != last.grade


def _check(referral: Referral, would_be: str, words: str) -> None:
    if would_be not in {*JUDGED, referral.grade}:
        raise InvalidInput("Say standard, medium or high.", field="would_be")
    if would_be != referral.grade and not words:
        raise InvalidInput("Say why, for whoever looks at the risk again.", field="words")


def _is_same(last: GradeCheck, referral: Referral, would_be: str, words: str, actor: User) -> bool:
    said = (last.grade, last.would_be, last.words, last.by_id)
    return said == (referral.grade, would_be, words, actor.pk)


def _agree(check: GradeCheck, actor: User, at: datetime) -> None:
    earlier = check.referral.grade_checks.exclude(pk=check.pk).values_list("pk", flat=True)
    if earlier:
        triggers.withdraw(
            source_type=SOURCE,
            source_ids=list(earlier),
            because="The referral unit agrees with the grade now",
            actor=actor,
            at=at,
        )
    _record(check, "agreed", "The unit agrees with the grade", actor, at)


def _send_back(check: GradeCheck, actor: User, at: datetime) -> None:
    stands, would_be = (RiskGrade(one).label.lower() for one in (check.grade, check.would_be))
    reference = check.referral.reference
    opened = triggers.fire(
        fired=[
            triggers.Fired(
                victim_id=check.victim_id,
                trigger=Trigger.GRADE_DOUBTED,
                happened_at=at,
                words=f"{reference}: {actor} would grade it {would_be}. {check.words}"[:300],
                source_type=SOURCE,
                source_id=check.pk,
            )
        ],
        actor=actor,
        at=at,
    )
    headline = f"Grade sent back to risk: {stands}, the unit would say {would_be}"
    _record(check, "sent_back", headline, actor, at)
    for row in opened:
        if row.owner is not None and row.owner.pk != actor.pk:
            deadlines.services.notify(
                users=[row.owner],
                level=Notification.Level.WARNING,
                headline=f"The referral unit doubts a grade: {row.reference}",
                reference=row.reference,
                path=kinds.get(REASSESSMENT).path(row.reference),
                victim_id=check.victim_id,
                at=at,
            )


def _record(check: GradeCheck, verb: str, headline: str, actor: User, at: datetime) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"referral.grade_{verb}",
        subject=check.referral.reference,
        headline=headline,
        victim_id=check.victim_id,
        incident_id=check.referral.incident_id,
        detail={"grade": check.grade, "would_be": check.would_be, "words": check.words},
        is_grave=RiskGrade(check.would_be).rank > RiskGrade(check.grade).rank,
    )
