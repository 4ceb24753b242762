"""Somebody says whom a message is about that nobody was known by, or that it is nobody of ours."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from perpetrators.messages import Message, from_content
from perpetrators.models import CustodyEvent, OutsideIdentity
from perpetrators.permissions import can_match_custody
from perpetrators.services.receiving.applying import apply
from perpetrators.services.receiving.deliveries import Delivery
from perpetrators.services.receiving.waiting import (
    NUMBERS,
    same_numbers,
    settle,
    unknown_of,
    watch,
)
from perpetrators.services.receiving.whom import Match, saying_whom, whom
from victims.models import Person

State = CustodyEvent.State
LONGEST_REASON = 300
#: What changes when somebody says that a message is nobody's, or takes it up again.
DECIDED = ("state", "matched_because", "matched_by", "matched_at")
VERBS = {
    State.APPLIED: "custody.matched",
    State.NOT_OURS: "custody.set_aside",
    State.UNMATCHED: "custody.taken_up",
}


@transaction.atomic
def confirm(*, event_id: int, person_id: int, actor: User, at: datetime) -> list[CustodyEvent]:
    """A message is about this person: the number it names is theirs from now on, and everything
    that waited for it is applied. The messages that were.

    Confirmed twice for the same person it changes nothing. Raises PermissionDenied; AlreadyTaken
    where somebody said otherwise before; DomainError where its number or its custody record is
    another person's; InvalidInput at `person`.
    """
    check_may_match(actor)
    saying_whom()
    event = CustodyEvent.objects.select_for_update().get(pk=event_id)
    if event.state == State.APPLIED and event.person_id == person_id:
        return []
    if event.state != State.UNMATCHED:
        raise AlreadyTaken("Somebody has said already whom this message is about.")
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput("There is no such person on record.", field="person")
    message = from_content(event.content, at=at)
    _remember(message, person, actor, at)
    deliveries = _that_waited(event, person, at)
    for one in deliveries:
        _matched(one.event, f"{actor} said that this is {person.reference}", actor, at)
    apply(deliveries, actor=actor, at=at)
    applied = [one.event for one in deliveries]
    settle(applied, actor=actor, at=at)
    _record(event, "A custody message matched", actor, at, messages=len(applied))
    return applied


@transaction.atomic
def set_aside(*, event_id: int, words: str, actor: User, at: datetime) -> CustodyEvent:
    """A message, and all that waits of the same unknown person, is about nobody who is known here,
    for a reason in words; they stay on record and may be taken up again.

    Raises PermissionDenied; AlreadyTaken where somebody said otherwise before; InvalidInput at
    `words`.
    """
    check_may_match(actor)
    words = clean(words, field="words", longest=LONGEST_REASON, required=True)
    saying_whom()
    event = CustodyEvent.objects.select_for_update().get(pk=event_id)
    if event.state == State.NOT_OURS:
        return event
    if event.state != State.UNMATCHED:
        raise AlreadyTaken("Somebody has said already whom this message is about.")
    unknown = unknown_of(event)
    rows = [row for row in _alike(event) if unknown_of(row) == unknown and row.pk != event.pk]
    for row in (event, *rows):
        row.state = State.NOT_OURS
        _matched(row, words, actor, at)
    CustodyEvent.objects.bulk_update([event, *rows], DECIDED)
    settle([event, *rows], actor=actor, at=at)
    what = "A custody message is about nobody known here"
    _record(event, what, actor, at, messages=1 + len(rows))
    return event


@transaction.atomic
def take_up(*, event_id: int, actor: User, at: datetime) -> CustodyEvent:
    """What was set aside is looked at again: it waits as it did, with a clock of its own.

    With all of the same unknown person. Raises PermissionDenied; DomainError where it is already
    known whom it is about.
    """
    check_may_match(actor)
    saying_whom()
    event = CustodyEvent.objects.select_for_update().get(pk=event_id)
    if event.state == State.UNMATCHED:
        return event
    if event.state != State.NOT_OURS:
        raise DomainError("Only what was set aside can be taken up again.")
    unknown = unknown_of(event)
    aside = CustodyEvent.objects.filter(state=State.NOT_OURS, system=event.system)
    if unknown[1] in NUMBERS:
        aside = aside.filter(**{f"content__{unknown[1]}": unknown[2]})
    else:
        aside = aside.filter(pk=event.pk)
    rows = list(aside.order_by("pk").select_for_update())
    for row in rows:
        row.state, row.matched_because = State.UNMATCHED, ""
        row.matched_by = row.matched_at = None
    CustodyEvent.objects.bulk_update(rows, DECIDED)
    watch(rows, actor=actor, at=at)
    event.refresh_from_db()
    _record(event, "A custody message taken up again", actor, at, messages=len(rows))
    return event


def check_may_match(actor: User) -> None:
    """Raises PermissionDenied."""
    if not can_match_custody(actor):
        raise PermissionDenied("Only custody officers, investigators and the unit match messages.")


def _remember(message: Message, person: Person, actor: User, at: datetime) -> None:
    if not message.person_number:
        return
    identity, _ = OutsideIdentity.objects.get_or_create(
        system=message.system,
        number=message.person_number,
        defaults={"person": person, "confirmed_by": actor, "confirmed_at": at},
    )
    if identity.person_id != person.pk:
        raise DomainError(
            f"The number {message.person_number} of {message.system} is already that of "
            f"{identity.person.reference}.",
            field="person",
        )


def _that_waited(event: CustodyEvent, person: Person, at: datetime) -> list[Delivery]:
    """The message itself, and all that name the same number or the same custody record."""
    rows = {row.pk: row for row in _alike(event)} | {event.pk: event}
    said = {pk: from_content(row.content, at=at) for pk, row in rows.items()}
    matches = whom(list(said.values()))
    own = matches[said[event.pk].key]
    if own.is_contradicted or own.person_id not in (None, person.pk):
        raise DomainError(own.because or "Its custody record is another person's.", field="person")
    late = timedelta(minutes=policy.at(at).late_minutes)
    found = []
    for pk, row in sorted(rows.items()):
        match = matches[said[pk].key]
        if match.person_id == person.pk or (match == Match(None) and _same_run(said, pk, event.pk)):
            row.is_late = at - row.happened_at > late
            found.append(Delivery(said[pk], row, person.pk))
    return found


def _same_run(said: Mapping[int, Message], pk: int, own: int) -> bool:
    """Nobody is known by it yet, and it is of the custody record that was just matched."""
    if pk == own:
        return True
    run = said[own].custody_number
    return bool(run) and said[pk].custody_number == run and not said[pk].person_number


def _alike(event: CustodyEvent) -> list[CustodyEvent]:
    rows = same_numbers(event.system, [event.content])
    return list(rows.select_for_update().order_by("pk"))


def _matched(event: CustodyEvent, because: str, actor: User, at: datetime) -> None:
    event.matched_because, event.matched_by, event.matched_at = because[:300], actor, at


def _record(
    event: CustodyEvent, headline: str, actor: User, at: datetime, *, messages: int
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=VERBS[State(event.state)],
        headline=headline,
        subject=event.person.reference if event.person else event.reference,
        detail={
            "message": str(event),
            "messages": messages,
            "because": event.matched_because,
        },
    )
