"""Notes: who may write, read and strike them, and that the audit tells nothing of them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from tests.factories import victims as make
from tests.personas import PEOPLE
from tests.personas import person as persona
from tests.victims.telling import BAILED, HOUR, known_victim, logged, seen_by
from victims import permissions, services, timeline
from victims.models import Note, Victim

People = Callable[[str], User]
ADVISERS = {"idva", "idva_b", "idva_manager"}
POLICE = {
    *("handler", "handler_b", "inspector", "officer", "officer_b", "supervisor", "worker"),
    *("worker_b", "manager", "head", "superintendent", "investigator", "neighbourhood"),
}
WORDS = "She has somewhere to go that nobody knows of."


@pytest.fixture
def victim(people: People) -> Victim:
    row = known_victim()
    services.give_access(
        victim_id=row.pk,
        person=people("idva"),
        why="given",
        reason="Her client",
        actor=people("supervisor"),
        at=BAILED,
    )
    return row


def written(victim: Victim, **changes: Any) -> Note:
    said: dict[str, Any] = {"words": WORDS, "actor": persona("idva"), "at": BAILED}
    said = {**said, "kept_among": "advocates", **changes}
    return services.write_note(victim_id=victim.pk, **said)


def struck(note: Note, **changes: Any) -> Note:
    said: dict[str, Any] = {
        "because": "It was about somebody else.",
        "actor": persona("idva"),
        "at": BAILED + HOUR,
    }
    return services.strike_note(note_id=note.pk, **{**said, **changes})


def test_each_persona_reads_their_own_side_and_what_is_everybodys(
    victim: Victim, people: People
) -> None:
    written(victim, words="advocates")
    written(victim, words="police", kept_among="police", actor=people("officer"))
    written(victim, words="everybody", kept_among="", actor=people("officer"))
    for who in PEOPLE:
        read = set(Note.objects.visible_to(people(who)).values_list("words", flat=True))
        if who in {"idva", "idva_manager"}:  # the manager leads the adviser
            assert read == {"advocates", "everybody"}, who
        elif who in POLICE:
            assert read == {"police", "everybody"}, who
        elif people(who).has_perm("victims.view_all_victims"):
            assert read == {"everybody"}, who
        else:
            assert read == set(), who


def test_who_may_write_and_among_whom(victim: Victim, people: People) -> None:
    for who in PEOPLE:
        actor = people(who)
        if who not in ADVISERS | POLICE:
            assert not permissions.can_write_note(actor)
            with pytest.raises(PermissionDenied):
                written(victim, actor=actor, kept_among="")
            continue
        seen_by(victim, who)
        other = "police" if who in ADVISERS else "advocates"
        with pytest.raises(InvalidInput) as refused:
            written(victim, actor=actor, kept_among=other)
        assert refused.value.field == "kept_among"
        assert written(victim, actor=actor, kept_among="").kept_among == ""
        # The narrowest comes first: what is offered without choosing.
        assert permissions.note_sides(actor)[0] == ("advocates" if who in ADVISERS else "police")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "x" * 10_001}, "words"),
        ({"kept_among": "friends"}, "kept_among"),
    ],
)
def test_what_is_no_note_is_refused(victim: Victim, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        written(victim, **changes)
    assert refused.value.field == field
    assert not Note.objects.exists()


def test_a_note_may_hang_from_a_contact_of_this_victim(victim: Victim) -> None:
    contact = logged(victim)
    assert written(victim, contact_id=contact.pk).contact == contact
    other = make.victim(make.person("Ada", "Other"), at=BAILED)
    seen_by(other, "idva")
    with pytest.raises(InvalidInput) as refused:
        written(other, contact_id=contact.pk)
    assert refused.value.field == "contact_id"


def test_a_form_sent_twice_is_one_note(victim: Victim) -> None:
    key = uuid4()
    assert written(victim, key=key) == written(victim, key=key, at=BAILED + HOUR)
    with pytest.raises(DomainError, match="said something else"):
        written(victim, key=key, words="Another.")


def test_the_audit_says_that_there_is_a_note_and_no_timeline_does(
    victim: Victim, people: People
) -> None:
    note = struck(written(victim))
    kept = AuditEvent.objects.filter(verb__startswith="note.")
    assert [event.verb for event in kept.order_by("pk")] == ["note.written", "note.struck"]
    assert {event.victim_id for event in kept} == {None}
    assert all(event.subject == victim.reference for event in kept)
    assert WORDS not in str(list(kept.values()))
    assert note.struck_because not in str(list(kept.values()))
    for who in ("officer", "idva", "auditor"):
        shown = timeline.events_of(victim, people(who))
        assert not [event for event in shown if event.verb.startswith("note.")]


def test_a_note_for_everybody_stands_on_the_timeline_without_its_words(
    victim: Victim, people: People
) -> None:
    written(victim, kept_among="")
    shown = [
        event
        for event in timeline.events_of(victim, people("officer"))
        if event.verb.startswith("note.")
    ]
    assert [event.headline for event in shown] == ["Note written: whoever sees the record"]
    assert WORDS not in str(shown[0].detail)


def test_struck_by_who_wrote_it_or_leads_them(victim: Victim, people: People) -> None:
    note = written(victim)
    for who in set(PEOPLE) - {"idva", "idva_manager"}:
        with pytest.raises(PermissionDenied):
            struck(note, actor=people(who))
    with pytest.raises(InvalidInput):
        struck(note, because="")
    assert struck(note, actor=people("idva_manager")).struck_by == people("idva_manager")
    with pytest.raises(DomainError, match="already"):
        struck(note)
    note.refresh_from_db()
    assert note.words == WORDS  # the row stays


def test_struck_twice_by_one_person_it_is_struck_once(victim: Victim) -> None:
    note = written(victim)
    first = struck(note)
    assert struck(note, because="Again", at=BAILED + 2 * HOUR).struck_at == first.struck_at
    assert AuditEvent.objects.filter(verb="note.struck").count() == 1
