"""Files of custody messages: dropped, taken in line by line, gone on with after a crash."""

from perpetrators.services.files.dropping import AT_ONCE, MOST_BYTES, Dropped, drop
from perpetrators.services.files.taking import go_on, go_on_with_all

__all__ = ["AT_ONCE", "MOST_BYTES", "Dropped", "drop", "go_on", "go_on_with_all"]
