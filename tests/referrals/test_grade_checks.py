"""The grade looked at again by the unit: agreed with, or sent back to risk; never regraded."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from referrals import services
from referrals.models import GradeCheck, Referral
from risk.models import Reassessment, ReassessmentReason
from risk.services.reassessing import conclude
from tests.factories.referrals import a_referral, claimed
from tests.personas import PEOPLE, person
from victims import services as victims

HOUR = timedelta(hours=1)


@pytest.fixture
def mine(db: None, at: datetime) -> Referral:
    return claimed(a_referral(at), at)


def checked(referral: Referral, at: datetime, **changes: Any) -> GradeCheck:
    said = {
        "would_be": "high",
        "words": "He has strangled her twice.",
        "version": referral.version,
        "actor": person("worker"),
        **changes,
    }
    return services.check_grade(referral_id=referral.pk, at=at, **said)


def test_another_grade_goes_back_to_risk_with_an_owner_and_a_clock(
    mine: Referral, at: datetime
) -> None:
    investigator = person("investigator")
    victims.set_responsible(
        victim_id=mine.victim_id, person=investigator, duties=["risk"], actor=investigator, at=at
    )
    checked(mine, at + HOUR)
    row = Reassessment.objects.get(victim=mine.victim_id, state="open")
    reason = row.reasons.get()
    assert (reason.trigger, reason.source_type) == ("grade_doubted", "referrals.gradecheck")
    assert "M. Castellanos would grade it high. He has strangled her twice." in reason.words
    clock = Deadline.objects.get(kind="reassessment", subject_id=row.pk)
    assert clock.owner == row.owner == investigator
    assert clock.due_at == at + 25 * HOUR
    told = Notification.objects.get(user=investigator, reference=row.reference)
    assert told.headline == f"The referral unit doubts a grade: {row.reference}"
    mine.refresh_from_db()
    mine.victim.refresh_from_db()
    assert (mine.grade, mine.victim.grade) == ("medium", "medium")


def test_once_risk_has_looked_the_referral_follows(mine: Referral, at: datetime) -> None:
    checked(mine, at)
    other = a_referral(at)
    row = Reassessment.objects.get(victim=mine.victim_id, state="open")
    conclude(
        reassessment_id=row.pk,
        outcome="raised",
        grade="high",
        words="Strangled twice.",
        version=row.version,
        actor=person("supervisor"),
        at=at + HOUR,
    )
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.grade, mine.risk_rank, other.grade) == ("high", 3, "medium")


def test_one_that_was_agreed_with_does_not_follow(mine: Referral, at: datetime) -> None:
    checked(mine, at)
    checked(mine, at + HOUR, would_be="medium", words="")
    reason = ReassessmentReason.objects.get(trigger="grade_doubted")
    assert reason.fallen_away_because == "The referral unit agrees with the grade now"
    assert not Reassessment.objects.filter(state="open").exists()
    rows = services.follow_victim(
        victim_id=mine.victim_id, grade="high", actor=person("supervisor"), at=at
    )
    assert rows == []


def test_agreement_fires_nothing(mine: Referral, at: datetime) -> None:
    checked(mine, at, would_be="medium", words="")
    assert not Reassessment.objects.exists()


def test_said_twice_is_said_once(mine: Referral, at: datetime) -> None:
    first = checked(mine, at)
    assert checked(mine, at + HOUR) == first
    assert ReassessmentReason.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"would_be": ""}, "would_be"),
        ({"would_be": "grave"}, "would_be"),
        ({"would_be": "very_high"}, "would_be"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 10_001}, "words"),
        ({"words": "\x07"}, "words"),
    ],
)
def test_refused_with_the_field(
    mine: Referral, at: datetime, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(mine, at, **changes)
    assert refusal.value.field == field
    assert not GradeCheck.objects.exists()


def test_a_stale_page_and_one_that_nobody_has(mine: Referral, at: datetime) -> None:
    with pytest.raises(Stale) as refusal:
        checked(mine, at, version=mine.version - 1)
    assert refusal.value.yours["would_be"] == "high"
    free = a_referral(at)
    with pytest.raises(DomainError, match="Claim it first"):
        checked(free, at)


@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_has_it_looks_again(mine: Referral, at: datetime, who: str) -> None:
    if who == "worker":
        assert checked(mine, at).by == person("worker")
        return
    with pytest.raises(PermissionDenied):
        checked(mine, at, actor=person(who))
    assert not Reassessment.objects.exists()
