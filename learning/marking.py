"""The test itself, as pure functions: the order of options, and what is right."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from learning.models import Question

#: A test is passed with every question right. It is short, it may be taken again at once, and each
#: question stands for something that people are harmed by when it is not known; so there is no mark
#: below full marks that would be safe.
PASSED_WITH = "every answer right"


@dataclass(frozen=True)
class Marked:
    """One answered question: what was chosen, whether it is right, and why."""

    question: Question
    chosen: tuple[int, ...]

    @property
    def is_right(self) -> bool:
        return set(self.chosen) == set(self.question.right)

    @property
    def chosen_words(self) -> list[str]:
        return [self.question.options[one] for one in self.chosen]

    @property
    def right_words(self) -> list[str]:
        return [self.question.options[one] for one in self.question.right]


def order(question: Question, *, user_id: int, number: int) -> list[int]:
    """In which order the options stand for this person's attempt of this number, from 1.

    The same for the same attempt, so that a page shown again is the same page; another for the next
    attempt, so that what is remembered is the answer and not its place. (Every order once, before
    any comes again: five options have 120.)
    """
    orders = list(permutations(range(len(question.options))))
    random.Random(f"{question.pk}:{user_id}").shuffle(orders)  # noqa: S311 - orders, no secrets
    return list(orders[(number - 1) % len(orders)])


def mark(questions: Sequence[Question], answers: Mapping[int, Sequence[int]]) -> list[Marked]:
    """The questions with what was chosen for each; nothing chosen counts as wrong."""
    return [Marked(one, tuple(sorted(set(answers.get(one.pk, ()))))) for one in questions]


def passes(marked: Sequence[Marked]) -> bool:
    """Every one right; see PASSED_WITH."""
    return all(one.is_right for one in marked)
