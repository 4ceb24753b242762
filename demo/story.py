"""The people whom the pages' drafts tell of: Siobhán O'Neill, Darren Pike, and what went before.

A call from "Shevaun Oneil" at Flat 4, 18 Tanglewood Court, telephone 07700 900417, meets all of it.
"""

from demo.county import place
from demo.households import Household, People, Warnings
from demo.plan import Event, Script
from demo.world import DAY, World

HOME = place("Flat 4, 18 Tanglewood Court", "PE1 9ZZ", "100090000417")
BEFORE = place("9 Lime Grove", "PE1 9ZY")
NUMBER = "+447700900417"
EARLIER_NUMBER = "+447700900122"


class Story:
    """Makes the households of the story and the events that happened to them."""

    def __init__(self, world: World, people: People) -> None:
        self.world, self.people = world, people
        self.victim = people.invent(("Siobhán", "O'Neill"), "female")
        self.victim.born = "1991-03-14"
        self.perpetrator = people.invent(("Darren", "Pike"), "male")
        self.perpetrator.born = "1987-09-02"
        self.home = Household(0, 2, self.victim, self.perpetrator)
        self.home.relation = "ex-partner"
        self.home.emergency = True
        self.home.children.append(people.child("O'Neill", "Ella", 6))
        other = people.invent(("Leanne", "Carver"), "female")
        self.other = Household(0, 0, other, self.perpetrator)

    def events(self) -> list[Event]:
        """Two years ago another victim; then harassment, a quarrel, and in autumn an assault."""
        at = self.world.at
        hours = at % DAY
        evening = at - hours + 20 * 3_600

        def told(days: int, home: Household, **script: object) -> Event:
            return Event(evening - days * DAY, home, Script(**script))  # type: ignore[arg-type]

        return [
            told(745, self.other, crime="", gravity=0, is_mild=True, number="+447700900655"),
            told(249, self.home, crime="harassment:no_further_action", gravity=1, is_mild=True,
                 place=BEFORE, number=EARLIER_NUMBER),
            told(113, self.home, crime="", gravity=1, is_mild=True, place=HOME, number=NUMBER,
                 heard="Siobhan O'Neil"),
            told(70, self.home, crime="assault_injury:charge", gravity=2, number=NUMBER,
                 topics=("q17", "q18")),
        ]  # fmt: skip

    def warn(self, warnings: Warnings) -> None:
        """The marker on the address and how she can be reached."""
        at, named = self.world.at, self.world.cast.named
        warnings.marker(
            "emergency",
            named["ds.okafor"],
            at - 298 * DAY,
            at + 68 * DAY,
            address=self.home.address,
            text="Known risk to life. Set after the conference.",
        )
        warnings.safe_contact(
            self.victim,
            named["idva"],
            at - 2 * DAY,
            method="text",
            hours="09:30-14:30",
            code_word="library",
        )
