"""The personal statement offered, answered and taken; and what changed in a victim's life."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput, Stale
from tests.personas import PEOPLE
from tests.personas import person as persona
from tests.victims.telling import BAILED, HOUR, known_victim
from victims import services
from victims.events import CircumstanceRecorded
from victims.models import Circumstance, PersonalStatement, Victim

People = Callable[[str], User]
WORDS = "I do not open the curtains any more."


@pytest.fixture
def victim(people: People) -> Victim:
    return known_victim()


def offered(victim: Victim, about: str = "42FW/1234/26", who: str = "officer") -> PersonalStatement:
    return services.offer_statement(victim_id=victim.pk, about=about, actor=persona(who), at=BAILED)


def answered(row: PersonalStatement, **changes: Any) -> PersonalStatement:
    said: dict[str, Any] = {
        "answer": "wanted",
        "words": "",
        "version": row.version,
        "actor": persona("officer"),
        "at": BAILED + HOUR,
    }
    return services.answer_statement(statement_id=row.pk, **{**said, **changes})


def taken(row: PersonalStatement, **changes: Any) -> PersonalStatement:
    said: dict[str, Any] = {
        "text": WORDS,
        "wants_read_aloud": None,
        "version": row.version,
        "actor": persona("officer"),
        "at": BAILED + 2 * HOUR,
    }
    return services.take_statement(statement_id=row.pk, **{**said, **changes})


def test_offered_answered_and_taken(victim: Victim, people: People) -> None:
    row = taken(answered(offered(victim)), wants_read_aloud=True)
    row.refresh_from_db()
    assert (row.answer, row.text, row.wants_read_aloud) == ("wanted", WORDS, True)
    assert (row.taken_by, row.taken_at) == (people("officer"), BAILED + 2 * HOUR)
    events_of = AuditEvent.objects.filter(verb__startswith="victim.statement")
    assert list(events_of.order_by("pk").values_list("verb", flat=True)) == [
        "victim.statement_offered",
        "victim.statement_answered",
        "victim.statement_taken",
    ]
    assert WORDS not in str(list(events_of.values_list("detail", flat=True)))


def test_an_offer_that_waits_is_not_made_twice(victim: Victim) -> None:
    assert offered(victim) == offered(victim)
    assert offered(victim, about="") != offered(victim)
    answered(offered(victim), answer="later", words="After the trial.")
    with pytest.raises(DomainError, match="perhaps later"):
        offered(victim)


def test_declined_may_be_offered_again_and_is_not_taken(victim: Victim) -> None:
    row = answered(offered(victim), answer="declined", words="Not now, thank you.")
    with pytest.raises(DomainError, match="Offer it again"):
        taken(row)
    assert offered(victim) != row


@pytest.mark.parametrize(
    ("answer", "words", "field"),
    [("", "", "answer"), ("yes", "", "answer"), ("declined", " ", "words"), ("later", "", "words")],
)
def test_answers_are_said_in_words(victim: Victim, answer: str, words: str, field: str) -> None:
    row = offered(victim)
    with pytest.raises(InvalidInput) as refused:
        answered(row, answer=answer, words=words)
    assert refused.value.field == field


def test_taken_at_once_they_wanted_it(victim: Victim) -> None:
    assert taken(offered(victim)).answer == "wanted"


def test_put_right_it_keeps_what_stood_before(victim: Victim, people: People) -> None:
    row = taken(offered(victim))
    again = taken(row, text="I do not sleep.", actor=people("worker"))
    again.refresh_from_db()
    assert (again.text, again.taken_by) == ("I do not sleep.", people("officer"))
    assert again.version == row.version + 1
    earlier = [event.text for event in again.events.order_by("pgh_id")]  # type: ignore[attr-defined]
    assert earlier[-1] == WORDS
    assert AuditEvent.objects.filter(verb="victim.statement_corrected").count() == 1


def test_a_stale_edit_shows_both_and_the_same_again_changes_nothing(victim: Victim) -> None:
    row = offered(victim)
    first = taken(row)
    assert taken(row, version=first.version - 1).version == first.version
    with pytest.raises(Stale) as refused:
        taken(row, text="Another text.", version=first.version - 1)
    assert refused.value.theirs["text"] == WORDS
    assert refused.value.yours["text"] == "Another text."
    with pytest.raises(DomainError, match="taken already"):
        answered(first)
    with pytest.raises(InvalidInput):
        taken(first, text=" ")


def test_a_stale_answer_is_refused(victim: Victim) -> None:
    row = offered(victim)
    answered(row, answer="later", words="After the trial.")
    with pytest.raises(Stale):
        answered(row, answer="declined", words="No.", version=1)


def test_who_may_offer_answer_and_take(victim: Victim, people: People) -> None:
    row = offered(victim)
    refused = [who for who in PEOPLE if not people(who).has_perm("victims.record_contact")]
    assert {"handler", "head", "custody", "auditor", "agency", "nobody"} <= set(refused)
    for who in refused:
        with pytest.raises(PermissionDenied):
            offered(victim, who=who)
        with pytest.raises(PermissionDenied):
            answered(row, actor=people(who))
        with pytest.raises(PermissionDenied):
            taken(row, actor=people(who))


# --- What changed -------------------------------------------------------------------------------


def changed(victim: Victim, **more: Any) -> Circumstance:
    said: dict[str, Any] = {
        "kind": "separated",
        "happened_at": BAILED - timedelta(days=2),
        "words": "She left him on Wednesday.",
        "actor": persona("officer"),
        "at": BAILED,
    }
    return services.record_circumstance(victim_id=victim.pk, **{**said, **more})


def test_what_changed_is_recorded_and_announced(
    victim: Victim, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    row = changed(victim)
    assert heard == [
        CircumstanceRecorded(
            circumstance_id=row.pk,
            victim_id=victim.pk,
            kind="separated",
            happened_at=BAILED - timedelta(days=2),
            actor=people("officer"),
            at=BAILED,
        )
    ]
    event = AuditEvent.objects.get(verb="victim.circumstance_recorded")
    assert (event.headline, event.detail["words"]) == ("What changed: separated", row.words)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "holiday"}, "kind"),
        ({"happened_at": BAILED + HOUR}, "happened_at"),
        ({"words": ""}, "words"),
        ({"words": "x" * 1_001}, "words"),
    ],
)
def test_what_cannot_have_changed_is_refused(
    victim: Victim, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        changed(victim, **changes)
    assert refused.value.field == field
    assert not Circumstance.objects.exists()


def test_a_form_of_what_changed_sent_twice_is_one(victim: Victim) -> None:
    key = uuid4()
    assert changed(victim, key=key) == changed(victim, key=key, at=BAILED + HOUR)
    with pytest.raises(DomainError, match="said something else"):
        changed(victim, key=key, kind="moved")
    assert Circumstance.objects.count() == 1


def test_only_those_who_speak_with_victims_record_it(victim: Victim, people: People) -> None:
    for who in PEOPLE:
        if not people(who).has_perm("victims.record_contact"):
            with pytest.raises(PermissionDenied):
                changed(victim, actor=people(who))
    assert not Circumstance.objects.exists()
