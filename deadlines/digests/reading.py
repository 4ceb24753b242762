"""A digest as its reader may read it now: what they may no longer see is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from core.clock import local
from deadlines.digests.readers import Unseen, unseen_by
from deadlines.models import Digest

#: The parts in their order, as headings.
PARTS = {
    "over": "Out of time",
    "today": "Due before the next digest",
    "yours": "New with you, due later",
    "messages": "Messages",
    "nobody": "With nobody, still in time",
    "unanswered": "Did not acknowledge the digest before",
}


@dataclass(frozen=True)
class Entry:
    """One line: kind or headline, reference, where it leads, when it is due."""

    words: str
    reference: str
    path: str
    due_at: datetime | None
    who: str
    is_new: bool


@dataclass(frozen=True)
class Part:
    """A heading with its lines; `number` also counts those beyond the lines that are kept."""

    code: str
    name: str
    number: int
    lines: list[Entry]

    @property
    def beyond(self) -> int:
        return self.number - len(self.lines)


@dataclass(frozen=True)
class Answer:
    """Whether somebody of a team has acknowledged theirs; that it was told on stays."""

    name: str
    acknowledged_at: datetime | None
    escalated_at: datetime | None


@dataclass(frozen=True)
class Shown:
    """One digest for one reader."""

    digest: Digest
    parts: list[Part]

    @property
    def of_team(self) -> bool:
        return self.digest.person_id is None

    @property
    def open(self) -> int:
        return int(self.digest.numbers.get("open", 0))


def shown(digests: Sequence[Digest], *, reader: User) -> list[Shown]:
    """The digests without what their reader may not see any more, neither lines nor numbers.

    Everything is asked again at each reading: a grant may have ended, a name been withheld. One
    query, and none where no line names a victim.
    """
    keys = {pk for row in digests for line in row.lines if (pk := line["victim"]) is not None}
    unseen = unseen_by(reader, keys)
    return [Shown(row, _parts(row, unseen)) for row in digests]


def answers(of_teams: Sequence[Digest]) -> dict[int, list[Answer]]:
    """For each of these teams' digests, who of the team had one that day and what they did.

    By the digest's key; never what is in somebody else's. One query, none without digests.
    """
    if not of_teams:
        return {}
    rows = Digest.objects.filter(
        person__isnull=False,
        team__in=[row.team_id for row in of_teams],
        on__in={row.on for row in of_teams},
    )
    columns = rows.values_list("team_id", "on", "person__name", "acknowledged_at", "escalated_at")
    found: dict[int, list[Answer]] = {row.pk: [] for row in of_teams}
    keys = {(row.team_id, row.on): row.pk for row in of_teams}
    for team_id, on, name, acknowledged_at, escalated_at in columns.order_by("person__name"):
        if (team_id, on) in keys:
            found[keys[team_id, on]].append(Answer(name, acknowledged_at, escalated_at))
    return found


def _parts(row: Digest, unseen: Unseen) -> list[Part]:
    found = []
    for code, name in PARTS.items():
        kept = [line for line in row.lines if line["part"] == code]
        lines = [_entry(one) for one in kept if not _is_hidden(one, unseen)]
        number = int(row.numbers.get(code, 0)) - (len(kept) - len(lines))
        if number > 0:
            found.append(Part(code, name, number, lines))
    return found


def _is_hidden(line: dict[str, Any], unseen: Unseen) -> bool:
    return unseen.hides(line["victim"], for_partners=line.get("for_partners", False))


def _entry(line: dict[str, Any]) -> Entry:
    due = line["due"]
    return Entry(
        words=line["words"],
        reference=line["reference"],
        path=line["path"],
        due_at=local(datetime.fromisoformat(due)) if due else None,
        who=line.get("who", ""),
        is_new=line.get("is_new", False),
    )
