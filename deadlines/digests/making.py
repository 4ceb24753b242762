"""Making a morning's digests: a handful of statements for everybody, not one for each person.

A digest says what is out of time, what is due before the next one, what became theirs since the
last one, and the messages that are for information and so were not sent by e-mail one by one. It
names kinds, references and paths, and keeps the victim's key so that it can be asked again, when
it is read, whether its reader may still see it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import Team, User
from core import policy
from core.clock import LOCAL, local
from core.policy import ForcePolicy
from deadlines import kinds
from deadlines.digests.readers import Readers, Unseen, hidden, readers
from deadlines.models import Deadline, Digest, Notification

#: Of each part so many lines are kept; how many there are is said in any case.
MOST_LINES = 20
#: A message that nobody's digest took up in so long is left to the page that has shown it.
MESSAGES_FOR = timedelta(days=30)
#: How long digests are kept.
KEPT = timedelta(days=90)
#: Held while digests are made, so that two workers do not make them at once.
_LOCK = 0x44494745

Line = dict[str, Any]


class Duty(NamedTuple):
    """An open deadline, as far as a digest needs it."""

    pk: int
    owner_id: int | None
    team_id: int | None
    kind: str
    reference: str
    victim_id: int | None
    due_at: datetime
    paused_at: datetime | None


class Message(NamedTuple):
    """Something that was told for information."""

    pk: int
    user_id: int
    headline: str
    reference: str
    path: str
    victim_id: int | None
    seen_at: datetime | None
    #: Of the duty that it is about, if it is about one.
    kind: str | None


class Last(NamedTuple):
    """A person's digest before this one."""

    created_at: datetime
    held: frozenset[int]


@dataclass(frozen=True)
class Morning:
    """The instant, its day, when the next digest comes, and the rules of the force."""

    at: datetime
    rules: ForcePolicy

    @property
    def on(self) -> date:
        return local(self.at).date()

    @property
    def next_at(self) -> datetime:
        """When the next digest is due: at the policy's hour of the next local day."""
        tomorrow = self.on + timedelta(days=1)
        return datetime.combine(tomorrow, time(_hour(self.rules)), tzinfo=LOCAL)

    def part(self, duty: Duty) -> str:
        """Where a duty stands: "over", "today", or "" for later or standing still."""
        if duty.paused_at is not None or duty.due_at >= self.next_at:
            return ""
        return "over" if duty.due_at <= self.at else "today"


def make_if_due(*, at: datetime) -> int:
    """Make today's digests once the policy's hour has come; nothing where they are made.

    After an outage they are made later the same day. How many were made.
    """
    if local(at).hour < _hour(policy.at(at)):
        return 0
    return make(at=at)


@transaction.atomic
def make(*, at: datetime) -> int:
    """Make the digests of the local day of `at`; nothing where they are made or being made.

    All or none: a worker killed half-way leaves the day to the next one. How many were made.
    """
    morning = Morning(at, policy.at(at))
    if not _is_mine() or Digest.objects.filter(on=morning.on).exists():
        return 0
    here = readers(at)
    duties, messages = _duties(), _messages(at, here)
    rows = [*_of_people(morning, here, duties, messages), *_of_teams(morning, here, duties)]
    made = Digest.objects.bulk_create(rows, batch_size=500)
    taken_up = [message.pk for message in messages]
    Notification.objects.filter(pk__in=taken_up, delivered_at__isnull=True).update(delivered_at=at)
    Digest.objects.filter(on__lt=morning.on - KEPT).delete()
    return len(made)


def _hour(rules: ForcePolicy) -> int:
    return min(rules.digest_hour, 23)


def _is_mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _duties() -> list[Duty]:
    """Everything open, in order of due times."""
    rows = Deadline.objects.open().filter(Q(owner__isnull=False) | Q(team__isnull=False))
    ordered = rows.order_by("due_at", "pk")
    columns = ("pk", "owner_id", "team_id", "kind", "subject_reference", "victim_id")
    found = ordered.values_list(*columns, "due_at", "paused_at")
    return [Duty(*row) for row in found.iterator(chunk_size=5_000)]


def _messages(at: datetime, here: Readers) -> list[Message]:
    """What no digest has taken up yet, of those who are here; newest first."""
    rows = Notification.objects.filter(
        level=Notification.Level.INFORMATION,
        delivered_at__isnull=True,
        created_at__gt=at - MESSAGES_FOR,
    ).order_by("-created_at", "-pk")
    columns = ("pk", "user_id", "headline", "reference", "path", "victim_id", "seen_at")
    found = (Message(*row) for row in rows.values_list(*columns, "deadline__kind"))
    return [one for one in found if here.of(one.user_id) == one.user_id]


def _of_people(
    morning: Morning, here: Readers, duties: list[Duty], messages: list[Message]
) -> list[Digest]:
    theirs = _by(duties, lambda duty: here.of(duty.owner_id))
    told: defaultdict[int, list[Message]] = defaultdict(list)
    for message in messages:
        if message.seen_at is None:
            told[message.user_id].append(message)
    unseen = hidden({pk: _victims(theirs[pk], told[pk]) for pk in theirs.keys() | told.keys()})
    last, rows = _last(), []
    for pk in sorted(theirs.keys() | told.keys()):
        mine = [duty for duty in theirs[pk] if not _is_hidden(duty, unseen[pk])]
        news = [_told(one) for one in told[pk] if not _is_hidden(one, unseen[pk])]
        row = _of_person(morning, mine, news, last.get(pk))
        if row is not None:
            row.person_id, row.team_id = pk, here.teams[pk]
            rows.append(row)
    return rows


