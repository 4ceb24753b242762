"""What victims must be told: owed once, moved with what it is about, and fallen away with it.

Set-based: however many pieces of news come at once, the number of statements stays the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core import policy
from core.clock import local
from core.errors import InvalidInput
from core.policy import ForcePolicy
from core.text import clean
from deadlines import bulk
from victims.deadlines.updates import BEFOREHAND, KIND, TOLD
from victims.duties import Named, named_for
from victims.models import Duty, Victim, VictimUpdate

State = VictimUpdate.State
About = VictimUpdate.About

_SETTLED = ("settled_at", "settled_by", "outcome")
_WRITTEN = (
    *("words", "happened_at", "recorded_at", "is_late", "due_at", "state", "team", "owner"),
    *_SETTLED,
    "version",
)
_AS_BEFORE = "It is again as it was before."
#: Victim, what it is about, and what announced it.
_Key = tuple[int, str, str, int]


@dataclass(frozen=True, slots=True)
class News:
    """One thing that one victim must be told.

    `about` is a VictimUpdate.About; `words` a sentence that can be said (to 300 characters).
    `before`: it must be told before `happened_at`, which then lies ahead as a rule; else within the
    policy's working days of it. `source_type` and `source_id` say what announced it: announced
    twice, told once. `is_late`: it was reported late.
    """

    victim_id: int
    about: str
    words: str
    happened_at: datetime
    source_type: str
    source_id: int
    is_late: bool = False
    before: bool = False


@dataclass
class _Changes:
    """What a batch of news does to the rows, gathered before anything is written."""

    made: list[VictimUpdate] = field(default_factory=list)
    reopened: list[VictimUpdate] = field(default_factory=list)
    moved: list[VictimUpdate] = field(default_factory=list)
    dropped: list[VictimUpdate] = field(default_factory=list)
    #: The news that each owed row stands for, by the row's identity.
    news: dict[int, News] = field(default_factory=dict)

    @property
    def begun(self) -> list[VictimUpdate]:
        return [row for row in (*self.made, *self.reopened) if row.state == State.OWED]


@transaction.atomic
def owe_updates(*, news: Sequence[News], actor: User, at: datetime) -> list[VictimUpdate]:
    """Owe victims what they must be told; the rows that are owed for this news, each once.

    The same source and subject with another instant, while it is still to be told, moves the row
    and its clock; once it was told, the new instant is owed anew. What fell away and is so again is
    owed again. Whoever answers for contact has it. Of several news of one source and subject the
    last counts. Raises InvalidInput for an unknown subject or words that cannot be said, and
    Victim.DoesNotExist.
    """
    latest = {_key(one): _checked(one) for one in news}
    if not latest:
        return []
    victims = _locked_victims({one.victim_id for one in latest.values()})
    named = named_for(victims.values(), Duty.CONTACT, at)
    rules, known = policy.at(at), _known(latest.values())
    changes, owed = _Changes(), []
    for key, one in latest.items():
        row = _owe(one, known[key], changes, rules, named[one.victim_id], at)
        if row is not None:
            owed.append(row)
    _write(changes, actor)
    _follow_with_clocks(changes, victims, rules, actor=actor, at=at)
    _record(changes, victims, actor=actor, at=at)
    return owed


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
    """What these sources announced is no longer so: what was still to be told falls away.

    Only of these subjects, where any are named. How many fell away; what was told stays told.
    Raises InvalidInput at `because` without a reason in words.
    """
    because = clean(because, field="because", longest=1_000, required=True)
    wanted = VictimUpdate.objects.owed().filter(
        source_type=source_type, source_id__in=list(source_ids)
    )
    if abouts:
        wanted = wanted.filter(about__in=list(abouts))
    victims = _locked_victims(set(wanted.values_list("victim_id", flat=True)))
    rows = list(wanted.filter(victim__in=list(victims)).order_by("pk").select_for_update())
    if not rows:
        return 0
    for row in rows:
        _fall_away(row, because, at)
    changes = _Changes(dropped=rows)
    _write(changes, actor)
    _cancel(rows, because, actor, at)
    _record(changes, victims, actor=actor, at=at)
    return len(rows)


def due_of(
    happened_at: datetime, rules: ForcePolicy, *, before: bool = False
) -> tuple[datetime, str]:
    """By when something must be told (UTC), and the rule in words with its numbers."""
    kind = KIND.under(BEFOREHAND if before else None)
    return kind.due(happened_at, rules), kind.basis(happened_at, rules)


def _checked(one: News) -> News:
    if one.about not in About.values:
        raise InvalidInput("Victims are not told of such a thing.", field="about")
    return replace(one, words=clean(one.words, field="words", longest=300, required=True))


def _locked_victims(ids: Collection[int]) -> dict[int, Victim]:
    """Locked in one order: two batches about the same people wait, never in a circle."""
    rows = Victim.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(ids):
        raise Victim.DoesNotExist("news of somebody who is no victim on record")
    return found


def _key(one: News | VictimUpdate) -> _Key:
    return (one.victim_id, str(one.about), one.source_type, one.source_id)


def _known(news: Collection[News]) -> Mapping[_Key, list[VictimUpdate]]:
    """What was announced before by these sources, locked, the newest last."""
    sources: dict[str, set[int]] = defaultdict(set)
    for one in news:
        sources[one.source_type].add(one.source_id)
    wanted = Q()
    for source_type, ids in sources.items():
        wanted |= Q(source_type=source_type, source_id__in=ids)
    rows = VictimUpdate.objects.filter(wanted, victim__in={one.victim_id for one in news})
    found: dict[_Key, list[VictimUpdate]] = defaultdict(list)
    for row in rows.order_by("recorded_at", "pk").select_for_update():
        found[_key(row)].append(row)
    return found


def _owe(
    one: News,
    rows: Sequence[VictimUpdate],
    changes: _Changes,
    rules: ForcePolicy,
    named: Named,
    at: datetime,
) -> VictimUpdate | None:
    """What one piece of news does to the rows of its key; the row that is owed for it, if any."""
    same = next((row for row in rows if row.happened_at == one.happened_at), None)
    owed = next((row for row in rows if row.state == State.OWED), None)
    told = [row for row in rows if row.state in {State.TOLD, State.NOT_REACHED}]
    if owed is not None and same in {None, owed}:
        return _move(owed, one, changes, rules, at)
    if owed is not None:
        _fall_away(owed, _AS_BEFORE, at)
        changes.dropped.append(owed)
    if told and told[-1] is same:
        return None
    row = same or _new(one)
    (changes.made if same is None else changes.reopened).append(row)
    _fill(row, one, changes, rules, at)
    row.state, row.settled_at, row.settled_by, row.outcome = State.OWED, None, None, ""
    row.team, row.owner = named.team, named.person
    return row


def _new(one: News) -> VictimUpdate:
    return VictimUpdate(
        victim_id=one.victim_id,
        about=one.about,
        source_type=one.source_type,
        source_id=one.source_id,
    )


def _move(
    row: VictimUpdate, one: News, changes: _Changes, rules: ForcePolicy, at: datetime
) -> VictimUpdate:
    before = (row.words, row.happened_at, row.is_late)
    if before != (one.words, one.happened_at, one.is_late):
        _fill(row, one, changes, rules, at)
        changes.moved.append(row)
    return row


def _fill(
    row: VictimUpdate, one: News, changes: _Changes, rules: ForcePolicy, at: datetime
) -> None:
    row.words, row.happened_at, row.is_late = one.words, one.happened_at, one.is_late
    row.recorded_at = at
    row.due_at, _ = due_of(one.happened_at, rules, before=one.before)
    changes.news[id(row)] = one


def _fall_away(row: VictimUpdate, because: str, at: datetime) -> None:
    row.state, row.settled_at, row.outcome = State.FALLEN_AWAY, at, because


def _write(changes: _Changes, actor: User) -> None:
    for row in changes.dropped:
        row.settled_by = actor
    VictimUpdate.objects.bulk_create(changes.made)
    written = [*changes.moved, *changes.reopened, *changes.dropped]
    for row in written:
        row.version += 1
    VictimUpdate.objects.bulk_update(written, _WRITTEN, batch_size=1_000)


def _cancel(rows: Sequence[VictimUpdate], because: str, actor: User, at: datetime) -> None:
    ids = [row.pk for row in rows]
    bulk.cancel_many(kind=TOLD, subject_ids=ids, reason=because, actor=actor, at=at)


def _follow_with_clocks(
    changes: _Changes,
    victims: Mapping[int, Victim],
    rules: ForcePolicy,
    *,
    actor: User,
    at: datetime,
) -> None:
    """The clocks follow: fallen away, moved, begun."""

    def runs(rows: Sequence[VictimUpdate]) -> list[bulk.Run]:
        return [_run(row, changes.news[id(row)], victims, rules) for row in rows]

    if changes.dropped:
        _cancel(changes.dropped, _AS_BEFORE, actor, at)
    if changes.moved:
        bulk.move_many(kind=TOLD, runs=runs(changes.moved), actor=actor, at=at, rules=rules)
    if changes.begun:
        bulk.start_many(kind=TOLD, runs=runs(changes.begun), actor=actor, at=at, rules=rules)


def _run(
    row: VictimUpdate, one: News, victims: Mapping[int, Victim], rules: ForcePolicy
) -> bulk.Run:
    return bulk.Run(
        subject_id=row.pk,
        reference=victims[row.victim_id].reference,
        victim_id=row.victim_id,
        team_id=row.team_id,
        owner_id=row.owner_id,
        started_at=row.happened_at,
        due_at=row.due_at,
        basis=due_of(row.happened_at, rules, before=one.before)[1],
    )


def _record(changes: _Changes, victims: Mapping[int, Victim], *, actor: User, at: datetime) -> None:
    said = [
        *(("owed", "To be told", row) for row in (*changes.made, *changes.reopened)),
        *(("moved", "To be told, changed", row) for row in changes.moved),
        *(("fell_away", "No longer to be told", row) for row in changes.dropped),
    ]
    audit.record_many(
        [_event(verb, words, row, victims[row.victim_id], actor, at) for verb, words, row in said]
    )


def _event(
    verb: str, words: str, row: VictimUpdate, victim: Victim, actor: User, at: datetime
) -> AuditEvent:
    there = local(row.happened_at)
    about = row.get_about_display().lower()
    late = ", reported late" if row.is_late else ""
    return audit.event(
        actor=actor,
        at=at,
        verb=f"victim.update_{verb}",
        headline=f"{words}: {about}, {there.day} {there:%b %Y, %H:%M}{late}",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={
            "about": row.about,
            "words": row.words,
            "happened": row.happened_at.isoformat(),
            "due": row.due_at.isoformat(),
            "late": row.is_late,
            "outcome": row.outcome,
        },
    )
