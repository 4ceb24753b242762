"""Messages whose person is known go to that person's record, with everything they cause."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from core import events, policy
from perpetrators.events import CustodyEventApplied
from perpetrators.models import CustodyEvent
from perpetrators.services.receiving import consequences, twins
from perpetrators.services.receiving.deliveries import Delivery, Overtaken
from perpetrators.services.receiving.runs import join
from victims.models import Person

#: What changes of a message that waited once it is known whom it is about.
MATCHED = (
    "state",
    "person",
    "episode",
    "is_late",
    "matched_because",
    "matched_by",
    "matched_at",
)


def apply(deliveries: Sequence[Delivery], *, actor: User, at: datetime) -> None:
    """Apply them, rows new or waiting. The caller's transaction; Overtaken where another one was
    quicker: to be tried again."""
    if not deliveries:
        return
    late = timedelta(minutes=policy.at(at).late_minutes)
    people = _locked({one.person_id for one in deliveries})
    _check_still_new(deliveries)
    before = twins.told_before(deliveries)
    folded = join(deliveries, twins.runs_of_twins(deliveries, before, late), at=at)
    again = twins.repeats(deliveries, before, late)
    for one in deliveries:
        one.is_told_already = one.message.key in again
    _write(deliveries)
    consequences.follow(deliveries, folded, people, actor=actor, at=at)
    for one in deliveries:
        assert one.episode is not None
        events.announce(
            CustodyEventApplied(
                custody_event_id=one.event.pk,
                episode_id=one.episode.pk,
                person_id=one.person_id,
                kind=one.event.kind,
                actor=actor,
                at=at,
            )
        )


def _locked(person_ids: set[int]) -> dict[int, Person]:
    """In the order of their numbers: two batches about the same people wait and never block."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk")
    return {row.pk: row for row in rows}


def _check_still_new(deliveries: Sequence[Delivery]) -> None:
    """The same message may have come on another connection while this one waited for the locks."""
    new = {one.message.key for one in deliveries if one.event.pk is None}
    if not new:
        return
    written = CustodyEvent.objects.filter(
        system__in={system for system, _ in new}, message_id__in=[name for _, name in new]
    ).values_list("system", "message_id")
    if new & set(written):
        raise Overtaken


def _write(deliveries: Sequence[Delivery]) -> None:
    for one in deliveries:
        one.event.state = CustodyEvent.State.APPLIED
        one.event.person_id, one.event.episode = one.person_id, one.episode
    ordered = sorted(deliveries, key=lambda one: one.message.key)
    waited = [one.event for one in ordered if one.event.pk is not None]
    CustodyEvent.objects.bulk_create([one.event for one in ordered if one.event.pk is None])
    if waited:
        CustodyEvent.objects.bulk_update(waited, MATCHED)
