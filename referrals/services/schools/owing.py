"""Which children of an incident a school is told of: owed once each, gone when they are gone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

import deadlines.services
import victims.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.clock import local
from core.policy import ForcePolicy
from core.working_time import Clock
from deadlines import kinds
from deadlines.models import Deadline
from incidents.models import ChildSeen, Incident, Involvement
from referrals.models import SchoolNotice
from referrals.services.opening import unit_for
from referrals.services.schools.ages import (
    SeenChild,
    is_school_age,
    may_be_of_school_age,
    seen_child,
)
from victims import names
from victims.models import Person, Victim

KIND = "school_notice"
CLOCK = Clock.NEXT_SCHOOL_DAY
State = SchoolNotice.State
Role = Involvement.Role

GONE = "The child is no longer named in this incident."
NOT_OF_AGE = "The child is not of school age."
#: Reasons that the service gives itself: a child who is there again is owed again.
_OWN_WORDS = (GONE, NOT_OF_AGE)


@dataclass(frozen=True)
class _Company:
    """Who of an incident bears on it: the first-named victim, and the children by name."""

    victim: Victim
    children: list[Person]
    #: Named by officers at the scene, without a record of their own.
    unnamed: list[SeenChild]


@transaction.atomic
def follow_children(*, incident_id: int, is_new: bool = False, actor: User, at: datetime) -> None:
    """Owe a school the news of each child of school age who was there; let go of who was not.

    A child of unknown age counts as one who may be. One row for each child, however often this is
    asked; what was settled by a person stays. Its time runs from the call: also for a child who
    became known later, since the school day begins when it begins. `is_new`: an incident that is
    just being logged, of which nothing else can be on record.
    """
    company = _company(incident_id, is_new=is_new)
    if company is None:
        return
    # Whoever records the same incident at the same moment waits here.
    rows = Incident.objects.select_for_update(of=("self",), no_key=True)
    incident = rows.get(pk=incident_id)
    known = {
        row.child_id: row
        for row in SchoolNotice.objects.filter(incident=incident).select_related("child")
    }
    day, rules = local(incident.received_at).date(), policy.at(incident.received_at)
    there = [*company.children, *_recorded(company.unnamed, known, day, rules, actor, at)]
    wanted = [child for child in there if may_be_of_school_age(child, day, rules)]
    new = [child for child in wanted if child.pk not in known]
    _owe(incident, company.victim, new, rules, actor, at)
    for child in wanted:
        if child.pk in known:
            _owe_again(known[child.pk], incident, actor, at)
    _let_go(known, {child.pk for child in there}, {child.pk for child in wanted}, actor, at)


def _company(incident_id: int, *, is_new: bool) -> _Company | None:
    """None where there is no child, or nobody who was harmed. One query for a new incident."""
    rows = list(
        Involvement.objects.filter(incident=incident_id, role__in=(Role.CHILD, Role.VICTIM))
        .select_related("person", "victim")
        .order_by("pk")
    )
    victim = next((row.victim for row in rows if row.victim), None)
    if victim is None:
        return None
    named = [row.person for row in rows if row.role == Role.CHILD]
    if is_new:
        return _Company(victim, named, []) if named else None
    seen = ChildSeen.objects.filter(response__incident=incident_id, person=None).order_by("pk")
    unnamed = [seen_child(words) for words in seen.values_list("name", flat=True)]
    if not named and not unnamed and not _has_notices(incident_id):
        return None
    return _Company(victim, named, unnamed)


def _has_notices(incident_id: int) -> bool:
    return SchoolNotice.objects.filter(incident=incident_id).exists()


def _recorded(
    unnamed: Sequence[SeenChild],
    known: dict[int, SchoolNotice],
    day: date,
    rules: ForcePolicy,
    actor: User,
    at: datetime,
) -> list[Person]:
    """The people whom officers named without a record, each recorded once for this incident."""
    by_name = {names.fold(str(row.child)): row.child for row in known.values()}
    found = []
    for seen in unnamed:
        if seen.age is not None and not is_school_age(seen.age, rules):
            continue
        key = names.fold(seen.name)
        if key and key not in by_name:
            by_name[key] = _record(seen, day, actor, at)
        if key:
            found.append(by_name[key])
    return found


def _record(seen: SeenChild, day: date, actor: User, at: datetime) -> Person:
    given, _, family = seen.name.partition(" ")
    return victims.services.record_person(
        given_name=given[:100],
        family_name=family[:100],
        birth_year=day.year - seen.age if seen.age is not None else None,
        actor=actor,
        at=at,
    )


def _owe(
    incident: Incident,
    victim: Victim,
    children: Sequence[Person],
    rules: ForcePolicy,
    actor: User,
    at: datetime,
) -> None:
    """The notices of an incident and their clocks, written together."""
    if not children:
        return
    due_at = kinds.get(KIND).due(incident.received_at, rules)
    notices = SchoolNotice.objects.bulk_create(
        SchoolNotice(incident=incident, victim=victim, child=child, due_at=due_at)
        for child in {child.pk: child for child in children}.values()
    )
    unit = unit_for(victim.area_id)
    started = [
        deadlines.services.to_start(
            kind=KIND,
            subject=notice,
            reference=incident.reference,
            victim_id=victim.pk,
            team_id=unit.pk if unit else None,
            started_at=incident.received_at,
            actor=actor,
            at=at,
            rules=rules,
        )
        for notice in notices
    ]
    Deadline.objects.bulk_create(row for row, _ in started)
    audit.record_many(event for _, event in started)


def _owe_again(notice: SchoolNotice, incident: Incident, actor: User, at: datetime) -> None:
    """One that fell away by itself, whose child is there after all."""
    if notice.state == State.NOT_NEEDED and notice.words in _OWN_WORDS:
        owe_anew(notice, incident, actor, at)


def owe_anew(notice: SchoolNotice, incident: Incident, actor: User, at: datetime) -> None:
    """Owe it again, with its time running from the call as before."""
    notice.state, notice.words = State.OWED, ""
    notice.settled_at = notice.settled_by = None
    notice.version += 1
    notice.save(update_fields=["state", "words", "settled_at", "settled_by", "version"])
    deadlines.services.start(
        kind=KIND,
        subject=notice,
        reference=incident.reference,
        victim_id=notice.victim_id,
        team=unit_for(notice.victim.area_id),
        owner=None,
        started_at=incident.received_at,
        actor=actor,
        at=at,
    )


def _let_go(
    known: dict[int, SchoolNotice],
    there: Collection[int],
    wanted: Collection[int],
    actor: User,
    at: datetime,
) -> None:
    for child_id, notice in known.items():
        if notice.state != State.OWED or child_id in wanted:
            continue
        settle(notice, NOT_OF_AGE if child_id in there else GONE, actor, at)


def settle(notice: SchoolNotice, words: str, actor: User, at: datetime) -> None:
    """Not needed, with words; nobody is owed anything any more."""
    notice.state, notice.words = State.NOT_NEEDED, words
    notice.settled_at, notice.settled_by = at, actor
    notice.version += 1
    notice.save(update_fields=["state", "words", "settled_at", "settled_by", "version"])
    deadlines.services.cancel(kind=KIND, subject=notice, actor=actor, at=at, reason=words)
