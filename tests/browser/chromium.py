"""Which browser the tests drive, and what is said when there is none."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
LEFT_OUT = (
    f"BROWSER TESTS LEFT OUT: no chromium found (looked for {', '.join(NAMES)}). "
    "Install one, on Debian: apt-get install chromium."
)


def find_chromium() -> str | None:
    """The path of an installed browser; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Whether a missing browser is a failure: REQUIRE_BROWSER=1, as in the gate."""
    return os.environ.get("REQUIRE_BROWSER", "").lower() in {"1", "true", "yes", "on"}
