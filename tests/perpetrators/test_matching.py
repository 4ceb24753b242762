"""Unknown people: one clock for each, candidates with why, and every decision can be put right."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from incidents.models import Involvement
from perpetrators.messages import HERE
from perpetrators.models import CourtDate, CustodyEpisode, CustodyEvent, ExpectedRelease
from perpetrators.models import OutsideIdentity as Identity
from perpetrators.services.receiving import (
    candidates,
    confirm,
    receive,
    set_aside,
    take_back,
    take_up,
)
from risk.models import Reassessment, ReassessmentReason
from tests.factories.custody import AT, couple, custody_event, deliver, known_as, message
from tests.factories.incidents import in_call, incident
from tests.marks import committed
from tests.perpetrators.test_receiving import _at_once, statuses
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def unknown_couple() -> tuple[Person, Victim]:
    """Darren is on record, and the custody system's number for him is not known."""
    both = couple()
    Identity.objects.all().delete()
    return both


def clocks(**wanted: Any) -> list[tuple[str, str]]:
    rows = Deadline.objects.filter(kind="custody_match", **wanted).order_by("pk")
    return list(rows.values_list("subject_reference", "state"))


# --- The clock ------------------------------------------------------------------------------------


def test_an_unknown_person_has_one_clock_whatever_comes_of_them() -> None:
    person("custody")
    first = custody_event("arrest", happened_at=AT - 3 * HOUR)
    deliver(message("bail", happened_at=AT - 2 * HOUR), message("bail-change"))
    custody_event("arrest", person_number="N/2", custody_number="C/2")
    row = Deadline.objects.get(kind="custody_match", subject_reference=first.reference)
    assert len(clocks()) == 2
    assert (row.due_at, row.team, row.owner) == (AT + 4 * HOUR, person("custody").team, None)
    assert row.basis.startswith("4 hours from the message's arrival, 23 Nov 2026 10:00")


def test_nobody_looks_and_custody_and_then_the_inspector_hear_of_it() -> None:
    custody, inspector = person("custody"), person("inspector")
    custody_event("bail")
    sweep(at=AT + 4 * HOUR)
    assert Notification.objects.filter(user=custody, level="breach").count() == 1
    sweep(at=AT + 8 * HOUR)
    assert Notification.objects.filter(user=inspector).count() == 1


def test_matched_its_clock_ends() -> None:
    darren, _ = unknown_couple()
    event = custody_event("bail")
    confirm(event_id=event.pk, person_id=darren.pk, actor=person("custody"), at=AT + HOUR)
    assert clocks() == [(event.reference, "met")]
    sweep(at=AT + 5 * HOUR)
    assert not Notification.objects.filter(deadline__kind="custody_match").exists()


def test_what_still_waits_under_a_number_keeps_a_clock() -> None:
    darren, _ = unknown_couple()
    other = person_on_record("Karl", "Voss")
    known_as(other, "N/55/5")
    first = custody_event("arrest", happened_at=AT - 3 * HOUR)
    odd = custody_event("charge", person_number="N/55/5", person="P-2020-999999")
    confirm(event_id=first.pk, person_id=darren.pk, actor=person("custody"), at=AT)
    assert CustodyEvent.objects.unmatched().get() == odd
    assert clocks(state="running") == [(odd.reference, "running")]


def person_on_record(given: str, family: str) -> Person:
    row = incident(
        address_line="3 Mill Lane",
        caller_number="07700 900418",
        people=(
            in_call("victim", given_name="Priya", family_name="Nair"),
            in_call("perpetrator", given_name=given, family_name=family),
        ),
    )
    return Involvement.objects.get(incident=row, role="perpetrator").person


@committed
def test_the_same_unknown_person_on_two_connections_has_one_clock() -> None:
    sent, actor = [message("arrest"), message("bail")], person("custody_system")
    given = _at_once(*[lambda one=one: receive(messages=[one], actor=actor, at=AT) for one in sent])
    assert statuses([one for (one,) in given]) == ["unmatched", "unmatched"]
    assert len(clocks()) == 1


# --- Candidates -----------------------------------------------------------------------------------


def why(event: CustodyEvent, who: Person) -> str:
    found = {one.person_id: one for one in candidates(event, at=AT)}
    return "; ".join(found[who.pk].reasons) if who.pk in found else ""


def test_by_spelling() -> None:
    darren, _ = unknown_couple()
    assert "sounds like" in why(custody_event("bail", given_name="Darron"), darren)


def test_by_address() -> None:
    _, victim = unknown_couple()
    home = victim.person.residences.select_related("address").get().address
    event = custody_event("bail", address=home.line, postcode=home.postcode)
    assert "same address" in why(event, victim.person)
    assert "same address" not in why(custody_event("bail", address=home.line), victim.person)


