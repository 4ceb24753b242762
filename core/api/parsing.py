"""Reading JSON that is sent to the API."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """JSON that can be kept, and answered about.

    Half of a surrogate pair is no character: neither the database nor an answer that names what was
    sent can hold it. Lists within lists beyond what a decoder follows are nobody's record.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            _check(data)
        except RecursionError:
            raise ParseError("This is nested too deeply.") from None
        except UnicodeEncodeError:
            raise ParseError(
                "This contains half of a character (a lone surrogate). Remove it and send it again."
            ) from None
        return data


def _check(value: Any) -> None:
    """Raises UnicodeEncodeError for text, also a name, that is not whole."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for name, held in value.items():
            name.encode()
            _check(held)
    elif isinstance(value, list):
        for held in value:
            _check(held)
