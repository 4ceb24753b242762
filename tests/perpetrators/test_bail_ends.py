"""Police bail has an end: decided before it, moved with it, and looked at when nobody decided."""

from datetime import timedelta
from typing import Any

import pytest

from core import policy
from core.policy import ForcePolicy
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.deadlines.bail import decided_by
from perpetrators.models import CustodyEpisode, CustodyEvent
from perpetrators.models import OutsideIdentity as Identity
from perpetrators.pages.let_out import let_out
from perpetrators.pages.whereabouts import complained_of, whereabouts
from perpetrators.services.receiving import confirm, take_back
from perpetrators.services.releases import look_ahead
from risk.models import ReassessmentReason
from tests.factories.custody import AT, couple, custody_event
from tests.personas import person, team
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = AT + 28 * DAY


@pytest.fixture
def both() -> tuple[Person, Victim]:
    person("investigator")
    return couple()


def bailed(**more: Any) -> None:
    custody_event("bail", bail_until=END, **more)


def clock() -> Deadline:
    return Deadline.objects.filter(kind="bail_ends").latest("pk")


def test_it_is_decided_a_week_before_its_end(both: tuple[Person, Victim]) -> None:
    bailed()
    assert clock().due_at == END - 7 * DAY
    assert clock().subject_reference == both[0].reference
    assert clock().team == team("daisu")
    assert "bail ends on 21 Dec 2026 at 10:00" in clock().basis


def test_short_bail_is_decided_at_its_half() -> None:
    rules = ForcePolicy()
    assert decided_by(AT, AT + 4 * DAY, rules) == AT + 2 * DAY
    assert decided_by(AT, AT + 14 * DAY, rules) == AT + 7 * DAY
    assert decided_by(AT, AT + 14 * DAY, ForcePolicy(bail_decided_days=3)) == AT + 11 * DAY


@pytest.mark.parametrize(
    ("days", "before", "words"),
    [
        (None, 7, "7 days before its end"),
        (10, 10, "10 days before its end"),
        (1, 1, "a day before its end"),
        (20, 14, "half-way to its end"),
    ],
)
def test_the_force_says_how_long_before(
    both: tuple[Person, Victim], days: int | None, before: int, words: str
) -> None:
    if days is not None:
        policy.change(
            actor=person("head"),
            changes={"bail_decided_days": days},
            effective_from=AT,
            reason="Enough time",
            at=AT,
        )
    bailed(happened_at=AT)
    assert clock().due_at == END - before * DAY
    assert words in clock().basis
    assert "(force policy)" in clock().basis


def test_the_officer_in_the_case_has_it(both: tuple[Person, Victim]) -> None:
    custody_event("arrest", happened_at=AT - 5 * HOUR)
    CustodyEpisode.objects.update(investigator=person("investigator"))
    bailed()
    assert clock().owner == person("investigator")


def test_said_again_it_stays_as_it_is(both: tuple[Person, Victim]) -> None:
    bailed()
    custody_event("court-date", hearing_at=AT + 40 * DAY)
    assert Deadline.objects.filter(kind="bail_ends").count() == 1
    assert clock().round == 1


def test_more_time_moves_it(both: tuple[Person, Victim]) -> None:
    bailed()
    custody_event("bail-change", at=AT + DAY, happened_at=AT + DAY, bail_until=END + 28 * DAY)
    assert clock().due_at == END + 21 * DAY
    assert clock().state == Deadline.State.RUNNING


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("charge", Deadline.State.MET),
        ("no-further-action", Deadline.State.MET),
        ("under-investigation", Deadline.State.CANCELLED),
        ("remand", Deadline.State.CANCELLED),
        ("release", Deadline.State.CANCELLED),
    ],
)
def test_what_is_decided_ends_it(both: tuple[Person, Victim], kind: str, state: str) -> None:
    bailed()
    custody_event(kind, at=AT + DAY, happened_at=AT + DAY)
    assert clock().state == state


def test_decided_late_it_is_met_late(both: tuple[Person, Victim]) -> None:
    bailed()
    custody_event("charge", at=END, happened_at=END - HOUR)
    assert clock().state == Deadline.State.MET_LATE


def test_what_a_court_granted_a_court_ends(both: tuple[Person, Victim]) -> None:
    bailed(bail_by_court=True)
    assert not Deadline.objects.filter(kind="bail_ends").exists()


def test_it_is_reminded_of_by_the_time_that_is_left(both: tuple[Person, Victim]) -> None:
    bailed()
    sweep(at=clock().due_at - timedelta(seconds=1))
    told = Notification.objects.filter(deadline=clock(), user=person("investigator"))
    assert told.latest("pk").headline.startswith("Bail ends in ")
    assert told.latest("pk").headline.endswith(": 21 Dec 2026 at 10:00")


def test_ended_with_nothing_recorded_somebody_looks_and_the_victim_is_told(
    both: tuple[Person, Victim],
) -> None:
    darren, victim = both
    bailed()
    assert look_ahead(at=END - timedelta(seconds=1)).bail == 0
    assert look_ahead(at=END).bail == 1
    assert look_ahead(at=END + HOUR).bail == 0
    reason = ReassessmentReason.objects.get(happened_at=END)
    assert (reason.trigger, reason.victim_id) == ("bail_change", victim.pk)
    assert VictimUpdate.objects.filter(happened_at=END, about="bail_change").count() == 1
    (where,) = whereabouts(complained_of(victim), END)
    assert where.words == "Bail ended on 21 Dec 2026 at 10:00, nothing recorded since"
    assert let_out(victim, AT)[0].words.startswith(str(darren))


def test_given_more_time_afterwards_it_was_a_mistake(both: tuple[Person, Victim]) -> None:
    bailed()
    look_ahead(at=END)
    custody_event("bail-change", at=END + HOUR, happened_at=END - DAY, bail_until=END + 28 * DAY)
    assert ReassessmentReason.objects.get(happened_at=END).fallen_away_at is not None
    assert not VictimUpdate.objects.filter(happened_at=END, state="owed").exists()


def test_of_somebody_who_harmed_nobody_known_nothing_is_asked() -> None:
    stranger = Person.objects.create(reference="P-2026-900001", created_at=AT)
    CustodyEpisode.objects.create(
        reference="CU-2026-000009",
        person=stranger,
        state="on_bail",
        state_since=AT,
        began_at=AT,
        bail_until=END,
    )
    assert look_ahead(at=END).bail == 0


def test_bail_of_somebody_else_asks_nobody_for_anything(both: tuple[Person, Victim]) -> None:
    darren, victim = both
    custody = person("custody")
    Identity.objects.all().delete()
    bailed()
    confirm(event_id=CustodyEvent.objects.get().pk, person_id=darren.pk, actor=custody, at=AT)
    look_ahead(at=END)
    told = VictimUpdate.objects.filter(happened_at=END, about="bail_change")
    told.update(state="told", settled_at=END, settled_by=person("officer"))
    assert clock().state == Deadline.State.RUNNING

    event = CustodyEvent.objects.get()
    take_back(event_id=event.pk, words="Another Pike", actor=custody, at=END + HOUR)
    assert clock().state == Deadline.State.CANCELLED
    assert ReassessmentReason.objects.get(happened_at=END).fallen_away_at is not None
    owed = VictimUpdate.objects.get(victim=victim, state="owed")
    assert owed.words == "It was about somebody else, not Darren Pike: bail ended"
