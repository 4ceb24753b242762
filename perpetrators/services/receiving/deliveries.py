"""A message on its way to a person's record."""

from dataclasses import dataclass

from perpetrators.messages import Message
from perpetrators.models import CustodyEpisode, CustodyEvent


@dataclass(slots=True)
class Delivery:
    """A message, its row (new, or one that waited), and whom and which run it belongs to."""

    message: Message
    event: CustodyEvent
    person_id: int
    episode: CustodyEpisode | None = None
    #: It found the person held: being let out by it is a release.
    found_held: bool = False
    #: Another source told it before: it is kept, and causes nothing a second time.
    is_told_already: bool = False


class Overtaken(Exception):
    """What was read before the locks is no longer so; the whole is tried again."""
