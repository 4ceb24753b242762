"""What every address of the API begins with: who asks, and what they sent."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.errors import InvalidInput
from core.text import clean

Out = type[serializers.BaseSerializer[Any]]

#: The largest number that a row can have; whatever is larger is nobody's.
LARGEST_KEY = 2**63 - 1
#: Characters of what a query asks for: a reference, a name.
LONGEST_ASKED = 100


class ActorView(GenericAPIView[Any]):
    """An address for people and systems that are signed in; what is sent is `serializer_class`."""

    serializer_class: type[serializers.Serializer[Any]]

    @property
    def actor(self) -> User:
        """Who asks."""
        return actor_of(self.request)

    def said(self, given: type[serializers.Serializer[Any]] | None = None) -> dict[str, Any]:
        """The body, checked. Raises ValidationError with what is wrong, field by field."""
        read = (given or self.serializer_class)(data=self.request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def needs(self, may: bool, words: str) -> None:
        """Raises PermissionDenied with these words for whoever may not."""
        if not may:
            raise PermissionDenied(words)

    def paged(self, rows: Any, out: Out) -> Response:
        """One page of the rows, as `out` says them."""
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(out(page, many=True).data)


def actor_of(request: Request) -> User:
    """Who asks; permission classes let nobody in who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def asked(request: Request, name: str, choices: Iterable[str]) -> str:
    """What the query asks of `name`; the first choice where it says nothing.

    Raises InvalidInput at the name for a word that is none of the choices.
    """
    known = list(choices)
    value = request.query_params.get(name, known[0])
    if value not in known:
        said = ", ".join(filter(None, known))
        raise InvalidInput(f"Choose one of: {said}.", field=name)
    return value


def typed(request: Request, name: str) -> str:
    """What the query says of `name` in words; empty where it says nothing.

    Raises InvalidInput at the name for what nobody can have typed.
    """
    return clean(request.query_params.get(name, ""), field=name, longest=LONGEST_ASKED)
