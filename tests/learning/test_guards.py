"""What the database refuses, whoever asks: the test that somebody passed stays what it was."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from learning import services
from learning.models import Attempt, Notice, NoticeTeam, Question, Reading
from tests.factories.learning import answered, drafted, published, writer
from tests.personas import team

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(people: Callable[[str], User], at: datetime) -> Notice:
    for username in ("officer", "handler"):
        people(username)
    row = published(at, teams=(team("response").pk, team("control_room").pk))
    answered(row, "officer", at, right=False)
    return row


def refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


@pytest.mark.parametrize(
    "changes",
    [{"title": "x"}, {"body": "x"}, {"roles": ["IDVA"]}, {"pass_by": None}, {"published_at": None}],
)
def test_a_published_notice_stays(notice: Notice, changes: dict[str, object]) -> None:
    refused(lambda: Notice.objects.filter(pk=notice.pk).update(**changes), "Cannot update")


def test_its_test_stays(notice: Notice) -> None:
    questions = Question.objects.filter(notice=notice)
    teams = NoticeTeam.objects.filter(notice=notice)
    stays = "what is published is never changed"
    refused(lambda: questions.update(right=[0]), stays)
    refused(lambda: questions.delete(), stays)
    refused(lambda: teams.delete(), stays)
    refused(lambda: Question.objects.create(notice=notice, position=9), stays)
    refused(lambda: NoticeTeam.objects.create(notice=notice, team=team("maru")), stays)


def test_a_question_does_not_move_in(notice: Notice, at: datetime) -> None:
    draft = drafted(at)
    refused(
        lambda: Question.objects.filter(notice=draft, position=0).update(notice=notice, position=9),
        "never changed",
    )


def test_it_is_kept(notice: Notice, at: datetime) -> None:
    refused(lambda: Notice.objects.filter(pk=notice.pk)._raw_delete("default"), "Cannot delete")
    draft = drafted(at)
    draft.delete()
    assert not Notice.objects.filter(pk=draft.pk).exists()


def test_withdrawn_once_and_with_words(notice: Notice, at: datetime) -> None:
    row = Notice.objects.filter(pk=notice.pk)
    refused(lambda: row.update(withdrawn_at=at), "notice_withdrawn_with_words")
    services.withdraw(notice_id=notice.pk, words="Mistaken.", actor=writer(), at=at)
    refused(lambda: row.update(withdrawn_words="Other words"), "Cannot update")
    refused(
        lambda: row.update(withdrawn_at=None, withdrawn_by=None, withdrawn_words=""),
        "Cannot update",
    )


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({}, True),
        ({"right": []}, False),
        ({"right": [0, 1, 2]}, False),
        ({"right": [7]}, False),
        ({"options": ["only"], "right": [0]}, False),
        ({"options": ["a", ""], "right": [0]}, False),
        ({"text": ""}, False),
        ({"why": ""}, False),
    ],
)
def test_published_only_with_a_test_that_can_be_passed(
    people: Callable[[str], User], at: datetime, changes: dict[str, object], whole: bool
) -> None:
    draft = drafted(at)
    draft.questions.filter(position=0).update(**changes)

    def publish() -> int:
        return Notice.objects.filter(pk=draft.pk).update(
            published_at=at, published_by=writer(), pass_by=at.date()
        )

    if whole:
        assert publish() == 1
    else:
        refused(publish, "a test that can be passed")


def test_no_notice_is_born_published(people: Callable[[str], User], at: datetime) -> None:
    draft = drafted(at)
    draft.questions.all().delete()
    refused(
        lambda: Notice.objects.filter(pk=draft.pk).update(
            published_at=at, published_by=writer(), pass_by=at.date()
        ),
        "a test that can be passed",
    )


@pytest.mark.parametrize("model", [Attempt, Reading])
def test_readings_and_attempts_are_only_added(notice: Notice, model: type[Attempt]) -> None:
    assert model.objects.exists()
    refused(lambda: model.objects.update(notice=notice), "Cannot update or delete")
    refused(lambda: model.objects.all()._raw_delete("default"), "Cannot update or delete")


def test_an_attempt_passes_with_everything_right(notice: Notice, at: datetime) -> None:
    attempt = Attempt.objects.get()
    attempt.pk, attempt.number, attempt.passed = None, 2, True
    refused(attempt.save, "passed_with_everything_right")


def test_nothing_is_truncated_in_service(notice: Notice) -> None:
    """The triggers are there; tests that commit switch them off to empty their tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_no_truncate%%' "
            "AND tgrelid::regclass::text LIKE 'learning_%%'"
        )
        guarded = {row[0] for row in cursor.fetchall()}
    assert guarded == {
        f"learning_{name}" for name in ("notice", "noticeteam", "question", "reading", "attempt")
    }
