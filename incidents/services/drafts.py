"""A call as it is being typed, kept on the server for its handler alone."""

import json
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import DomainError, InvalidInput, Stale
from core.prepared import Statement
from incidents import permissions
from incidents.models import CallDraft

#: Characters of the whole form: the longest narrative fits twice.
LONGEST_DRAFT = 300_000

Fields = dict[str, list[str]]


@transaction.atomic
def keep_draft(
    *,
    key: UUID,
    handler: User,
    fields: Fields,
    answered_at: datetime,
    version: int,
    at: datetime,
    writer: str = "",
) -> CallDraft:
    """Keep the form's fields exactly as typed, valid or not; gives the draft with its new version.

    `writer` names the page: its own repeated try (the answer was lost) is never stale. Raises
    PermissionDenied for somebody else's draft, Stale where another page wrote since, DomainError
    where the call is logged or discarded already, InvalidInput where it cannot be stored.
    """
    if not permissions.may_log_calls(handler):
        raise PermissionDenied("Only the control room logs calls.")
    _check_size(fields)
    draft, is_new = CallDraft.objects.get_or_create(
        key=key,
        defaults={
            "handler": handler,
            "answered_at": answered_at,
            "updated_at": at,
            "fields": fields,
            "writer": writer[:60],
        },
    )
    if is_new:
        return draft
    draft = own_draft(key, handler)
    refuse_finished(draft)
    if draft.discarded_at:
        raise DomainError("This draft was discarded.", code="discarded")
    if draft.version != version and not (writer and writer[:60] == draft.writer):
        raise Stale(
            "This draft was changed on another page. Load it again before you go on.",
            theirs=draft.fields,
            yours=fields,
            version=draft.version,
        )
    draft.fields, draft.updated_at, draft.writer = fields, at, writer[:60]
    draft.version += 1
    draft.save(update_fields=["fields", "updated_at", "version", "writer"])
    return draft


@transaction.atomic
def discard_draft(*, key: UUID, handler: User, at: datetime) -> None:
    """Put a draft away that will not become an incident. Raises PermissionDenied, DomainError."""
    draft = own_draft(key, handler)
    refuse_finished(draft)
    draft.discarded_at = draft.discarded_at or at
    draft.save(update_fields=["discarded_at"])


_MADE = Statement(
    "incidents_draft_made",
    """
    INSERT INTO incidents_calldraft
        (key, handler_id, fields, answered_at, updated_at, version, writer)
    VALUES (%(key)s, %(handler)s, '{}', %(answered)s, %(at)s, 1, '')
    ON CONFLICT (key) DO NOTHING RETURNING id
    """,
    {"key": "uuid", "handler": "bigint", "answered": "timestamptz", "at": "timestamptz"},
)


def make_draft(*, key: UUID, handler: User, answered_at: datetime, at: datetime) -> int | None:
    """Make the row of a draft that no page has kept; none where there is one already.

    Whoever makes the same one at once waits here until the first is done.
    """
    made = _MADE.rows({"key": key, "handler": handler.pk, "answered": answered_at, "at": at})
    return int(made[0][0]) if made else None


def own_draft(key: UUID, handler: User) -> CallDraft:
    """The draft, locked. Raises PermissionDenied for somebody else's."""
    draft = CallDraft.objects.select_for_update().get(key=key)
    if draft.handler_id != handler.pk:
        raise PermissionDenied("This draft is somebody else's.")
    return draft


def refuse_finished(draft: CallDraft) -> None:
    """Raise DomainError for a draft that became an incident, or news of one."""
    if hasattr(draft, "incident"):
        raise DomainError(f"This call is logged as {draft.incident.reference}.", code="logged")
    refuse_added(draft)


def refuse_added(draft: CallDraft) -> None:
    """Raise DomainError for a draft that became news of an incident."""
    if hasattr(draft, "further_call"):
        told = draft.further_call.incident.reference
        raise DomainError(f"This call was added to {told} as news of it.", code="logged")


def _check_size(fields: Fields) -> None:
    for name, values in fields.items():
        if any("\x00" in value for value in values):
            # PostgreSQL's JSON cannot hold it, and no keyboard types it.
            raise InvalidInput("This contains a character that cannot be typed.", field=name)
    if len(json.dumps(fields, ensure_ascii=False)) > LONGEST_DRAFT:
        raise InvalidInput("This is more than a draft can hold.", field="narrative")
