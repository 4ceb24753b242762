"""Somebody records an event of custody by hand: checked against what is on record already."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core import policy
from core.clock import local
from core.errors import DomainError, InvalidInput
from perpetrators.messages import HERE, Kind, Message, parse
from perpetrators.models import CourtDate, CustodyEpisode, CustodyEvent, ExpectedRelease
from perpetrators.permissions import can_record_custody
from perpetrators.services.receiving import Outcome, receive
from victims.models import Person

State = CustodyEpisode.State

#: What ends or changes something can only be where that something is.
_NEEDS: Mapping[str, tuple[frozenset[str], str]] = {
    Kind.BAIL_CHANGE: (frozenset({State.ON_BAIL}), "There is no bail to change"),
    Kind.BAIL_BREACH: (frozenset({State.ON_BAIL}), "There is no bail to breach"),
    Kind.RELEASE: (frozenset(CustodyEpisode.HELD), "Nobody is held in this run"),
    Kind.PRISON_RELEASE: (frozenset(CustodyEpisode.HELD), "Nobody is held in this run"),
}


def record_event(
    *,
    key: UUID,
    person: Person,
    said: Mapping[str, Any],
    episode: CustodyEpisode | None = None,
    again: bool = False,
    actor: User,
    at: datetime,
) -> Outcome:
    """Record one event; `said` are the fields of a message (perpetrators.messages), aware instants.

    `key` is the form's own: sent twice it is recorded once. Without `episode` it begins a run.
    `again`: record it although the same is on record. Raises PermissionDenied; InvalidInput at its
    field; DomainError where it cannot be, or (code "recorded_already") where it is on record.
    """
    if not can_record_custody(actor):
        raise PermissionDenied("Only custody officers, investigators and supervisors record this.")
    given = {name: value for name, value in said.items() if value not in (None, "", False, ())}
    whom = {"system": HERE, "message_id": str(key), "person": person.reference}
    if episode is not None:
        given["episode"] = episode.reference
    message = parse({**given, **whom}, at=at)
    _check_times(message, at)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not CustodyEvent.objects.filter(system=HERE, message_id=str(key)).exists():
            _check_run(message, person, episode)
            _check_investigator(message)
            if not again:
                _check_not_on_record(message, person, at)
        (outcome,) = receive(messages=[message], actor=actor, at=at)
    return outcome


def _check_times(message: Message, at: datetime) -> None:
    """What is planned lies ahead; what limits something lies after it."""
    ahead = {
        "hearing_at": (Kind.COURT_DATE, "A hearing to come lies ahead. Check the day and time."),
        "release_at": (
            Kind.RELEASE_PLANNED,
            "That is past. If the release took place, record the release itself.",
        ),
    }
    for name, (kind, words) in ahead.items():
        instant = getattr(message, name)
        if message.kind == kind and instant is not None and instant <= at:
            raise InvalidInput(words, field=name)
    if message.release_on and message.release_on < local(at).date():
        raise InvalidInput(ahead["release_at"][1], field="release_on")
    if message.bail_until and message.bail_until <= message.happened_at:
        raise InvalidInput("Bail ends after it begins.", field="bail_until")


def _check_run(message: Message, person: Person, episode: CustodyEpisode | None) -> None:
    if episode is None:
        if message.kind in (Kind.RELEASE_CANCELLED, Kind.COURT_DATE_VACATED, Kind.BAIL_BREACH):
            raise InvalidInput("Say which run of custody this belongs to.", field="episode")
        return
    if episode.person_id != person.pk:
        raise InvalidInput(f"{episode.reference} is another person's.", field="episode")
    if message.happened_at < episode.began_at:
        raise InvalidInput(
            f"This run began {_when(episode.began_at)}; it cannot have happened before that. "
            "Correct the time, or choose another run.",
            field="happened_at",
        )
    states, words = _NEEDS.get(message.kind, (None, ""))
    is_latest = message.happened_at >= episode.state_since
    if states is not None and is_latest and episode.state not in states:
        now = episode.get_state_display().lower()
        raise DomainError(
            f"{words}: {now} since {_when(episode.state_since)}.", field="happened_at"
        )
    _check_what_is_called_off(message, episode)


def _check_investigator(message: Message) -> None:
    """A system's name that nobody has is ignored; somebody here who mistypes it is told."""
    name = message.investigator
    known = User.objects.filter(username=name, is_active=True, is_system=False)
    if name and not known.exists():
        raise InvalidInput(
            "Nobody who works here has this user name. Check it, or leave it blank.",
            field="investigator",
        )


def _check_what_is_called_off(message: Message, episode: CustodyEpisode) -> None:
    if message.kind == Kind.RELEASE_CANCELLED:
        if not ExpectedRelease.objects.expected().filter(episode=episode).exists():
            raise DomainError("No release is planned in this run.", field="episode")
    elif message.kind == Kind.COURT_DATE_VACATED:
        listed = CourtDate.objects.filter(episode=episode, state=CourtDate.State.LISTED)
        if not listed.filter(listing=message.listing).exists():
            raise DomainError("This hearing is not listed in this run.", field="hearing_row")


def _check_not_on_record(message: Message, person: Person, at: datetime) -> None:
    """The same kind of the same person about the same time, whoever recorded it."""
    late = timedelta(minutes=policy.at(at).late_minutes)
    rows = CustodyEvent.objects.filter(
        person=person,
        state=CustodyEvent.State.APPLIED,
        kind=message.kind,
        happened_at__range=(message.happened_at - late, message.happened_at + late),
    ).select_related("sent_by")
    if found := rows.order_by("happened_at").first():
        raise DomainError(
            f"This is on record already: {found.get_kind_display().lower()}, "
            f"{_when(found.happened_at)}, from {found.sent_by}. Nothing was added. Recorded again "
            "it stands twice and is acted on once.",
            field="again",
            code="recorded_already",
        )


def _when(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y, %H:%M}"
