"""Parts that higher apps add to the page on which a partner agency's people begin."""

from accounts.models import Agency
from core.panels import Parts

PARTS: Parts[Agency] = Parts()
register, shown_to = PARTS.register, PARTS.shown_to
