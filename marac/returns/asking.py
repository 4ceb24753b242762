"""The return that an address asks for."""

from datetime import datetime
from typing import Protocol

from marac.models import Conference
from marac.returns.periods import Period
from marac.returns.reading import figures
from marac.returns.shapes import Return


class Asked(Protocol):
    """A period, and one conference or, by None, all of them."""

    @property
    def period(self) -> Period: ...
    @property
    def conference(self) -> Conference | None: ...


def of_wanted(wanted: Asked, at: datetime) -> Return:
    """The return of what is asked for."""
    if wanted.conference is not None:
        keys = [wanted.conference.pk]
    else:
        keys = list(Conference.objects.values_list("pk", flat=True))
    return figures(
        conference_ids=keys, from_on=wanted.period.first, until_on=wanted.period.last, at=at
    )
