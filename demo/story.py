"""The people whom the pages' drafts tell of: Siobhán O'Neill, Darren Pike, and what went before.

A call from "Shevaun Oneil" at Flat 4, 18 Tanglewood Court, telephone 07700 900417, meets all of it.
Four households besides, whose third incident without a crime waits for the demo supervisor.
"""

from demo import words
from demo.case import Case
from demo.clocks import Clocks
from demo.county import place
from demo.households import Household, People, Warnings
from demo.plan import Event, Script, Stage
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, World
from incidents.models import FurtherCall, IncidentLink

FURTHER = Table(
    FurtherCall, "id", "incident_id", "draft_id", "source", "source_detail", "received_at",
    "recorded_at", "recorded_by_id", "caller_name", "caller_number", "caller_is",
    "safe_callback", "narrative", "verbatim", "background", "call_dropped", "answers",
    "grade_before", "grade_after",
)  # fmt: skip
LINK = Table(
    IncidentLink, "id", "first_id", "second_id", "words", "linked_by_id", "linked_at", "ended_at",
    "ended_by_id", "ended_reason",
)  # fmt: skip

HOME = place("Flat 4, 18 Tanglewood Court", "PE1 9ZZ", "100090000417")
BEFORE = place("9 Lime Grove", "PE1 9ZY")
NUMBER = "+447700900417"
EARLIER_NUMBER = "+447700900122"
NEIGHBOUR = "+441632960418"

#: By what the cases of the story are found again.
AUTUMN, YESTERDAY, NEXT_DOOR, NEWS = "autumn", "yesterday", "next_door", "news"

#: Minutes since the call of yesterday: longer ago than a call is taken for news of it, so that the
#: next one from there is a new incident.
_YESTERDAY = 27 * 60
#: Hours since the third call of the households of repeated non-crimes: the first review is late.
_REPEATS = (27, 21, 9, 4)


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
        self._further, self._further_id = world.lines.to(FURTHER), world.ids(FURTHER)
        self._link, self._link_id = world.lines.to(LINK), world.ids(LINK)

    def events(self) -> list[Event]:
        """Two years ago another victim; then harassment, a quarrel, in autumn an assault; and
        yesterday he was at the door, which the neighbour rang about too."""
        at = self.world.at
        hours = at % DAY
        evening = at - hours + 20 * HOUR

        def told(days: int, home: Household, **script: object) -> Event:
            return Event(evening - days * DAY, home, Script(**script))  # type: ignore[arg-type]

        def lately(minutes: int, **script: object) -> Event:
            return Event(at - minutes * MINUTE, self.home, Script(**script))  # type: ignore[arg-type]

        return [
            told(745, self.other, crime="", gravity=0, is_mild=True, number="+447700900655"),
            told(249, self.home, crime="harassment:no_further_action", gravity=1, is_mild=True,
                 place=BEFORE, number=EARLIER_NUMBER),
            told(113, self.home, crime="", gravity=1, is_mild=True, place=HOME, number=NUMBER,
                 heard="Siobhan O'Neil"),
            told(70, self.home, crime="assault_injury:charge", gravity=2, number=NUMBER,
                 topics=("q17", "q18"), tag=AUTUMN),
            lately(_YESTERDAY, stage=Stage.REVIEWED, crime="assault_no_injury:", gravity=2,
                   number=NUMBER, officer="officer", topics=("q17", "q18"), tag=YESTERDAY,
                   asked=20 * 60, is_refused=True, refused_with=words.STORY_REFUSED,
                   narrative=words.STORY_CALL),
            lately(_YESTERDAY - 6, stage=Stage.WAITING, crime="", gravity=1, caller="neighbour",
                   number=NEIGHBOUR, not_sent=words.STORY_NOT_SENT, tag=NEXT_DOOR,
                   narrative=words.STORY_NEIGHBOUR),
            *self._repeated(),
        ]  # fmt: skip

    def _repeated(self) -> list[Event]:
        """Households in which it happened three times and was never a crime."""
        at, events = self.world.at, []
        for number, hours in enumerate(_REPEATS):
            home = self.people.household()
            home.area, home.gravity = 0, 0
            for days in (190 - 23 * number, 61 - 9 * number):
                earlier = Script(crime="", gravity=0, team="supervisor")
                events.append(Event(at - days * DAY - number * 7 * HOUR, home, earlier))
            third = Script(Stage.REVIEWED, crime="", gravity=0, team="supervisor")
            events.append(Event(at - hours * HOUR, home, third))
        return events

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

    def tell_more(self, tagged: dict[str, Case], clocks: Clocks) -> None:
        """What came in about incidents that were still open, and which two are one event."""
        one, other = tagged[YESTERDAY], tagged[NEXT_DOOR]
        self._further_call(one, clocks, 24 * MINUTE, words.STORY_NEWS, "neighbour", NEIGHBOUR)
        self._linked(one, other, other.logged + 4 * MINUTE)
        news = tagged.get(NEWS)
        if news:
            room = self.world.at - MINUTE - news.logged
            self._further_call(news, clocks, room // 2, words.NEWS[1], "family", "")

    def _further_call(
        self, case: Case, clocks: Clocks, after: int, text: str, caller_is: str, number: str
    ) -> None:
        at = case.logged + after
        line, handler = self._further_id(), case.handler
        self._further(
            f"{line}\t{case.id}\t\\N\t999\t\t{stamp(at - 45)}\t{stamp(at)}\t{handler.id}\t"
            f"\t{number}\t{caller_is}\t\t{text}\t\t\tf\t{{}}\t{case.grade}\t{case.grade}"
        )
        said = {"family": "family", "neighbour": "a neighbour"}[caller_is]
        self.world.audit(
            at,
            handler,
            "incident.further_call",
            f"Further call from {said}",
            case.reference,
            NULL,
            case.id,
            f'{{"further_call":{line},"grade":"{case.grade}"}}',
        )
        headline = f"News of {case.reference}: read the briefing again"
        path = f"/incidents/{case.reference}/briefing/"
        for officer in (case.officer, case.second):
            if case.sent and case.sent < at:
                clocks.tell(officer, "information", headline, case.reference, path, at)

    def _linked(self, one: Case, other: Case, at: int) -> None:
        first, second = sorted((one.id, other.id))
        self._link(
            f"{self._link_id()}\t{first}\t{second}\t{words.STORY_LINK}\t{other.handler.id}\t"
            f"{stamp(at)}\t\\N\t\\N\t"
        )
        for case, pair in ((one, other), (other, one)):
            self.world.audit(
                at,
                other.handler,
                "incident.linked",
                "Linked to another incident as the same event",
                case.reference,
                NULL,
                case.id,
                f'{{"other":"{pair.reference}","words":"{words.STORY_LINK}"}}',
            )
