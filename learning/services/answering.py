"""Reading a notice and answering its test."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from learning import marking, owed
from learning.deadlines import TEST
from learning.events import NoticePassed
from learning.models import Assignment, Attempt, Notice, Question, Reading


def note_reading(*, notice: Notice, actor: User, at: datetime) -> bool:
    """The person opened the whole notice. True when it was the first time.

    Nothing is noted for whoever is not asked to read it: an author who looks is no reader.
    """
    if owed.of_user_and_notice(actor.pk, notice.pk, at) is None:
        return False
    rows = Reading.objects.bulk_create(
        [Reading(notice=notice, user=actor, read_at=at)], ignore_conflicts=True
    )
    return bool(rows)


@transaction.atomic
def answer(
    *,
    notice_id: int,
    number: int,
    answers: Mapping[int, Sequence[int]],
    actor: User,
    at: datetime,
) -> Attempt:
    """Answer the test of a notice: attempt `number`, counted from 1.

    `answers` gives for each question's id the positions chosen, as the question keeps them. The
    same number again, and anything after passing, gives the attempt that is there. Raises
    PermissionDenied for whoever is not asked, DomainError before the notice was read or out of
    turn, InvalidInput at the first question (`q<id>`) that has no answer.
    """
    # Held to the end, so that one person's attempts follow one another.
    reading = Reading.objects.select_for_update().filter(user=actor, notice=notice_id).first()
    row = owed.of_user_and_notice(actor.pk, notice_id, at)
    if row is None:
        raise PermissionDenied("This notice does not ask you anything, or no longer.")
    if reading is None:
        raise DomainError("Read the notice first; the test comes after it.")
    attempts = list(Attempt.objects.filter(user=actor, notice=notice_id).order_by("number"))
    if attempts and (attempts[-1].passed or number == attempts[-1].number):
        return attempts[-1]
    if number != len(attempts) + 1:
        raise DomainError("This page is from an earlier attempt. Open the notice again.")
    attempt = _marked(notice_id, number, answers, actor, at)
    if attempt.passed:
        _passed(attempt, row.reference, row.title, actor, at)
    return attempt


def _marked(
    notice_id: int,
    number: int,
    answers: Mapping[int, Sequence[int]],
    actor: User,
    at: datetime,
) -> Attempt:
    questions = list(Question.objects.filter(notice=notice_id))
    for one in questions:
        chosen = answers.get(one.pk, ())
        if not chosen:
            raise InvalidInput("Choose an answer.", field=f"q{one.pk}")
        if any(not 0 <= place < len(one.options) for place in chosen):
            raise InvalidInput("Choose one of the answers shown.", field=f"q{one.pk}")
    marked = marking.mark(questions, answers)
    return Attempt.objects.create(
        notice_id=notice_id,
        user=actor,
        number=number,
        answers={str(one.question.pk): list(one.chosen) for one in marked},
        right_count=sum(one.is_right for one in marked),
        asked=len(marked),
        passed=marking.passes(marked),
        at=at,
    )


def _passed(attempt: Attempt, reference: str, title: str, actor: User, at: datetime) -> None:
    assignment = Assignment.objects.filter(user=actor, notice=attempt.notice_id).first()
    if assignment is not None:
        deadlines.services.meet(kind=TEST, subject=assignment, actor=actor, at=at)
    audit.record(
        actor=actor,
        at=at,
        verb="notice.passed",
        headline=f"Test of a notice passed: {title}",
        subject=reference,
        detail={"attempt": attempt.number},
    )
    events.announce(NoticePassed(attempt.notice_id, actor, at))
