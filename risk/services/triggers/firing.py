"""Something happened: each victim concerned has one open reassessment, with this reason in it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events, policy, references
from core.policy import ForcePolicy
from core.text import clean
from core.trigger_rules import AHEAD, Trigger, rule_for
from deadlines import bulk
from risk.deadlines import REASSESSMENT
from risk.events import ReassessmentOpened
from risk.models import Reassessment, ReassessmentReason
from risk.services.triggers.rows import event, lock_victims, most_pressing, run_of, settle
from risk.services.triggers.rules import due_and_basis, owners
from risk.services.triggers.withdrawing import drop
from victims import services as victims
from victims.models import Victim

_MOVED = [
    "reassessment",
    "happened_at",
    "recorded_at",
    "is_late",
    "words",
    "due_at",
    "basis",
    "fallen_away_at",
    "fallen_away_because",
]


@dataclass(frozen=True, slots=True)
class Fired:
    """One event for one victim.

    `happened_at` lies ahead for what is to happen (a date in court, a planned release). `words`
    say it (to 300 characters); `source_type` and `source_id` are what announced it; `is_late`, that
    it was reported late. `about` (a VictimUpdate.About) is given where the victim is to be told.
    """

    victim_id: int
    trigger: Trigger
    happened_at: datetime
    words: str
    source_type: str
    source_id: int
    is_late: bool = False
    about: str = ""


#: Victim, trigger, and what announced it.
_Key = tuple[int, str, str, int]


@dataclass
class _Sorted:
    """What each event means beside the reasons that are known already."""

    new: list[Fired] = field(default_factory=list)
    #: Reasons that get another instant, or stand again, with what says so.
    changed: list[tuple[ReassessmentReason, Fired]] = field(default_factory=list)
    #: Moved back to an instant that was looked at already, or stands in another row.
    dropped: list[ReassessmentReason] = field(default_factory=list)

    @property
    def calling(self) -> list[Fired]:
        return [*self.new, *(one for _, one in self.changed)]


@transaction.atomic
def fire(*, fired: Sequence[Fired], actor: User, at: datetime) -> list[Reassessment]:
    """Each victim's open reassessment is joined, or opened, with these as reasons.

    Fired twice it changes nothing. Fired with another instant, the reason moves while its
    reassessment is open, and is a new reason once that is done. It is due by the earliest of its
    reasons, by the rules in force at `at`; a named person owns it. Closed cases are opened again,
    and the victims are owed their updates. Whether `actor` may is the rule of whoever recorded the
    event. The statements are as many for one event as for a thousand. Gives the reassessments that
    changed.
    """
    wanted = {_key(one): one for one in fired}
    if not wanted:
        return []
    rules = policy.at(at)
    concerned = lock_victims({one.victim_id for one in wanted.values()})
    sorted_out = _sort(wanted, _known(wanted.values()))
    _reopen(sorted_out.calling, concerned, actor, at)
    touched = _write(sorted_out, concerned, actor, at, rules)
    _tell(list(wanted.values()), concerned, actor, at, rules)
    return touched


def _key(one: Fired | ReassessmentReason) -> _Key:
    return one.victim_id, str(one.trigger), one.source_type, one.source_id


def _known(wanted: Collection[Fired]) -> dict[_Key, list[ReassessmentReason]]:
    known: dict[_Key, list[ReassessmentReason]] = defaultdict(list)
    rows = ReassessmentReason.objects.filter(
        victim__in={one.victim_id for one in wanted},
        source_type__in={one.source_type for one in wanted},
        source_id__in={one.source_id for one in wanted},
    ).select_related("reassessment")
    for row in rows.order_by("pk"):
        known[_key(row)].append(row)
    return known


def _sort(wanted: dict[_Key, Fired], known: dict[_Key, list[ReassessmentReason]]) -> _Sorted:
    found = _Sorted()
    for key, one in wanted.items():
        rows = known.get(key, [])
        same = next((row for row in rows if row.happened_at == one.happened_at), None)
        waiting = next((row for row in reversed(rows) if _is_waiting(row)), None)
        if same is not None:
            if waiting is not None and waiting is not same:
                found.dropped.append(waiting)
            if same.fallen_away_at is not None:
                found.changed.append((same, one))
        elif waiting is not None:
            found.changed.append((waiting, one))
        else:
            found.new.append(one)
    return found


def _is_waiting(row: ReassessmentReason) -> bool:
    return row.fallen_away_at is None and row.reassessment.state == Reassessment.State.OPEN


def _reopen(
    calling: Collection[Fired], concerned: dict[int, Victim], actor: User, at: datetime
) -> None:
    closed: dict[str, list[int]] = defaultdict(list)
    for one in calling:
        if concerned[one.victim_id].closed_at is not None:
            closed[one.trigger.words.capitalize()].append(one.victim_id)
    for reason, victim_ids in closed.items():
        victims.reopen_cases(victim_ids=victim_ids, reason=reason, actor=actor, at=at)


def _write(
    found: _Sorted, concerned: dict[int, Victim], actor: User, at: datetime, rules: ForcePolicy
) -> list[Reassessment]:
    if not (found.calling or found.dropped):
        return []
    open_ones = {
        row.victim_id: row for row in Reassessment.objects.open().filter(victim__in=concerned)
    }
    drop(found.dropped, because="Moved back to what was looked at already", actor=actor, at=at)
    reasons = [_as_reason(ReassessmentReason(), one, concerned, at, rules) for one in found.new]
    moved = [_as_reason(row, one, concerned, at, rules) for row, one in found.changed]
    opened = _open([*reasons, *moved], open_ones, concerned, actor, at, rules)
    now_open = open_ones | {row.victim_id: row for row in opened}
    for reason in [*reasons, *moved]:
        reason.reassessment = now_open[reason.victim_id]
    ReassessmentReason.objects.bulk_create(reasons)
    ReassessmentReason.objects.bulk_update(moved, _MOVED, batch_size=1_000)
    _record(reasons, moved, actor, at)
    _start(opened, [*reasons, *moved], actor, at, rules)
    victim_ids = {row.victim_id for row in [*reasons, *moved, *found.dropped]}
    joined = [open_ones[pk] for pk in sorted(victim_ids) if pk in open_ones]
    settle(joined, because="Nothing calls for it any more", actor=actor, at=at, rules=rules)
    return [*joined, *opened]


def _as_reason(
    row: ReassessmentReason,
    one: Fired,
    concerned: dict[int, Victim],
    at: datetime,
    rules: ForcePolicy,
) -> ReassessmentReason:
    """The row as the event says, not saved; its reassessment is the caller's to set."""
    grade = concerned[one.victim_id].grade
    row.victim_id, row.trigger = one.victim_id, one.trigger.value
    row.source_type, row.source_id = one.source_type, one.source_id
    row.words = clean(one.words, field="words", longest=300, required=True)
    row.happened_at, row.recorded_at = one.happened_at, at
    row.due_at, row.basis = due_and_basis(one.trigger, grade, one.happened_at, rules, heard_at=at)
    # So late that the whole of its time had gone is late, whoever says otherwise.
    row.is_late = one.is_late or row.due_at <= at
    row.fallen_away_at, row.fallen_away_because = None, ""
    return row


