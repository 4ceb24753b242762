"""Questionnaires are written as drafts and published as versions that never change again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from risk.instruments import CODE, parse
from risk.models import Instrument
from risk.permissions import can_edit_instruments

LONGEST_TITLE, LONGEST_REASON = 120, 300


@dataclass(frozen=True)
class Draft:
    """A questionnaire as written; `content` in the shape that `risk.instruments` reads."""

    title: str
    purpose: str
    is_official_wording: bool
    content: Any


def draft_of(row: Instrument) -> Draft:
    """A stored version as it was written."""
    return Draft(row.title, row.purpose, row.is_official_wording, row.content)


@transaction.atomic
def begin_draft(*, code: str, actor: User, at: datetime) -> Instrument:
    """Begin the next version from the one in use; the draft that there is, where one was begun.

    Raises PermissionDenied, and Instrument.DoesNotExist for a code that is not there.
    """
    _require_editor(actor)
    versions = _versions(code)
    if not versions:
        raise Instrument.DoesNotExist
    last = versions[-1]
    if last.published_at is None:
        return last
    source = next((row for row in versions if row.in_use), last)
    return _create(code, last.version + 1, draft_of(source), actor, at)


@transaction.atomic
def take_in(*, data: Any, actor: User, at: datetime) -> Instrument:
    """Begin a draft from what was exported here or elsewhere: {code, title, purpose, content, ...}.

    Never overwrites a draft that is being written. Raises PermissionDenied, InvalidInput naming
    what is wrong, DomainError where a draft of this code is there already.
    """
    _require_editor(actor)
    if not isinstance(data, Mapping):
        raise InvalidInput("This is no questionnaire: an object is needed.", field="file")
    code = data.get("code")
    if not isinstance(code, str) or not CODE.match(code):
        raise InvalidInput("Its code must be small letters, digits and _.", field="file")
    draft = _cleaned(
        code,
        Draft(
            str(data.get("title", "")),
            str(data.get("purpose", Instrument.Purpose.OTHER)),
            data.get("is_official_wording") is True,
            data.get("content"),
        ),
    )
    versions = _versions(code)
    if versions and versions[-1].published_at is None:
        raise DomainError(
            f"A draft of {versions[-1].title} is being written already. Publish it first.",
            field="file",
        )
    return _create(code, versions[-1].version + 1 if versions else 1, draft, actor, at)


@transaction.atomic
def save_draft(
    *, instrument_id: int, draft: Draft, version: int, actor: User, at: datetime
) -> Instrument:
    """Keep a draft as it is written now; nothing changes when it is the same.

    `version` counts the saves. Raises PermissionDenied, DomainError once published, InvalidInput
    for what cannot be read as a questionnaire, and Stale with both versions.
    """
    row = _lock(instrument_id)
    _require_editor(actor)
    _require_draft(row)
    draft, before = _cleaned(row.code, draft), draft_of(row)
    if draft == before:
        return row
    if version != row.draft_version:
        raise Stale(
            f"{row.edited_by} changed this draft while you wrote.",
            theirs=_in_words(before),
            yours=_in_words(draft),
            version=row.draft_version,
        )
    row.title, row.purpose, row.content = draft.title, draft.purpose, draft.content
    row.is_official_wording = draft.is_official_wording
    row.edited_by, row.edited_at = actor, at
    row.draft_version += 1
    row.save(
        update_fields=[
            "title", "purpose", "content", "is_official_wording", "edited_by", "edited_at",
            "draft_version",
        ]
    )  # fmt: skip
    _record(row, "instrument.changed", "Draft of a questionnaire changed", actor, at)
    return row


@transaction.atomic
def publish(
    *, instrument_id: int, version: int, reason: str, actor: User, at: datetime
) -> Instrument:
    """Put a draft in use from now on; the version before goes out of use.

    What was assessed, or is being assessed, with the version before keeps it. Raises
    PermissionDenied, InvalidInput without a reason, DomainError when it is published already,
    changed since it was looked at, or the same as what is in use.
    """
    row = _lock(instrument_id)
    _require_editor(actor)
    _require_draft(row)
    words = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    if version != row.draft_version:
        raise DomainError(
            f"{row.edited_by} changed this draft since you looked at it. Look again, then publish."
        )
    _cleaned(row.code, draft_of(row))
    before = next((one for one in _versions(row.code) if one.in_use), None)
    if before is not None:
        if _meaning(before) == _meaning(row):
            raise DomainError(f"Nothing differs from version {before.version}, which is in use.")
        before.in_use = False
        before.save(update_fields=["in_use"])
    row.in_use, row.published_at, row.published_by, row.reason = True, at, actor, words
    row.save(update_fields=["in_use", "published_at", "published_by", "reason"])
    _record(row, "instrument.published", "Questionnaire published", actor, at)
    return row


@transaction.atomic
def discard_draft(*, instrument_id: int, version: int, actor: User, at: datetime) -> None:
    """Throw a draft away; what it said is kept in the audit. Nobody was ever asked it.

    `version` counts the saves, so that nothing is thrown away unseen. Raises PermissionDenied;
    DomainError once published, or changed since it was looked at; Instrument.DoesNotExist.
    """
    row = _lock(instrument_id)
    _require_editor(actor)
    _require_draft(row)
    if version != row.draft_version:
        raise DomainError(
            f"{row.edited_by} changed this draft since you looked at it. Look again first."
        )
    audit.record(
        actor=actor,
        at=at,
        verb="instrument.discarded",
        headline=f"Draft of a questionnaire thrown away: {row.title}, version {row.version}",
        subject=f"{row.code} {row.version}",
        detail=exported(row),
    )
    row.delete()


def exported(row: Instrument) -> dict[str, Any]:
    """A version as `take_in` reads it."""
    return {
        "code": row.code,
        "version": row.version,
        "title": row.title,
        "purpose": row.purpose,
        "is_official_wording": row.is_official_wording,
        "content": row.content,
    }


def _meaning(row: Instrument) -> tuple[Any, ...]:
    """What a version says, however it is written down."""
    return row.purpose, row.is_official_wording, parse(row.code, 1, row.title, row.content)


def _require_editor(actor: User) -> None:
    if not can_edit_instruments(actor):
        raise PermissionDenied("Your role does not edit questionnaires.")


def _require_draft(row: Instrument) -> None:
    if row.published_at is not None:
        raise DomainError(
            f"Version {row.version} is published, so it stays as it is: assessments were made on "
            "it. Begin the next version."
        )


def _lock(instrument_id: int) -> Instrument:
    found = Instrument.objects.get(pk=instrument_id)
    rows = {row.pk: row for row in _versions(found.code)}
    return rows[instrument_id]


def _versions(code: str) -> list[Instrument]:
    """Every version of a code, locked, oldest first."""
    rows = Instrument.objects.select_for_update(of=("self",)).filter(code=code)
    return list(rows.select_related("edited_by").order_by("version"))


def _cleaned(code: str, draft: Draft) -> Draft:
    title = clean(draft.title, field="title", longest=LONGEST_TITLE, required=True)
    if draft.purpose not in Instrument.Purpose.values:
        raise InvalidInput("Choose what it is for.", field="purpose")
    parse(code, 1, title, draft.content)
    return Draft(title, draft.purpose, draft.is_official_wording, draft.content)


def _create(code: str, number: int, draft: Draft, actor: User, at: datetime) -> Instrument:
    row = Instrument.objects.create(
        code=code,
        version=number,
        title=draft.title,
        purpose=draft.purpose,
        is_official_wording=draft.is_official_wording,
        content=draft.content,
        in_use=False,
        edited_by=actor,
        edited_at=at,
    )
    _record(row, "instrument.begun", "Draft of a questionnaire begun", actor, at)
    return row


def _in_words(draft: Draft) -> dict[str, Any]:
    """A draft for the table of both versions, topic by topic."""
    content = draft.content
    words: dict[str, Any] = {
        "title": draft.title,
        "for": Instrument.Purpose(draft.purpose).label,
        "official_wording": "yes" if draft.is_official_wording else "no",
        "note": content["note"],
        "grading": content.get("grading", {}),
        "high_together": content.get("high_together", []),
    }
    for part in (*content["sections"], *content.get("follow_ups", [])):
        words[f"{part['code']}: title"] = part["title"]
        for topic in part["topics"]:
            words[topic["code"]] = "\n".join(
                filter(None, (topic.get(name) for name in ("text", "prompt", "high_because")))
            )
    return words


def _record(row: Instrument, verb: str, headline: str, actor: User, at: datetime) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=f"{headline}: {row.title}, version {row.version}",
        subject=f"{row.code} {row.version}",
        detail={"reason": row.reason, "purpose": row.purpose},
    )