def test_by_a_number_that_another_system_knows() -> None:
    darren, _ = unknown_couple()
    known_as(darren, "N/87/1", system="prison")
    event = custody_event("bail", given_name="", family_name="Nobody")
    assert why(event, darren) == "known to prison: N/87/1"


def test_by_the_incident_that_the_message_names() -> None:
    darren, _ = unknown_couple()
    own = Involvement.objects.get(person=darren).incident
    event = custody_event("bail", given_name="", family_name="", incident=own.reference)
    assert why(event, darren) == f"complained of in {own.reference}"


# --- Decisions, and putting them right ------------------------------------------------------------


def test_nobody_known_here_counts_for_all_of_that_person_and_can_be_taken_up() -> None:
    custody = person("custody")
    first, second = custody_event("arrest"), custody_event("bail")
    set_aside(event_id=second.pk, words="Of another force", actor=custody, at=AT + HOUR)
    assert set(CustodyEvent.objects.values_list("state", flat=True)) == {"not_ours"}
    assert clocks() == [(first.reference, "met")]
    take_up(event_id=first.pk, actor=custody, at=AT + 2 * HOUR)
    assert CustodyEvent.objects.unmatched().count() == 2
    assert [state for _, state in clocks()] == ["met", "running"]
    with pytest.raises(PermissionDenied):
        take_up(event_id=first.pk, actor=person("handler"), at=AT)


def test_a_match_that_was_wrong_is_undone_with_all_that_it_caused() -> None:
    darren, victim = unknown_couple()
    right = person_on_record("Daren", "Pyke")
    custody = person("custody")
    soon = AT + timedelta(days=3)
    event = custody_event("bail", happened_at=AT - 2 * HOUR)
    custody_event("court-date", hearing_at=soon, listing="L1")
    custody_event("prison-release-planned", release_at=soon)
    confirm(event_id=event.pk, person_id=darren.pk, actor=custody, at=AT)
    assert Reassessment.objects.open().get().victim == victim
    told = VictimUpdate.objects.get(about="bail")
    VictimUpdate.objects.filter(pk=told.pk).update(
        state="told", settled_at=AT, settled_by=person("officer")
    )

    back = take_back(event_id=event.pk, words="Another Pike", actor=custody, at=AT + HOUR)
    assert len(back) == 3
    assert CustodyEvent.objects.unmatched().count() == 3
    assert not Reassessment.objects.open().exists()
    assert not ReassessmentReason.objects.filter(fallen_away_at__isnull=True).exists()
    owed = VictimUpdate.objects.get(state="owed")
    assert (owed.about, owed.victim) == ("bail", victim)
    assert owed.words == "It was about somebody else, not Darren Pike: bail"
    for model in (CustodyEpisode, CourtDate, ExpectedRelease, Identity):
        assert not model.objects.exists()
    assert not Deadline.objects.open().filter(kind="release_expected").exists()
    assert len(clocks(state="running")) == 1
    assert AuditEvent.objects.get(verb="custody.taken_back").detail["because"] == "Another Pike"

    confirm(event_id=event.pk, person_id=right.pk, actor=custody, at=AT + 2 * HOUR)
    episode = CustodyEpisode.objects.get()
    assert (episode.person, episode.state) == (right, "on_bail")
    assert Reassessment.objects.open().get().victim != victim


def test_what_others_recorded_by_hand_is_not_taken_back() -> None:
    darren, _ = unknown_couple()
    custody = person("custody")
    event = custody_event("arrest", happened_at=AT - 2 * HOUR)
    confirm(event_id=event.pk, person_id=darren.pk, actor=custody, at=AT)
    by_hand: dict[str, Any] = {"system": HERE, "person": darren.reference, "person_number": ""}
    run = CustodyEpisode.objects.get()
    deliver(
        message("bail", custody_number="", episode=run.reference, **by_hand),
        actor=custody,
    )
    with pytest.raises(DomainError, match="by hand"):
        take_back(event_id=event.pk, words="Another Pike", actor=custody, at=AT)
    assert CustodyEvent.objects.unmatched().count() == 0


def test_taken_back_needs_words_a_match_and_leave() -> None:
    darren, _ = unknown_couple()
    custody = person("custody")
    event = custody_event("bail")
    with pytest.raises(DomainError):
        take_back(event_id=event.pk, words="Another Pike", actor=custody, at=AT)
    confirm(event_id=event.pk, person_id=darren.pk, actor=custody, at=AT)
    with pytest.raises(InvalidInput):
        take_back(event_id=event.pk, words=" ", actor=custody, at=AT)
    with pytest.raises(PermissionDenied):
        take_back(event_id=event.pk, words="x", actor=person("officer"), at=AT)
    assert CustodyEvent.objects.get().state == "applied"
