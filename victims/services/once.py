"""A form that is sent twice is done once: a double press, the back button, a slow connection."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from accounts.models import User
from core.errors import DomainError
from core.models import IdempotencyKey


class SentAlready(DomainError):
    """The form was sent before and said something else: it is asked for, not guessed."""

    code = "sent_already"


@transaction.atomic
def earlier_result(
    *, key: UUID | None, what: str, said: Mapping[str, Any], actor: User, at: datetime
) -> int | None:
    """The number of what the same form made before; None the first time, and without a key.

    `what` names the deed and its subject; `said` is everything that the form said. Whoever calls
    holds a lock that the second one waits for, and then `remember`s. Raises SentAlready where the
    form said something else before.
    """
    if key is None:
        return None
    row, is_new = IdempotencyKey.objects.get_or_create(
        user=actor,
        key=f"form {key}",
        defaults={"path": what[:300], "request_hash": _digest(said), "created_at": at},
    )
    if is_new or row.answer is None:
        return None
    if (row.path, row.request_hash) != (what[:300], _digest(said)):
        raise SentAlready(
            "This form was sent already and said something else. Look at what is on record; "
            "to add what you see here as well, send it once more."
        )
    return int(row.answer)


def remember(*, key: UUID | None, result: int, actor: User) -> None:
    """What the form of this key made: the number of the row."""
    if key is not None:
        IdempotencyKey.objects.filter(user=actor, key=f"form {key}").update(answer=result)


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()
