"""An adviser's clients: whom they were granted, the newest first, with what must be minded first.

The grants alone say who is on the list, and their own index gives the order: so the list costs the
same however many victims the force has. What is shown of a page is then read at once, by key.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import Permission
from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, When

from accounts.models import User
from core.clock import local
from core.prepared import Statement
from deadlines import kinds
from deadlines.models import Deadline
from incidents.pages.spelt import called, name_question
from referrals.models import CourtSupport, IdvaCase
from referrals.permissions import can_allocate
from referrals.services.advising import serving
from victims import safe_way
from victims.models import PersonName, RiskGrade, SafeContact, Victim, VictimGrant

PAGE_SIZE = 25
#: No list is counted further than anybody turns its pages.
MOST_COUNTED = 10_000
#: So many are read at once: the count of a list that ends in them costs nothing more.
AT_ONCE = 10 * PAGE_SIZE
#: Up to so many grants are asked for their names by key; that costs the same among any number.
FEW = 10_000
LONGEST = 200

WHOSE = ("all", "mine", "away")
RISKS: dict[str, tuple[str, ...]] = {
    "any": (),
    "high": (RiskGrade.HIGH, RiskGrade.VERY_HIGH),
    "medium": (RiskGrade.MEDIUM,),
    "standard": (RiskGrade.STANDARD,),
}
SHOW = ("all", "over", "first")
_REFERENCE = re.compile(r"^(V|IC)-?(\d{4})-?(\d{1,12})$", re.IGNORECASE)


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Anything it does not know is as if it were not there."""

    whose: str = "all"
    risk: str = "any"
    show: str = "all"
    adviser: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        whose, risk = query.get("whose", "all"), query.get("risk", "any")
        show, words = query.get("show", "all"), query.get("q", "")[:LONGEST]
        return cls(
            whose if whose in WHOSE else "all",
            risk if risk in RISKS else "any",
            show if show in SHOW else "all",
            _printable(query.get("adviser", "")[:LONGEST]),
            " ".join(_printable(words).split()),
        )

    def with_(self, **changes: str) -> "Filters":
        return replace(self, **changes)

    @property
    def query(self) -> str:
        """As in the address; empty for what is shown anyway."""
        plain = Filters()
        given = {
            "whose": (self.whose, plain.whose),
            "risk": (self.risk, plain.risk),
            "show": (self.show, plain.show),
            "adviser": (self.adviser, ""),
            "q": (self.words, ""),
        }
        said = {name: value for name, (value, usual) in given.items() if value != usual}
        return f"?{urlencode(said)}" if said else "?"


class Key(NamedTuple):
    """A victim who was granted, and since when."""

    victim_id: int
    since: datetime


class Client(NamedTuple):
    """What the list shows of somebody; the case is None where access has another reason."""

    victim_id: int
    reference: str
    given_name: str
    family_name: str
    grade: str
    last_contact_at: datetime | None
    since: datetime
    case: str | None
    case_state: str | None
    adviser: str | None
    first_contact_at: datetime | None
    gave_up_at: datetime | None
    safe: SafeContact | None
    due_kind: str | None
    due_at: datetime | None
    due_from: datetime | None
    court_at: datetime | None
    court: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"

    @property
    def due_name(self) -> str:
        """What is due next, by its kind's name."""
        if self.due_kind is None:
            return ""
        try:
            return kinds.get(self.due_kind).name
        except LookupError:
            return self.due_kind

    @property
    def is_not_reached(self) -> bool:
        """Their adviser has not spoken with them yet, and nobody said that it cannot be done."""
        supported = self.case_state == IdvaCase.State.ACCEPTED
        return supported and self.first_contact_at is None and self.gave_up_at is None

    def rules(self, at: datetime) -> safe_way.Rules:
        """How to reach them at an instant, and what must not be done."""
        return safe_way.rules_of(self.safe, at)


