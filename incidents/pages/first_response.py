"""The first response as its readers see it, and what stands beside its form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels
from incidents.counter_aid import Side, aid_for
from incidents.forms.response import FirstResponseForm
from incidents.golden_hour import done_and_not, without_the_victim
from incidents.models import ChildSeen, FirstResponse, Incident, PartyAccount
from incidents.safety import measures_in_words
from incidents.seeing import people_seen, sees_everybody, sees_whole
from incidents.services.response.said import seen_in_words

TEMPLATE = "incidents/_first_response_shown.html"


@dataclass(frozen=True)
class ChildShown:
    """One child; the words are blank for whoever works for one victim alone."""

    name: str
    how: str
    was_seen: bool
    words: str


@dataclass(frozen=True)
class Shown:
    """What a reader may see of a first response."""

    response: FirstResponse
    #: False where another victim's side is in it that this reader must not see.
    is_whole: bool
    parties: list[PartyAccount]
    children: list[ChildShown]
    golden_hour_done: list[str]
    golden_hour_not_done: list[str]
    measures: list[str]


def shown(incident: Incident, reader: User) -> Shown | None:
    """What this reader may see of an incident's first response; None where there is none."""
    response = (
        FirstResponse.objects.filter(incident=incident)
        .select_related(
            "officer", "counter_protect", "counter_between__by", "counter_between__against"
        )
        .first()
    )
    if response is None:
        return None
    is_whole = sees_whole(incident, reader)
    done, not_done = done_and_not(response.golden_hour)
    return Shown(
        response=response,
        is_whole=is_whole,
        parties=_parties(response, incident, reader),
        children=_children(response, reader) if is_whole else [],
        golden_hour_done=done,
        golden_hour_not_done=not_done,
        measures=measures_in_words(response.safety_measures) if is_whole else [],
    )


def _parties(response: FirstResponse, incident: Incident, reader: User) -> list[PartyAccount]:
    rows = list(response.parties.select_related("person").order_by("pk"))
    if sees_everybody(reader):
        return rows
    seen = people_seen(incident, reader)
    return [row for row in rows if row.person_id in seen]


def _children(response: FirstResponse, reader: User) -> list[ChildShown]:
    hears = sees_everybody(reader)
    return [_child(row, hears) for row in response.children.order_by("pk")]


def _child(row: ChildSeen, hears: bool) -> ChildShown:
    how = seen_in_words(row.was_seen, row.was_spoken_to)
    return ChildShown(row.name, how, row.was_seen, row.words if hears else "")


def panel(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """The part of an incident's page."""
    found = shown(incident, reader)
    return {"shown": found} if found else None


panels.register(30, TEMPLATE, panel, slot="top", of_whole=False)


# --- Beside the form ----------------------------------------------------------------------------


@dataclass(frozen=True)
class SideShown:
    """One of the two with what was typed of them so far."""

    side: Side
    injuries: str
    fear: str


def aid_shown(incident: Incident, form: FirstResponseForm, at: datetime) -> dict[str, Any] | None:
    """The decision aid of a counter-allegation: what is on record, and what was found just now."""
    aid = aid_for(incident, form.at_odds, at)
    if aid is None:
        return None
    sides = [
        SideShown(side, _typed(form, side, "injuries"), _typed(form, side, "fear"))
        for side in aid.sides
    ]
    return {"sides": sides, "months": aid.months}


def _typed(form: FirstResponseForm, side: Side, name: str) -> str:
    return str(form[f"party_{side.person}_{name}"].value() or "")


def prompts(form: FirstResponseForm) -> dict[str, list[str]]:
    """What an evidence-led plan can be built of, from what was ticked and typed so far."""
    have, still = without_the_victim(
        form["golden_hour"].value() or [],
        video=str(form["body_worn_video"].value() or ""),
        exhibit=str(form["body_worn_video_exhibit"].value() or ""),
    )
    return {"have": have, "still": still}
