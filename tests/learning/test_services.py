"""Writing, publishing, reading, answering: what is written, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEvent
from core import events, policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from learning import owed, services
from learning.events import NoticePassed, NoticePublished, NoticeWithdrawn
from learning.models import Assignment, Attempt, Notice, Question, Reading
from learning.services.writing import draft_of
from tests.factories.learning import (
    CONTROL,
    answered,
    drafted,
    published,
    right_answers,
    wrong_answers,
)
from tests.personas import PEOPLE, person, team

People = Callable[[str], User]
pytestmark = pytest.mark.django_db
ASKED = {"handler", "handler_b", "officer", "officer_b"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def everybody(people: People) -> None:
    """But no chair of conferences: a role that nobody has."""
    for username in set(PEOPLE) - {"chair"}:
        people(username)


@pytest.fixture
def notice(at: datetime) -> Notice:
    return published(at)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    return heard


# --- Writing


@pytest.mark.parametrize("who", [name for name in PEOPLE if name not in {"head", "superintendent"}])
def test_only_writers_write(who: str, at: datetime, notice: Notice) -> None:
    actor, draft = person(who), drafted(at)
    for write in (
        lambda: services.begin(draft=CONTROL, key=uuid4(), actor=actor, at=at),
        lambda: services.save(notice_id=draft.pk, draft=CONTROL, version=1, actor=actor, at=at),
        lambda: services.publish(notice_id=draft.pk, version=1, actor=actor, at=at),
        lambda: services.replace(notice_id=notice.pk, actor=actor, at=at),
        lambda: services.withdraw(notice_id=notice.pk, words="No", actor=actor, at=at),
    ):
        with pytest.raises(PermissionDenied):
            write()
    assert Notice.objects.count() == 2


def test_a_draft_is_kept_as_typed(at: datetime) -> None:
    half = replace(
        CONTROL, title="", roles=(), questions=(*CONTROL.questions, services.QuestionDraft())
    )
    row = services.begin(draft=half, key=uuid4(), actor=person("head"), at=at)
    assert draft_of(row) == half
    assert row.is_draft and row.reference.startswith("LN-2026-")
    assert not Notification.objects.exists() and not Assignment.objects.exists()
    assert AuditEvent.objects.get(subject=row.reference).verb == "notice.begun"


def test_the_same_page_sent_twice_is_one_draft(at: datetime) -> None:
    key, head = uuid4(), person("head")
    first = services.begin(draft=CONTROL, key=key, actor=head, at=at)
    assert services.begin(draft=CONTROL, key=key, actor=head, at=at).pk == first.pk
    assert Notice.objects.count() == 1


def test_saving_the_same_again_changes_nothing(at: datetime) -> None:
    row = drafted(at)
    saved = services.save(
        notice_id=row.pk, draft=CONTROL, version=1, actor=person("head"), at=at + DAY
    )
    assert saved.version == 1 and saved.changed_at == at


def test_a_stale_draft_is_refused_with_both(at: datetime) -> None:
    row, head = drafted(at), person("head")
    save = {"notice_id": row.pk, "actor": head, "at": at}
    services.save(draft=replace(CONTROL, title="Theirs"), version=1, **save)
    with pytest.raises(Stale) as refused:
        services.save(draft=replace(CONTROL, title="Mine"), version=1, **save)
    assert (refused.value.theirs["title"], refused.value.yours["title"]) == ("Theirs", "Mine")
    assert refused.value.version == 2
    row.refresh_from_db()
    assert row.title == "Theirs"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"roles": ("King",)}, "roles"),
        ({"teams": (10**6,)}, "teams"),
        ({"title": "x" * 121}, "title"),
        ({"body": "x\x00y"}, "body"),
        ({"questions": CONTROL.questions * 6}, "body"),
        ({"questions": (services.QuestionDraft(text="x" * 501),)}, "q0-text"),
        ({"questions": (services.QuestionDraft(options=("a",) * 6),)}, "q0-text"),
        ({"questions": (services.QuestionDraft(options=("a", "b" * 301)),)}, "q0-option1"),
    ],
)
def test_what_cannot_be_kept(changes: dict[str, object], field: str, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        drafted(at, **changes)
    assert refused.value.field == field


# --- Publishing


def test_publishing_tells_everybody_once(at: datetime, announced: list[object]) -> None:
    row = published(at)
    told = Notification.objects.filter(reference=row.reference)
    assert {one.user.username for one in told.select_related("user")} == ASKED
    assert told.count() == len(ASKED)
    assert {one.path for one in told} == {f"/learning/{row.reference}/"}
    assert {one.user.username for one in Assignment.objects.select_related("user")} == ASKED
    assert row.pass_by == local(at).date() + timedelta(days=policy.at(at).learning_days)
    assert announced == [NoticePublished(row.pk, person("head"), at)]


def test_only_the_named_teams(at: datetime) -> None:
    row = published(at, teams=(team("response").pk,))
    assert {one.user.username for one in row.assignments.all()} == {"officer", "officer_b"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"questions": ()}, "body"),
        ({"roles": ()}, "roles"),
        ({"roles": (Role.MARAC_CHAIR.value,)}, "roles"),
        ({"questions": (replace(CONTROL.questions[0], right=()),)}, "q0-text"),
    ],
)
def test_what_is_not_published(changes: dict[str, object], field: str, at: datetime) -> None:
    row = drafted(at, **changes)
    with pytest.raises(InvalidInput) as refused:
        services.publish(notice_id=row.pk, version=1, actor=person("head"), at=at)
    assert refused.value.field == field
    row.refresh_from_db()
    assert row.is_draft and not Notification.objects.exists()


def test_what_changed_meanwhile_is_looked_at_again(at: datetime) -> None:
    row = drafted(at)
    with pytest.raises(DomainError, match="Look again"):
        services.publish(notice_id=row.pk, version=2, actor=person("head"), at=at)


def test_published_is_never_changed_nor_published_again(at: datetime, notice: Notice) -> None:
    head = person("head")
    with pytest.raises(DomainError, match="stays as it is"):
        services.save(
            notice_id=notice.pk, draft=replace(CONTROL, title="x"), version=1, actor=head, at=at
        )
    with pytest.raises(DomainError, match="stays as it is"):
        services.publish(notice_id=notice.pk, version=1, actor=head, at=at)


def test_withdrawing(at: datetime, notice: Notice, announced: list[object]) -> None:
    head = person("head")
    with pytest.raises(InvalidInput):
        services.withdraw(notice_id=notice.pk, words=" ", actor=head, at=at)
    services.withdraw(notice_id=notice.pk, words="The law changed.", actor=head, at=at)
    assert announced == [NoticeWithdrawn(notice.pk, head, at)]
    with pytest.raises(DomainError, match="already"):
        services.withdraw(notice_id=notice.pk, words="Again", actor=head, at=at)
    assert owed.of_user(person("officer").pk, at) == []
    with pytest.raises(PermissionDenied):
        answered(notice, "officer", at)
    with pytest.raises(DomainError, match="draft"):
        services.withdraw(notice_id=drafted(at).pk, words="x", actor=head, at=at)


def test_replacing(at: datetime, notice: Notice) -> None:
    head = person("head")
    answered(notice, "officer", at)
    new = services.replace(notice_id=notice.pk, actor=head, at=at)
    assert services.replace(notice_id=notice.pk, actor=head, at=at).pk == new.pk
    assert (new.supersedes_id, new.edition) == (notice.pk, 2)
    assert draft_of(new) == replace(CONTROL, pass_by=None)
    # Until the new one is out, the old one is asked.
    assert [row.notice_id for row in owed.of_user(person("handler").pk, at)] == [notice.pk]
    services.publish(notice_id=new.pk, version=new.version, actor=head, at=at + DAY)
    for username in ("handler", "officer"):
        row = owed.of_user(person(username).pk, at + DAY)[0]
        assert (row.notice_id, row.passed_at) == (new.pk, None)
    assert Attempt.objects.get(user=person("officer")).notice_id == notice.pk
    with pytest.raises(DomainError, match="draft"):
        services.replace(notice_id=drafted(at).pk, actor=head, at=at)


# --- Reading and answering


def test_reading_is_noted_once_and_only_of_who_is_asked(at: datetime, notice: Notice) -> None:
    assert services.note_reading(notice=notice, actor=person("officer"), at=at)
    services.note_reading(notice=notice, actor=person("officer"), at=at + DAY)
    assert not services.note_reading(notice=notice, actor=person("head"), at=at)
    assert Reading.objects.get().read_at == at


def test_no_passing_without_reading(at: datetime, notice: Notice) -> None:
    with pytest.raises(DomainError, match="Read the notice first"):
        services.answer(
            notice_id=notice.pk,
            number=1,
            answers=right_answers(notice),
            actor=person("officer"),
            at=at,
        )
    assert not Attempt.objects.exists()


def test_failing_then_passing(at: datetime, notice: Notice, announced: list[object]) -> None:
    services.keep_in_step(actor=User.objects.system(), at=at)
    first = answered(notice, "officer", at, right=False)
    assert (first.passed, first.right_count, first.asked) == (False, 1, 2)
    assert announced == []
    second = answered(notice, "officer", at + DAY, number=2)
    assert (second.passed, second.number) == (True, 2)
    assert announced == [NoticePassed(notice.pk, person("officer"), at + DAY)]
    row = owed.of_user_and_notice(person("officer").pk, notice.pk, at + DAY)
    assert row is not None and (row.passed_at, row.attempts) == (at + DAY, 2)
    deadline = Deadline.objects.get(kind="learning", owner=person("officer"))
    assert (deadline.state, deadline.settled_at) == ("met", at + DAY)
    assert AuditEvent.objects.filter(verb="notice.passed").count() == 1


def test_sent_twice_is_one_attempt(at: datetime, notice: Notice) -> None:
    first = answered(notice, "officer", at, right=False)
    assert answered(notice, "officer", at, right=True).pk == first.pk
    passed = answered(notice, "officer", at, number=2)
    assert answered(notice, "officer", at, right=False, number=3).pk == passed.pk
    assert Attempt.objects.count() == 2


def test_out_of_turn(at: datetime, notice: Notice) -> None:
    with pytest.raises(DomainError, match="earlier attempt"):
        answered(notice, "officer", at, number=2)


@pytest.mark.parametrize("chosen", [[], [9], [-1]])
def test_every_question_needs_an_answer(chosen: list[int], at: datetime, notice: Notice) -> None:
    services.note_reading(notice=notice, actor=person("officer"), at=at)
    first = notice.questions.all()[0]
    with pytest.raises(InvalidInput) as refused:
        services.answer(
            notice_id=notice.pk,
            number=1,
            answers=right_answers(notice) | {first.pk: chosen},
            actor=person("officer"),
            at=at,
        )
    assert refused.value.field == f"q{first.pk}"
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - ASKED))
def test_who_is_not_asked_does_not_answer(who: str, at: datetime, notice: Notice) -> None:
    with pytest.raises(PermissionDenied):
        answered(notice, who, at)
    assert not Reading.objects.exists()


def test_wrong_answers_are_wrong(notice: Notice) -> None:
    assert wrong_answers(notice) != right_answers(notice)
    assert Question.objects.filter(notice=notice).count() == 2
