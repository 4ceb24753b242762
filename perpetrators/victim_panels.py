"""What this app adds to the page of a victim: who was let out, and where they are now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from perpetrators.models import CustodyEpisode
from perpetrators.pages.let_out import let_out
from perpetrators.pages.whereabouts import Where, complained_of, whereabouts
from perpetrators.permissions import can_view_custody
from perpetrators.services.concerned import victims_of
from victims import panels
from victims.models import Victim


@dataclass(frozen=True)
class Shown:
    """One person as this reader may see them; without a page where the reader sees none."""

    where: Where
    words: str
    url: str
    bail: CustodyEpisode | None
    shows_conditions: bool


def who_was_let_out(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """The banner: nothing while nobody was let out lately or is to be soon."""
    found = let_out(victim, at)
    return {"news": found} if found else None


def where_now(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """Everybody complained of in this victim's incidents, and where each of them is."""
    people = complained_of(victim)
    if not people:
        return None
    polices = can_view_custody(reader)
    alone = set() if polices else _harmed_nobody_else([one.pk for one in people])
    return {
        "people": [
            _shown(where, polices=polices, is_alone=where.person.pk in alone)
            for where in whereabouts(people, at)
        ]
    }


def _harmed_nobody_else(person_ids: list[int]) -> set[int]:
    """Conditions may name whom else somebody harmed: told to advisers only where nobody is."""
    return {pk for pk, victim_ids in victims_of(person_ids).items() if len(victim_ids) <= 1}


def _shown(where: Where, *, polices: bool, is_alone: bool) -> Shown:
    """Advisers learn that somebody is held, not where."""
    words = where.words
    if not polices and where.is_held and where.episode is not None:
        words = where.episode.get_state_display()
    runs = [run for run in (where.episode, *where.others) if run is not None]
    return Shown(
        where=where,
        words=words,
        url=reverse("perpetrators:person", args=[where.person.reference]) if polices else "",
        bail=next((run for run in runs if run.state == CustodyEpisode.State.ON_BAIL), None),
        shows_conditions=polices or is_alone,
    )


panels.register("banner", 10, "perpetrators/victim/let_out.html", who_was_let_out)
panels.register("aside", 5, "perpetrators/victim/where_now.html", where_now)
