"""Somebody who had gone quiet is reached: nobody is asked to look at that silence any more."""

from datetime import datetime, timedelta

import pytest

from audit.models import AuditEvent
from core import policy
from core.clock import local, now
from deadlines.models import Deadline
from risk.models import Reassessment, ReassessmentReason
from risk.services import scans
from tests.factories import risk as make
from tests.personas import person
from victims import services as victims
from victims.models import Contact, Victim

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def at() -> datetime:
    return now().replace(microsecond=0)


@pytest.fixture
def quiet(at: datetime) -> Victim:
    """Silent for 91 days after three incidents, and found by the scan."""
    victim = make.a_victim(at - 200 * DAY, given_name="Siobhán")
    for ago in (91, 120, 200):
        make.an_incident(at - ago * DAY, victim=victim)
    Victim.objects.filter(pk=victim.pk).update(last_incident_at=at - 91 * DAY)
    scan(at)
    return victim


def scan(at: datetime) -> int:
    return scans.scan(at=at, actor=person("supervisor")).quiet


def contact(
    victim: Victim, contacted_at: datetime, at: datetime, outcome: str = Contact.Outcome.REACHED
) -> None:
    victims.log_contact(
        victim_id=victim.pk,
        way=Contact.Way.VISIT,
        outcome=outcome,
        contacted_at=contacted_at,
        seen=0,
        other_way_reason="None is on record",
        actor=person("officer"),
        at=at,
    )


def reason(victim: Victim) -> ReassessmentReason:
    return ReassessmentReason.objects.get(victim=victim, trigger="gone_quiet")


def test_reached_the_reason_falls_away_and_the_reassessment_with_it(
    quiet: Victim, at: datetime
) -> None:
    contact(quiet, at + DAY, at + DAY)
    there = local(at + DAY)
    words = f"Reached on {there.day} {there:%b %Y}"
    row = Reassessment.objects.get(victim=quiet)
    assert (reason(quiet).fallen_away_at, reason(quiet).fallen_away_because) == (at + DAY, words)
    assert (row.state, row.words) == (Reassessment.State.FALLEN_AWAY, words)
    assert Deadline.objects.get(kind="reassessment").state == Deadline.State.CANCELLED
    verbs = AuditEvent.objects.filter(at=at + DAY).values_list("verb", flat=True)
    assert "reassessment.reason_fell_away" in verbs


@pytest.mark.parametrize(
    ("days_ago", "stands"),
    [
        (92, True),  # before the silence began
        (91, True),
        (90, False),  # in the midst of it, and logged late: it was no such silence
        (0, False),
    ],
)
def test_only_a_contact_after_it_began_ends_a_silence(
    quiet: Victim, at: datetime, days_ago: int, stands: bool
) -> None:
    contact(quiet, at - days_ago * DAY, at)
    assert (reason(quiet).fallen_away_at is None) == stands


def test_it_began_by_the_policy_under_which_it_was_found(quiet: Victim, at: datetime) -> None:
    policy.change(
        actor=person("head"),
        changes={"quiet_days": 30},
        effective_from=at + HOUR,
        reason="Sooner",
        at=at + HOUR,
    )
    contact(quiet, at - 60 * DAY, at + DAY)
    assert reason(quiet).fallen_away_at is not None


def test_not_reached_it_stands(quiet: Victim, at: datetime) -> None:
    contact(quiet, at, at, Contact.Outcome.NO_ANSWER)
    assert reason(quiet).fallen_away_at is None


def test_what_else_calls_for_a_look_stands(quiet: Victim, at: datetime) -> None:
    Victim.objects.filter(pk=quiet.pk).update(grade="high", grade_since=at - 91 * DAY)
    scan(at)
    contact(quiet, at, at)
    row = Reassessment.objects.get(victim=quiet)
    assert row.state == Reassessment.State.OPEN
    assert [one.trigger for one in row.reasons.standing()] == ["periodic"]


def test_the_silence_after_it_is_another(quiet: Victim, at: datetime) -> None:
    contact(quiet, at, at)
    assert scan(at + 89 * DAY) == 0
    assert scan(at + 91 * DAY) == 1
