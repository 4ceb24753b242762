"""Notices to staff, published and answered through the services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.models import User
from accounts.roles import Role
from learning import services
from learning.models import Attempt, Notice
from learning.services.writing import Draft, QuestionDraft
from tests.personas import person
from tests.worlds import remembered

CONTROL = Draft(
    kind=Notice.Kind.DEFINITION,
    title="What controlling behaviour is",
    body="It is a pattern, not an event.\n\nAsk about money, friends and the telephone.",
    source="Serious Crime Act 2015, section 76",
    roles=(Role.CALL_HANDLER.value, Role.RESPONSE_OFFICER.value),
    questions=(
        QuestionDraft(
            text="Is one slap needed for it to be an offence?",
            options=("Yes", "No", "Only at night"),
            right=(1,),
            why="Control needs no violence at all.",
        ),
        QuestionDraft(
            text="What do you ask about?",
            options=("Money", "Friends", "The weather"),
            right=(0, 1),
            why="Control shows in money and in who may be seen.",
        ),
    ),
)


@remembered
def drafted(at: datetime, **changes: Any) -> Notice:
    """A draft that could be published."""
    return services.begin(draft=replace(CONTROL, **changes), key=uuid4(), actor=writer(), at=at)


@remembered
def published(at: datetime, **changes: Any) -> Notice:
    """A notice in force; its people must exist already."""
    row = drafted(at, **changes)
    return services.publish(notice_id=row.pk, version=row.version, actor=writer(), at=at)


def writer() -> User:
    return person("head")


def right_answers(notice: Notice) -> dict[int, Sequence[int]]:
    return {one.pk: one.right for one in notice.questions.all()}


def wrong_answers(notice: Notice) -> dict[int, Sequence[int]]:
    """The first question wrong, the rest right."""
    answers = right_answers(notice)
    first = notice.questions.all()[0]
    answers[first.pk] = [
        next(place for place in range(len(first.options)) if place not in first.right)
    ]
    return answers


def answered(
    notice: Notice, username: str, at: datetime, *, right: bool = True, number: int = 1
) -> Attempt:
    """Somebody read it and answered."""
    actor = person(username)
    services.note_reading(notice=notice, actor=actor, at=at)
    return services.answer(
        notice_id=notice.pk,
        number=number,
        answers=right_answers(notice) if right else wrong_answers(notice),
        actor=actor,
        at=at,
    )
