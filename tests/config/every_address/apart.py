"""Words that one side keeps from the other: every place that is kept apart has words of its own.

The walk reads every page and every answer of the API anyway, and looks for these in each.
"""

from datetime import timedelta
from typing import Any

from core import clock
from referrals import services
from referrals.models import IdvaCase, Survey
from tests.config.every_address.rules import ADVISER
from tests.config.every_address.world import Case
from tests.personas import person
from victims.models import Victim
from victims.services import strike_note, write_note

#: Word: where it stands. Those who support the victim read it somewhere, and nobody else does.
OF_ADVISERS = {
    "Larkspurnote": "a note",
    "Larkspurneed": "a support need",
    "Larkspursettled": "what became of a need",
    "Larkspurcourt": "support at court",
    "Larkspurreview": "a look at the risk",
}
OF_POLICE = "Kestrelnote"
OF_NOBODY = {"Nightjaranswer": "what a victim thought", "Larkspurstruck": "a note struck out"}
ALL = (*OF_ADVISERS, OF_POLICE, *OF_NOBODY)


def read_by(username: str) -> set[str]:
    """The words that this person reads somewhere."""
    # Whoever wrote a note that was struck out still reads it.
    own = {"Larkspurstruck"} if username == "idva" else set()
    of_advisers = set(OF_ADVISERS) | own if username in ADVISER else set()
    of_police = {OF_POLICE} if person(username).has_perm("victims.write_police_note") else set()
    return of_advisers | of_police


def write_apart(made: Case) -> None:
    """Write them into the world."""
    at = clock.now()
    victim = Victim.objects.get(reference=made.filled["victim"])
    idva_case = IdvaCase.objects.get(reference=made.filled["idva_case"])
    who: dict[str, Any] = {"actor": person("idva"), "at": at}
    for words in ("Larkspurnote", "Larkspurstruck"):
        note = write_note(victim_id=victim.pk, words=words, kept_among="advocates", **who)
    strike_note(note_id=note.pk, because="A mistake", actor=person("idva_manager"), at=at)
    write_note(
        victim_id=victim.pk,
        words=OF_POLICE,
        kept_among="police",
        actor=person("officer"),
        at=at,
    )
    _supported(idva_case, who, victim.grade)
    Survey.objects.create(
        victim=victim,
        about=Survey.About.POLICE,
        team=person("officer").team,
        state=Survey.State.ANSWERED,
        closed_at=at,
        opened_at=at,
        due_at=at,
        settled_at=at,
        answers={"heard": 1},
        words="Nightjaranswer",
    )


def _supported(idva_case: IdvaCase, who: dict[str, Any], grade: str) -> None:
    """What an adviser does and writes."""
    for kind in ("housing", "debt"):
        need = services.add_need(case_id=idva_case.pk, kind=kind, words="Larkspurneed", **who)
    services.settle_need(need_id=need.pk, state="met", outcome="Larkspursettled", **who)
    services.plan_court(
        case_id=idva_case.pk,
        court="family",
        hearing_at=who["at"] + timedelta(days=5),
        about="Larkspurcourt",
        **who,
    )
    services.review_case(
        case_id=idva_case.pk,
        would_be=grade,
        safety="same",
        words="Larkspurreview",
        **who,
    )