#: Everything that a page shows of these victims, each part by its own index.
_SHOWN = Statement(
    "referrals_clients_shown",
    """
    SELECT v.id, v.reference, p.given_name, p.family_name, v.grade, v.last_contact_at, s.since,
           c.reference, c.state, u.name, c.first_contact_at, c.gave_up_at,
           w.id, w.method, w.number, w.hours, w.code_word, w.may_leave_voicemail, w.version,
           d.kind, d.due_at, d.started_at, k.hearing_at, k.court, n.happened_at
      FROM unnest(%(victims)s, %(since)s) WITH ORDINALITY AS s (victim_id, since, place)
      JOIN victims_victim v ON v.id = s.victim_id
      JOIN victims_person p ON p.id = v.person_id
      LEFT JOIN referrals_idvacase c ON c.victim_id = v.id AND c.state IN ('referred', 'accepted')
      LEFT JOIN accounts_user u ON u.id = c.owner_id
      LEFT JOIN victims_safecontact w ON w.victim_id = v.id AND w.is_current
      LEFT JOIN LATERAL (
            SELECT kind, due_at, started_at FROM deadlines_deadline
             WHERE victim_id = v.id AND state IN ('running', 'breached')
               AND owner_id = ANY(%(people)s)
             ORDER BY due_at LIMIT 1) d ON true
      LEFT JOIN LATERAL (
            SELECT hearing_at, court FROM referrals_courtsupport
             WHERE case_id = c.id AND state = 'planned' AND hearing_at > %(at)s
             ORDER BY hearing_at LIMIT 1) k ON true
      LEFT JOIN LATERAL (
            SELECT happened_at FROM victims_victimupdate
             WHERE victim_id = v.id AND about = 'court' AND happened_at > %(at)s
               AND state <> 'fallen_away'
             ORDER BY happened_at LIMIT 1) n ON true
     ORDER BY s.place
    """,
    {"victims": "bigint[]", "since": "timestamptz[]", "people": "bigint[]", "at": "timestamptz"},
)


class Clients:
    """The list of one reader under some filters: a page at a time, or whole for an export.

    Its length and its slices are what a Paginator asks for.
    """

    def __init__(self, reader: User, filters: Filters, at: datetime) -> None:
        self.reader, self.filters, self.at = reader, filters, at
        may_lead = can_allocate(reader) or reader.stands_in_for
        teams = serving.led_by(reader, at) if may_lead else set()
        #: The advisers by whom whoever leads may filter; nobody for the others.
        self.led = serving.advisers(teams) if teams else []
        self.people = self._people()
        self._rows = self._keys()

    def __len__(self) -> int:
        """At most MOST_COUNTED. A short list is counted by reading it."""
        keys, is_all = self._first
        return len(keys) if is_all else int(self._rows.order_by()[:MOST_COUNTED].count())

    def __getitem__(self, part: slice) -> list[Client]:
        keys, is_all = self._first
        if is_all or (part.stop is not None and part.stop <= len(keys)):
            return self.shown(keys[part])
        return self.shown([Key(*row) for row in self._rows[part]])

    def page(self, number: str | int | None) -> Page[Client]:
        """A page by its number; the nearest there is where there is none of it."""
        rows: Any = self
        return Paginator(rows, PAGE_SIZE).get_page(number)

    def everything(self) -> list[Client]:
        keys, is_all = self._first
        return self.shown(keys if is_all else [Key(*row) for row in self._rows])

    def shown(self, keys: Sequence[Key]) -> list[Client]:
        """What is shown of these, in their order. One query."""
        if not keys:
            return []
        rows = _SHOWN.rows(
            {
                "victims": [key.victim_id for key in keys],
                "since": [key.since for key in keys],
                "people": self.people,
                "at": self.at,
            }
        )
        return [_client(row) for row in rows]

    @cached_property
    def _first(self) -> tuple[list[Key], bool]:
        """The newest, and whether these are all. One query, two where a name was typed."""
        most = FEW if self._name else AT_ONCE
        keys = [Key(*row) for row in self._rows[: most + 1]]
        is_all = len(keys) <= most
        if not self._name:
            return keys, is_all
        if not is_all:
            # Of so many the database asks the names itself.
            named = PersonName.objects.filter(name_question(self._name))
            self._rows = self._rows.filter(content_object__in=named.values("person__victim"))
            return [Key(*row) for row in self._rows[:AT_ONCE]], False
        bearers = called(self._name, [key.victim_id for key in keys])
        return [key for key in keys if key.victim_id in bearers], True

    def _keys(self) -> Any:
        """The grants of these people that the reader's own policy lets through, newest first."""
        grants = VictimGrant.objects.filter(user__in=self.people, permission=Subquery(_TO_SEE))
        limit = Victim.objects.all().seen_by(self.reader, "content_object")
        if limit is not None:
            # As a CASE, what the policy grants is one hash, asked in the order of the index. As a
            # join it would be guessed to be few, and each of thousands looked up before the first.
            grants = grants.filter(Case(When(limit, then=True), default=False))
        grants = grants.filter(self._wanted())
        if matched := self._reference:
            grants = grants.filter(content_object__in=_referred_to(matched))
        if len(self.people) == 1:
            # One person's grants are one each, and stand in this order in their index.
            return grants.order_by("-granted_at", "-pk").values_list("content_object", "granted_at")
        once = grants.order_by().values("content_object").annotate(since=Max("granted_at"))
        return once.order_by("-since", "-content_object").values_list("content_object", "since")

    @property
    def _reference(self) -> re.Match[str] | None:
        return _REFERENCE.match(self.filters.words.replace(" ", ""))

    @property
    def _name(self) -> str:
        """The name that was typed, misspelt too; empty where a reference was, or nothing."""
        return "" if self._reference else self.filters.words

    def _people(self) -> list[int]:
        """The keys of those whose grants are listed."""
        if self.filters.adviser and self.led:
            return [one.pk for one in self.led if one.username == self.filters.adviser]
        if self.filters.whose == "mine":
            return [self.reader.pk]
        away = self.reader.stands_in_for
        if self.filters.whose == "away":
            return sorted(away)
        return sorted({self.reader.pk, *away, *(one.pk for one in self.led)})

    def _wanted(self) -> Q:
        wanted = Q()
        if grades := RISKS[self.filters.risk]:
            wanted &= Q(content_object__grade__in=grades)
        if self.filters.show == "over":
            late = Deadline.objects.overdue(self.at).filter(owner__in=self.people)
            wanted &= Q(Exists(late.filter(victim=OuterRef("content_object"))))
        if self.filters.show == "first":
            cases = IdvaCase.objects.supported().filter(
                first_contact_at__isnull=True, gave_up_at__isnull=True
            )
            wanted &= Q(Exists(cases.filter(victim=OuterRef("content_object"))))
        return wanted


