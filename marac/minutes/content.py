"""What minutes are made of: everything that was said and decided, as plain values.

The values are kept with the approval: names, words and who was shut out are as they were then.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from accounts.models import User, Withholding
from marac.models import (
    Attendance,
    Conflict,
    Hearing,
    HearingLine,
    MaracAction,
    Meeting,
    ResearchRequest,
)
from marac.near import people_near, sees_all_of


class AgencyThere(TypedDict):
    """An agency that was invited, and whether it came."""

    id: int
    name: str
    state: str
    label: str
    apologies: str


class PersonThere(TypedDict):
    """Somebody who was there; instants in ISO 8601."""

    id: int
    name: str
    agency_id: int
    agency: str
    is_observer: bool
    present_at: str
    left_at: str


class Research(TypedDict):
    """What an agency knew beforehand."""

    agency_id: int
    agency: str
    state: str
    words: str


class Line(TypedDict):
    """Something that was said; `corrects` is the id of the line that it sets right, or 0."""

    id: int
    section: str
    agency_id: int
    agency: str
    by: str
    at: str
    words: str
    corrects: int


class Action(TypedDict):
    """What an agency does by a day."""

    reference: str
    agency_id: int
    agency: str
    owner: str
    words: str
    due_on: str
    agreed_at: str


class Correction(TypedDict):
    """What a further version sets right of a case; `number` is that version's."""

    number: int
    by: str
    at: str
    words: str


class CaseSaid(TypedDict):
    """One case of the meeting.

    `withheld_from` are agencies and `shut_to` people who may know nothing of it; `near` says, for
    those who keep the conference, who left the room and why.
    """

    hearing_id: int
    reference: str
    victim_id: int
    victim: str
    born: str
    perpetrator: str
    part: str
    children: int
    is_repeat: bool
    state: str
    label: str
    asked: str
    criteria: list[str]
    began_at: str
    ended_at: str
    ended_words: str
    wanted: str
    not_asked: str
    research: list[Research]
    lines: list[Line]
    actions: list[Action]
    corrections: list[Correction]
    withheld_from: list[int]
    shut_to: list[int]
    near: list[str]


class Content(TypedDict):
    """The minutes of one meeting, whole or as an agency may hold them."""

    reference: str
    conference: str
    kind: str
    place: str
    starts_at: str
    began_at: str
    ended_at: str
    chair: str
    coordinator: str
    without_quorum: bool
    no_quorum_reason: str
    over_capacity_reason: str
    agencies: list[AgencyThere]
    people: list[PersonThere]
    cases: list[CaseSaid]


def content_of(meeting: Meeting) -> Content:
    """All that the meeting said and decided, in nine queries whatever its length."""
    hearings = list(
        Hearing.objects.listed()
        .filter(meeting=meeting)
        .select_related("case__perpetrator", "victim__person")
        .order_by("position", "pk")
    )
    said = _Said(meeting, hearings)
    return {
        "reference": meeting.reference,
        "conference": str(meeting.conference),
        "kind": meeting.get_kind_display(),
        "place": meeting.place,
        "starts_at": _iso(meeting.starts_at),
        "began_at": _iso(meeting.began_at),
        "ended_at": _iso(meeting.ended_at),
        "chair": str(meeting.chair),
        "coordinator": str(meeting.coordinator),
        "without_quorum": bool(meeting.no_quorum_reason),
        "no_quorum_reason": meeting.no_quorum_reason,
        "over_capacity_reason": meeting.over_capacity_reason,
        "agencies": _agencies(meeting),
        "people": _people(meeting),
        "cases": [said.of(hearing) for hearing in hearings],
    }


def fingerprint(content: Content) -> str:
    """A short word that is another for other content: what was read, and not what is now."""
    written = json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:32]


