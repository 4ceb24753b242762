"""What happened and must be told to a victim: owed once, by a given time, to a named person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core import policy
from core.clock import local
from core.policy import ForcePolicy
from core.text import clean
from core.working_time import Allowance, Clock
from deadlines import bulk, kinds
from deadlines.bulk import Run
from deadlines.kinds import Terms
from victims.deadlines.updates import TOLD
from victims.duties import named_for
from victims.models import Duty, Victim, VictimUpdate

State = VictimUpdate.State
_MOVED = [
    "words",
    "happened_at",
    "recorded_at",
    "is_late",
    "due_at",
    "state",
    "settled_at",
    "settled_by",
    "outcome",
    "version",
]
#: The rule of what must be told before it happens.
_BEFORE = Terms(
    clock=Clock.FIXED,
    allowance=Allowance(),
    runs_from="before it happens",
    source="Victims' Code",
)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that one victim must be told.

    `about` is a VictimUpdate.About and `words` a sentence that can be said (to 300 characters).
    `source_type` and `source_id` are what announced it; `is_late`, that it was reported late.
    `before`: it lies ahead, and the victim is told before it happens.
    """

    victim_id: int
    about: str
    words: str
    happened_at: datetime
    source_type: str
    source_id: int
    is_late: bool = False
    before: bool = False


#: Victim, what about, and what announced it.
_Key = tuple[int, str, str, int]


@transaction.atomic
def owe_updates(*, news: Sequence[News], actor: User, at: datetime) -> list[VictimUpdate]:
    """Each victim is owed these, by the policy's working days or before what lies ahead.

    Owed twice it changes nothing. With another instant it moves, clock and all, while nobody told
    the victim; once they were told of the first, the new instant is owed anew. The person who has
    contact with the victim owns it. As many statements for one as for a thousand. Gives the rows
    that are new or moved.
    """
    wanted = {_key(one): one for one in news}
    if not wanted:
        return []
    rules = policy.at(at)
    concerned = _lock({one.victim_id for one in wanted.values()})
    new, moved = _sort(wanted, concerned, at, rules)
    _write(new, moved, concerned, wanted, actor, at, rules)
    return [*new, *moved]


@transaction.atomic
def withdraw_updates(
    *,
    source_type: str,
    source_ids: Collection[int],
    abouts: Collection[str] = (),
    because: str,
    actor: User,
    at: datetime,
) -> int:
    """What came of these sources and nobody was told of falls away; how many. `because` says why.

    Without `abouts` whatever it is about. Raises InvalidInput at `because` (to 1,000 characters).
    """
    because = clean(because, field="because", longest=1_000, required=True)
    owed = VictimUpdate.objects.owed().filter(source_type=source_type, source_id__in=source_ids)
    if abouts:
        owed = owed.filter(about__in=abouts)
    concerned = _lock(set(owed.values_list("victim_id", flat=True)))
    rows = list(owed.order_by("pk").select_for_update())
    for row in rows:
        row.state, row.settled_at, row.settled_by = State.FALLEN_AWAY, at, actor
        row.outcome = because
        row.version += 1
    VictimUpdate.objects.bulk_update(rows, _MOVED, batch_size=1_000)
    bulk.cancel_many(
        kind=TOLD, subject_ids=[row.pk for row in rows], reason=because, actor=actor, at=at
    )
    audit.record_many(
        _event(row, concerned, "fell_away", "Victim need not be told", actor, at, because)
        for row in rows
    )
    return len(rows)


def _key(one: News | VictimUpdate) -> _Key:
    return one.victim_id, str(one.about), one.source_type, one.source_id


