"""What each party said at the scene, and each child: the rows of a first response."""

from datetime import date

from demo import words
from demo.case import Case
from demo.households import Someone
from demo.tables import NULL, Table, instant
from demo.world import World
from incidents.models import ChildSeen, PartyAccount

PARTY = Table(
    PartyAccount, "id", "response_id", "person_id", "was_spoken_to", "account", "injuries", "fear"
)
CHILD = Table(
    ChildSeen, "id", "response_id", "person_id", "name", "was_seen", "was_spoken_to", "words"
)


class Found:
    """Writes the accounts of a first response."""

    def __init__(self, world: World) -> None:
        self.world, self.random = world, world.random
        self._party, self._party_id = world.lines.to(PARTY), world.ids(PARTY)
        self._child, self._child_id = world.lines.to(CHILD), world.ids(CHILD)

    def write(self, case: Case, response: int) -> None:
        """The victim, the person complained of, then each child that the call named."""
        draw = self.random.random
        self._account(response, case.victim, words.VICTIM_SAID, with_harm=True)
        if case.counter:
            self._account(response, case.perpetrator, words.COUNTER_SAID, with_harm=True)
        elif draw() < 0.7 or any(crime.arrests for crime in case.crimes):
            self._account(response, case.perpetrator, words.ACCUSED_SAID)
        else:
            self._account(response, case.perpetrator, words.ACCUSED_GONE, was_spoken_to=False)
        for child in case.kids:
            self._see(response, child, case.recorded)

    def _account(
        self,
        response: int,
        person: Someone,
        said: tuple[str, ...],
        *,
        was_spoken_to: bool = True,
        with_harm: bool = False,
    ) -> None:
        draw = self.random.random
        injuries = fear = ""
        if with_harm:
            injuries = words.INJURIES[int(draw() * len(words.INJURIES))]
            fear = words.FEARS[int(draw() * len(words.FEARS))]
        self._party(
            f"{self._party_id()}\t{response}\t{person.id}\t{'t' if was_spoken_to else 'f'}\t"
            f"{said[int(draw() * len(said))]}\t{injuries}\t{fear}"
        )

    def _see(self, response: int, child: Someone, at: int) -> None:
        draw = self.random.random
        seen = draw() < 0.94
        number = int(draw() * len(words.CHILD_WORDS))
        said = words.CHILD_WORDS[number] if seen else words.NO_CHILD_SEEN[0]
        spoken = "t" if seen and said.startswith("Said") else "f"
        self._child(
            f"{self._child_id()}\t{response}\t{child.id}\t{_as_shown(child, at)}\t"
            f"{'t' if seen else 'f'}\t{spoken}\t{said}"
        )


def _as_shown(child: Someone, at: int) -> str:
    """As `incidents.company.as_shown`: by name and age."""
    if child.born == NULL:
        return child.name
    today, born = instant(at).date(), date.fromisoformat(child.born)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{child.name}, {age}"
