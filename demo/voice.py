"""What victims of the year thought of the service: asked after the end, mostly answered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import Team, User
from demo import voice_words as words
from demo.people import IDVAS, Force
from referrals.models import IdvaCase, Survey
from referrals.services.voice import open_survey
from referrals.services.voice.questions import QUESTIONS
from victims.models import Victim

Happening = tuple[datetime, Callable[[datetime], object]]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
State = Survey.State
#: What was closed in the last so many days is still to be asked, as the service opens it.
OPEN_DAYS = 9
#: How each ended, of twenty.
_ENDS = (
    *(State.ANSWERED,) * 9,
    *(State.DECLINED,) * 3,
    *(State.NOT_SAFE,) * 3,
    *(State.NO_ANSWER,) * 5,
)


@dataclass
class Voice:
    """Writes surveys of the past as rows; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime

    def write(self, cases: Iterable[IdvaCase]) -> None:
        """One for each of these ended cases of advisers, and for each case the police closed."""
        rows = [self._of_case(case) for case in cases if case.first_contact_at is not None]
        closed = Victim.objects.filter(closed_at__lt=self.at - OPEN_DAYS * DAY)
        rows += [
            self._survey(victim, Survey.About.POLICE, victim.contact_team, None, victim.closed_at)
            for victim in closed.select_related("contact_team").order_by("pk")
            if victim.closed_at is not None
        ]
        Survey.objects.bulk_create(rows, batch_size=500)

    def happenings(self) -> Iterator[Happening]:
        """The police's cases closed of late: their questions are still to be asked."""
        lately = Victim.objects.filter(closed_at__gte=self.at - OPEN_DAYS * DAY).order_by("pk")
        for victim_id, closed_at in lately.values_list("pk", "closed_at"):
            assert closed_at is not None
            yield closed_at, partial(self._open, victim_id)

    def _open(self, victim_id: int, moment: datetime) -> None:
        open_survey(
            victim_id=victim_id,
            about=Survey.About.POLICE,
            actor=self.force.users["supervisor"],
            at=moment,
        )

    def _of_case(self, case: IdvaCase) -> Survey:
        assert case.closed_at is not None
        team = self.force.teams[IDVAS]
        row = self._survey(case.victim, Survey.About.ADVISER, team, case.owner, case.closed_at)
        row.idva_case = case
        return row

    def _survey(
        self, victim: Victim, about: str, team: Team, owner: User | None, closed: datetime
    ) -> Survey:
        state = self.random.choice(_ENDS)
        asked = min(closed + (2 + 12 * self.random.random()) * DAY, self.at - HOUR)
        row = Survey(
            victim=victim,
            about=about,
            team=team,
            owner=owner,
            state=state,
            closed_at=closed,
            opened_at=closed,
            due_at=closed + 14 * DAY,
            settled_at=asked,
            settled_by=owner or team.supervisor,
            reason=words.REASONS.get(state, ""),
        )
        if state == State.ANSWERED:
            row.answers = {
                question.code: 5 - int(4.4 * self.random.random() ** 1.9)
                for question in QUESTIONS[about]
                if self.random.random() < 0.95
            }
            if self.random.random() < 0.3:
                row.words = self.random.choice(words.SAID[about])
        return row
