"""Who has gone quiet, and whose risk is due to be looked at again: found from what is on record.

Nothing is counted between two scans and nothing is stored for them: each looks at the truth, so a
scan that was missed costs nothing but time, and one that runs twice changes nothing. Victims are
read in order of their numbers, so many at a time; those found are locked, looked at again, and
opened so many at a time, each such part a transaction of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core import policy
from core.clock import local, months_before
from core.policy import ForcePolicy
from core.trigger_rules import GRADES, Trigger, rule_for
from risk.services.triggers import Fired, fire
from risk.services.triggers.rows import lock_victims
from victims.models import RiskGrade

#: Looked at with one statement each: nearly nobody is found, so a larger part costs less in all.
BATCH = 20_000
#: Opened in one transaction, which bounds what is locked and held in memory.
CHUNK = 500
SOURCE = "victims.victim"

#: The numbers of victims are walked in steps of BATCH; `after` and `last` are the ends of one step.
_STEP = """
SELECT max(id) FROM (
    SELECT id FROM victims_victim WHERE id > %(after)s ORDER BY id LIMIT %(batch)s) step
"""

#: Which victims a question is about, and the same for the reasons that are known already: without
#: it those of everybody before would be read again in every step.
_OF_STEP = {
    "of": "v.id > %(after)s AND v.id <= %(last)s",
    "reasons": "r.victim_id > %(after)s AND r.victim_id <= %(last)s",
}
_OF_THESE = {"of": "v.id = ANY(%(ids)s)", "reasons": "r.victim_id = ANY(%(ids)s)"}

#: Silence begins with the last contact or incident, whichever is later. The instant from which it
#: is too long names the reason, so that one silence is one reason however often it is found.
_QUIET = """
SELECT v.id, said.last, often.incidents
  FROM victims_victim v
 CROSS JOIN LATERAL (SELECT greatest(v.last_contact_at, v.last_incident_at) AS last) said
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT i.incident_id) AS incidents FROM incidents_involvement i
        WHERE i.victim_id = v.id AND i.received_at > %(since)s AND i.received_at <= %(at)s) often
 WHERE {of}
   AND v.closed_at IS NULL AND v.last_incident_at > %(since)s AND said.last <= %(quiet)s
   AND often.incidents >= %(incidents)s
   AND NOT EXISTS (
       SELECT FROM risk_reassessmentreason r
        WHERE {reasons} AND r.victim_id = v.id AND r.trigger = 'gone_quiet'
          AND r.happened_at = said.last + %(allowed)s)
 ORDER BY v.id
"""

_REVIEW = """
SELECT v.id, coalesce(v.last_assessed_at, v.grade_since), v.grade
  FROM victims_victim v JOIN unnest(%(grades)s, %(before)s::timestamptz[]) AS due (grade, before)
    ON due.grade = v.grade
 WHERE {of} AND v.closed_at IS NULL
   AND coalesce(v.last_assessed_at, v.grade_since) <= due.before
   AND NOT EXISTS (
       SELECT FROM risk_reassessmentreason r
        WHERE {reasons} AND r.victim_id = v.id AND r.trigger = 'periodic'
          AND r.happened_at = coalesce(v.last_assessed_at, v.grade_since))
 ORDER BY v.id
"""


@dataclass(frozen=True)
class Found:
    """How many victims a scan found of each kind."""

    quiet: int
    to_review: int


def scan(*, at: datetime, actor: User, batch: int = BATCH) -> Found:
    """Open a reassessment for everybody who has gone quiet or is due for the periodic review.

    Quiet: so many incidents in the repeat period, and then so many days with neither a contact nor
    an incident (force policy). Review: raised so many days before it is due. Closed cases are left
    alone. What was committed stays when it is interrupted; the next scan goes on.
    """
    rules = policy.at(at)
    quiet = to_review = 0
    candidates = _candidates(rules, at, batch)
    while ids := list(islice(candidates, CHUNK)):
        opened = _open(ids, rules, at, actor)
        quiet += opened.quiet
        to_review += opened.to_review
    return Found(quiet, to_review)


def _candidates(rules: ForcePolicy, at: datetime, batch: int) -> Iterator[int]:
    """Those found without a lock, in order of their numbers, each once."""
    for after, last in _steps(batch):
        step = {"after": after, "last": last}
        quiet = _gone_quiet(_OF_STEP, step, rules, at)
        due = _to_be_reviewed(_OF_STEP, step, rules, at)
        yield from sorted({one.victim_id for one in (*quiet, *due)})


@transaction.atomic
def _open(ids: list[int], rules: ForcePolicy, at: datetime, actor: User) -> Found:
    """Lock these victims and ask again: somebody was reached, or a case closed, since they were
    found."""
    lock_victims(ids)
    quiet = [*_gone_quiet(_OF_THESE, {"ids": ids}, rules, at)]
    due = [*_to_be_reviewed(_OF_THESE, {"ids": ids}, rules, at)]
    if quiet or due:
        fire(fired=[*quiet, *due], actor=actor, at=at)
    return Found(len(quiet), len(due))


def _steps(batch: int) -> Iterator[tuple[int, int]]:
    after = 0
    while True:
        [[last]] = _rows(_STEP, {"after": after, "batch": batch})
        if last is None:
            return
        yield after, last
        after = last


def _gone_quiet(
    whom: dict[str, str], these: dict[str, Any], rules: ForcePolicy, at: datetime
) -> Iterator[Fired]:
    allowed = timedelta(days=rules.quiet_days)
    found = _rows(
        _QUIET.format(**whom),
        {
            **these,
            "at": at,
            "since": months_before(at, rules.repeat_months),
            "quiet": at - allowed,
            "allowed": allowed,
            "incidents": rules.quiet_incidents,
        },
    )
    for victim_id, since, incidents in found:
        yield Fired(
            victim_id=victim_id,
            trigger=Trigger.GONE_QUIET,
            happened_at=since + allowed,
            words=f"Gone quiet: {incidents} incidents in {rules.repeat_months} months, no contact "
            f"for {rules.quiet_days} days, since {_day(since)}",
            source_type=SOURCE,
            source_id=victim_id,
        )


def _to_be_reviewed(
    whom: dict[str, str], these: dict[str, Any], rules: ForcePolicy, at: datetime
) -> Iterator[Fired]:
    """The clock of the rule runs from the last assessment, so that instant is the reason's own."""
    ahead = at + timedelta(days=rules.review_raised_days)
    found = _rows(
        _REVIEW.format(**whom),
        {
            **these,
            "grades": list(GRADES),
            "before": [ahead - _length(rules, grade) for grade in GRADES],
        },
    )
    for victim_id, assessed_at, grade in found:
        yield Fired(
            victim_id=victim_id,
            trigger=Trigger.PERIODIC,
            happened_at=assessed_at,
            words=f"Periodic review: {RiskGrade(grade).label.lower()} risk, last assessed on "
            f"{_day(assessed_at)}",
            source_type=SOURCE,
            source_id=victim_id,
        )


def _length(rules: ForcePolicy, grade: str) -> timedelta:
    """At least how long a grade's review allows; working days are no shorter than days."""
    rule = rule_for(rules.trigger_rules, Trigger.PERIODIC, grade)
    return timedelta(hours=rule.amount) if rule.unit == "hours" else timedelta(days=rule.amount)


def _day(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y}"


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
