"""Refusals that a person reads: every one says what is wrong and, where it can, what to do."""

from typing import Any


class DomainError(Exception):
    """A rule refuses what was asked; nothing was written.

    `message` is a sentence for a person; `field` names the input it belongs to, if any; `code` is
    a stable word for programs. Pages show it at the field, the API as a problem document.
    """

    status = 409
    code = "refused"

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code is not None:
            self.code = code


class InvalidInput(DomainError):
    """What was given cannot be meant: a birth date in the future, a postcode that is none."""

    status = 400
    code = "invalid"


class AlreadyTaken(DomainError):
    """Somebody else was first; the message says who."""

    code = "already_taken"


class Stale(DomainError):
    """The thing changed since it was read. Carries both versions so that nothing typed is lost."""

    code = "stale"

    def __init__(
        self, message: str, *, theirs: dict[str, Any], yours: dict[str, Any], version: int
    ) -> None:
        super().__init__(message, field="version")
        self.theirs = theirs
        self.yours = yours
        self.version = version
