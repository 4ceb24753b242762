"""What asking and signing share: the conditions, and what the record says of a crime."""

from collections.abc import Sequence
from datetime import datetime

from core.errors import DomainError
from incidents import closure_conditions
from incidents.closure_conditions import Missing
from incidents.models import Closure, Incident

LONGEST_WORDS = 2_000
LONGEST_REASON = 300


class NotReady(DomainError):
    """Something must be on record first; `missing` says what, each with where to put it right."""

    code = "not_ready"

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(
            "This incident cannot be closed yet. " + " ".join(one.words for one in missing)
        )
        self.missing = list(missing)


def check_ready(incident: Incident, at: datetime) -> None:
    """Ask every condition. Raises NotReady with all that is missing."""
    if missing := closure_conditions.missing_of(incident, at):
        raise NotReady(missing)


def kind_on_record(incident: Incident) -> Closure.Kind:
    """A crime recorded makes it a crime; nothing recorded, a domestic non-crime."""
    return Closure.Kind.CRIME if incident.crimes.exists() else Closure.Kind.NON_CRIME
