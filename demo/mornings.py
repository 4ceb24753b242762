"""The digests of the last mornings: made, mostly acknowledged, some told to whoever leads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from core.clock import local
from deadlines.digests import answering, making
from deadlines.models import Digest

Happening = tuple[datetime, Callable[[datetime], object]]

MORNINGS = 3


@dataclass
class Mornings:
    """Says when digests are made and read; `at` is where the year ends."""

    random: Random
    at: datetime

    def happenings(self) -> Iterator[Happening]:
        """Made at seven, read by most before ten; who did not is told of the next day."""
        for days in range(MORNINGS):
            seven = local(self.at - timedelta(days=days)).replace(
                hour=7, minute=0, second=0, microsecond=0
            )
            yield seven, lambda moment: making.make(at=moment)
            yield seven + timedelta(hours=2.5), partial(self._read, seven)
            yield seven + timedelta(minutes=5), lambda moment: answering.escalate(at=moment)

    def _read(self, seven: datetime, moment: datetime) -> None:
        rows = Digest.objects.filter(on=seven.date(), person__isnull=False)
        for row in rows.select_related("person").order_by("pk"):
            if row.person is not None and self.random.random() < 0.8:
                answering.acknowledge(digest_id=row.pk, actor=row.person, at=moment)