def carry_over(
    reasons: Sequence[ReassessmentReason],
    *,
    victim: Victim,
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> Reassessment | None:
    """What an assessment did not cover is looked at on its own; None where it covered all.

    The caller holds the victim's row and has ended the reassessment that had these reasons.
    """
    if not reasons:
        return None
    [opened] = _open(reasons, {}, {victim.pk: victim}, actor, at, rules)
    for reason in reasons:
        reason.reassessment = opened
    ReassessmentReason.objects.bulk_update(reasons, ["reassessment"])
    _start([opened], reasons, actor, at, rules)
    return opened


def _open(
    reasons: Collection[ReassessmentReason],
    open_ones: dict[int, Reassessment],
    concerned: dict[int, Victim],
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> list[Reassessment]:
    """Open one for each victim who has none; named is whom the most pressing reason calls for."""
    calling: dict[int, list[ReassessmentReason]] = defaultdict(list)
    for reason in reasons:
        if reason.victim_id not in open_ones:
            calling[reason.victim_id].append(reason)
    if not calling:
        return []
    first = {pk: most_pressing(rows) for pk, rows in calling.items()}
    who = {
        pk: rule_for(rules.trigger_rules, Trigger(row.trigger), concerned[pk].grade).who
        for pk, row in first.items()
    }
    named = owners(who, [concerned[pk] for pk in first], at)
    said = references.take_many(references.Kind.REASSESSMENT, [at] * len(first))
    opened = [
        Reassessment(
            reference=reference,
            victim_id=pk,
            opened_at=at,
            due_at=row.due_at,
            grade_when_opened=concerned[pk].grade,
            team=named[pk].team,
            owner=named[pk].person,
        )
        for reference, (pk, row) in zip(said, first.items(), strict=True)
    ]
    Reassessment.objects.bulk_create(opened)
    audit.record_many(
        event(
            row,
            "opened",
            f"Risk to be looked at again by {row.owner or row.team}",
            actor,
            at,
            due=row.due_at.isoformat(),
            owner=str(row.owner or ""),
            owner_because=named[row.victim_id].because,
        )
        for row in opened
    )
    return opened


def _start(
    opened: Collection[Reassessment],
    reasons: Collection[ReassessmentReason],
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    of_victim: dict[int, list[ReassessmentReason]] = defaultdict(list)
    for reason in reasons:
        of_victim[reason.victim_id].append(reason)
    runs = [run_of(row, most_pressing(of_victim[row.victim_id])) for row in opened]
    bulk.start_many(kind=REASSESSMENT, runs=runs, actor=actor, at=at, rules=rules)
    for row in opened:
        events.announce(
            ReassessmentOpened(
                reassessment_id=row.pk,
                victim_id=row.victim_id,
                due_at=row.due_at,
                actor=actor,
                at=at,
            )
        )


def _record(
    new: Collection[ReassessmentReason],
    moved: Collection[ReassessmentReason],
    actor: User,
    at: datetime,
) -> None:
    said = [("reason_added", "Risk to be looked at again", row) for row in new]
    said += [("reason_moved", "Reason to look at risk again moved", row) for row in moved]
    audit.record_many(
        event(
            row.reassessment,
            verb,
            f"{what}: {Trigger(row.trigger).words}{', reported late' if row.is_late else ''}",
            actor,
            at,
            reason=row.words,
            happened=row.happened_at.isoformat(),
            due=row.due_at.isoformat(),
            basis=row.basis,
        )
        for verb, what, row in said
    )


def _tell(
    fired: Collection[Fired],
    concerned: dict[int, Victim],
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    """What the victims must be told of it: owed once, however often it is fired."""
    news = [
        victims.News(
            victim_id=one.victim_id,
            about=one.about,
            words=one.words,
            happened_at=one.happened_at,
            source_type=one.source_type,
            source_id=one.source_id,
            is_late=one.is_late,
            before=one.trigger in AHEAD,
        )
        for one in fired
        if one.about
        and rule_for(rules.trigger_rules, one.trigger, concerned[one.victim_id].grade).tell_victim
    ]
    if news:
        victims.owe_updates(news=news, actor=actor, at=at)
