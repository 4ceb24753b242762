"""`manage.py check`: every kind of deadline leads to a page."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.urls import NoReverseMatch, reverse

from deadlines import kinds


@register()
def every_kind_has_a_page(**_: Any) -> list[CheckMessage]:
    """A notification without its page would send people nowhere (deadlines.W001)."""
    found: list[CheckMessage] = []
    for kind in kinds.everything():
        try:
            reverse(kind.url_name, args=[kinds.PLACEHOLDER])
        except NoReverseMatch:
            found.append(
                Warning(
                    f"The kind of deadline {kind.code!r} leads to {kind.url_name!r}, which is "
                    "no page that takes a reference.",
                    id="deadlines.W001",
                )
            )
    return found
