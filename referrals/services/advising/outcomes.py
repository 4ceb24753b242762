"""What came of an adviser's support, by topic; each is answered when the case is closed."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InvalidInput

NOT_KNOWN = "not_known"
DOES_NOT_APPLY = "none"


@dataclass(frozen=True)
class Topic:
    """One question of the end, with its answers: code and words."""

    code: str
    label: str
    answers: tuple[tuple[str, str], ...]

    @property
    def field(self) -> str:
        """The name of its input in forms."""
        return f"outcome_{self.code}"

    def words(self, answer: str) -> str:
        """An answer as people read it; "" for one that is not on record."""
        return dict(self.answers).get(answer, "")


_UNKNOWN = (NOT_KNOWN, "Not known")
_NONE = (DOES_NOT_APPLY, "Does not apply")
TOPICS: tuple[Topic, ...] = (
    Topic(
        "abuse",
        "The abuse now",
        (("ended", "Ended"), ("less", "Less"), ("same", "As before"), ("worse", "Worse"), _UNKNOWN),
    ),
    Topic(
        "safety",
        "How safe they are",
        (("safer", "Safer"), ("same", "About the same"), ("less_safe", "Less safe"), _UNKNOWN),
    ),
    Topic(
        "housing",
        "Where they live",
        (
            ("stayed", "Stayed, made safer"),
            ("moved", "Moved to a safe place"),
            ("unsettled", "Not settled"),
            _NONE,
            _UNKNOWN,
        ),
    ),
    Topic(
        "criminal",
        "Criminal case",
        (
            ("convicted", "Convicted"),
            ("going_on", "Still going on"),
            ("ended", "Ended without a conviction"),
            _NONE,
            _UNKNOWN,
        ),
    ),
    Topic(
        "civil",
        "Civil orders",
        (
            ("made", "Made"),
            ("applied", "Applied for"),
            ("refused", "Refused by the court"),
            _NONE,
            _UNKNOWN,
        ),
    ),
    Topic(
        "children",
        "Children",
        (
            ("safe", "Safe with them"),
            ("supported", "Supported by children's services"),
            ("concern", "Concerns remain"),
            _NONE,
            _UNKNOWN,
        ),
    ),
)


def checked(said: Mapping[str, str]) -> dict[str, str]:
    """Every topic with its answer. Raises InvalidInput at the field of the first one amiss."""
    for topic in TOPICS:
        if not topic.words(said.get(topic.code, "")):
            raise InvalidInput(f"Say what came of it: {topic.label.lower()}.", field=topic.field)
    return {topic.code: said[topic.code] for topic in TOPICS}


def in_words(outcomes: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is on record, as label and words, in the order of the topics."""
    rows = [(topic.label, topic.words(outcomes.get(topic.code, ""))) for topic in TOPICS]
    return [(label, words) for label, words in rows if words]