def _lock(victim_ids: Collection[int]) -> dict[int, Victim]:
    """The victims' rows are the lock, in the order of their numbers, as everywhere."""
    rows = Victim.objects.filter(pk__in=victim_ids).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _sort(
    wanted: Mapping[_Key, News], concerned: Mapping[int, Victim], at: datetime, rules: ForcePolicy
) -> tuple[list[VictimUpdate], list[VictimUpdate]]:
    """The rows to be added, and those to be changed, beside what is known; none is saved yet."""
    known = _known(wanted.values())
    new, moved = [], []
    for key, one in wanted.items():
        rows = known.get(key, [])
        same = next((row for row in rows if row.happened_at == one.happened_at), None)
        owed = next((row for row in rows if row.state == State.OWED), None)
        if same is not None and same.state != State.FALLEN_AWAY:
            continue
        row = same or owed
        if row is None:
            new.append(_as_owed(VictimUpdate(), one, at, rules))
        else:
            row.version += 1
            moved.append(_as_owed(row, one, at, rules))
    named = named_for([concerned[row.victim_id] for row in new], Duty.CONTACT, at) if new else {}
    for row in new:
        row.team, row.owner = named[row.victim_id].team, named[row.victim_id].person
    return new, moved


def _known(wanted: Collection[News]) -> dict[_Key, list[VictimUpdate]]:
    known: dict[_Key, list[VictimUpdate]] = defaultdict(list)
    rows = VictimUpdate.objects.filter(
        victim__in={one.victim_id for one in wanted},
        source_type__in={one.source_type for one in wanted},
        source_id__in={one.source_id for one in wanted},
    )
    for row in rows.order_by("pk"):
        known[_key(row)].append(row)
    return known


def _as_owed(row: VictimUpdate, one: News, at: datetime, rules: ForcePolicy) -> VictimUpdate:
    row.victim_id, row.about = one.victim_id, one.about
    row.source_type, row.source_id = one.source_type, one.source_id
    row.words = clean(one.words, field="words", longest=300, required=True)
    row.happened_at, row.recorded_at = one.happened_at, at
    row.due_at = _kind(one).due(one.happened_at, rules)
    row.is_late = one.is_late or row.due_at <= at
    row.state, row.settled_at, row.settled_by, row.outcome = State.OWED, None, None, ""
    return row


def _kind(one: News) -> kinds.Kind:
    return kinds.get(TOLD).under(_BEFORE if one.before else None)


def _write(
    new: list[VictimUpdate],
    moved: list[VictimUpdate],
    concerned: Mapping[int, Victim],
    wanted: Mapping[_Key, News],
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    VictimUpdate.objects.bulk_create(new)
    VictimUpdate.objects.bulk_update(moved, _MOVED, batch_size=1_000)
    both = [*new, *moved]
    runs = [_run(row, wanted[_key(row)], concerned, rules) for row in both]
    # Starting leaves alone what runs; moving leaves alone what was just started so.
    bulk.start_many(kind=TOLD, runs=runs, actor=actor, at=at, rules=rules)
    bulk.move_many(kind=TOLD, runs=runs[len(new) :], actor=actor, at=at, rules=rules)
    audit.record_many(
        _event(row, concerned, "owed", "Victim to be told", actor, at, row.words) for row in both
    )


def _run(row: VictimUpdate, one: News, concerned: Mapping[int, Victim], rules: ForcePolicy) -> Run:
    return Run(
        subject_id=row.pk,
        reference=concerned[row.victim_id].reference,
        victim_id=row.victim_id,
        team_id=row.team_id,
        owner_id=row.owner_id,
        started_at=row.happened_at,
        due_at=row.due_at,
        basis=_kind(one).basis(row.happened_at, rules),
    )


def _event(
    row: VictimUpdate,
    concerned: Mapping[int, Victim],
    verb: str,
    headline: str,
    actor: User,
    at: datetime,
    reason: str,
) -> AuditEvent:
    there = local(row.due_at)
    by = f" by {there.day} {there:%b, %H:%M}" if row.state == State.OWED else ""
    late = ", reported late" if row.is_late and row.state == State.OWED else ""
    return audit.event(
        actor=actor,
        at=at,
        verb=f"update.{verb}",
        headline=f"{headline}{by}: {row.get_about_display().lower()}{late}",
        subject=concerned[row.victim_id].reference,
        victim_id=row.victim_id,
        detail={"about": row.about, "reason": reason, "happened": row.happened_at.isoformat()},
    )
