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
class Prompt:
    """What follows from one answer: what to ask next, what it means, what to do.

    `goes_to` is the field of a call in which the next answer is noted ("people" for the rows).
    """

    answer: str
    ask: str = ""
    means: str = ""
    do: str = ""
    goes_to: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `helps` are paragraphs that say what counts.

    A `definition` always stands beside its question; other helps open when they are wanted.
    """

    code: str
    words: str
    section: str
    answers: tuple[Answer, ...]
    helps: tuple[str, ...] = ()
    definition: str = ""
    prompts: tuple[Prompt, ...] = ()

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

#: After the cross-government definitions in the inspection report's introduction.
CONTROLLING = (
    "Controlling behaviour: a range of acts that keep somebody below another or dependent on them. "
    "Cutting them off from those who would help; using their money and what they have; taking "
    "away what they would need to stand on their own feet, to resist or to leave; ruling their "
    "daily life."
)
COERCIVE = (
    "Coercive behaviour: one act or a pattern of assault, threats, humiliation, intimidation or "
    "other abuse that is used to harm, punish or frighten. So-called honour-based violence, female "
    "genital mutilation and forced marriage belong to it. No blow needs to have fallen."
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "danger",
        "Are you, or is anyone, in danger now?",
        NOW,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="Can you get out, or lock a door between you? What can you hear and see now?",
                do="Keep the line open. If they cannot speak: let them cough, tap or press 55.",
            ),
        ),
    ),
    Question(
        "injury",
        "Is anyone hurt?",
        NOW,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="Who, where on the body, how? Bleeding, a blow to the head, pregnant?",
                do="Call an ambulance. Tell officers who is hurt before they arrive.",
            ),
        ),
    ),
    Question(
        "whereabouts",
        "Where is the person you are afraid of?",
        NOW,
        WHEREABOUTS,
        prompts=(
            Prompt(
                "here",
                ask="In which room, and who is with them? Can they hear you?",
                do="Keep the line open; ask what yes or no answers.",
            ),
            Prompt(
                "left",
                ask="Which way, how long ago, on foot or in what vehicle? Clothing? "
                "Have they a key, could they come back?",
                do="Pass the description to officers on the way.",
                goes_to="narrative",
            ),
        ),
    ),
    Question(
        "weapon",
        "Weapon, or something used as one?",
        NOW,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="What is it, where is it now, was it used or shown? Firearms in the home?",
                do="Warn officers before they arrive; a firearm goes to the inspector at once.",
            ),
        ),
    ),
    Question(
        "dependants",
        "Children, or anyone who needs care, in the home?",
        NOW,
        YES_IS_DANGER,
        ("A child who sees or hears it is harmed by it, asleep or not.",),
        prompts=(
            Prompt(
                "yes",
                ask="Names and ages of each? Where is each of them now? Did they see or hear it?",
                means="Each child is seen by the officers, and spoken to.",
                goes_to="people",
            ),
        ),
    ),
    Question(
        "safe_to_talk",
        "Can you talk safely on this line?",
        NOW,
        NO_IS_DANGER,
        ("If not: ask questions that yes or no answers, and note a safe call-back.",),
        prompts=(
            Prompt(
                "no",
                ask="Only what yes or no answers. Which number, which hours, which code word?",
                means="Somebody may be listening.",
                goes_to="safe_callback",
            ),
        ),
    ),
    Question(
        "control",
        "Does anyone control what you do, whom you see, your money, your telephone?",
        AROUND,
        YES_IS_DANGER,
        (
            "Reading messages; deciding where they go, what they wear, when they eat and sleep; "
            "counting minutes and money; keeping medicine, papers or keys.",
        ),
        definition=CONTROLLING,
        prompts=(
            Prompt(
                "yes",
                ask="Who decides about money? Who reads your telephone? "
                "Whom may you see? What may you do without asking?",
                means="It may be a crime by itself, with no injury at all.",
                goes_to="verbatim",
            ),
        ),
    ),
    Question(
        "coercion",
        "Do you do things, or leave them, for fear of what would follow?",
        AROUND,
        YES_IS_DANGER,
        ("Ask what happens when they say no.",),
        definition=COERCIVE,
        prompts=(
            Prompt(
                "yes",
                ask="What would follow if you said no? What has happened when you did? "
                "Is anyone else in the family part of it?",
                means="Fear says more about danger than the last blow does.",
                goes_to="verbatim",
            ),
        ),
    ),
    Question(
        "strangled",
        "Has anyone gripped your neck, or stopped you breathing?",
        AROUND,
        YES_IS_DANGER,
        ("Now or at any time, once is enough, marks or none: the danger of death rises sharply.",),
        prompts=(
            Prompt(
                "yes",
                ask="When? Is your voice changed, does swallowing hurt? Did you black out, "
                "see spots or wet yourself?",
                means="Harm inside the neck may show hours later, with no mark on the skin.",
                do="Call an ambulance if it was today or anything hurts.",
            ),
        ),
    ),
    Question(
        "threats",
        "Threats to kill or to hurt you or anyone else?",
        AROUND,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="What were the very words? To whom? Do you believe it? "
                "Has there been talk of suicide, theirs or yours?",
                goes_to="verbatim",
            ),
        ),
    ),
    Question(
        "separation",
        "Pregnant, a new baby, or separating, in the last year or now?",
        AROUND,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="Which, and since when? Do they know? Is there a quarrel over the children?",
                means="The months around leaving and around a birth are the most dangerous.",
            ),
        ),
    ),
    Question(
        "earlier",
        "Has something like this happened before?",
        AROUND,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="How often, when last, and is it getting worse? Did anybody call us then?",
                do="Look at what is known beside this form, former names and addresses too.",
            ),
        ),
    ),
    Question(
        "orders",
        "A court order, bail or anything else that should keep them away?",
        AROUND,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="Which one, from which court or station, until when? "
                "Is it being broken now, by being there, writing or sending somebody?",
                means="Breaking it may be reason enough for an arrest.",
            ),
        ),
    ),
    Question(
        "drink_drugs",
        "Drink or drugs today?",
        AROUND,
        YES_IS_DANGER,
        prompts=(
            Prompt(
                "yes",
                ask="Who, what and how much? Are they taking something that they stopped or began?",
                means="Nobody is believed less for it; officers meet people who may act suddenly.",
            ),
        ),
    ),
    Question(
        "communication",
        "Interpreter, relay or any other help to be understood?",
        AROUND,
        YES_OR_NO,
        prompts=(
            Prompt(
                "yes",
                ask="Which language, sign language or relay? Man or woman as interpreter?",
                do="Call the interpreters' line now. Never use a relative or a child.",
                goes_to="communication_needs",
            ),
        ),
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
