"""What was cancelled takes its reasons along, and the reassessment when none is left."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import policy
from core.text import clean
from core.trigger_rules import Trigger
from risk.models import Reassessment, ReassessmentReason
from risk.querysets import ReasonQuerySet
from risk.services.triggers.rows import event, lock_victims, settle
from victims import services as victims
from victims.models import Victim, VictimUpdate

About = VictimUpdate.About
#: What victims are told of each trigger: it falls away with it.
_ABOUTS: dict[Trigger, tuple[About, ...]] = {
    Trigger.RELEASE: (About.RELEASE, About.UNDER_INVESTIGATION, About.NO_CHARGE),
    Trigger.BAIL: (About.BAIL,),
    Trigger.BAIL_CHANGE: (About.BAIL_CHANGE,),
    Trigger.CHARGE: (About.CHARGE,),
    Trigger.COURT_DATE: (About.COURT,),
    Trigger.RELEASE_PLANNED: (About.RELEASE_AHEAD,),
    Trigger.PRISON_RELEASE: (About.RELEASE,),
    Trigger.ORDER_MADE: (About.ORDER,),
    Trigger.ORDER_BREACHED: (About.ORDER_BREACH,),
}


@transaction.atomic
def withdraw(
    *,
    source_type: str,
    source_ids: Collection[int],
    triggers: Collection[Trigger] = (),
    because: str,
    actor: User,
    at: datetime,
) -> int:
    """The reasons that came of these sources fall away, and what the victims were to be told.

    Only reassessments still open are touched: what was done was done. Without `triggers` every
    reason of the sources. How many fell away. Raises InvalidInput at `because` (to 300 characters).
    """
    because = clean(because, field="because", longest=300, required=True)
    wanted = _standing(source_type, source_ids, triggers)
    lock_victims(set(wanted.values_list("victim_id", flat=True)))
    reasons = list(_standing(source_type, source_ids, triggers).select_related("reassessment"))
    _fall_away(reasons, because, actor, at)
    abouts = [about.value for trigger in triggers for about in _ABOUTS.get(trigger, ())]
    if abouts or not triggers:
        victims.withdraw_updates(
            source_type=source_type,
            source_ids=source_ids,
            abouts=abouts,
            because=because,
            actor=actor,
            at=at,
        )
    return len(reasons)


@transaction.atomic
def end_silence(
    *, victim_id: int, reached_at: datetime, because: str, actor: User, at: datetime
) -> int:
    """The victim was reached at `reached_at`: every silence that began before it is over.

    One that began later stands, and so does what was concluded already. How many reasons fell away.
    Whether `actor` may is the rule of whoever logged the contact. Raises InvalidInput at `because`
    (to 300 characters).
    """
    because = clean(because, field="because", longest=300, required=True)
    lock_victims([victim_id])
    quiet = _standing(Victim._meta.label_lower, [victim_id], {Trigger.GONE_QUIET})
    over = [one for one in quiet.select_related("reassessment") if _began(one) < reached_at]
    if over:
        _fall_away(over, because, actor, at)
    return len(over)


def _began(silence: ReassessmentReason) -> datetime:
    """Its own instant is when it had lasted too long, by the policy under which it was found."""
    return silence.happened_at - timedelta(days=policy.at(silence.recorded_at).quiet_days)


def _fall_away(
    reasons: Collection[ReassessmentReason], because: str, actor: User, at: datetime
) -> None:
    drop(reasons, because=because, actor=actor, at=at)
    settle(
        list({reason.reassessment_id: reason.reassessment for reason in reasons}.values()),
        because=because,
        actor=actor,
        at=at,
        rules=policy.at(at),
    )


def drop(
    reasons: Collection[ReassessmentReason], *, because: str, actor: User, at: datetime
) -> None:
    """Strike these reasons, each with its word in the audit; their reassessments stay to settle."""
    for reason in reasons:
        reason.fallen_away_at, reason.fallen_away_because = at, because
    ReassessmentReason.objects.bulk_update(
        reasons, ["fallen_away_at", "fallen_away_because"], batch_size=1_000
    )
    audit.record_many(
        event(
            reason.reassessment,
            "reason_fell_away",
            f"Reason to look at risk again fell away: {Trigger(reason.trigger).words}",
            actor,
            at,
            reason=reason.words,
            because=because,
        )
        for reason in reasons
    )


def _standing(
    source_type: str, source_ids: Collection[int], triggers: Collection[Trigger]
) -> ReasonQuerySet:
    rows = ReassessmentReason.objects.standing().filter(
        source_type=source_type,
        source_id__in=source_ids,
        reassessment__state=Reassessment.State.OPEN,
    )
    return rows.filter(trigger__in=triggers) if triggers else rows
