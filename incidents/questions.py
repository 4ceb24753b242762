"""What the control room asks while the caller talks, in any order and in our own words.

The set is data: a code that is stored, the words that are read out, the answers, and what counts.
Codes are never reused for something else; stored answers keep their meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InvalidInput


@dataclass(frozen=True)
class Answer:
    """One answer; `is_danger` is drawn in red and can only ever raise the suggested grade."""

    code: str
    words: str
    is_danger: bool = False


@dataclass(frozen=True)
class Question:
    """One question; `helps` are paragraphs that say what counts."""

    code: str
    words: str
    section: str
    answers: tuple[Answer, ...]
    helps: tuple[str, ...] = ()

    @property
    def danger_codes(self) -> str:
        """The alarming answers as the page's component takes them: "yes,here"."""
        return ",".join(answer.code for answer in self.answers if answer.is_danger)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(answer.code, answer.words) for answer in self.answers]


DONT_KNOW = Answer("dont_know", "Don't know")
YES_IS_DANGER = (Answer("yes", "Yes", is_danger=True), Answer("no", "No"), DONT_KNOW)
NO_IS_DANGER = (Answer("yes", "Yes"), Answer("no", "No", is_danger=True), DONT_KNOW)
YES_OR_NO = (Answer("yes", "Yes"), Answer("no", "No"), DONT_KNOW)
WHEREABOUTS = (Answer("here", "Here", is_danger=True), Answer("left", "Left"), DONT_KNOW)

NOW = "Now"
AROUND = "Before and around it"

CONTROLLING = (
    "Controlling behaviour: a range of acts that make somebody dependent or keep them below "
    "another. Cutting them off from friends and family, taking their money or deciding what they "
    "may spend, reading their messages, deciding where they go, what they wear, when they sleep."
)
COERCIVE = (
    "Coercive behaviour: a pattern of threats, humiliation, intimidation or assault that is used "
    "to harm, punish or frighten. No blow needs to have fallen. Ask what happens when they say no."
)

QUESTIONS: tuple[Question, ...] = (
    Question("danger", "Are you, or is anyone, in danger now?", NOW, YES_IS_DANGER),
    Question("injury", "Is anyone hurt?", NOW, YES_IS_DANGER),
    Question("whereabouts", "Where is the person you are afraid of?", NOW, WHEREABOUTS),
    Question("weapon", "Weapon, or something used as one?", NOW, YES_IS_DANGER),
    Question(
        "dependants",
        "Children, or anyone who needs care, in the home?",
        NOW,
        YES_IS_DANGER,
        ("A child who sees or hears it is harmed by it, asleep or not.",),
    ),
    Question(
        "safe_to_talk",
        "Can you talk safely on this line?",
        NOW,
        NO_IS_DANGER,
        ("If not: ask questions that yes or no answers, and note a safe call-back.",),
    ),
    Question(
        "control",
        "Does anyone control what you do, whom you see, your money, your telephone?",
        AROUND,
        YES_IS_DANGER,
        (CONTROLLING,),
    ),
    Question(
        "coercion",
        "Do you do things, or leave them, for fear of what would follow?",
        AROUND,
        YES_IS_DANGER,
        (COERCIVE,),
    ),
    Question(
        "strangled",
        "Has anyone gripped your neck, or stopped you breathing?",
        AROUND,
        YES_IS_DANGER,
        ("Now or at any time, once is enough, marks or none: the danger of death rises sharply.",),
    ),
    Question("threats", "Threats to kill or to hurt you or anyone else?", AROUND, YES_IS_DANGER),
    Question(
        "separation",
        "Pregnant, a new baby, or separating, in the last year or now?",
        AROUND,
        YES_IS_DANGER,
    ),
    Question("earlier", "Has something like this happened before?", AROUND, YES_IS_DANGER),
    Question(
        "orders",
        "A court order, bail or anything else that should keep them away?",
        AROUND,
        YES_IS_DANGER,
    ),
    Question("drink_drugs", "Drink or drugs today?", AROUND, YES_IS_DANGER),
    Question(
        "communication",
        "Interpreter, relay or any other help to be understood?",
        AROUND,
        YES_OR_NO,
    ),
)
BY_CODE: dict[str, Question] = {question.code: question for question in QUESTIONS}


def checked(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers given, in the order of the set; blanks mean not asked and are left out.

    Raises InvalidInput at `answers.<code>` for a question or an answer that the set does not have.
    """
    for code in answers:
        if code not in BY_CODE:
            raise InvalidInput("There is no question of this code.", field=f"answers.{code[:60]}")
    given: dict[str, str] = {}
    for question in QUESTIONS:
        answer = answers.get(question.code, "")
        if not answer:
            continue
        if answer not in {option.code for option in question.answers}:
            options = ", ".join(option.code for option in question.answers)
            raise InvalidInput(
                f"This question has no such answer; it has {options}.",
                field=f"answers.{question.code}",
            )
        given[question.code] = answer
    return given


def in_words(answers: Mapping[str, str]) -> list[tuple[Question, Answer]]:
    """Stored answers with their words, in the order of the set, without codes no longer known."""
    return [
        (question, answer)
        for question in QUESTIONS
        for answer in question.answers
        if answers.get(question.code) == answer.code
    ]
