"""The log of contacts: what is bound to each, what is told in it, and who may not."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import PEOPLE
from tests.victims.telling import (
    BAILED,
    HOUR,
    known_victim,
    logged,
    news,
    owed,
    seen_by,
    tried,
)
from tests.victims.test_services import at_once
from victims import services
from victims.events import VictimReached
from victims.models import Contact, Victim, VictimUpdate

People = Callable[[str], User]
State = VictimUpdate.State
SPEAK = {
    *("officer", "officer_b", "supervisor", "worker", "worker_b", "manager"),
    *("investigator", "idva", "idva_b", "idva_manager", "neighbourhood"),
}


@pytest.fixture
def victim(people: People) -> Victim:
    return known_victim()


def clock_of(row: VictimUpdate) -> Deadline:
    return Deadline.objects.filter(kind="victim_told").of(row).latest("pk")


def test_reached_and_told(victim: Victim, people: People) -> None:
    row = owed(victim)
    contact = logged(victim, row)
    row.refresh_from_db()
    victim.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_at) == (
        State.TOLD,
        people("officer"),
        BAILED + HOUR,
    )
    assert row.outcome == "Text message; safe contact then: Text message 07700 900417"
    assert list(row.attempts.all()) == [contact]
    assert contact.safe_contact == victim.safe_contacts.get()
    assert victim.last_contact_at == contact.at == BAILED + HOUR
    assert (clock_of(row).state, clock_of(row).settled_at) == ("met", BAILED + HOUR)
    verbs = list(AuditEvent.objects.filter(at=BAILED + HOUR).values_list("verb", flat=True))
    assert {"victim.contact_logged", "victim.update_told", "deadline.met"} <= set(verbs)


def test_reaching_somebody_is_announced(victim: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    tried(victim)
    assert heard == []
    contact = logged(victim)
    assert heard == [
        VictimReached(
            contact_id=contact.pk, victim_id=victim.pk, actor=contact.by, at=BAILED + HOUR
        )
    ]


def test_told_in_time_and_logged_late_is_told_in_time(victim: Victim) -> None:
    row = owed(victim)
    logged(victim, row, contacted_at=BAILED + HOUR, at=BAILED + timedelta(days=10))
    row.refresh_from_db()
    assert row.settled_at == BAILED + HOUR
    assert clock_of(row).state == "met"


def test_told_after_its_time_is_told_late(victim: Victim) -> None:
    row = owed(victim)
    logged(victim, row, at=BAILED + timedelta(days=4))
    assert clock_of(row).state == "met_late"


def test_the_last_contact_never_goes_backwards(victim: Victim) -> None:
    logged(victim, at=BAILED + 2 * HOUR)
    logged(victim, contacted_at=BAILED, at=BAILED + 3 * HOUR)
    victim.refresh_from_db()
    assert victim.last_contact_at == BAILED + 2 * HOUR


def test_who_was_not_reached_is_owed_still_and_the_attempt_counts(victim: Victim) -> None:
    row = owed(victim)
    tried(victim, row, times=2)
    row.refresh_from_db()
    victim.refresh_from_db()
    assert (row.state, row.attempts.count()) == (State.OWED, 2)
    assert victim.last_contact_at is None
    assert clock_of(row).state == "running"


def test_what_was_not_ticked_stays_owed(victim: Victim) -> None:
    first, second = owed(victim), owed(victim, about="charge", source_id=8)
    logged(victim, first)
    second.refresh_from_db()
    assert second.state == State.OWED


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"way": "pigeon"}, "way", "ways offered"),
        ({"outcome": ""}, "outcome", "how it ended"),
        ({"way": "they_came", "outcome": "no_answer"}, "outcome", "they were there"),
        ({"contacted_at": BAILED + 2 * HOUR}, "contacted_at", "lies ahead"),
        ({"contacted_at": BAILED - 367 * 24 * HOUR}, "contacted_at", "more than a year ago"),
        ({"outcome": "unsafe", "words": " "}, "words", "needed"),
        ({"words": "x" * 5_001}, "words", "the most is 5,000"),
        ({"way": "call"}, "other_way_reason", "The safe way is another: text message."),
        ({"at": BAILED + 6 * HOUR}, "other_way_reason", "outside the safe hours: 09:30-14:30"),
        ({"way": "call", "other_way_reason": "x" * 301}, "other_way_reason", "the most is 300"),
        ({"updates": {999_999: 1}}, "updates", "not to be told to this victim"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    victim: Victim, changes: dict[str, Any], field: str, words: str
) -> None:
    row = owed(victim)
    with pytest.raises(InvalidInput, match=words) as refused:
        logged(victim, row, **changes)
    assert refused.value.field == field
    row.refresh_from_db()
    assert (row.state, Contact.objects.count()) == (State.OWED, 0)


def test_another_way_needs_a_reason_and_keeps_it(victim: Victim) -> None:
    row = owed(victim)
    contact = logged(victim, row, way="visit", other_way_reason="Her telephone was taken.")
    row.refresh_from_db()
    assert (row.state, contact.other_way_reason) == (State.TOLD, "Her telephone was taken.")
    assert row.outcome.startswith("Visit; safe contact then: Text message")


def test_news_of_another_victim_is_not_told(victim: Victim, people: People) -> None:
    other = make.victim(make.person(family_name="Marsh"), at=BAILED)
    row = owed(other)
    with pytest.raises(InvalidInput, match="not to be told to this victim"):
        logged(victim, row)


def test_nothing_is_told_before_it_happened_but_what_lies_ahead(victim: Victim) -> None:
    row = owed(victim)
    with pytest.raises(InvalidInput, match="came after this contact"):
        logged(victim, row, contacted_at=BAILED - HOUR, other_way_reason="Night.")
    release = BAILED + timedelta(days=5)
    ahead = owed(victim, about="release_ahead", happened_at=release, before=True)
    with pytest.raises(InvalidInput, match="came after this contact"):
        logged(victim, ahead, contacted_at=BAILED - HOUR, other_way_reason="Night.")
    logged(victim, ahead)
    ahead.refresh_from_db()
    assert ahead.state == State.TOLD


def test_what_changed_while_the_page_was_open_is_not_told_yet(victim: Victim) -> None:
    release = BAILED + timedelta(days=5)
    row = owed(victim, about="release_ahead", happened_at=release, before=True)
    moved = news(
        victim,
        about="release_ahead",
        happened_at=release + timedelta(days=1),
        words="Release is now planned for Thursday",
        before=True,
    )
    services.owe_updates(news=[moved], actor=row.owner or victim.contact_owner, at=BAILED)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="now: Release is now planned for Thursday"):
        logged(victim, row)
    row.refresh_from_db()
    logged(victim, row)
    row.refresh_from_db()
    assert row.state == State.TOLD


def test_a_safe_contact_changed_meanwhile_is_read_before_anything_counts(
    victim: Victim, people: People
) -> None:
    row = owed(victim)
    make.safe_contact(
        victim,
        at=BAILED + HOUR / 2,
        actor=people("worker"),
        method="call",
        number="07700 900555",
        hours="",
        version=1,
    )
    with pytest.raises(Stale) as refused:
        logged(victim, row)
    stale = refused.value
    assert "M. Castellanos changed the safe contact" in stale.message
    assert (stale.theirs["number"], stale.yours["number"]) == ("07700 900555", "07700 900417")
    assert (stale.version, Contact.objects.count()) == (2, 0)
    contact = logged(victim, row, way="call", seen=2)
    assert contact.safe_contact == victim.safe_contacts.get(version=2)


def test_bound_is_what_was_in_force_when_they_spoke(victim: Victim) -> None:
    """Asked anew during the visit: the visit itself was made by what was known before."""
    make.safe_contact(victim, at=BAILED + HOUR, method="call", hours="", version=1)
    contact = logged(victim, contacted_at=BAILED + HOUR / 2, seen=2, at=BAILED + 2 * HOUR)
    assert contact.safe_contact == victim.safe_contacts.get(version=1)


def test_without_a_safe_way_each_attempt_has_its_reason(people: People) -> None:
    victim = make.victim(at=BAILED - timedelta(days=1))
    with pytest.raises(InvalidInput, match="No safe way to reach them was known"):
        logged(victim, way="visit", seen=0)
    contact = logged(victim, way="visit", seen=0, other_way_reason="She asked for a visit.")
    assert contact.safe_contact is None
    assert logged(victim, way="they_came", seen=0).outcome == "reached"


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_only_those_who_speak_with_victims_log(victim: Victim, people: People, who: str) -> None:
    if who in SPEAK:
        seen_by(victim, who)
        assert logged(victim, actor=people(who)).by == people(who)
        return
    with pytest.raises(PermissionDenied):
        logged(victim, actor=people(who))
    assert not Contact.objects.exists()


def test_a_form_sent_twice_is_one_contact(victim: Victim) -> None:
    row, key = owed(victim), uuid4()
    first = logged(victim, row, key=key)
    assert logged(victim, row, key=key, at=BAILED + HOUR + HOUR / 60) == first
    assert Contact.objects.count() == 1
    with pytest.raises(DomainError, match="said something else"):
        logged(victim, key=key, words="And another thing.")


def test_a_refused_form_may_be_sent_again(victim: Victim) -> None:
    key = uuid4()
    with pytest.raises(InvalidInput):
        logged(victim, key=key, outcome="")
    assert logged(victim, key=key).pk


@committed
def test_a_double_press_on_two_connections_is_one_contact(people: People) -> None:
    victim = known_victim()
    row, key = owed(victim), uuid4()
    results = at_once(*[partial(logged, victim, row, key=key)] * 2)
    assert {type(one) for one in results} == {Contact}, results
    assert Contact.objects.count() == 1


@committed
def test_of_two_who_tell_the_same_at_once_one_has_told_it(people: People) -> None:
    victim = known_victim()
    row = owed(victim)
    results = at_once(
        *(partial(logged, victim, row, actor=people(who)) for who in ("officer", "worker"))
    )
    [refused] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, AlreadyTaken) and refused.field == "updates"
    row.refresh_from_db()
    assert row.settled_by is not None and str(row.settled_by) in refused.message
    assert (row.state, Contact.objects.count()) == (State.TOLD, 1)
    assert Deadline.objects.filter(kind="victim_told", state="met").count() == 1
