"""Which criteria a victim and whoever harms them meet, with the numbers.

The rules are `risk.conference.weigh`: visible high risk, escalation, judgement and repeat. Here
partner agencies' own counts and judgements are added to what the police know, escalation counts
the victim's incidents under whatever spelling, and the repeat is that of these two people. Nothing
is decided here, and no criterion is ever taken away by judgement.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from core import policy
from marac import repeats
from marac.repeats import Pair
from referrals.models import AgencyReferral
from risk import conference
from risk.conference import Answered, Criterion, Facts, Heard, Judged
from victims.models import RiskGrade

HIGH = (RiskGrade.HIGH, RiskGrade.VERY_HIGH)


def evaluate(
    *, victim_id: int, perpetrator_id: int | None, at: datetime, is_report: bool = False
) -> tuple[Criterion, ...]:
    """The four criteria, met or not, for these two people as of `at`, in a fixed order.

    `is_report`: somebody reports abuse now by asking, as an agency or a worker does who refers
    them: of two people heard before it is a repeat.
    """
    return of_pair(victim_id, repeats.pair_of(victim_id, perpetrator_id), at, is_report=is_report)


def of_pair(
    victim_id: int, pair: Pair, at: datetime, *, is_report: bool = False
) -> tuple[Criterion, ...]:
    """As `evaluate`, where it is known already under which numbers the two are on record."""
    known = conference.facts(victim_id, pair.victims, at)
    heard = repeats.heard_with_abuse(pair, at) if pair.perpetrators else None
    if heard is not None and is_report:
        heard = Heard(heard.at, (*heard.known, at))
    return tuple(conference.weigh(replace(known, heard=heard), at, policy.at(at)))


def met(rows: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """Only those that are met."""
    return tuple(row for row in rows if row.is_met)


def as_said(row: Criterion, at: datetime) -> dict[str, Any]:
    """How a case keeps a criterion: what the rule said, and when it said so."""
    return {
        "code": row.code,
        "label": row.label,
        "is_met": row.is_met,
        "number": row.number,
        "needs": row.needs,
        "words": row.words,
        "at": at.isoformat(),
    }


@conference.register
def known_to_agencies(victim_id: int, since: datetime | None, at: datetime) -> Facts:
    """What partner agencies said in their referrals."""
    rows = AgencyReferral.objects.filter(victim=victim_id, sent_at__lte=at)
    if since is not None:
        rows = rows.filter(sent_at__gte=since)
    said = list(rows.values_list("yes_count", "sent_at", "grade", "agency__name"))
    return Facts(
        answered=tuple(Answered(yes, sent_at, by) for yes, sent_at, _, by in said if yes),
        judged=tuple(Judged(sent_at, by) for _, sent_at, grade, by in said if grade in HIGH),
    )


conference.register_same(repeats.people_of)
conference.register_hearings(repeats.heard_with_anybody)