class _Said:
    """What hangs from the hearings of one meeting, fetched at once."""

    def __init__(self, meeting: Meeting, hearings: list[Hearing]) -> None:
        there = {"hearing__in": [row.pk for row in hearings]}
        lines = HearingLine.objects.filter(**there).select_related("agency", "by")
        research = ResearchRequest.objects.filter(**there).exclude(state="withdrawn")
        actions = MaracAction.objects.filter(**there).select_related("agency", "owner")
        near = Conflict.objects.filter(**there).select_related("person")
        self.lines = _by_hearing(lines.order_by("number", "pk"))
        self.research = _by_hearing(research.select_related("agency").order_by("agency__name"))
        self.actions = _by_hearing(actions.order_by("number", "pk"))
        self.near = _by_hearing(near.order_by("pk"))
        self.shut = people_near(row.case_id for row in hearings)
        self.kept = _withheld(hearings, meeting)

    def of(self, hearing: Hearing) -> CaseSaid:
        case, person = hearing.case, hearing.victim.person
        kept, near = self.kept[hearing.victim_id], self.near[hearing.pk]
        return {
            "hearing_id": hearing.pk,
            "reference": case.reference,
            "victim_id": hearing.victim_id,
            "victim": str(person),
            "born": person.date_of_birth.isoformat() if person.date_of_birth else "",
            "perpetrator": str(case.perpetrator) if case.perpetrator else "Not known",
            "part": hearing.get_part_display(),
            "children": case.children,
            "is_repeat": hearing.is_repeat,
            "state": hearing.state,
            "label": hearing.get_state_display(),
            "asked": case.words,
            "criteria": _met(case.criteria),
            "began_at": _iso(hearing.began_at),
            "ended_at": _iso(hearing.ended_at),
            "ended_words": hearing.ended_words,
            "wanted": hearing.wanted,
            "not_asked": hearing.not_asked_because,
            "research": [_research(row) for row in self.research[hearing.pk]],
            "lines": [_line(row) for row in self.lines[hearing.pk]],
            "actions": [_action(row) for row in self.actions[hearing.pk]],
            "corrections": [],
            "withheld_from": sorted(row.agency_id for row in kept if row.agency_id),
            "shut_to": sorted(
                {row.person_id for row in kept if row.person_id} | self.shut[hearing.case_id]
            ),
            "near": [f"{row.person}: {row.words}" for row in near],
        }


def _agencies(meeting: Meeting) -> list[AgencyThere]:
    rows = meeting.invitations.select_related("agency").order_by("-is_core", "agency__name")
    return [
        {
            "id": row.agency_id,
            "name": str(row.agency),
            "state": row.state,
            "label": row.get_state_display(),
            "apologies": row.apologies,
        }
        for row in rows
    ]


def _people(meeting: Meeting) -> list[PersonThere]:
    rows = Attendance.objects.filter(meeting=meeting, present_at__isnull=False)
    rows = rows.select_related("person", "agency").order_by("agency__name", "person__name")
    return [
        {
            "id": row.person_id,
            "name": str(row.person),
            "agency_id": row.agency_id,
            "agency": str(row.agency),
            "is_observer": row.is_observer,
            "present_at": _iso(row.present_at),
            "left_at": _iso(row.left_at),
        }
        for row in rows
    ]


def _line(row: HearingLine) -> Line:
    return {
        "id": row.pk,
        "section": row.get_section_display(),
        "agency_id": row.agency_id,
        "agency": str(row.agency),
        "by": str(row.by),
        "at": _iso(row.at),
        "words": row.words,
        "corrects": row.corrects_id or 0,
    }


def _research(row: ResearchRequest) -> Research:
    return {
        "agency_id": row.agency_id,
        "agency": str(row.agency),
        "state": row.get_state_display(),
        "words": row.words,
    }


def _action(row: MaracAction) -> Action:
    return {
        "reference": row.reference,
        "agency_id": row.agency_id,
        "agency": str(row.agency),
        "owner": str(row.owner) if row.owner else "",
        "words": row.words,
        "due_on": row.due_on.isoformat(),
        "agreed_at": _iso(row.agreed_at),
    }


def _met(criteria: list[dict[str, Any]]) -> list[str]:
    """The criteria that were met, in words with their numbers."""
    met = (one for one in criteria if one.get("is_met"))
    return [str(one.get("words") or one.get("label") or "") for one in met]


def _withheld(hearings: list[Hearing], meeting: Meeting) -> Mapping[int, list[Withholding]]:
    """By victim: what was withheld from whom since the meeting began, ended meanwhile or not."""
    since = meeting.began_at or meeting.starts_at
    rows = Withholding.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since),
        victim__in=[row.victim_id for row in hearings],
    )
    found: dict[int, list[Withholding]] = defaultdict(list)
    for row in rows:
        found[row.victim_id].append(row)
    return found


def _by_hearing(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.hearing_id].append(row)
    return found


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def may_see_all(user: User, meeting: Meeting) -> bool:
    """Whether nothing of the meeting's cases is withheld from or near to this person."""
    return sees_all_of(user, Hearing.objects.listed().filter(meeting=meeting))
