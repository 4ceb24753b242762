"""Who may open what: one line per address, HTML and API.

Reading: those named get 200; everybody else 404 (not seen) or 403 (seen, but not theirs to do).
Writing: an empty POST never succeeds for those who may not.

The rows stand in pages.py, conferences.py and api.py; whose work each is, in who.py.
"""

from tests.config.every_address.rules.api import API
from tests.config.every_address.rules.conferences import CONFERENCES
from tests.config.every_address.rules.pages import PAGES
from tests.config.every_address.rules.who import (
    ADVISER,
    EVERYBODY,
    HELD,
    MEETING,
    POLICE,
    Rule,
)

__all__ = ["ADVISER", "EVERYBODY", "HELD", "MEETING", "PATCHED", "POLICE", "PUBLIC", "RULES"]

RULES: dict[str, Rule] = {**PAGES, **CONFERENCES, **API}

#: The API changes these in place.
PATCHED = {"api/v1/incidents/<incident>/", "api/v1/assessments/<assessment>/"}
#: Open to everybody, signed in or not.
PUBLIC = {"health/", "health/live/", "v/<secret>/", "marac/calendar/feed/<feed>.ics"}
