"""Words that one side keeps from the other stand on no page and in no answer of the API for them.

Marker words are written into every place that is kept apart; then every address of that victim is
opened as every persona, and only the side whose words they are reads them.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock
from referrals import services
from referrals.models import IdvaCase, Survey
from tests.config.every_address.rules import EVERYBODY, RULES
from tests.config.every_address.world import Case
from tests.config.test_every_address import signed_in
from tests.personas import person
from victims.models import Victim
from victims.services import strike_note, write_note

pytestmark = pytest.mark.django_db

ADVISERS = {"idva", "idva_manager"}
#: Word: who may read it somewhere.
OF_ADVISERS = {
    "Larkspurnote": "a note",
    "Larkspurneed": "a support need",
    "Larkspursettled": "what became of a need",
    "Larkspurcourt": "support at court",
    "Larkspurreview": "a look at the risk",
}
OF_POLICE = "Kestrelnote"
OF_NOBODY = {"Nightjaranswer": "what a victim thought", "Larkspurstruck": "a note struck out"}


@pytest.fixture(scope="module")
def kept(case: Case, django_db_blocker: Any) -> Case:
    """The world with marker words, written within its transaction."""
    with django_db_blocker.unblock():
        _write_apart(case)
    return case


def _write_apart(made: Case) -> None:
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
    for kind in ("housing", "debt"):
        need = services.add_need(case_id=idva_case.pk, kind=kind, words="Larkspurneed", **who)
    services.settle_need(need_id=need.pk, state="met", outcome="Larkspursettled", **who)
    services.plan_court(
        case_id=idva_case.pk,
        court="family",
        hearing_at=at + timedelta(days=5),
        about="Larkspurcourt",
        **who,
    )
    services.review_case(
        case_id=idva_case.pk,
        would_be=victim.grade,
        safety="same",
        words="Larkspurreview",
        **who,
    )
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


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_marker_words_are_read_by_their_side_alone(kept: Case, username: str) -> None:
    client = signed_in(username)
    seen: dict[str, list[str]] = {}
    addresses = [kept.address(route) for route, rule in RULES.items() if rule.read is not None]
    words = [*OF_ADVISERS, OF_POLICE, *OF_NOBODY]
    for address in addresses:
        with transaction.atomic():
            answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        for word in words:
            if word.encode() in content:
                seen.setdefault(word, []).append(address)
    reads_police_notes = person(username).has_perm("victims.write_police_note")
    # Whoever wrote a note that was struck out still reads it.
    own = {"Larkspurstruck"} if username == "idva" else set()
    expected = (set(OF_ADVISERS) | own) if username in ADVISERS else set()
    expected |= {OF_POLICE} if reads_police_notes else set()
    assert set(seen) == expected, seen
