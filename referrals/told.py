"""What an agency was told, as it may be read now: on its page, in its list, file and API alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from audit.models import AuditEvent
from incidents.models import Exhibit
from referrals.models import ChildrenConcern, Sharing
from referrals.querysets import SharingQuerySet
from referrals.services.sharing.parts import NONE_KNOWN, safe_way
from victims.models import SafeContact

What = Sharing.What
#: What children's services are told beyond the parts that anybody may be told.
CONCERN = "concern"
CONCERN_LABEL = "Why these children are referred"
ASK_FIRST = "This changed since you were told. Ask the referral unit before you call or write."

#: Why the police may share, in words for whoever reads it at an agency.
BASIS_WORDS: dict[str, str] = {
    Sharing.Basis.CONSENT: "The victim agreed that you are told.",
    Sharing.Basis.VITAL_INTERESTS: "It is told to protect somebody's life.",
    Sharing.Basis.PUBLIC_TASK: "It is told to prevent crime and to protect people, which is a "
    "public task.",
    Sharing.Basis.SAFEGUARDING_CHILD: "It is told to keep a child safe.",
    Sharing.Basis.SAFEGUARDING_ADULT: "It is told to keep an adult at risk safe.",
    Sharing.Basis.LEGAL_OBLIGATION: "The law obliges us to tell you.",
}
#: Whether the victim knows that the agency was told: what whoever calls them must know.
CONSENT_WORDS: dict[str, str] = {
    Sharing.Consent.GIVEN: "The victim was asked and agreed.",
    Sharing.Consent.REFUSED: "The victim was asked and did not agree. Do not speak of this to "
    "them before you asked the unit.",
    Sharing.Consent.NOT_SOUGHT: "The victim was not asked, because asking was unsafe. They do "
    "not know that you were told.",
    Sharing.Consent.NOT_NEEDED: "Whether the victim agrees was not asked.",
}


@dataclass(frozen=True)
class Part:
    """One chosen part: its lines as said that day; none where they must not be used any more."""

    code: str
    lines: list[tuple[str, str]]
    has_changed: bool = False

    @property
    def label(self) -> str:
        return CONCERN_LABEL if self.code == CONCERN else str(What(self.code).label)


@dataclass(frozen=True)
class Told:
    """One sharing as the agency reads it."""

    sharing: Sharing
    parts: list[Part]

    @property
    def name(self) -> str:
        """The victim's name as told; blank where names are not among what was told."""
        return next(
            (part.lines[0][1] for part in self.parts if part.code == What.IDENTITY and part.lines),
            "",
        )

    @property
    def basis(self) -> str:
        return BASIS_WORDS[self.sharing.basis]

    @property
    def consent(self) -> str:
        return CONSENT_WORDS[self.sharing.consent]

    def words(self, code: str) -> str:
        """One part in one cell: "Name: ...; Born: ..."; blank where it was not chosen."""
        for part in self.parts:
            if part.code == code:
                if part.has_changed:
                    return ASK_FIRST
                return "; ".join(f"{label}: {words}" for label, words in part.lines)
        return ""


@dataclass(frozen=True)
class Answered:
    """One answer of the agency, with who gave it and when."""

    answer: str
    words: str
    by: str
    at: datetime


def of_agency(user: User, at: datetime) -> SharingQuerySet:
    """What this person's agency may read, with what its list shows; the newest first."""
    rows = Sharing.objects.for_agency_of(user, at)
    related = rows.select_related("agency", "shared_by", "opened_by", "answered_by")
    return related.order_by("-shared_at", "-pk")


def found(rows: SharingQuerySet, words: str) -> SharingQuerySet:
    """Those whose reference, or whose name as told, has these words in it."""
    words = words.strip()
    if not words:
        return rows
    by_reference = rows.filter(reference__icontains=words)
    # The names are the first part wherever they were told, and the name its first line.
    by_name = rows.filter(told__0__part=What.IDENTITY, told__0__lines__0__1__icontains=words)
    return by_reference | by_name


def read(rows: Sequence[Sharing]) -> list[Told]:
    """What was told, less what must not be used any more. Two queries at most."""
    now_safe = _now_safe(row.victim_id for row in rows if What.SAFE_CONTACT in row.what)
    concerns = _concerns(row.pk for row in rows if row.kind == Sharing.Kind.CHILDREN)
    return [
        Told(
            row,
            [
                *concerns.get(row.pk, []),
                *(_part(one, now_safe.get(row.victim_id)) for one in row.told),
            ],
        )
        for row in rows
    ]


def as_told(row: Sharing) -> list[Part]:
    """Every part as it was said that day, for those who see the record."""
    is_concern = row.kind == Sharing.Kind.CHILDREN
    concerns = _concerns([row.pk] if is_concern else [])
    return [*concerns.get(row.pk, []), *(_said(one) for one in row.told)]


def _concerns(sharing_ids: Iterable[int]) -> dict[int, list[Part]]:
    wanted = list(sharing_ids)
    if not wanted:
        return {}
    rows = ChildrenConcern.objects.filter(sharing__in=wanted)
    return {row.sharing_id: [Part(CONCERN, _concern(row))] for row in rows}


def _concern(row: ChildrenConcern) -> list[tuple[str, str]]:
    parents = "Know of this" if row.parents_know else f"Do not know of this: {row.parents_words}"
    return [
        ("How urgent", str(row.get_urgency_display())),
        ("Seen and heard", row.seen),
        ("What is feared", row.worry),
        ("The parents", parents),
    ]


def _now_safe(victim_ids: Iterable[int]) -> dict[int, list[list[str]]]:
    wanted = set(victim_ids)
    if not wanted:
        return {}
    rows = SafeContact.objects.filter(victim__in=wanted, is_current=True)
    return {
        row.victim_id: safe_way(row, row.victim.person)
        for row in rows.select_related("victim__person")
    }


def _part(one: dict[str, Any], now_safe: list[list[str]] | None) -> Part:
    if one["part"] == What.SAFE_CONTACT and one["lines"] != (now_safe or NONE_KNOWN):
        return Part(What.SAFE_CONTACT.value, [], has_changed=True)
    return _said(one)


def _said(one: dict[str, Any]) -> Part:
    return Part(str(one["part"]), [(str(label), str(words)) for label, words in one["lines"]])


def documents_of(sharing: Sharing) -> list[Exhibit]:
    """The documents that were shared and are about this victim still, none withdrawn since."""
    rows = sharing.documents.kept().filter(person__victim=sharing.victim_id)
    return list(rows.select_related("incident").order_by("pk"))


def answers_of(sharing: Sharing) -> list[Answered]:
    """Every answer of the agency, the newest first: it stands."""
    if not sharing.answer:
        return []
    events = AuditEvent.objects.filter(
        victim_id=sharing.victim_id, verb="sharing.answered", subject=sharing.reference
    ).order_by("-at", "-pk")
    return [
        Answered(
            str(Sharing.Answer(event.detail["answer"]).label),
            str(event.detail["words"]),
            event.actor_name,
            event.at,
        )
        for event in events
    ]