def _referred_to(matched: re.Match[str]) -> Any:
    """Whom a reference names: the victim, or whose case it is."""
    reference = f"{matched[1].upper()}-{matched[2]}-{int(matched[3]):06d}"
    if matched[1].upper() == "IC":
        return IdvaCase.objects.filter(reference=reference).values("victim")
    return Victim.objects.filter(reference=reference).values("pk")


_TO_SEE = Permission.objects.filter(
    codename="view_victim", content_type__app_label="victims", content_type__model="victim"
).values("pk")[:1]


@dataclass(frozen=True)
class Choice:
    """One link of a filter."""

    words: str
    query: str
    is_chosen: bool


def choices(filters: Filters, reader: User) -> dict[str, list[Choice]]:
    """The links of each filter; whose only for whoever stands in for somebody."""
    whose = {"all": "All", "mine": "Mine", "away": "Of whom I stand in for"}
    offered = {
        "risk": {"any": "Any risk", "high": "High", "medium": "Medium", "standard": "Standard"},
        "show": {"all": "Everybody", "over": "Out of time", "first": "Not reached yet"},
    }
    if reader.stands_in_for:
        offered = {"whose": whose, **offered}
    return {
        name: [
            Choice(said, filters.with_(**{name: value}).query, getattr(filters, name) == value)
            for value, said in values.items()
        ]
        for name, values in offered.items()
    }


def _client(row: Sequence[Any]) -> Client:
    own, case, safe, due = row[:7], row[7:12], row[12:19], row[19:22]
    court, news = row[22:24], row[24]
    dates = [one for one in (court[0], news) if one is not None]
    at = min(dates, default=None)
    where = CourtSupport.Court(court[1]).label if at is not None and at == court[0] else ""
    return Client._make((*own, *case, _safe_contact(safe), *due, at, where))


def _safe_contact(row: Sequence[Any]) -> SafeContact | None:
    if row[0] is None:
        return None
    names = ("pk", "method", "number", "hours", "code_word", "may_leave_voicemail", "version")
    return SafeContact(**dict(zip(names, row, strict=True)))


def _printable(words: str) -> str:
    """Characters that nobody types, a NUL among them, find nothing and harm nothing."""
    return "".join(one if one.isprintable() else " " for one in words)


HEADINGS = (
    "Client",
    "Name",
    "Risk",
    "Since",
    "Case",
    "Adviser",
    "Safe way",
    "Number",
    "When",
    "Code word",
    "Voicemail",
    "Next due",
    "Due at",
    "Last contact",
    "Next in court",
)


def cells(rows: Iterable[Client]) -> Iterator[tuple[object, ...]]:
    """The rows of the export, as HEADINGS has them; times with their offset."""
    for row in rows:
        safe = row.safe
        yield (
            row.reference,
            row.name,
            RiskGrade(row.grade).label if row.grade else "",
            _written(row.since),
            row.case or "",
            row.adviser or "",
            safe.get_method_display() if safe else "Not known",
            safe.number_shown if safe else "",
            safe.hours if safe else "",
            safe.code_word if safe else "",
            ("may be left" if safe.may_leave_voicemail else "never") if safe else "never",
            row.due_name,
            _written(row.due_at),
            _written(row.last_contact_at),
            _written(row.court_at),
        )


def _written(instant: datetime | None) -> str:
    return local(instant).isoformat(timespec="minutes") if instant else ""
