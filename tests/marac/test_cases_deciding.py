"""A conference answers and closes a case; the grade follows; of two at once one is first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from marac import services
from marac.models import Hearing, MaracAction, MaracCase
from risk import conference
from risk.models import GradeChange
from tests.factories import marac as make
from tests.factories import risk
from tests.marks import committed
from tests.personas import PEOPLE, person, team
from tests.referrals.races import together
from victims.models import Victim

pytestmark = pytest.mark.django_db

MAY = {"coordinator", "chair"}


def proposed(at: datetime, **changes: object) -> MaracCase:
    make.conference()
    victim = risk.a_victim(at)
    return services.propose(
        victim_id=victim.pk,
        source=MaracCase.Source.WORKER,
        words="She fears for her life.",
        below_reason="He found her new address.",
        actor=person("worker"),
        at=at,
        **changes,  # type: ignore[arg-type]
    )


def decide(case: MaracCase, at: datetime, *, accept: bool = True, **changes: object) -> MaracCase:
    said: dict[str, object] = {
        "words": "" if accept else "Nothing new since the last plan.",
        "version": case.version,
        "actor": person("coordinator"),
        "at": at,
    }
    return services.decide_case(case_id=case.pk, accept=accept, **{**said, **changes})  # type: ignore[arg-type]


def close(case: MaracCase, at: datetime, **changes: object) -> MaracCase:
    case.refresh_from_db()
    said: dict[str, object] = {
        "because": MaracCase.ClosedBecause.DONE,
        "words": "",
        "version": case.version,
        "actor": person("coordinator"),
        "at": at,
    }
    return services.close_case(case_id=case.pk, **{**said, **changes})  # type: ignore[arg-type]


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(hours=2)


def test_accepted_the_victim_is_graded_very_high(at: datetime, later: datetime) -> None:
    case = decide(proposed(at), later)
    assert (case.state, case.decided_by, case.decided_at) == (
        "accepted",
        person("coordinator"),
        later,
    )
    case.victim.refresh_from_db()
    assert case.victim.grade == "very_high"
    assert case.victim.grade_reason == f"the Fenwick conference hears {case.reference}"
    assert GradeChange.objects.get().after == "very_high"
    assert Deadline.objects.get(kind="marac_decide").state == "met"
    assert Notification.objects.filter(user=person("worker")).count() == 1
    assert AuditEvent.objects.filter(verb="marac_case.accepted").count() == 1
    # That a conference hears somebody is no criterion of a conference.
    assert not conference.met(case.victim_id, later)


def test_refused_with_words_the_grade_stays_and_a_new_fact_proposes_anew(
    at: datetime, later: datetime
) -> None:
    case = proposed(at)
    with pytest.raises(InvalidInput) as refused:
        decide(case, later, accept=False, words=" ")
    assert refused.value.field == "words"
    case = decide(case, later, accept=False)
    assert (case.state, case.decided_words) == ("not_accepted", "Nothing new since the last plan.")
    case.victim.refresh_from_db()
    assert case.victim.grade == ""
    assert Deadline.objects.get(kind="marac_decide").state == "met"
    again = services.propose(
        victim_id=case.victim_id,
        source=MaracCase.Source.WORKER,
        words="He has a weapon.",
        below_reason="A knife was found.",
        actor=person("worker"),
        at=later,
    )
    assert again.pk != case.pk


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_who_may_answer_and_close(username: str, at: datetime, later: datetime) -> None:
    case = proposed(at)
    if username in MAY:
        decide(case, later, actor=person(username))
        assert close(case, later, because="error", words="Another person.").state == "closed"
        return
    with pytest.raises(PermissionDenied):
        decide(case, later, actor=person(username))
    decide(case, later)
    with pytest.raises(PermissionDenied):
        close(case, later, because="error", words="x", actor=person(username))


def test_answered_twice_the_second_hears_who_was_first(at: datetime, later: datetime) -> None:
    case = proposed(at)
    decide(case, later)
    with pytest.raises(AlreadyTaken, match="Novak accepted"):
        decide(case, later, accept=False, actor=person("chair"))


def test_a_stale_answer_is_refused_with_what_is_new(at: datetime, later: datetime) -> None:
    case = proposed(at)
    services.propose(
        victim_id=case.victim_id,
        source=MaracCase.Source.WORKER,
        words="He waited at the school.",
        actor=person("worker"),
        at=at + timedelta(hours=1),
    )
    with pytest.raises(Stale) as refused:
        decide(case, later, accept=False)
    assert "He waited at the school." in refused.value.theirs["words"]
    assert refused.value.yours["words"] == "Nothing new since the last plan."


def test_closed_the_grade_is_high_again(at: datetime, later: datetime) -> None:
    case = decide(proposed(at), later)
    make.heard(at + timedelta(days=9), case=case)
    done = close(case, at + timedelta(days=40))
    assert (done.state, done.closed_because) == ("closed", "done")
    victim = Victim.objects.get()
    assert victim.grade == "high"
    assert [row.after for row in GradeChange.objects.order_by("pk")] == ["very_high", "high"]
    # Back to high is no judgement that somebody is at high risk.
    assert "judgement" not in {
        one.code for one in conference.met(victim.pk, at + timedelta(days=41))
    }


def test_another_case_of_the_victim_keeps_the_grade(at: datetime, later: datetime) -> None:
    case = decide(proposed(at), later)
    make.case(at, victim=case.victim, perpetrator=risk.a_victim(at, given_name="Ian").person)
    close(case, later, because="error", words="Listed twice.")
    assert Victim.objects.get(pk=case.victim_id).grade == "very_high"


@pytest.mark.parametrize(
    ("because", "words", "says"),
    [
        ("done", "", "not heard yet"),
        ("lapsed", "", "not heard yet"),
        ("moved", "", "This is needed."),
        ("died", " ", "This is needed."),
        ("error", "", "This is needed."),
        ("bored", "x", "Say why it is closed."),
    ],
)
def test_what_closing_needs(
    because: str, words: str, says: str, at: datetime, later: datetime
) -> None:
    case = decide(proposed(at), later)
    with pytest.raises(DomainError, match=says):
        close(case, later, because=because, words=words)
    assert MaracCase.objects.get().state == "accepted"


def test_one_that_waits_is_answered_and_not_closed(at: datetime, later: datetime) -> None:
    with pytest.raises(DomainError, match="Answer it first"):
        close(proposed(at), later, because="error", words="x")


def test_one_on_an_agenda_and_one_with_open_actions_stay_open(
    at: datetime, later: datetime
) -> None:
    case = decide(proposed(at), later)
    listed = make.hearing(make.meeting(at + timedelta(days=9)), case)
    with pytest.raises(DomainError, match=listed.meeting.reference):
        close(case, later, because="error", words="x")
    listed.state, listed.began_at, listed.ended_at = "concluded", later, later
    listed.save()
    action = make.action(listed, team("partner").agency, later)
    with pytest.raises(DomainError, match="1 action agreed for it wait"):
        close(case, later)
    action.state = MaracAction.State.DONE
    action.evidence, action.settled_at = "Fitted.", later
    action.settled_by = person("agency")
    action.save()
    assert close(case, later).state == "closed"


def test_moved_it_is_moved(at: datetime, later: datetime) -> None:
    case = decide(proposed(at), later)
    assert close(case, later, because="moved", words="To Ashdown.").state == "moved"
    with pytest.raises(DomainError, match="is over: moved"):
        close(case, later, because="moved", words="To Ashdown.")


def test_what_is_to_be_heard(at: datetime, later: datetime) -> None:
    """Accepted and on no agenda; heard once, only a repeat brings it back."""

    def waits() -> bool:
        return MaracCase.objects.to_hear().filter(pk=case.pk).exists()

    case = proposed(at)
    assert not waits()
    decide(case, later)
    assert waits()
    row = make.hearing(make.meeting(at + timedelta(days=9)), case)
    assert not waits()
    row.state, row.ended_words = Hearing.State.DEFERRED, "The adviser was ill."
    row.save()
    assert waits()
    make.heard(at + timedelta(days=20), case=case)
    assert not waits()
    case.refresh_from_db()
    case.criteria = [
        {"code": "repeat", "is_met": True, "at": (at + timedelta(days=30)).isoformat()}
    ]
    case.save()
    assert waits()


@committed
def test_accepted_and_refused_at_once(at: datetime) -> None:
    case, later = proposed(at), at + timedelta(hours=2)
    coordinator, chair = person("coordinator"), person("chair")

    def answer(accept: bool) -> Callable[[], MaracCase]:
        who = coordinator if accept else chair
        return lambda: decide(case, later, accept=accept, actor=who)

    said = together(answer(True), answer(False))
    lost = [one for one in said if isinstance(one, Exception)]
    assert [type(one) for one in lost] == [AlreadyTaken]
    case.refresh_from_db()
    assert (
        AuditEvent.objects.filter(verb__in=["marac_case.accepted", "marac_case.refused"]).count()
        == 1
    )
    grade = Victim.objects.get().grade
    assert grade == ("very_high" if case.state == "accepted" else "")


@committed
def test_proposed_twice_at_once_is_one_case(at: datetime) -> None:
    make.conference()
    victim = risk.a_victim(at)
    workers = [person("worker"), person("worker_b")]

    def ask(number: int) -> Callable[[], MaracCase]:
        return lambda: services.propose(
            victim_id=victim.pk,
            source=MaracCase.Source.WORKER,
            words=f"She fears for her life, {number}.",
            below_reason="He found her.",
            actor=workers[number],
            at=at,
        )

    one, other = together(ask(0), ask(1))
    assert one.pk == other.pk
    case = MaracCase.objects.get()
    assert "life, 0." in case.words
    assert "life, 1." in case.words
