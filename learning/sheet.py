"""What the page of a notice shows one reader besides its text."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from learning import marking, owed
from learning.forms.test import AnswerForm
from learning.models import Attempt, Notice, Question, Reading
from learning.owed import Owed


@dataclass(frozen=True)
class Sheet:
    """`owed` is None for whoever is not asked; `last` is the last attempt, `marked` its answers."""

    questions: list[Question]
    owed: Owed | None
    read_at: datetime | None
    last: Attempt | None
    marked: list[marking.Marked]
    form: AnswerForm

    @property
    def is_open(self) -> bool:
        """Whether the reader is to answer the test."""
        return self.owed is not None and not self.has_passed

    @property
    def has_passed(self) -> bool:
        return self.last is not None and self.last.passed

    @property
    def wrong(self) -> list[marking.Marked]:
        return [one for one in self.marked if not one.is_right]


def sheet_of(notice: Notice, reader: User, at: datetime) -> Sheet:
    """Read what belongs to this reader: their reading, their last attempt and the next one."""
    questions = list(notice.questions.all())
    last = Attempt.objects.filter(notice=notice, user=reader).order_by("-number").first()
    reading = Reading.objects.filter(notice=notice, user=reader).first()
    answers = {int(key): chosen for key, chosen in last.answers.items()} if last else {}
    return Sheet(
        questions=questions,
        owed=owed.of_user_and_notice(reader.pk, notice.pk, at),
        read_at=reading.read_at if reading else None,
        last=last,
        marked=marking.mark(questions, answers) if last else [],
        form=AnswerForm(
            questions=questions, user_id=reader.pk, number=last.number + 1 if last else 1
        ),
    )
