"""Dates in court: listed, moved, vacated; raised before they come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import policy
from core.policy import ForcePolicy
from core.trigger_rules import Trigger
from perpetrators.models import CourtDate, CustodyEpisode
from perpetrators.services.concerned import victims_of
from perpetrators.services.releases import times
from risk.services import triggers
from risk.services.triggers import Fired, fire
from victims import services as victims
from victims.models import VictimUpdate

About = VictimUpdate.About
State = CourtDate.State
SOURCE = CourtDate._meta.label_lower


@dataclass(frozen=True, slots=True)
class Listed:
    """One hearing as its episode's events leave it; `listing` is what the court calls it."""

    episode: CustodyEpisode
    listing: str
    at: datetime
    court: str = ""
    hearing: str = ""
    is_vacated: bool = False


@transaction.atomic
def sync_hearings(*, rows: Sequence[Listed], actor: User, at: datetime) -> list[CourtDate]:
    """Bring the hearings of these episodes in line; what changed. Said again it changes nothing.

    A hearing is known again by the court's own name for it, or by its instant where it has none.
    """
    known = _known(rows)
    rules = policy.at(at)
    made, changed, raised, vacated = [], [], [], []
    for row in rows:
        hearing = known.get(_key(row.episode.pk, row.listing, row.at))
        if hearing is None:
            if not row.is_vacated:
                made.append(_new(row, at, rules))
        elif row.is_vacated:
            if hearing.state != State.VACATED:
                hearing.state, hearing.raise_at = State.VACATED, None
                vacated.append(hearing)
        elif _differs(hearing, row):
            if _list_again(hearing, row, at, rules):
                raised.append(hearing)
            changed.append(hearing)
    CourtDate.objects.bulk_create(made)
    CourtDate.objects.bulk_update(
        [*changed, *vacated], ["at", "court", "hearing", "state", "raise_at"]
    )
    _call_off(vacated, actor, at)
    _raise([*(one for one in made if one.raise_at is None), *raised], actor, at)
    return [*made, *changed, *vacated]


def raise_near(person_ids: Collection[int], *, actor: User, at: datetime) -> int:
    """Raise the hearings of these persons, who are locked, whose time to be raised has come."""
    rows = list(
        CourtDate.objects.filter(
            episode__person__in=person_ids, state=State.LISTED, raise_at__lte=at
        )
        .select_related("episode__person")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if rows:
        for row in rows:
            row.raise_at = None
        CourtDate.objects.bulk_update(rows, ["raise_at"])
        _raise(rows, actor, at)
    return len(rows)


def _key(episode_id: int, listing: str, at: datetime) -> tuple[int, str, datetime | None]:
    return (episode_id, listing, None if listing else at)


def _known(rows: Sequence[Listed]) -> dict[tuple[int, str, datetime | None], CourtDate]:
    found = (
        CourtDate.objects.filter(episode__in={row.episode.pk for row in rows})
        .select_related("episode__person")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return {_key(row.episode_id, row.listing, row.at): row for row in found}


def _new(row: Listed, at: datetime, rules: ForcePolicy) -> CourtDate:
    return CourtDate(
        episode=row.episode,
        listing=row.listing,
        at=row.at,
        court=row.court,
        hearing=row.hearing,
        raise_at=times.raised_later(row.at, at, rules),
    )


def _differs(hearing: CourtDate, row: Listed) -> bool:
    return (hearing.at, hearing.court, hearing.hearing, hearing.state) != (
        row.at,
        row.court,
        row.hearing,
        State.LISTED,
    )


def _list_again(hearing: CourtDate, row: Listed, at: datetime, rules: ForcePolicy) -> bool:
    """Take over what the row says; whether it is to be raised now."""
    moved = hearing.at != row.at or hearing.state != State.LISTED
    was_raised = hearing.state == State.LISTED and hearing.raise_at is None
    hearing.at, hearing.court, hearing.hearing = row.at, row.court, row.hearing
    hearing.state = State.LISTED
    if not moved:
        return False
    if not was_raised:
        hearing.raise_at = times.raised_later(row.at, at, rules)
    return hearing.raise_at is None


def _raise(rows: Sequence[CourtDate], actor: User, at: datetime) -> None:
    concerned = victims_of({row.episode.person_id for row in rows})
    fired = [
        Fired(
            victim_id=victim_id,
            trigger=Trigger.COURT_DATE,
            happened_at=row.at,
            words=_words(row),
            source_type=SOURCE,
            source_id=row.pk,
            is_late=row.at < at,
            about=About.COURT,
        )
        for row in rows
        for victim_id in concerned[row.episode.person_id]
    ]
    if fired:
        fire(fired=fired, actor=actor, at=at)


def _call_off(rows: Sequence[CourtDate], actor: User, at: datetime) -> None:
    if not rows:
        return
    by_id = {row.pk: row for row in rows}
    triggers.withdraw(
        source_type=SOURCE,
        source_ids=list(by_id),
        because="The date in court was vacated.",
        actor=actor,
        at=at,
    )
    told = (
        VictimUpdate.objects.filter(
            source_type=SOURCE, source_id__in=by_id, about=About.COURT, state="told"
        )
        .order_by("victim_id", "source_id")
        .values_list("victim_id", "source_id")
        .distinct()
    )
    news = [
        victims.News(
            victim_id=victim_id,
            about=About.COURT,
            words=f"No longer so: {_words(by_id[pk])}"[:300],
            happened_at=at,
            source_type=SOURCE,
            source_id=pk,
        )
        for victim_id, pk in told
    ]
    if news:
        victims.owe_updates(news=news, actor=actor, at=at)


def _words(row: CourtDate) -> str:
    what = row.hearing or "hearing"
    where = f" at {row.court}" if row.court else ""
    return f"{row.episode.person}: {what}{where} on {times.moment(row.at)}"[:300]
