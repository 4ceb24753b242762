"""Who has gone quiet, and whose risk is due to be looked at again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core import policy
from core.clock import now
from risk.models import Reassessment, ReassessmentReason
from risk.services import scans
from tests.factories import risk as make
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def at() -> datetime:
    return now().replace(microsecond=0)


def scan(at: datetime, batch: int = scans.BATCH) -> tuple[int, int]:
    found = scans.scan(at=at, actor=person("supervisor"), batch=batch)
    return found.quiet, found.to_review


def with_incidents(at: datetime, *days_ago: int, name: str = "Siobhán") -> Victim:
    """A victim, not graded, with an incident so many days ago each."""
    victim = make.a_victim(at - max(days_ago) * DAY, given_name=name)
    for ago in days_ago:
        make.an_incident(at - ago * DAY, victim=victim)
    Victim.objects.filter(pk=victim.pk).update(last_incident_at=at - min(days_ago) * DAY)
    victim.refresh_from_db()
    return victim


@pytest.mark.parametrize(
    ("incidents", "contact", "is_quiet"),
    [
        ((91, 120, 200), None, True),
        ((90, 120, 200), None, True),
        ((89, 120, 200), None, False),  # the newest incident was contact enough
        ((91, 200), None, False),  # two are not three
        ((91, 120, 380), None, False),  # the third is longer ago than a year
        ((100, 120, 200), 95, True),
        ((100, 120, 200), 30, False),
        ((91, 120, 200), 364, True),  # a contact before the last incident changes nothing
    ],
)
def test_gone_quiet(
    at: datetime, incidents: tuple[int, ...], contact: int | None, is_quiet: bool
) -> None:
    victim = with_incidents(at, *incidents)
    if contact:
        Victim.objects.filter(pk=victim.pk).update(last_contact_at=at - contact * DAY)
    assert scan(at) == (int(is_quiet), 0)
    assert ReassessmentReason.objects.filter(trigger="gone_quiet").exists() == is_quiet


def test_one_silence_is_found_once(at: datetime) -> None:
    victim = with_incidents(at, 91, 120, 200)
    assert [scan(at), scan(at), scan(at + 5 * DAY)] == [(1, 0), (0, 0), (0, 0)]
    reason = ReassessmentReason.objects.get(victim=victim)
    assert reason.happened_at == at - DAY
    assert reason.words.startswith("Gone quiet: 3 incidents in 12 months, no contact for 90 days")


def test_silence_after_a_contact_is_another_silence(at: datetime) -> None:
    victim = with_incidents(at, 91, 120, 150)
    scan(at)
    Victim.objects.filter(pk=victim.pk).update(last_contact_at=at + DAY)
    assert scan(at + 80 * DAY) == (0, 0)
    assert scan(at + 92 * DAY) == (1, 0)


def test_a_closed_case_is_left_alone(at: datetime) -> None:
    victim = with_incidents(at, 91, 120, 200)
    Victim.objects.filter(pk=victim.pk).update(closed_at=at, closed_reason="Moved abroad")
    assert scan(at) == (0, 0)


@pytest.mark.parametrize(
    ("grade", "days", "is_due"),
    [
        ("high", 20, False),
        ("high", 21, True),  # raised a week before the 28th day
        ("very_high", 21, True),
        ("medium", 82, False),
        ("medium", 83, True),
        ("standard", 357, False),
        ("standard", 358, True),
        ("", 900, False),  # nobody has assessed: other rules see to that
    ],
)
def test_periodic_review(at: datetime, grade: str, days: int, is_due: bool) -> None:
    victim = make.a_victim(at - 950 * DAY)
    assessed = at - days * DAY
    Victim.objects.filter(pk=victim.pk).update(
        grade=grade, grade_since=assessed, last_assessed_at=assessed if grade else None
    )
    assert scan(at) == (0, int(is_due))
    if is_due:
        row = Reassessment.objects.get(victim=victim)
        due = {"high": 28, "very_high": 28, "medium": 90, "standard": 365}[grade]
        # The same time of day so many calendar days later: an hour more or less over a change.
        assert abs(row.due_at - (assessed + due * DAY)) <= timedelta(hours=1)
        assert scan(at + DAY) == (0, 0)


def test_where_no_assessment_is_kept_the_grade_says_since_when(at: datetime) -> None:
    victim = make.a_victim(at - 950 * DAY)
    Victim.objects.filter(pk=victim.pk).update(grade="high", grade_since=at - 40 * DAY)
    assert scan(at) == (0, 1)


def test_the_policy_decides(at: datetime) -> None:
    with_incidents(at, 40, 120, 200)
    keeper = person("head")
    changes = {"quiet_days": 30}
    policy.change(actor=keeper, changes=changes, effective_from=at, reason="Sooner", at=at)
    assert scan(at) == (1, 0)


def test_both_at_once_are_one_reassessment(at: datetime) -> None:
    victim = with_incidents(at, 91, 120, 200)
    Victim.objects.filter(pk=victim.pk).update(grade="high", grade_since=at - 91 * DAY)
    assert scan(at) == (1, 1)
    row = Reassessment.objects.get(victim=victim)
    assert {reason.trigger for reason in row.reasons.all()} == {"gone_quiet", "periodic"}


def test_every_step_is_walked(at: datetime) -> None:
    for name in ("Aoife", "Bea", "Cleo", "Dora", "Eve"):
        with_incidents(at, 91, 120, 200, name=name)
    assert scan(at, batch=2) == (5, 0)
    assert scan(at, batch=2) == (0, 0)


def test_what_changed_since_they_were_found_counts(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found without a lock: a case closed in between stays closed, a contact breaks the silence."""
    closed, reached, quiet = (
        with_incidents(at, 91, 120, 200, name=name) for name in ("Aoife", "Bea", "Cleo")
    )

    def candidates(*args: object) -> Iterator[int]:
        found = list(real(*args))
        assert found == [closed.pk, reached.pk, quiet.pk]
        Victim.objects.filter(pk=closed.pk).update(closed_at=at, closed_reason="Moved abroad")
        Victim.objects.filter(pk=reached.pk).update(last_contact_at=at)
        return iter(found)

    real = scans._candidates
    monkeypatch.setattr(scans, "_candidates", candidates)
    assert scan(at) == (1, 0)
    assert Reassessment.objects.get().victim == quiet
    closed.refresh_from_db()
    assert closed.closed_at == at


def test_many_are_opened_in_parts(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "CHUNK", 2)
    for name in ("Aoife", "Bea", "Cleo", "Dora", "Eve"):
        with_incidents(at, 91, 120, 200, name=name)
    assert scan(at, batch=3) == (5, 0)
    assert Reassessment.objects.count() == 5
