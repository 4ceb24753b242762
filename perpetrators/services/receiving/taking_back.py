"""A message was matched to the wrong person: everything that it caused there is undone.

The messages wait again and can be matched to whoever they are about; the audit keeps both.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from perpetrators.models import (
    CourtDate,
    CustodyEpisode,
    CustodyEvent,
    ExpectedRelease,
    OutsideIdentity,
    ReleaseWatch,
)
from perpetrators.services.concerned import victims_of
from perpetrators.services.receiving.consequences import SOURCE
from perpetrators.services.receiving.matching import LONGEST_REASON, check_may_match
from perpetrators.services.receiving.waiting import watch
from perpetrators.services.receiving.whom import saying_whom
from perpetrators.services.releases import Expected, Listed, sync_hearings, sync_releases
from perpetrators.services.releases.bail import SOURCE as BAIL
from perpetrators.services.releases.bail import forget_bail
from risk.services import triggers
from risk.services.triggers.rows import lock_victims
from victims import services as victims
from victims.models import Person, VictimUpdate

State = CustodyEvent.State


@transaction.atomic
def take_back(*, event_id: int, words: str, actor: User, at: datetime) -> list[CustodyEvent]:
    """This message was never about that person, for a reason in words: nor is its number theirs.

    All messages under its number and in their runs wait again. Reassessments and updates that came
    of them fall away; victims who were told already are owed word that it was about somebody else.
    Raises PermissionDenied; InvalidInput at `words`; DomainError where it is not matched, or where
    others recorded something in the same run by hand.
    """
    check_may_match(actor)
    words = clean(words, field="words", longest=LONGEST_REASON, required=True)
    saying_whom()
    event = CustodyEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.state != State.APPLIED or event.person_id is None:
        raise DomainError("This message is matched to nobody, so there is nothing to take back.")
    person = Person.objects.select_for_update(no_key=True).get(pk=event.person_id)
    rows = _that_came_with(event)
    runs = {row.episode_id: row.episode for row in rows if row.episode is not None}
    _check_nobody_elses(rows, runs.values())
    OutsideIdentity.objects.filter(
        person=person, system=event.system, number__in=_numbers(rows)
    ).delete()
    _undo(rows, list(runs.values()), person, actor, at)
    for row in rows:
        row.state, row.person, row.episode = State.UNMATCHED, None, None
        row.matched_because, row.matched_by, row.matched_at = "", None, None
    CustodyEvent.objects.bulk_update(
        rows, ["state", "person", "episode", "matched_because", "matched_by", "matched_at"]
    )
    _forget(list(runs.values()))
    watch(rows, actor=actor, at=at)
    _record(rows, person, words, actor, at)
    return rows


def _that_came_with(event: CustodyEvent) -> list[CustodyEvent]:
    """Everything under its number, and everything in the runs of that."""
    own = CustodyEvent.objects.filter(state=State.APPLIED, person=event.person_id)
    same = Q(pk=event.pk)
    if number := event.content.get("person_number"):
        same |= Q(system=event.system, content__person_number=number)
    runs = set(own.filter(same).values_list("episode_id", flat=True))
    rows = own.filter(same | Q(episode__in=runs)).select_related("episode")
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def _check_nobody_elses(rows: Sequence[CustodyEvent], runs: Collection[CustodyEpisode]) -> None:
    """What somebody recorded by hand about this person, or under another number, is not undone."""
    numbers = _numbers(rows)
    named = {row.system for row in rows if row.content.get("person")}
    if named or len(numbers) > 1:
        said = ", ".join(sorted(run.reference for run in runs))
        raise DomainError(
            f"Others recorded something in the same run of custody ({said}), by hand or under "
            "another number. It cannot be taken back here: record what is right by hand, and tell "
            "the custody sergeant which record is wrong."
        )


def _numbers(rows: Sequence[CustodyEvent]) -> set[str]:
    return {number for row in rows if (number := row.content.get("person_number"))}


def _undo(
    rows: Sequence[CustodyEvent],
    runs: Sequence[CustodyEpisode],
    person: Person,
    actor: User,
    at: datetime,
) -> None:
    because = "The message was about somebody else."
    lock_victims(victims_of([person.pk])[person.pk])
    said = {row.pk: row.get_kind_display().lower() for row in rows}
    # Bail that ended with nothing recorded is said of the run, not of a message.
    for source, what in ((SOURCE, said), (BAIL, {run.pk: "bail ended" for run in runs})):
        triggers.withdraw(
            source_type=source, source_ids=list(what), because=because, actor=actor, at=at
        )
        _tell_the_told(source, what, person, actor, at)
    sync_releases(
        [Expected(run, None, is_cancelled=True, words=because) for run in runs], actor=actor, at=at
    )
    forget_bail([run.pk for run in runs], actor=actor, at=at)
    listed = CourtDate.objects.filter(episode__in=runs, state=CourtDate.State.LISTED)
    sync_hearings(
        rows=[
            Listed(row.episode, row.listing, row.at, row.court, row.hearing, is_vacated=True)
            for row in listed.select_related("episode__person")
        ],
        actor=actor,
        at=at,
    )


def _tell_the_told(
    source: str, what: Mapping[int, str], person: Person, actor: User, at: datetime
) -> None:
    """Owe word to whoever was told `what` of these sources, that it was about somebody else."""
    told = VictimUpdate.objects.filter(
        source_type=source, source_id__in=what, state=VictimUpdate.State.TOLD
    )
    said = set(told.values_list("victim_id", "about", "source_id"))
    news = [
        victims.News(
            victim_id=victim_id,
            about=about,
            words=f"It was about somebody else, not {str(person)[:100]}: {what[source_id]}",
            happened_at=at,
            source_type=source,
            source_id=source_id,
        )
        for victim_id, about, source_id in sorted(said)
    ]
    if news:
        victims.owe_updates(news=news, actor=actor, at=at)


def _forget(runs: Sequence[CustodyEpisode]) -> None:
    """Runs that never were this person's: nothing is left in them. Their history is kept."""
    releases = ExpectedRelease.objects.filter(episode__in=runs)
    ReleaseWatch.objects.filter(release__in=releases).delete()
    releases.delete()
    CourtDate.objects.filter(episode__in=runs).delete()
    CustodyEpisode.objects.filter(pk__in=[run.pk for run in runs]).delete()


def _record(
    rows: Sequence[CustodyEvent], person: Person, words: str, actor: User, at: datetime
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb="custody.taken_back",
        headline=f"Custody messages were not about {person.reference}: {len(rows)} wait again",
        subject=person.reference,
        is_grave=True,
        detail={"messages": [str(row) for row in rows], "because": words},
    )
