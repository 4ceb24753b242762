"""Publishing, withdrawing and replacing notices."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events, policy
from core.clock import local
from core.errors import DomainError, InvalidInput
from core.text import clean
from learning.due import end_of, last_day
from learning.events import NoticePublished, NoticeWithdrawn
from learning.models import FEWEST_OPTIONS, Notice
from learning.owed import audience
from learning.services.assigning import ask
from learning.services.writing import (
    Draft,
    QuestionDraft,
    begin,
    draft_of,
    lock,
    require_draft,
    require_writer,
)

#: (field, words): what stands in the way of publishing, and where to put it right.
Missing = tuple[str, str]


def missing(draft: Draft, *, asked: int, today: date) -> list[Missing]:
    """Everything that keeps a draft from being published, in the order of the page.

    `asked` is the number of people that it would be put to now.
    """
    return [*_missing_in_notice(draft, asked, today), *_missing_in_test(draft)]


def _missing_in_notice(draft: Draft, asked: int, today: date) -> Iterator[Missing]:
    if not draft.title:
        yield "title", "Give it a title."
    if not draft.body:
        yield "body", "Write what people must know."
    if draft.kind == Notice.Kind.LESSON and not draft.source:
        yield "source", "Say which review the lesson comes from."
    if not draft.roles:
        yield "roles", "Choose at least one role."
    elif not asked:
        yield "roles", "Nobody holds these roles in these teams now: there is nobody to read it."
    if draft.pass_by is not None and draft.pass_by <= today:
        yield "pass_by", "Give people until a day that lies ahead."


def _missing_in_test(draft: Draft) -> Iterator[Missing]:
    if not draft.questions:
        yield "body", "Add at least one question: without a test nobody knows who understood."
    for number, one in enumerate(draft.questions):
        yield from _missing_in_question(f"q{number}", one)


def _missing_in_question(prefix: str, one: QuestionDraft) -> Iterator[Missing]:
    written = [words for words in one.options if words]
    if not one.text:
        yield f"{prefix}-text", "Write the question, or take it out."
    if len(written) < FEWEST_OPTIONS:
        yield f"{prefix}-text", f"Write at least {FEWEST_OPTIONS} answers to choose from."
    if len(set(written)) < len(written):
        yield f"{prefix}-text", "Two of the answers are the same."
    right = {place for place in one.right if place < len(one.options) and one.options[place]}
    if not right:
        yield f"{prefix}-text", "Mark which answer is right."
    elif len(right) >= len(written):
        yield f"{prefix}-text", "Every answer is marked as right: leave a wrong one to choose."
    if not one.why:
        yield f"{prefix}-why", "Say why: it is what people read after a wrong answer."


def without_blanks(one: QuestionDraft) -> QuestionDraft:
    """The question without the answers that were left empty; `right` follows."""
    kept = [place for place, words in enumerate(one.options) if words]
    return QuestionDraft(
        text=one.text,
        options=tuple(one.options[place] for place in kept),
        right=tuple(kept.index(place) for place in one.right if place in kept),
        why=one.why,
    )


@transaction.atomic
def publish(*, notice_id: int, version: int, actor: User, at: datetime) -> Notice:
    """Put a draft to its audience: everybody in it is told, and their time begins.

    Raises PermissionDenied, DomainError when it is published already or changed since `version`,
    and InvalidInput at the first field that is not fit to be published.
    """
    notice = lock(notice_id)
    require_writer(actor)
    require_draft(notice)
    if version != notice.version:
        raise DomainError(
            f"{notice.changed_by} changed {notice.reference} since you looked at it. Look again, "
            "then publish."
        )
    draft = draft_of(notice)
    people = audience(roles=draft.roles, teams=draft.teams)
    for field, words in missing(draft, asked=len(people), today=local(at).date()):
        raise InvalidInput(words, field=field)
    _drop_blank_answers(notice, draft)
    notice.pass_by = draft.pass_by or last_day(at, policy.at(at).learning_days)
    notice.published_at, notice.published_by = at, actor
    notice.save(update_fields=["pass_by", "published_at", "published_by"])
    ask(notice, people, since=at, due_at=end_of(notice.pass_by))
    _record(
        notice, "notice.published", f"Notice to staff published to {len(people)} people", actor, at
    )
    events.announce(NoticePublished(notice.pk, actor, at))
    return notice


def _drop_blank_answers(notice: Notice, draft: Draft) -> None:
    for row, one in zip(notice.questions.all(), draft.questions, strict=True):
        kept = without_blanks(one)
        row.options, row.right = list(kept.options), list(kept.right)
        row.save(update_fields=["options", "right"])


@transaction.atomic
def withdraw(*, notice_id: int, words: str, actor: User, at: datetime) -> Notice:
    """Take a published notice back, with words that whoever opens it reads.

    Who passed keeps that; nobody is asked any more. Raises PermissionDenied, DomainError for a
    draft or one that is withdrawn already, InvalidInput without words.
    """
    words = clean(words, field="words", longest=1_000, required=True)
    notice = lock(notice_id)
    require_writer(actor)
    if notice.is_draft:
        raise DomainError(f"{notice.reference} is a draft: nobody has seen it.")
    if notice.withdrawn_at is not None:
        raise DomainError(f"{notice.withdrawn_by} withdrew {notice.reference} already.")
    notice.withdrawn_at, notice.withdrawn_by, notice.withdrawn_words = at, actor, words
    notice.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_words"])
    _record(notice, "notice.withdrawn", "Notice to staff withdrawn", actor, at, words)
    events.announce(NoticeWithdrawn(notice.pk, actor, at))
    return notice


@transaction.atomic
def replace(*, notice_id: int, actor: User, at: datetime) -> Notice:
    """Begin the draft that will replace a published notice; the one that was begun, if it was.

    The old one stays in force until the new one is published, and stays as it was for ever.
    Raises PermissionDenied, and DomainError for a draft.
    """
    notice = lock(notice_id)
    require_writer(actor)
    if notice.is_draft:
        raise DomainError(f"{notice.reference} is a draft: change it instead.")
    begun = Notice.objects.filter(supersedes=notice).first()
    if begun is not None:
        return begun
    draft = dataclasses.replace(draft_of(notice), pass_by=None)
    new = begin(draft=draft, key=uuid4(), actor=actor, at=at)
    new.supersedes, new.edition = notice, notice.edition + 1
    new.save(update_fields=["supersedes", "edition"])
    return new


def _record(
    notice: Notice, verb: str, headline: str, actor: User, at: datetime, words: str = ""
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=f"{headline}: {notice.name}",
        subject=notice.reference,
        detail={"words": words, "pass_by": str(notice.pass_by)},
    )
