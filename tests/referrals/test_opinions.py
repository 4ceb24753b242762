"""A second opinion: asked of a colleague, answered, taken back, and what makes it fall away."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Withholding
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from referrals import services
from referrals.models import Referral, SecondOpinion
from tests.factories.referrals import a_referral, claimed, completed
from tests.personas import PEOPLE, person

HOUR = timedelta(hours=1)


@pytest.fixture
def mine(db: None, at: datetime) -> Referral:
    return claimed(a_referral(at), at)


def asked(referral: Referral, at: datetime, **changes: Any) -> SecondOpinion:
    said = {
        "of": person("worker_b"),
        "question": "Is this stalking?",
        "actor": person("worker"),
        **changes,
    }
    return services.ask_opinion(referral_id=referral.pk, at=at, **said)


def clock_of(opinion: SecondOpinion) -> Deadline:
    return Deadline.objects.get(kind="opinion", subject_id=opinion.pk)


def test_the_colleague_is_told_and_has_policys_hours(mine: Referral, at: datetime) -> None:
    opinion = asked(mine, at)
    clock = clock_of(opinion)
    assert (clock.owner, clock.due_at) == (person("worker_b"), at + 8 * HOUR)
    assert clock.basis.startswith("8 hours from being asked, 23 Nov 2026 10:00")
    told = Notification.objects.get(user=person("worker_b"))
    assert told.headline == f"Your second opinion is asked: {mine.reference}"
    assert (told.path, told.victim_id) == (f"/referrals/{mine.reference}/", mine.victim_id)
    assert AuditEvent.objects.get(verb="referral.opinion_asked").victim_id == mine.victim_id


@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_has_it_asks(mine: Referral, at: datetime, who: str) -> None:
    if who == "worker":
        assert asked(mine, at).asked_by == person("worker")
        return
    with pytest.raises(PermissionDenied):
        asked(mine, at, actor=person(who), of=person("manager"))
    assert not SecondOpinion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"of": "worker"}, "of"),
        ({"of": "officer"}, "of"),
        ({"of": "head"}, "of"),
        ({"question": " "}, "question"),
        ({"question": "x" * 2_001}, "question"),
        ({"question": "\x07"}, "question"),
    ],
)
def test_asking_refuses_with_the_field(
    mine: Referral, at: datetime, changes: dict[str, Any], field: str
) -> None:
    if "of" in changes:
        changes = {"of": person(changes["of"])}
    with pytest.raises(InvalidInput) as refusal:
        asked(mine, at, **changes)
    assert refusal.value.field == field
    assert not Deadline.objects.filter(kind="opinion").exists()


def test_not_of_somebody_whom_nothing_may_reach(mine: Referral, at: datetime) -> None:
    Withholding.objects.create(
        victim=mine.victim,
        person=person("worker_b"),
        reason="His sister.",
        set_at=at,
        set_by=person("manager"),
    )
    with pytest.raises(InvalidInput) as refusal:
        asked(mine, at)
    assert refusal.value.field == "of"
    assert "sister" not in refusal.value.message
    with pytest.raises(InvalidInput, match="cannot be given"):
        services.hand_over(
            referral_id=mine.pk, to=person("worker_b"), actor=person("worker"), at=at
        )
    assert not Notification.objects.filter(user=person("worker_b")).exists()


def test_a_colleague_is_asked_once_until_they_answer(mine: Referral, at: datetime) -> None:
    opinion = asked(mine, at)
    with pytest.raises(AlreadyTaken, match=r"D\. Marsh was asked already"):
        asked(mine, at)
    asked(mine, at, of=person("manager"))
    services.answer_opinion(
        opinion_id=opinion.pk, answer="agrees", actor=person("worker_b"), at=at + HOUR
    )
    asked(mine, at + 2 * HOUR)
    assert SecondOpinion.objects.count() == 3


def test_answered_is_told_to_whoever_has_it_and_changes_no_grade(
    mine: Referral, at: datetime
) -> None:
    opinion = asked(mine, at)
    services.answer_opinion(
        opinion_id=opinion.pk,
        answer="higher",
        words="He follows her.",
        actor=person("worker_b"),
        at=at + HOUR,
    )
    clock = clock_of(opinion)
    assert (clock.state, clock.settled_at) == ("met", at + HOUR)
    told = Notification.objects.get(user=person("worker"))
    assert told.headline == f"Second opinion: would grade it higher: {mine.reference}"
    mine.refresh_from_db()
    assert mine.grade == "medium"
    again = services.answer_opinion(
        opinion_id=opinion.pk,
        answer="higher",
        words="He follows her.",
        actor=person("worker_b"),
        at=at + 2 * HOUR,
    )
    assert again.answered_at == at + HOUR
    with pytest.raises(DomainError, match="has answered already"):
        services.answer_opinion(
            opinion_id=opinion.pk, answer="agrees", actor=person("worker_b"), at=at + 2 * HOUR
        )


@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_was_asked_answers(mine: Referral, at: datetime, who: str) -> None:
    opinion = asked(mine, at)
    if who == "worker_b":
        services.answer_opinion(opinion_id=opinion.pk, answer="agrees", actor=person(who), at=at)
        return
    with pytest.raises(PermissionDenied):
        services.answer_opinion(opinion_id=opinion.pk, answer="agrees", actor=person(who), at=at)
    opinion.refresh_from_db()
    assert opinion.answered_at is None


@pytest.mark.parametrize(
    ("answer", "words", "field"),
    [
        ("", "Yes.", "answer"),
        ("gone", "Yes.", "answer"),
        ("perhaps", "Yes.", "answer"),
        ("higher", " ", "words"),
        ("other", "", "words"),
        ("agrees", "x" * 10_001, "words"),
    ],
)
def test_answering_refuses_with_the_field(
    mine: Referral, at: datetime, answer: str, words: str, field: str
) -> None:
    opinion = asked(mine, at)
    with pytest.raises(InvalidInput) as refusal:
        services.answer_opinion(
            opinion_id=opinion.pk, answer=answer, words=words, actor=person("worker_b"), at=at
        )
    assert refusal.value.field == field
    assert clock_of(opinion).state == "running"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_takes_a_question_back(mine: Referral, at: datetime, who: str) -> None:
    opinion = asked(mine, at)
    said = {"opinion_id": opinion.pk, "because": "Clear now.", "actor": person(who), "at": at}
    if who not in {"worker", "manager"}:
        with pytest.raises(PermissionDenied):
            services.withdraw_opinion(**said)
        return
    services.withdraw_opinion(**said)
    services.withdraw_opinion(**said)
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.words) == ("gone", "Clear now.")
    assert clock_of(opinion).state == "cancelled"
    assert AuditEvent.objects.filter(verb="referral.opinion_withdrawn").count() == 1
    with pytest.raises(DomainError, match=r"no longer asked: Clear now\."):
        services.answer_opinion(
            opinion_id=opinion.pk, answer="agrees", actor=person("worker_b"), at=at
        )


def test_what_was_answered_is_not_taken_back(mine: Referral, at: datetime) -> None:
    opinion = asked(mine, at)
    services.answer_opinion(opinion_id=opinion.pk, answer="agrees", actor=person("worker_b"), at=at)
    with pytest.raises(DomainError, match="has answered already"):
        services.withdraw_opinion(
            opinion_id=opinion.pk, because="Too late", actor=person("worker"), at=at
        )


def test_it_falls_away_with_the_end_of_the_referral(mine: Referral, at: datetime) -> None:
    opinion = asked(mine, at)
    completed(mine, at + HOUR)
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.words) == ("gone", "The referral was finished.")
    assert clock_of(opinion).state == "cancelled"


def test_it_falls_away_when_the_colleague_gets_the_referral(mine: Referral, at: datetime) -> None:
    theirs, other = asked(mine, at), asked(mine, at, of=person("manager"))
    services.hand_over(
        referral_id=mine.pk, to=person("worker_b"), actor=person("worker"), at=at + HOUR
    )
    theirs.refresh_from_db()
    other.refresh_from_db()
    assert (theirs.answer, other.answer) == ("gone", "")


def test_who_must_not_know_any_more_gives_it_back(mine: Referral, at: datetime) -> None:
    theirs = asked(mine, at)
    for who in ("worker", "worker_b"):
        Withholding.objects.create(
            victim=mine.victim,
            person=person(who),
            reason="His sister.",
            set_at=at,
            set_by=person("manager"),
        )
    given = services.keep_from_withheld(victim_id=mine.victim_id, actor=person("manager"), at=at)
    assert [row.pk for row in given] == [mine.pk]
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.claimed_by, theirs.answer) == ("waiting", None, "gone")
