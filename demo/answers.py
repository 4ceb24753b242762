"""Answer sets made beforehand, with the suggestion that the service itself would make of them.

Drawing from a pool keeps the load fast; running the real rules over the pool keeps it true.
"""

import json
from dataclasses import dataclass
from functools import cache
from random import Random

from core.policy import ForcePolicy
from demo import words
from demo.tables import escaped
from incidents import grading, questions
from risk import grades, instruments
from risk.models import Instrument

GRADES = ("standard", "medium", "high")


def as_json(value: object) -> str:
    """JSON as one COPY field."""
    return escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


# --- The control room's questions -----------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """A suggestion ready for the row."""

    grade: str
    reasons: str
    officers: int
    grounds: str = "{}"


UNGRADED = Graded("", "[]", 2)


class CallAnswers:
    """Sets of answers to the control room's questions, mild to grave."""

    def __init__(self, random: Random, policy: ForcePolicy, size: int = 90) -> None:
        self.policy = policy
        self.sets = [self._one(random, number % 3) for number in range(size)]
        self.json = [as_json(each) for each in self.sets]
        self._known: dict[tuple[int, int, bool, bool, bool], Graded] = {}

    def _one(self, random: Random, gravity: int) -> dict[str, str]:
        answers = {}
        for question in questions.QUESTIONS:
            if random.random() < 0.12:
                continue
            answers[question.code] = self._answer(random, question, gravity)
        return questions.checked(answers)

    def _answer(self, random: Random, question: questions.Question, gravity: int) -> str:
        danger = [answer.code for answer in question.answers if answer.is_danger]
        calm = [answer.code for answer in question.answers if not answer.is_danger]
        likely = (0.05, 0.22, 0.5)[gravity]
        if danger and random.random() < likely:
            return danger[0]
        return calm[0] if random.random() < 0.85 else calm[-1]

    def draw(self, random: Random, gravity: int) -> int:
        """The number of a set of that gravity, 0 to 2."""
        return 3 * int(random.random() * (len(self.sets) // 3)) + gravity

    def graded(
        self, number: int, earlier: int, was_high: bool, emergency: bool, dropped: bool = False
    ) -> Graded:
        """What the control room's rules suggest for a set, given what is known from before."""
        key = (number, min(earlier, grading.MOST_COUNTED), was_high, emergency, dropped)
        known = self._known.get(key)
        if known is None:
            markers = {grading.MarkerFact("emergency", "address")} if emergency else set()
            suggestion = grading.suggest(
                self.sets[number],
                grading.HistoryFacts(earlier, "high" if was_high else "", frozenset(markers)),
                self.policy,
                call_dropped=dropped,
            )
            known = self._known[key] = Graded(
                suggestion.grade.value,
                as_json(list(suggestion.reasons)),
                suggestion.officers,
                as_json(suggestion.grounds_by_aspect),
            )
        return known


# --- The risk assessment --------------------------------------------------------------------------


@dataclass(frozen=True)
class Assessed:
    """Answers with what they suggest; `escalated` is the same where incidents pile up."""

    answers: str
    yes_count: int
    suggested: str
    reasons: str
    first_reasons: str
    escalated: "Assessed | None" = None


#: Topics that are yes more often than others.
_COMMON = ("q02", "q06", "q13", "q15", "q23", "q24", "q27", "q05", "q14")
#: Topics that suggest high, alone or together, or open the set that does; only for grave ones.
_GRAVE = frozenset({"q03", "q17", "q18", "q08"})


class RiskAnswers:
    """Whole questionnaires by gravity (0 mild, 1 medium, 2 grave), and half-finished ones."""

    def __init__(self, random: Random, policy: ForcePolicy, sizes: tuple[int, ...]) -> None:
        self.instrument = Instrument.objects.get(code=instruments.POLICE, in_use=True)
        self.questionnaire = instruments.questionnaire(self.instrument)
        self.policy = policy
        self.whole = [
            [self._whole(random, gravity) for _ in range(size)]
            for gravity, size in enumerate(sizes)
        ]
        self.begun = [self._begun(random) for _ in range(20)]

    def draw(self, random: Random, gravity: int, escalates: bool) -> Assessed:
        pool = self.whole[gravity]
        drawn = pool[int(random.random() * len(pool))]
        return drawn.escalated if escalates and drawn.escalated else drawn

    def grave(self, *topics: str) -> Assessed:
        """A grave one in which these topics are yes."""
        for each in self.whole[2]:
            given = json.loads(each.answers.replace("\\\\", "\\"))
            if all(instruments.answer_of(given, code) == "yes" for code in topics):
                return each
        return self.whole[2][0]

    def _whole(self, random: Random, gravity: int) -> Assessed:
        while True:
            answers = self._answers(random, gravity)
            plain = grades.suggest(self.questionnaire, answers, False, self.policy)
            if plain.grade == GRADES[gravity]:
                break
        raised = grades.suggest(self.questionnaire, answers, True, self.policy)
        return _row(answers, plain, _row(answers, raised))

    def _answers(self, random: Random, gravity: int) -> dict[str, dict[str, str]]:
        low, high = ((1, 7), (10, 12), (9, 19))[gravity]
        topics = [topic.code for topic in self.questionnaire.topics]
        allowed = topics if gravity == 2 else [code for code in topics if code not in _GRAVE]
        wanted = set(random.sample(allowed, min(len(allowed), random.randint(low, high))))
        if gravity < 2 and len(wanted) > 2:
            wanted.remove(random.choice(sorted(wanted)))
            wanted.add(random.choice(_COMMON))
        answers = {code: self._answer(random, code in wanted) for code in topics}
        for follow_up in self.questionnaire.opened(answers):
            for topic in follow_up.topics:
                likely = 0.1 if gravity < 2 else 0.35
                answers[topic.code] = self._answer(random, random.random() < likely)
        return answers

    def _answer(self, random: Random, yes: bool) -> dict[str, str]:
        if yes:
            said = {"answer": "yes"}
            if random.random() < 0.3:
                said["words"] = random.choice(words.TOPIC_WORDS)
            return {**said, "source": "victim"}
        if random.random() < 0.9:
            return {"answer": "no"}
        if random.random() < 0.8:
            return {"answer": "dont_know"}
        return {
            "answer": "not_asked",
            "words": random.choice(words.NOT_ASKED_WORDS),
            "source": "officer",
        }

    def _begun(self, random: Random) -> Assessed:
        answers = self._answers(random, random.choice((0, 0, 1)))
        some = dict(list(answers.items())[: random.randint(0, 19)])
        return _row(some, grades.suggest(self.questionnaire, some, False, self.policy))


def _row(
    answers: dict[str, dict[str, str]], made: grades.Suggestion, escalated: Assessed | None = None
) -> Assessed:
    return Assessed(
        as_json(answers),
        made.yes_count,
        made.grade,
        as_json(list(made.reasons)),
        "; ".join(made.reasons),
        escalated,
    )


@cache
def rank(grade: str) -> int:
    """0 for none, 1 for standard to 3 for high."""
    return GRADES.index(grade) + 1 if grade else 0
