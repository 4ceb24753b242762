"""Reviews of repeated incidents without a crime, opened and decided as the service would."""

from dataclasses import dataclass, field

from demo import words
from demo.answers import as_json
from demo.case import Case
from demo.clocks import Clock, Clocks
from demo.households import Someone, VictimRecord
from demo.plan import Stage
from demo.tables import NULL, Table, stamp
from demo.world import DAY, MINUTE, Worker, World
from incidents.deadlines import NON_CRIME_REVIEW
from incidents.models import NonCrimeReview

NON_CRIME = Table(
    NonCrimeReview, "id", "victim_id", "incident_id", "opened_at", "incidents_counted", "basis",
    "decision", "words", "decided_by_id", "decided_at", "fell_away_at", "version",
)  # fmt: skip

_LABELS = {code: str(label).lower() for code, label in NonCrimeReview.Decision.choices}
_DECISIONS = ("plan", "plan", "referred", "no_steps")

#: (received, incident id, reference) of a non-crime.
Moment = tuple[int, int, str]


@dataclass(slots=True)
class _Review:
    """A review that waits, or was decided; later incidents come to it until then."""

    id: int
    record: VictimRecord
    crew: int
    supervisor: Worker
    opened: int
    counted: list[Moment]
    decided: int
    decision: str
    words: str
    version: int = 1


@dataclass(slots=True)
class _Known:
    """What is known of one victim: incidents without a crime, and the newest review."""

    moments: list[Moment] = field(default_factory=list)
    review: _Review | None = None


class NonCrimes:
    """Counts the non-crimes of each victim and writes the reviews that they open."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self.clock = Clock(world, NON_CRIME_REVIEW)
        self._line, self._id = world.lines.to(NON_CRIME), world.ids(NON_CRIME)
        self._known: dict[int, _Known] = {}
        #: By (victim, the other), so that roles turned round count too.
        self._pairs: dict[tuple[int, int], list[Moment]] = {}
        self._reviews: list[_Review] = []

    def follow(self, case: Case) -> None:
        """What the first response, or the closure of a case, says of repetition."""
        if not case.non_crime:
            return
        moment = (case.received, case.id, case.reference)
        parties = [(case.victim, case.perpetrator, case.record)]
        if case.counter:
            parties.append((case.perpetrator, case.victim, case.counter))
        for victim, other, record in parties:
            self._pairs.setdefault((victim.id, other.id), []).append(moment)
            self._known.setdefault(record.id, _Known()).moments.append(moment)
        for victim, other, record in parties:
            self._follow(case, victim, other, record)

    def _follow(self, case: Case, victim: Someone, other: Someone, record: VictimRecord) -> None:
        known = self._known[record.id]
        since = case.received - 365 * DAY
        turned = self._pairs.get((other.id, victim.id), ())
        counted = sorted({each for each in (*known.moments, *turned) if each[0] > since})
        review = known.review
        if review and (not review.decided or review.decided > case.recorded):
            if review.opened < case.recorded:
                self._add(review, counted, case)
        elif len(counted) >= self.world.policy.non_crime_repeats:
            known.review = self._open(case, record, counted)

    def _open(self, case: Case, record: VictimRecord, counted: list[Moment]) -> _Review:
        decided, decision, said = 0, "", ""
        if case.stage in {Stage.CLOSED, Stage.REFERRED} and case.requests:
            # Before closure was asked for: it waits for the answer to whether this was a crime.
            room = case.requests[0].asked - MINUTE - case.recorded
            decided = case.recorded + int(room * (0.1 + 0.8 * self.random.random()))
            decision = self.random.choice(_DECISIONS)
            said = self.random.choice(words.NON_CRIME_DECIDED[decision])
        review = _Review(
            self._id(), record, case.crew.id, case.crew.supervisor, case.recorded, counted,
            decided, decision, said,
        )  # fmt: skip
        self._reviews.append(review)
        basis = self._basis(review)
        self._record(review, case.recorded, case.officer, "opened",
                     f"Review of repeated non-crimes opened: {basis}")  # fmt: skip
        return review

    def _add(self, review: _Review, counted: list[Moment], case: Case) -> None:
        if set(counted) <= set(review.counted):
            return
        review.counted = sorted({*review.counted, *counted})
        review.version += 1
        headline = f"One more in the review of repeated non-crimes: {self._basis(review)}"
        self._record(review, case.recorded, case.officer, "added_to", headline)

    def write(self) -> None:
        """Every review as it stands at the end, with its clock."""
        for review in self._reviews:
            decided = review.decided
            who = review.supervisor.id if decided else NULL
            self._line(
                f"{review.id}\t{review.record.id}\t{review.counted[-1][1]}\t{stamp(review.opened)}\t"
                f"{self._references(review)}\t{self._basis(review)}\t{review.decision}\t"
                f"{review.words}\t{who}\t{stamp(decided) if decided else NULL}\t\\N\t"
                f"{review.version + bool(decided)}"
            )
            self.clocks.write(
                self.clock,
                review.id,
                review.record.reference,
                review.record.id,
                review.crew,
                review.opened,
                decided or None,
                owner=review.supervisor,
            )
            if decided:
                headline = f"Repeated non-crimes reviewed: {_LABELS[review.decision]}"
                self._record(review, decided, review.supervisor, "decided", headline, review.words)

    def _basis(self, review: _Review) -> str:
        rules = self.world.policy
        return (
            f"{len(review.counted)} incidents without a crime within {rules.repeat_months} months; "
            f"{rules.non_crime_repeats} are reviewed (force policy)"
        )

    @staticmethod
    def _references(review: _Review) -> str:
        return as_json([reference for _, _, reference in review.counted])

    def _record(
        self, review: _Review, at: int, actor: Worker, verb: str, headline: str, said: str = ""
    ) -> None:
        self.world.audit(
            at,
            actor,
            f"non_crime_review.{verb}",
            headline,
            review.record.reference,
            review.record.id,
            review.counted[-1][1],
            f'{{"incidents":{self._references(review)},"words":"{said}",'
            f'"basis":"{self._basis(review)}"}}',
            verb in {"opened", "decided"},
        )
