"""`Idempotency-Key`: a POST that creates is done once, however often the network repeats it."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.errors import DomainError, InvalidInput
from core.models import IdempotencyKey

View = Callable[..., Response]


def idempotent(view: View) -> View:
    """Wrap an API method: with the header, the first answer is kept and given again.

    The key's row is written in the same transaction as the work, so a second request with the same
    key waits for the first and then gets its answer. The same key with another body is refused.
    """

    @wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > 200:
            raise InvalidInput("The key may be 200 characters long.", field="Idempotency-Key")
        return _once(key, view, self, request, *args, **kwargs)

    return wrapped


def _once(key: str, view: View, self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
    # Permission classes let nobody in who is not signed in; the key belongs to a person.
    user_id: int = request.user.pk  # type: ignore[assignment]
    digest = hashlib.sha256(
        json.dumps([request.path, request.data], sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()
    try:
        with transaction.atomic():
            with transaction.atomic():
                # A second request with this key waits here for the first one's transaction.
                row = IdempotencyKey.objects.create(
                    user_id=user_id,
                    key=key,
                    path=request.path[:300],
                    request_hash=digest,
                    created_at=clock.now(),
                )
            response = view(self, request, *args, **kwargs)
            row.status = response.status_code
            row.answer = json.loads(json.dumps(response.data, cls=DjangoJSONEncoder))
            row.save(update_fields=["status", "answer"])
            return response
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(user_id=user_id, key=key).first()
        if earlier is None:  # the conflict was not about the key
            raise
    if earlier.request_hash != digest:
        raise DomainError(
            "This Idempotency-Key was used for something else.",
            field="Idempotency-Key",
            code="key_reused",
        )
    return Response(earlier.answer, status=earlier.status, headers={"Idempotent-Replay": "true"})
