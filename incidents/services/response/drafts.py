"""What an officer is typing is kept on the server, whole or not."""

import json
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import InvalidInput, Stale
from incidents.models import FirstResponseDraft, Incident
from incidents.permissions import may_attend

#: Characters of a draft, all fields together: twice the longest account, and the rest.
LONGEST_DRAFT = 300_000

TypedFields = dict[str, list[str]]


def draft_of(*, incident: Incident, officer: User) -> FirstResponseDraft | None:
    """This officer's own draft for an incident; nobody else's is ever given."""
    return FirstResponseDraft.objects.filter(incident=incident, officer=officer).first()


@transaction.atomic
def keep_first_response_draft(
    *,
    incident: Incident,
    officer: User,
    fields: TypedFields,
    version: int,
    writer: str,
    at: datetime,
) -> FirstResponseDraft:
    """Keep the form's fields exactly as typed, for the officer who types them.

    `version` is the draft's that the page last heard of, 0 for none; `writer` names the page, so
    that its second try after a lost answer is taken. Raises PermissionDenied, InvalidInput when it
    is too long or holds what no database keeps, Stale when another page of the same officer kept a
    newer one, or when it was recorded meanwhile.
    """
    if not may_attend(officer):
        raise PermissionDenied("Only officers who attend incidents record a first response.")
    _check(fields)
    # The incident's row is the lock: two first drafts of one officer would race to be made.
    Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    draft = FirstResponseDraft.objects.filter(incident=incident, officer=officer).first()
    if draft is None and version:
        raise Stale(
            "This was recorded already. Load the page again to see it.",
            theirs={},
            yours=fields,
            version=0,
        )
    if draft is None:
        return FirstResponseDraft.objects.create(
            incident=incident, officer=officer, fields=fields, updated_at=at, writer=writer
        )
    if draft.version != version and not (writer and draft.writer == writer):
        raise Stale(
            "This was typed on in another window. Load the page again to see it.",
            theirs=draft.fields,
            yours=fields,
            version=draft.version,
        )
    draft.fields, draft.updated_at, draft.writer = fields, at, writer
    draft.version += 1
    draft.save(update_fields=["fields", "updated_at", "writer", "version"])
    return draft


def _check(fields: TypedFields) -> None:
    written = json.dumps(fields)
    if len(written) > LONGEST_DRAFT:
        raise InvalidInput("This is too long to keep. Shorten it.")
    if "\\u0000" in written:
        raise InvalidInput("This contains a character that cannot be kept. Remove it.")