def _is_hidden(one: Duty | Message, unseen: Unseen) -> bool:
    return unseen.hides(one.victim_id, for_partners=_is_for_partners(one))


def _is_for_partners(one: Duty | Message) -> bool:
    """Whether a partner is told of it without seeing the record, as on "Waiting for you"."""
    codes = kinds.for_partners() if isinstance(one, Duty) else kinds.told_to_partners()
    return one.kind in codes


def _victims(duties: list[Duty], messages: list[Message]) -> set[int]:
    keys = {one.victim_id for one in duties} | {one.victim_id for one in messages}
    return {pk for pk in keys if pk is not None}


def _of_person(
    morning: Morning, duties: list[Duty], news: list[Line], last: Last | None
) -> Digest | None:
    """One person's digest; None for whoever has nothing to be told."""
    parts: dict[str, list[Line]] = {"over": [], "today": [], "yours": [], "messages": news}
    held = last.held if last else frozenset()
    for duty in duties:
        part, is_new = morning.part(duty), duty.pk not in held
        if part or is_new:
            parts[part or "yours"].append(_due(duty, is_new=is_new))
    if not any(parts.values()):
        return None
    row = _row(morning, parts, {"open": len(duties)})
    row.numbers["held"] = [duty.pk for duty in duties]
    return row


def _of_teams(morning: Morning, here: Readers, duties: list[Duty]) -> list[Digest]:
    teams = Team.objects.filter(supervisor__isnull=False).values_list("pk", "supervisor_id")
    leaders = {pk: leader for pk, one in teams if (leader := here.of(one)) is not None}
    names = dict(User.objects.filter(pk__in=here.teams).values_list("pk", "name"))
    theirs = _by(duties, lambda duty: duty.team_id if duty.team_id in leaders else None)
    wanted: dict[int, set[int]] = defaultdict(set)
    for pk, rows in theirs.items():
        wanted[leaders[pk]].update(one.victim_id for one in rows if one.victim_id is not None)
    unseen, silent, made = hidden(wanted), _unanswered(morning.on), []
    for pk, leader in sorted(leaders.items()):
        seen = [duty for duty in theirs[pk] if not _is_hidden(duty, unseen[leader])]
        row = _of_team(morning, here, seen, [names.get(one, "") for one in silent[pk]], names)
        if row is not None:
            row.team_id = pk
            made.append(row)
    return made


def _of_team(
    morning: Morning,
    here: Readers,
    duties: list[Duty],
    silent: list[str],
    names: dict[int, str],
) -> Digest | None:
    """One team's digest for whoever leads it; None where there is nothing to lead."""
    path = reverse("deadlines:digests")
    parts: dict[str, list[Line]] = {
        "over": [],
        "nobody": [],
        "unanswered": [_line(words, "", path) for words in sorted(filter(None, silent))],
    }
    for duty in duties:
        if morning.part(duty) == "over":
            parts["over"].append(_due(duty, who=names.get(duty.owner_id or 0, "nobody")))
        elif here.of(duty.owner_id) is None:
            parts["nobody"].append(_due(duty))
    if not any(parts.values()):
        return None
    return _row(morning, parts, {"open": len(duties)})


def _row(morning: Morning, parts: dict[str, list[Line]], numbers: dict[str, Any]) -> Digest:
    return Digest(
        on=morning.on,
        created_at=morning.at,
        lines=[{"part": part, **one} for part in parts for one in parts[part][:MOST_LINES]],
        numbers={**numbers, **{part: len(lines) for part, lines in parts.items()}},
        answer_by=morning.at + timedelta(hours=morning.rules.digest_answer_hours),
    )


def _due(duty: Duty, *, is_new: bool = False, who: str = "") -> Line:
    try:
        kind = kinds.get(duty.kind)
        words, path = kind.name, kind.path(duty.reference)
    except LookupError:  # declared by no app any more: nothing disappears
        words, path = duty.kind, reverse("deadlines:waiting")
    line = _line(words, duty.reference, path, victim=duty.victim_id, due=duty.due_at.isoformat())
    said: Line = {"is_new": is_new, "who": who, "for_partners": _is_for_partners(duty)}
    return line | {name: value for name, value in said.items() if value}


def _told(message: Message) -> Line:
    line = _line(message.headline, message.reference, message.path, victim=message.victim_id)
    return {**line, **({"for_partners": True} if _is_for_partners(message) else {})}


def _line(
    words: str, reference: str, path: str, *, victim: int | None = None, due: str = ""
) -> Line:
    return {"words": words, "reference": reference, "path": path, "victim": victim, "due": due}


def _by(
    duties: Iterable[Duty], whose: Callable[[Duty], int | None]
) -> defaultdict[int, list[Duty]]:
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        pk = whose(duty)
        if pk is not None:
            found[pk].append(duty)
    return found


def _last() -> dict[int, Last]:
    """The newest digest of each person: when, and what was theirs then."""
    rows = Digest.objects.filter(person__isnull=False).order_by("person_id", "-on")
    newest = rows.distinct("person_id").values_list("person_id", "created_at", "numbers__held")
    return {pk: Last(at, frozenset(held or ())) for pk, at, held in newest}


def _unanswered(on: date) -> defaultdict[int, list[int]]:
    """By team, who did not acknowledge the last digest before this day."""
    before = Digest.objects.filter(on__lt=on).order_by("-on").values("on")[:1]
    rows = Digest.objects.unanswered().filter(on=before, person__isnull=False, team__isnull=False)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for team_id, person_id in rows.values_list("team_id", "person_id"):
        found[team_id].append(person_id)
    return found
