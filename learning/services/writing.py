"""Drafts of notices: begun and saved, whole or half written, until they are published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Team, User
from accounts.roles import Role
from audit import services as audit
from core.errors import DomainError, InvalidInput, Stale
from core.references import Kind as Reference
from core.references import take
from core.text import clean
from learning.models import MOST_OPTIONS, MOST_QUESTIONS, Notice, NoticeTeam, Question
from learning.permissions import can_write

LONGEST_BODY = 20_000


@dataclass(frozen=True)
class QuestionDraft:
    """One question as typed: any part may still be missing. `right` holds positions from 0."""

    text: str = ""
    options: tuple[str, ...] = ("", "", "")
    right: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Draft:
    """A notice as typed. `roles` are names of roles, `teams` ids; no teams means all of them."""

    kind: str = Notice.Kind.DEFINITION
    title: str = ""
    body: str = ""
    source: str = ""
    roles: tuple[str, ...] = ()
    teams: tuple[int, ...] = ()
    pass_by: date | None = None
    questions: tuple[QuestionDraft, ...] = ()


def require_writer(actor: User) -> None:
    """Raises PermissionDenied for whoever does not write notices."""
    if not can_write(actor):
        raise PermissionDenied("Your role does not write notices to staff.")


def lock(notice_id: int) -> Notice:
    """The notice, locked until the transaction ends."""
    return Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice_id)


def require_draft(notice: Notice) -> None:
    """Raises DomainError for a notice that is published."""
    if not notice.is_draft:
        raise DomainError(
            f"{notice.reference} is published, so it stays as it is: people passed its test as it "
            "stands. Write one that replaces it."
        )


def draft_of(notice: Notice) -> Draft:
    """A notice as it was typed."""
    return Draft(
        kind=notice.kind,
        title=notice.title,
        body=notice.body,
        source=notice.source,
        roles=tuple(notice.roles),
        teams=tuple(sorted(notice.noticeteams.values_list("team_id", flat=True))),
        pass_by=notice.pass_by,
        questions=tuple(
            QuestionDraft(one.text, tuple(one.options), tuple(one.right), one.why)
            for one in notice.questions.all()
        ),
    )


@transaction.atomic
def begin(*, draft: Draft, key: UUID, actor: User, at: datetime) -> Notice:
    """Keep a new draft. The same `key` again gives the draft that is there, unchanged.

    Raises PermissionDenied, and InvalidInput for what cannot be kept.
    """
    require_writer(actor)
    existing = Notice.objects.filter(key=key).first()
    if existing is not None:
        return existing
    draft = cleaned(draft)
    notice = Notice(
        reference=take(Reference.NOTICE, at),
        key=key,
        written_by=actor,
        changed_by=actor,
        changed_at=at,
    )
    _fill(notice, draft)
    notice.save(force_insert=True)
    _keep_rest(notice, draft)
    _record(notice, "notice.begun", "Notice to staff begun", actor, at)
    return notice


@transaction.atomic
def save(*, notice_id: int, draft: Draft, version: int, actor: User, at: datetime) -> Notice:
    """Keep a draft as it is typed now; nothing changes when it is the same.

    Raises PermissionDenied, DomainError for a published notice, InvalidInput for what cannot be
    kept, and Stale with both versions when somebody else saved since `version`.
    """
    notice = lock(notice_id)
    require_writer(actor)
    require_draft(notice)
    draft, before = cleaned(draft), draft_of(notice)
    if draft == before:
        return notice
    if version != notice.version:
        raise Stale(
            f"{notice.changed_by} changed {notice.reference} while you wrote.",
            theirs=in_words(before),
            yours=in_words(draft),
            version=notice.version,
        )
    _fill(notice, draft)
    notice.version += 1
    notice.changed_by, notice.changed_at = actor, at
    notice.save(
        update_fields=[
            "kind", "title", "body", "source", "roles", "pass_by", "version", "changed_by",
            "changed_at",
        ]
    )  # fmt: skip
    _keep_rest(notice, draft)
    _record(notice, "notice.changed", "Draft of a notice to staff changed", actor, at)
    return notice


def cleaned(draft: Draft) -> Draft:
    """The draft with its text normalised. Raises InvalidInput at the field that cannot be kept."""
    if draft.kind not in Notice.Kind.values:
        raise InvalidInput("Choose what sort of notice it is.", field="kind")
    if strangers := set(draft.roles) - {one.value for one in Role}:
        raise InvalidInput(f"There is no role {', '.join(sorted(strangers))}.", field="roles")
    if len(draft.questions) > MOST_QUESTIONS:
        raise InvalidInput(f"A short test has at most {MOST_QUESTIONS} questions.", field="body")
    teams = set(Team.objects.filter(pk__in=draft.teams).values_list("pk", flat=True))
    if teams != set(draft.teams):
        raise InvalidInput("One of these teams is there no longer.", field="teams")
    return replace(
        draft,
        title=clean(draft.title, field="title", longest=120),
        body=clean(draft.body, field="body", longest=LONGEST_BODY),
        source=clean(draft.source, field="source", longest=200),
        roles=tuple(one.value for one in Role if one.value in draft.roles),
        teams=tuple(sorted(teams)),
        questions=tuple(
            _cleaned_question(number, one) for number, one in enumerate(draft.questions)
        ),
    )


def _cleaned_question(number: int, one: QuestionDraft) -> QuestionDraft:
    prefix = f"q{number}"
    if len(one.options) > MOST_OPTIONS:
        raise InvalidInput(f"At most {MOST_OPTIONS} answers.", field=f"{prefix}-text")
    return QuestionDraft(
        text=clean(one.text, field=f"{prefix}-text", longest=500),
        options=tuple(
            clean(words, field=f"{prefix}-option{place}", longest=300)
            for place, words in enumerate(one.options)
        ),
        right=tuple(sorted(place for place in set(one.right) if place < len(one.options))),
        why=clean(one.why, field=f"{prefix}-why", longest=1_000),
    )


def in_words(draft: Draft) -> dict[str, Any]:
    """A draft for the table of both versions."""
    teams = Team.objects.filter(pk__in=draft.teams).values_list("name", flat=True)
    words: dict[str, Any] = {
        "kind": Notice.Kind(draft.kind).label,
        "title": draft.title,
        "text": draft.body,
        "source": draft.source,
        "roles": ", ".join(draft.roles),
        "teams": ", ".join(teams),
        "pass_by": draft.pass_by or "",
    }
    for number, one in enumerate(draft.questions, start=1):
        words[f"question {number}"] = "\n".join(
            [
                one.text,
                *(
                    f"{'[right] ' if place in one.right else ''}{option}"
                    for place, option in enumerate(one.options)
                ),
                one.why,
            ]
        )
    return words


def _fill(notice: Notice, draft: Draft) -> None:
    notice.kind, notice.title, notice.body = draft.kind, draft.title, draft.body
    notice.source, notice.roles, notice.pass_by = draft.source, list(draft.roles), draft.pass_by


def _keep_rest(notice: Notice, draft: Draft) -> None:
    """Written anew each time: nothing hangs from a draft's teams and questions."""
    NoticeTeam.objects.filter(notice=notice).delete()
    NoticeTeam.objects.bulk_create(
        NoticeTeam(notice=notice, team_id=team_id) for team_id in draft.teams
    )
    Question.objects.filter(notice=notice).delete()
    Question.objects.bulk_create(questions_of(notice, draft.questions))


def questions_of(notice: Notice, drafts: Sequence[QuestionDraft]) -> list[Question]:
    """The rows of a test as typed, not written."""
    return [
        Question(
            notice=notice,
            position=position,
            text=one.text,
            options=list(one.options),
            right=list(one.right),
            why=one.why,
        )
        for position, one in enumerate(drafts)
    ]


def _record(notice: Notice, verb: str, headline: str, actor: User, at: datetime) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=f"{headline}: {notice.name}",
        subject=notice.reference,
        detail={"version": notice.version},
    )
